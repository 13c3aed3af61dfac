-- args: -X -a -q
-- stdin
\startpipeline
copy (select 1) to stdout;
\endpipeline
select 1;
