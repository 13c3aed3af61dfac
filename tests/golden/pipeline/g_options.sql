-- \g reads its options before it is refused.
\startpipeline
select 1 \g (border=2
\g (nosuch=1)
\g (border=2) x y
\gx (border=2
\gx a b
\endpipeline
