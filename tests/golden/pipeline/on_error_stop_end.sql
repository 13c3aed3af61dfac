-- ON_ERROR_STOP ends a script at the end of a pipeline with an error.
\set ON_ERROR_STOP on
\startpipeline
select 2;
\syncpipeline
select 1/0;
select 2;
\endpipeline
\echo not reached
