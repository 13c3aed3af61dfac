-- Options in parentheses behind \g and \gx, and a query that was refused for them.
select 1 as a \g '(title=x)'
select 1 as a \g "(title=x)"
select 1 as a \gx (title='foo bar')
select 1 as a \gx ( title=x )
select 1 as a \gx (title=x
\r
select 1 as a \g (nonsuch=x)
\p
\r
select 1 as a \g (title='foo
\r
select 1/0;
create table zz(a int) \gdesc
\echo :ERROR :SQLSTATE :ROW_COUNT
select 1/0;
select 1, 2 \gdesc
\echo :ERROR :SQLSTATE :ROW_COUNT
\pset title a `echo b` :VERSION_NAME :'x' "q" 'w' c;
\echo a;
\pset title
\pset title xx;
\pset title
\pset title
\set foo a b; c
\echo :foo
\unset foo;
\echo :foo
