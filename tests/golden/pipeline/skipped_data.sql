-- Data of COPYs in a pipeline, and where they are skipped.
-- args: -X -a
-- stdin
create temp table z9 (a text);
\startpipeline
copy z9 from stdin begin;
\echo 1
\.
\echo 2
\getresults
\echo 3
\.
\echo 4
\endpipeline
\echo 5
\.
\echo 6
select 1;
\echo 7
\.
\echo 8
\startpipeline
copy z9 from stdin begin \sendpipeline
\echo 1
\.
\echo 2
\syncpipeline
\getresults
\echo 3
\.
\echo 4
\endpipeline
\echo 5
\.
\echo 6
\startpipeline
copy z9 from stdin begin \bind \sendpipeline
\echo 1
\.
\echo 2
\syncpipeline
\getresults
\echo 3
\.
\echo 4
\endpipeline
\echo 5
\.
\echo 6
\startpipeline
copy z9 from stdin begin \bind \sendpipeline
select 1 \bind \sendpipeline
\echo 1
\.
\echo 2
\endpipeline
\echo 5
\.
\echo 6
\startpipeline
copy z9 from stdin begin \parse v
select 1 \bind \sendpipeline
\echo 1
\.
\echo 2
\endpipeline
\echo 5
\.
\echo 6
select 5;
\.
\echo 7
\startpipeline
copy z9 from stdin \parse v
\echo 1
\.
\echo 2
\endpipeline
\echo 5
\.
\echo 6
select 5;
\.
\echo 7
