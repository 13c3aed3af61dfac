-- What a query is used for, by what it returns and how it fails.
create table t(a int);
select 1 where false \gset
\echo :ERROR :ROW_COUNT
select 1 union select 2 \gset
\echo :ERROR :ROW_COUNT
select 'x' as "a b" \gset
\echo :ERROR :ROW_COUNT
select 'select 1/0' \gexec
\echo :ERROR :ROW_COUNT
select 'select 1/0' union all select 'select 1' \gexec
\echo :ERROR :ROW_COUNT
select 1 \gdesc
\echo :ERROR :ROW_COUNT
select nosuch \gdesc
\echo :ERROR :ROW_COUNT :SQLSTATE
create table x() \gdesc
\echo :ERROR :ROW_COUNT :SQLSTATE
\set ECHO all
select 'select 5', 'select 6' \gexec
\set ECHO queries
select 'select 5', 'select 6' \gexec
select 1 \gdesc
\set ECHO errors
select 'select 5/0', 'select 6' \gexec
\set ECHO none
\set ECHO_HIDDEN on
select 1 \gdesc
\set ECHO_HIDDEN off
begin;
select 'select 1/0', 'select 2' \gexec
rollback;
\set ON_ERROR_ROLLBACK on
begin;
select 'select 1/0', 'select 2' \gexec
select 1/0 \gset
select nosuch \gdesc
select 1;
\copy t from stdin
x
\.
\copy nosuch from stdin
x
\.
\copy t from stdin
7
\.
table t;
commit;
\set ON_ERROR_ROLLBACK off
\set AUTOCOMMIT off
\copy t to stdout
\copy t from stdin
8
\.
rollback;
select 1 \gdesc
rollback;
select 'create table u1()', 'table u1' \gexec
rollback;
\set AUTOCOMMIT on
\set FETCH_COUNT 1
select 'select generate_series(1,2)' from generate_series(1,3) \gexec
select 1 as a, 2 as b union all select 3, 4 \crosstabview
select 1 as a, 2 as b \gset
\copy (select generate_series(1,3)) to stdout
select generate_series(1,3) \g |cat
select generate_series(1,3) \g (format=csv) |cat
select generate_series(1,3) \gx
select 1/(2-g) from generate_series(1,3) g \g |cat
\echo :ERROR
\set SHOW_ALL_RESULTS off
select generate_series(1,3) \; select generate_series(1,2);
\set SHOW_ALL_RESULTS on
\set FETCH_COUNT 0
select 1 \; select 2 \g (format=csv) q.csv
\! cat q.csv
insert into t values (1),(2) returning a \g q.csv
\! cat q.csv
select 1 \; insert into t values (1) \; select 2 \g q.csv
\! cat q.csv
select 1 \; select 1/0 \; select 2 \g q.csv
\! cat q.csv
select 1 \; select 2 \gset x
select 1 as q \; select 2 as r \gset x
\echo :xq :xr
select 'select 1' \; select 'select 2' \gexec
insert into t values (9) returning a \gset
\echo :a
insert into t values (9) returning 'select 3' \gexec
select 1 \; insert into t values (9) \gset
insert into t values (9) \gset
\o o.txt
select 1 \g
select 2 \g p.txt
select 3 \gdesc
select 4 as w \gset
select 'select 5' \gexec
\qecho done
\! cat p.txt
\o
\! cat o.txt
\o o.txt
\o o2.txt
\o
\o |cat >o3.txt
select 1;
\o
\! cat o3.txt
\echo :SHELL_ERROR :SHELL_EXIT_CODE
\o |exit 3
\o
\echo :SHELL_ERROR :SHELL_EXIT_CODE
\w |exit 4
\echo :SHELL_ERROR :SHELL_EXIT_CODE
\echo :SHELL_ERROR :SHELL_EXIT_CODE
copy t from stdin \g x.txt
1
\.
select 1 \bind \g
select $1, $2 \bind a b \gx
select $1 \bind a \gset
select $1::text as x \bind 'select 1' \gexec
select $1 \bind a \gdesc
select $1, 2, 3 \bind a \crosstabview
select 1 \; select 2 \bind \g
copy t to stdout \bind \g
\copy t to stdout
select $1 \bind 5 \copy t to stdout
\g
