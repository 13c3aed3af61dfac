-- COPY from the script inside a pipeline.
-- args: -X -a -q
-- stdin
\echo --- COPY
create table if not exists ct(a int);
\startpipeline
copy ct from stdin;
1
2
\.
\echo :PIPELINE_COMMAND_COUNT
\endpipeline
select 1;
