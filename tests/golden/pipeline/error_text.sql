-- What went wrong in a pipeline, as it is told and as variables keep it.
-- args: -X -a -q
-- stdin
\set c ':PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_MESSAGE'
\startpipeline
select 1;
select 1/0;
select 2;
select 3;
\syncpipeline
select 4;
select 5;
\flushrequest
\getresults 3
\echo :c
\getresults 2
\echo :c
\getresults 2
\echo :c
\endpipeline
\echo :c
\startpipeline
select 1/0;
select 2;
select 3;
\syncpipeline
select 4;
select 5;
\flushrequest
\getresults 5
\echo :c
\endpipeline
\startpipeline
select 1/0;
select 2;
select 3;
\syncpipeline
\syncpipeline
select 4;
select 5;
\flushrequest
\getresults 2
\echo :c
\getresults 3
\echo :c
\getresults 3
\echo :c
\endpipeline
\echo --- syntax error with place
\startpipeline
select 1 +
 x;
selec 1;
\endpipeline
\errverbose
\echo :c
\echo --- accumulated text
\startpipeline
select 1/0;
\flushrequest
\getresults
\echo :c
\gdesc
\echo :c
select 2;
\gdesc
\gdesc
\flush
\flushrequest
\flush
\syncpipeline
\flush
\getresults
\flush
\gdesc
select 3;
\gdesc
\endpipeline
\flush
\endpipeline
\endpipeline
select 1;
\endpipeline
\flush
select 1/0;
\endpipeline
\flush
\d nonsuch
\endpipeline
\flush
\startpipeline
\flush
select 1;
\flush
\endpipeline
\echo --- disallowed and the bind state
\startpipeline
select $1 \bind 1 \gset
;
select $1 \bind 1 \gexec
;
select $1 \bind 1 \watch
;
\syncpipeline
\getresults
\syncpipeline
\getresults
\r
select $1 \bind 1 \watch
;
\syncpipeline
\getresults
select $1 \bind 1 \gexec
;
\syncpipeline
\getresults
select $1 \bind 1 \gdesc
\p
select $1 \bind 1
\gdesc
;
\endpipeline
