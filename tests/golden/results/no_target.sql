-- Every result tries to open \g's target anew; after one that was not shown there is no tag.
create temp table t1 (a int);
select 1 \; select 2 \; select 3 \g no/such/file
select 1 \; create temp table t2 () \g no/such/file
create temp table t3 () \; select 1 \g no/such/file
copy t1 to stdout \; select 1 \; drop table t3 \g no/such/file
\echo :ERROR :ROW_COUNT
select 1 \; create temp table t4 () \g /dev/full
copy (select 1) to stdout \; select 1 \g /dev/full
\echo :ERROR :ROW_COUNT
