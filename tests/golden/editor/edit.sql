-- \e, \ef and \ev: what is edited, what is run afterwards, and where the cursor is put.
-- args: -X -a -q
-- stdin
\setenv PSQL_EDITOR 'sh editor.sh'
\setenv DO nothing
\e
select 1 as one \e
;
\echo the previous query, left alone, is not run
\e \echo nor the rest of the line
\p
\setenv DO write
\setenv TEXT 'select 2 as two;\n'
select 1 \e
\e 3
\setenv TEXT 'select 4 as four; select 5 as five; select 6\nas six'
\e \echo not this either
\p
\r
\setenv TEXT ''
select 8 \e
\p
\! echo 'select 9;' > nine.sql
\setenv DO nothing
\e nine.sql 2
\p
\setenv DO write
\setenv TEXT 'select 10 as ten;'
\e nine.sql
\e nine.sql 0
\e nine.sql x
\e nosuch.sql
\e 0
select 11 \e -1
\p
\setenv DO fail
select 12 \e \echo not this
\p
\setenv DO nothing
\setenv PSQL_EDITOR_LINENUMBER_ARG '--line '
select 13 \e 7
\r
create function edited(a int) returns int language sql as $$
select a
$$;
create view viewed as select 1 as a;
\ef edited 2
\ef edited(int)1
\ef edited 0
\ef edited x
\ef nosuch
select 14 \ef
\p
\ev viewed 2
\ev nosuch
\ev pg_class
\ev
\setenv DO write
\setenv TEXT 'create or replace view viewed as select 2 as a\n'
\ev viewed
\p
;
select * from viewed;
