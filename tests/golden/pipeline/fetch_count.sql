-- FETCH_COUNT in a pipeline.
-- args: -X -a -q
-- stdin
\echo --- FETCH_COUNT
\set FETCH_COUNT 2
\startpipeline
select g from generate_series(1,5) g;
select 'b' from generate_series(1,4) g;
select 1/(3-g) from generate_series(1,5) g;
select 'c' from generate_series(1,3) g;
\syncpipeline
select 'd' from generate_series(1,3) g;
\getresults
\endpipeline
\echo --- one by one
\startpipeline
select g from generate_series(1,5) g;
select 1/(3-g) from generate_series(1,5) g;
select 'c' from generate_series(1,3) g;
select 'd' \parse x
\close_prepared x
\syncpipeline
select 'e' from generate_series(1,3) g;
\getresults 1
\getresults 1
\getresults 1
\getresults 1
\getresults 1
\getresults 1
\getresults 1
select 'f' from generate_series(1,3) g;
\endpipeline
\echo --- failed before
\startpipeline
select 1/0;
\flushrequest
\getresults
select 1;
select 2;
\flushrequest
\getresults
select 3;
\syncpipeline
select 4;
\endpipeline
\startpipeline
select 1/0;
\flushrequest
\getresults
select 1 \parse f
select 2;
select 3;
\flushrequest
\getresults 1
\getresults 1
\getresults 1
\endpipeline
\unset FETCH_COUNT
\echo --- other statement kinds
\startpipeline
create table tt(a int);
insert into tt values (1) returning a;
insert into tt values (1);

select 1 where false;
select;
update tt set a = 2;
drop table tt;
\endpipeline
\echo :ROW_COUNT :ERROR
\startpipeline
 \bind \sendpipeline
select 1\; select 2;
\endpipeline
\startpipeline
 \bind \sendpipeline
select 2;
\endpipeline
\startpipeline
select 1 \bind
;
;
;
\endpipeline
