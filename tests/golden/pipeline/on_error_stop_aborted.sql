\set ON_ERROR_STOP on
\startpipeline
select 1/0;
select 2;
\flushrequest
\getresults
\echo not reached
