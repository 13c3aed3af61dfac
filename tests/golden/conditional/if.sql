-- \if, \elif, \else and \endif, nested, with arguments too many, and out of order.
-- args: -X -a
\if true
select 1 as in_if;
  \if no
select 2 as never;
\nonsense :x `echo never >&2`
\elif yes
select 3 as in_elif;
\else
select 4 as never;
\endif
\else
select 5 as never;
\endif extra
\elif
\else
\endif
\if nonsense
select 6 as never;
\endif
\if
\endif
select
\if true
 7
\else
 8
\endif
 as chosen;
\if false
\if true
\echo never
\endif
\elif true
\elif true
\else
\elif true
\else
\endif
\if true
\q
