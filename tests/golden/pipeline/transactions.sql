-- Encoding, AUTOCOMMIT and ON_ERROR_ROLLBACK inside a pipeline.
\startpipeline
\encoding LATIN1
\encoding
select 1;
\encoding LATIN1
\encoding
\endpipeline
\set AUTOCOMMIT off
\echo :AUTOCOMMIT
\startpipeline
select 1;
\endpipeline
rollback;
\set AUTOCOMMIT on
\startpipeline
\set AUTOCOMMIT off
select 1;
\echo :PIPELINE_COMMAND_COUNT
select 2;
\echo :PIPELINE_COMMAND_COUNT
\set AUTOCOMMIT on
select 1;
\echo :PIPELINE_COMMAND_COUNT
\set AUTOCOMMIT off
select 1;
\echo :PIPELINE_COMMAND_COUNT
\syncpipeline
\getresults
select 1;
\echo :PIPELINE_COMMAND_COUNT
\set AUTOCOMMIT on
select 1;
\flushrequest
\getresults
\set AUTOCOMMIT off
select 1;
\echo :PIPELINE_COMMAND_COUNT
\set AUTOCOMMIT on
\endpipeline
\set ON_ERROR_ROLLBACK on
\startpipeline
begin;
\syncpipeline
\getresults
select 1;
\endpipeline
\set ON_ERROR_ROLLBACK off
\endpipeline
rollback;
