-- \copy with files, programs and the script: their failures, their variables and the line where they go on.
create table t(a int, b text);
\copy nosuch from stdin
1	a
\echo data
\.
\echo after
copy nosuch from stdin;
\echo notdata
\.
\echo after2
begin; select 1/0;
\copy t from stdin
1	a
\.
\echo after3
rollback;
\copy t from stdin
x	a
2	b
\.
\echo :ROW_COUNT :ERROR :SQLSTATE
\copy t from stdin
1	a
2	b
\.
\echo :ROW_COUNT :ERROR :SQLSTATE
copy t from stdin;
x	a
2	b
\.
\echo :ROW_COUNT :ERROR :SQLSTATE
\set QUIET on
\copy t from stdin
1	a
\.
\copy t to stdout
\set QUIET off
\copy t to stdout csv
\copy t to stdout
\echo :ROW_COUNT :ERROR :SQLSTATE
\copy t to 'x.txt'
\! cat x.txt
\copy t from 'x.txt'
\copy t to program 'cat >y.txt'
\! cat y.txt
\copy t from program 'cat y.txt'
\copy t from program 'cat y.txt; exit 3'
\echo :SHELL_ERROR :SHELL_EXIT_CODE :ROW_COUNT :ERROR
\copy t to program 'cat >/dev/null; exit 3'
\echo :SHELL_ERROR :SHELL_EXIT_CODE :ROW_COUNT :ERROR
\echo :SHELL_ERROR :SHELL_EXIT_CODE :ROW_COUNT :ERROR
\copy t to /dev/full
\echo :SHELL_ERROR :SHELL_EXIT_CODE :ROW_COUNT :ERROR
\copy t from /
\copy t to /
\copy (select 1/(5-g) from generate_series(1,10) g) to stdout
\copy (select 1/(5-g) from generate_series(1,10) g) to 'z.txt'
\! cat z.txt
\echo :SHELL_ERROR :SHELL_EXIT_CODE :ROW_COUNT :ERROR
\o out.txt
\copy t to stdout
\copy t to pstdout
\copy t from x.txt
select 1;
\o
\echo ---
\! cat out.txt
\copy t from x.txt
\copy t from nosuch
\copy t from
\set ECHO all
\copy t from x.txt
\copy t from stdin
5	five
\.
\set ECHO queries
\copy t from x.txt
\set ECHO none
\set ON_ERROR_STOP on
\copy t from nosuch
\echo notreached
