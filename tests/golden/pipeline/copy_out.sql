-- COPY to the script's output inside a pipeline.
-- args: -X -a -q
-- stdin
\startpipeline
copy (select 1) to stdout;
\endpipeline
select 1;
