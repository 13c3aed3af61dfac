-- Commands about pipelines where there is none, after a success and after an error.
\getresults
\flush
\syncpipeline
\echo :ERROR :SQLSTATE
\getresults
\endpipeline
select 1/0;
\getresults
\flushrequest
\flush
\syncpipeline
\getresults 1
\echo :ERROR :SQLSTATE :LAST_ERROR_MESSAGE
\startpipeline
\getresults
\echo :ERROR :SQLSTATE :LAST_ERROR_MESSAGE
select 1 \bind \sendpipeline
\getresults
\endpipeline
\getresults
\echo :ERROR :SQLSTATE :LAST_ERROR_MESSAGE
-- What returns nothing can't come in parts.
\set FETCH_COUNT 2
select 1 \parse a
\echo :ERROR :SQLSTATE
\flushrequest
\echo :ERROR :SQLSTATE
\close_prepared a
\flush
\startpipeline
\flushrequest
\endpipeline
select nothing \parse a
\echo :ERROR :SQLSTATE
\close_prepared a
\set SHOW_ALL_RESULTS off
\close_prepared a
\flushrequest
