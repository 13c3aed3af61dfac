-- Errors in pipelines, met early and deferred to the commit, one way of getting results after the other.
create table d (a integer primary key deferrable initially deferred);
\startpipeline
select 1/0;
\flushrequest
\getresults
\flush
\echo 1 :ERROR :SQLSTATE :ROW_COUNT
select 3;
\flush
\flushrequest
\getresults
\flush
\echo 2 :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_MESSAGE :LAST_ERROR_SQLSTATE
\syncpipeline
\getresults
\flush
\echo 3 :ERROR :SQLSTATE :ROW_COUNT
select 1;
\gdesc
select 2;
\flushrequest
\getresults 1
\flush
\getresults 1
\flush
\syncpipeline
\echo at end
\endpipeline
\flush
\echo 4
\startpipeline
select 1;
\syncpipeline
\gdesc
\getresults 1
\flush
\endpipeline
\echo --- deferred, all
\startpipeline
insert into d values (1),(1);
\syncpipeline
select 1;
\syncpipeline
\getresults
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\getresults
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\endpipeline
\echo --- deferred, 4
\startpipeline
insert into d values (1),(1);
\syncpipeline
select 1;
\syncpipeline
\getresults 4
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\getresults
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\endpipeline
\echo --- deferred, flushed
\startpipeline
insert into d values (1),(1);
\syncpipeline
select 1;
\flushrequest
\getresults
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
select 2;
\getresults
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\endpipeline
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\echo --- deferred, several
\startpipeline
insert into d values (1),(1);
\syncpipeline
insert into d values (1),(1);
\syncpipeline
insert into d values (1),(1);
\syncpipeline
select 3;
select 4;
\getresults 2
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\getresults 2
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\getresults 2
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\getresults
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\endpipeline
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
\startpipeline
\set FETCH_COUNT 2
select 1/(3-g) from generate_series(1,5) g;
select 1/(3-g) from generate_series(1,5) g;
\endpipeline
\startpipeline
select 1;
select 1/(3-g) from generate_series(1,5) g;
\endpipeline
