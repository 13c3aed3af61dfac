-- Without SHOW_ALL_RESULTS nothing comes in parts.
\set FETCH_COUNT 3
\set SHOW_ALL_RESULTS off
\startpipeline
\endpipeline
\startpipeline
select 1 \bind \sendpipeline
select generate_series(1, 5) \bind \sendpipeline
\endpipeline
\startpipeline
select generate_series(11, 15) \bind \sendpipeline
\flushrequest
\getresults
select generate_series(21, 25) \bind \sendpipeline
\endpipeline
