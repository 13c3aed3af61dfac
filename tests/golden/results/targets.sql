-- \o, \g and \w to files and programs: what goes where, and what fails.
\echo :SHELL_ERROR
\echo :SHELL_ERROR :ERROR :ROW_COUNT
select 2;
\echo hi
\qecho ho
\o
\echo :SHELL_ERROR
select 1 \g /nosuch/x
\echo :SHELL_ERROR :ERROR
select 1 \gx |cat
select 1 \g (format=csv) |cat
select 1 \g (format=foo) |cat
select 1 \g (format=csv
;
select 1 \g (format=csv tuples_only)
select 1 \g (format csv)
select 1 \g (format=csv)x
select 1 \g ( format=unaligned fieldsep='|' )
select 1 \g (null='a b' title="x y") f.txt
\! cat f.txt
select 1 as a, 2 as b \gx (expanded=off)
select 1 as a, 2 as b \gset x_
\echo :x_a :x_b
select 1 as a, 2 as b \gset x_ y
select 1 as a where false \gset
select 1 as a union all select 2 \gset
select 'x' as "AUTOCOMMIT" \gset
select 'x' as "QUIET" \gset
select 'x' as "a b" \gset
select null as x_a, 7 as "FETCH_COUNT" \gset
\echo :x_a
create table g(a int) \gset
select 1/0 \gset
select 1 as z \; select 2 as y \gset
\echo :z :y
select 'select 1', 'select 2' union all select null, 'select 1/0' union all select 'select 4', '' \gexec
create table h(a int) \gexec
select 'create table h2(a int)' \gexec
select 1 \gdesc
select 1 as "a b", 'x'::varchar(3), now(), null, array[1.0::numeric(3,1)] \gdesc
select \gdesc
create table h3() \gdesc
insert into g values(1) returning a \gdesc
select * from nosuch \gdesc
select $1::int \gdesc
\gdesc
select 1 \; select 2 \gdesc
select 1
\gx
\g
select 1 as a \g f.txt
\! cat f.txt
select 2 as a;
\g f.txt
\! cat f.txt
\w q.txt
\! cat q.txt
\w |cat
\w
\w /nosuch/x
\o out.txt
select 1;
\qecho abc
\echo def
\qecho -n a b
\qecho
\o
\! cat out.txt
\o |cat -n
select 1;
insert into g values (1);
\o
\o /nosuch/x
\echo x
select 1;
\o
\set SHOW_ALL_RESULTS off
select 1 \; select 2 \; select 3;
select 1 \; create table h4() \; select 3;
select 1 \; create table h5();
select 1 \; select 1/0 \; select 3;
copy (select 1) to stdout \; select 2;
copy (select 1) to stdout \; copy (select 2) to stdout;
select 1 as a \; select 2 as b \gset
\echo :a :b
\set SHOW_ALL_RESULTS on
\set FETCH_COUNT 2
select generate_series(1,5) a;
select generate_series(1,5) a \g |cat -n
select generate_series(1,4) a \gx
select generate_series(1,5) a \gset
select 1 \; select generate_series(1,3);
select 1/(3-g) from generate_series(1,5) g;
\echo :ROW_COUNT :ERROR
select generate_series(1,5) a \g f.txt
\! cat f.txt
insert into g select 2 from generate_series(1,3) returning a;
\echo :ROW_COUNT
\pset format unaligned
select generate_series(1,5) a;
select generate_series(1,0) a;
\x
select generate_series(1,3) a;
