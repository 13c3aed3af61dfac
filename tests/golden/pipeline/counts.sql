-- What the variables of a pipeline count, command by command.
-- args: -X -a -q
-- stdin
\echo --- gdesc accumulation, empty queue
\startpipeline
\gdesc
select 1 \gdesc
select 1 \gdesc
\echo :ERROR :SQLSTATE :LAST_ERROR_MESSAGE
\errverbose
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
select 5;
select 1/0;
select 7;
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
select 1 \gdesc
\endpipeline
\echo :ERROR :SQLSTATE :LAST_ERROR_MESSAGE
select 1 \gdesc
\echo --- deferred error counted
create table d (a integer primary key deferrable initially deferred);
\startpipeline
insert into d values (1),(1);
\syncpipeline
select 1;
\syncpipeline
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\getresults 1
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_MESSAGE
\getresults 1
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_MESSAGE
\getresults 1
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\getresults 1
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\getresults 1
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\getresults 1
\endpipeline
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
drop table d;
\echo --- aborted counted
\startpipeline
select 1;
select 1/0;
select 2;
select 3;
\syncpipeline
select 4;
select 5/0;
select 6;
\flushrequest
select 7;
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\getresults 2
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\getresults 1
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\getresults
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\getresults
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\endpipeline
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
