-- Errors of statements in a pipeline, shown with their text and by VERBOSITY.
\set ECHO errors
\startpipeline
select 1/0;
\flushrequest
\getresults
select 5;
\flushrequest
\getresults
\endpipeline
\getresults
\endpipeline
\gdesc
select 1 \parse x
\timing on
\startpipeline
\timing off
\gset
select 1 \parse x
select 1 \parse x
\echo :ERROR
select 1 \parse y
\echo :ERROR :ROW_COUNT
\close_prepared x
\close_prepared y
\close_prepared z
\endpipeline
select 1 \parse x
select 1 \parse x
\echo :ERROR
select 1 \parse y
\echo :ERROR :ROW_COUNT :SQLSTATE
\close_prepared x
\close_prepared y
\close_prepared z
\set VERBOSITY verbose
\startpipeline
select 1/0;
\endpipeline
\set VERBOSITY sqlstate
select 1/0;
\flush
\set VERBOSITY terse
select 1 + x;
\flush
\endpipeline
