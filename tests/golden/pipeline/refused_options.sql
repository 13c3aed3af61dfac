-- \g reads its options before it is refused; they hold until a query is sent.
\startpipeline
select 1 as a \g (format=csv)
\pset format
\g (border=2)
\pset border
\r
select 2 as b \bind \sendpipeline
\pset format
\endpipeline
\startpipeline
select 3 as c \bind \sendpipeline
select 4 as d \g (format=html)
\pset border 2
\r
\endpipeline
\pset border
\startpipeline
select 5 as e \gx (format=csv)
\g (nosuch=1)
\pset format
\r
\gx
\pset expanded
\endpipeline
