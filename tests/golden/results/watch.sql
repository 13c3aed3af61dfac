-- \watch: its arguments, and its results when nothing waits.
\pset tuples_only on
\watch
select 1 \watch c=1 0.01
\r
select 1 \watch foo
\watch 1 2
\watch i=1 2
\watch i=1 i=2
\watch c=1 c=2
\watch m=1 m=2
\watch c=0
\watch c=-1
\watch c=x
\watch c=
\watch c=1 i=
\watch c=1 i=-1
\watch c=1 -1
\watch c=1 i=x
\watch c=1 1x
\watch c=1 m=0
\watch c=1 m=-1
\watch c=1 m=x
\watch c=1 m=
\watch c=1 x=1
\watch min_rows=1 c=1
\watch count=1
\watch c=1.5
\watch c=1 i=1e-2
\watch c=1 i=inf
\watch c=1 i=nan
\watch c=1 i=1e10
\watch c=1 i=1e300
\watch c=1 i=99999999
\watch 0 c=1 m=2
\watch c=99999999999
\watch c=1 m=99999999999
\watch ' 1' c=1
\watch '' c=1
\watch c=1 i= 1
\watch c=1;
\watch c=+1
\watch c=' 1'
\watch c=1 ;
\watch 0.01 m=2
\watch C=1
\watch 0,5 c=1
\watch c=1 1e-4
\watch c=1 0.0006
\watch c=1 .5
\watch c=1 +5
\watch c=1 5.
\watch c=1 m=+2
\watch c=1 m=1x
\watch c=1 1.25
\watch c=1 1234.5
\watch c=1 12345.678
\watch c=1 1234567.5
select 1 where false \watch 0.01 m=1
\echo :ERROR
select 1 where false \; select 2 \watch 0.01 m=1 c=2
select 2 \; select 1 where false \watch 0.01 m=1 c=2
select repeat('x',100) \watch c=1
select repeat('x',100) \watch c=1
select 5 \; create temp table z() \watch c=1
\pset format wrapped
select 5 \watch c=1
\pset format latex
select 5 \watch c=1
\pset format asciidoc
select 5 \watch c=1
\pset format troff-ms
select 5 \watch c=1
\pset format aligned
\set AUTOCOMMIT off
create table ac();
rollback;
select 1 \watch c=1
commit;
\set AUTOCOMMIT on
begin;
\set ON_ERROR_ROLLBACK on
select 1/0 \watch c=2
select 1;
rollback;
 \watch c=1
;
select 1 \watch c=1
\p
\watch c=1
select 7 as x;
\watch 0.01 c=2
\p
select 1 \; select 2 \watch 0.01 c=2
select 3 \watch 0.01 c=2
select 3 \watch 0.01 c=2
select 3 \watch 0.01 c=2
select 3 \watch 0.01 c=2
select 3 \watch 0.01 c=1
select 3 \watch 0.01 c=2
create temp table w(a int);
insert into w values (1) \watch 0.01 c=2
insert into w values (1) returning * \watch 0.01 c=2
table w \watch 0.01 c=1
select 1/0 \watch 0.01 c=2
\echo :ERROR :ROW_COUNT
select 1/(3-(select count(*) from w)) from w limit 1 \watch 0.01 c=2
begin \watch 0.01 c=1
commit;
\echo :ROW_COUNT
\set QUIET on
insert into w values (1) \watch 0.01 c=2
\set QUIET off
\o f.txt
select 5 \watch 0.01 c=2
\o
select 5 \watch 0.01 c=1
\set ECHO queries
select 5 \watch 0.01 c=2
\set ECHO none
\set WATCH_INTERVAL 0.02
select 6 \watch c=2
\set WATCH_INTERVAL x
\set WATCH_INTERVAL -1
\set WATCH_INTERVAL 99999999
\set WATCH_INTERVAL
\echo :WATCH_INTERVAL
\unset WATCH_INTERVAL
\echo :WATCH_INTERVAL
copy (select 1) to stdout \watch 0.01 c=2
copy w from stdin \watch 0.01 c=2
1
\.
2
\.
\echo x
select 'a' \bind \watch 0.01 c=2
select $1 \bind 1 \watch 0.01 c=2
\set AUTOCOMMIT off
select 1 \watch 0.01 c=1
rollback;
\set AUTOCOMMIT on
\set FETCH_COUNT 1
select generate_series(1,3) \watch 0.01 c=1
\set FETCH_COUNT 0
select 1 \watch 0.01 c=2 m=2
select 1 \; select 1 where false \watch 0.01 c=2 m=1
insert into w values(1) \watch 0.01 c=2 m=2
 \watch 0.01 c=0x
select 1
\watch 0.01 c=1
\set SINGLESTEP on
select 1 \watch 0.01 c=1
\set SINGLESTEP off
select 1 as a \watch 1.0 c=1
select 1 as a \watch 1.50 c=1
select 1 as a \watch 0.123456 c=1
select 1 as a \watch 10 c=1
select 1 as a \watch 123456 c=1
select 1 as a \watch 1000000 c=1
select 1 as a \watch 12345678 c=1
;
set client_min_messages = notice;
do $$begin raise notice 'hi'; end$$ \watch 0.01 c=2
\set ON_ERROR_STOP on
select 1/0 \watch 0.01 c=2
\echo not
