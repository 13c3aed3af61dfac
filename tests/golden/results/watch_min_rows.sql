-- \watch until too few rows come, and \copy of queries that are none.
\pset tuples_only on
\copy (select 1; select 2)  . using delimiters
\copy (select 1) . a to stdout
\copy (select 1) (a) to stdout
\copy (select 1) . a (b) to stdout
\copy (select 1) . to stdout
\copy (select 1) . to to stdout
\copy (select 1) ( to stdout
\copy (select 1) (a) (b) to stdout
\copy t1 . to stdout
\copy t1.(a) to stdout
\copy . to stdout
\copy ) to stdout
\copy t1,t1 to stdout
selec \watch m=1 c=1 \echo rest
select 1 \; select 1/0 \watch m=1 c=1 \echo rest
select 1/0 \; select 1 \watch m=1 c=1 \echo rest
create temp table q() \watch m=1 c=1 \echo rest
\set ON_ERROR_STOP 1
selec \watch m=1 c=1 \echo rest
\echo goes on
