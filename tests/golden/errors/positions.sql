-- The line and the mark that show where an error is, and the fields of errors by VERBOSITY.
-- args: -X
select 1 +
  nothing + 2;
select 'a long line before the error ................................................................', nothing, '................................................................';
select '東京東京東京', nothing;
select	'tab',	nothing;
selct 1;
select 1 from;
select 1 as a from (select 1;
do $$ begin raise exception 'e' using detail = 'd', hint = 'h', errcode = 'P0001'; end $$;
do $$ begin raise notice 'n'; raise warning E'two\nlines'; raise info 'i'; perform 1/0; end $$;
create table positions (a int primary key check (a > 0));
insert into positions values (1);
insert into positions values (1);
insert into positions values (-1);
\set VERBOSITY verbose
select nothing;
\set VERBOSITY terse
select nothing;
\set VERBOSITY sqlstate
select nothing;
\set VERBOSITY default
\set SHOW_CONTEXT always
do $$ begin raise notice 'n'; end $$;
\set SHOW_CONTEXT never
do $$ begin perform 1/0; end $$;
\errverbose
