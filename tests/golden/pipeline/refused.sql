-- What a pipeline refuses, and what becomes of the statement and its values then.
-- args: -X -a -q
-- stdin
\echo --- bind state
select $1 \bind 1 \sendpipeline
\echo pending? 
\startpipeline
\sendpipeline
\endpipeline
\reset
select $1 \bind 1
\reset
select 'x' as x;
select $1 \bind 1
\startpipeline
;
\endpipeline
\startpipeline
select $1 \bind 3 \g
\p
;
\endpipeline
\r
\startpipeline
select $1 \bind 3 \crosstabview
\p
\r
select 1 \crosstabview
\p
\r
select 'select 1' \gexec
\p
\r
select 1 as a \gset
\p
\r
select 1 \g
\p
\r
select 1 \gx
\p
\r
select 1 \watch
\p
\r
select 1 \watch c=1
\r
\r
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\endpipeline
\echo --- getresults args
\getresults x
\getresults 1x
\getresults -5
\getresults ''
\getresults 99999999999
\getresults 2147483648
\startpipeline
select 1;
\getresults x
\getresults 1x
\getresults ' 1'
\getresults +1
\getresults ''
\getresults 99999999999
\getresults 2147483648
\getresults 1 2
\syncpipeline
\getresults 5
\getresults 5
\endpipeline
\echo --- messages outside
\syncpipeline
\flush
\flushrequest
\sendpipeline
\endpipeline
\endpipeline x
\startpipeline x y
\startpipeline
\flushrequest extra
\flush extra
\syncpipeline extra
select 1 \bind \sendpipeline extra
\getresults 1 extra
\getresults
\endpipeline extra
