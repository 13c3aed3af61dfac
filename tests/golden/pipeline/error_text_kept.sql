-- How long what went wrong is said again.
-- args: -X -a
-- stdin
create temp table deferring (a int primary key deferrable initially deferred);
\startpipeline
\dconfig work_mem
\syncpipeline
\dconfig work_mem
\endpipeline
\startpipeline
select 1/0 \bind \sendpipeline
\flushrequest
\getresults
\syncpipeline
\dconfig work_mem
\endpipeline
\startpipeline
insert into deferring values ($1), ($1) \bind 1 \sendpipeline
\syncpipeline
\getresults
\flush
\endpipeline
\startpipeline
insert into deferring values ($1), ($1) \bind 1 \sendpipeline
\endpipeline
\syncpipeline
\endpipeline
\startpipeline
\endpipeline
\getresults 1
