\set ON_ERROR_STOP on
\startpipeline
select 2;
\syncpipeline
select 1/0;
select 2;
\endpipeline
\echo not reached
