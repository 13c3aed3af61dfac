-- HIDE_TABLEAM and HIDE_TOAST_COMPRESSION.
create table t (a text compression pglz, b int);
\d+ t
\set HIDE_TABLEAM on
\d+ t
\dt+ t
\set HIDE_TOAST_COMPRESSION on
\d+ t
\unset HIDE_TABLEAM
\d+ t
\unset HIDE_TOAST_COMPRESSION
\set HIDE_TABLEAM maybe
\set HIDE_TOAST_COMPRESSION maybe
\echo :HIDE_TABLEAM :HIDE_TOAST_COMPRESSION
-- SINGLELINE: a line's end ends a statement.
\set SINGLELINE on
select 1
select 2
select
3
select 'in a string
over two lines'
create function f() returns int language sql as $$
    select 1
$$
select f()
\unset SINGLELINE
select
4;
\set SINGLELINE maybe
\echo :SINGLELINE
