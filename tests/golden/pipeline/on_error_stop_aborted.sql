-- ON_ERROR_STOP ends a script at the results of a pipeline that was aborted.
\set ON_ERROR_STOP on
\startpipeline
select 1/0;
select 2;
\flushrequest
\getresults
\echo not reached
