-- What ECHO shows of statements in a pipeline.
-- args: -X -a -q
-- stdin
\set ECHO queries
\startpipeline
select 2;
select 2 \bind \sendpipeline
select 2 \parse x
\bind_named x \sendpipeline
\close_prepared x
\syncpipeline
select 1/0;
select 2;
\endpipeline
\set ECHO errors
\startpipeline
select 2;
select 2 \bind \sendpipeline
select 2 \parse x
\bind_named x \sendpipeline
\close_prepared x
\syncpipeline
select 1/0;
select 2;
\endpipeline
select 1/0;
\parse
\bind_named
\close_prepared
select 1 \parse
\p
\r
\close_prepared nonsuch
select $1 \bind \g
select $1 \bind 1 \gdesc
select $1 \bind 1 2 \g
\bind_named nonsuch \g
\bind_named nonsuch 
\p
;
select 1 \parse x
\bind_named x \g
\bind_named x \gx
\bind_named x \gdesc
\bind_named x \gset
\bind_named x \gexec
\bind_named x \crosstabview
\bind_named x
select 5;
\bind_named x
select 5 \g
\parse y
\bind_named y \g
\bind_named x
\r
select 5;
