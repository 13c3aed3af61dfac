-- args: -X -a
-- stdin
create temp table z (a text);
select 1/0\; copy z from stdin ;
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin \; copy z from stdin ;
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin\; select 1 ;
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy (select 1) to stdout\; copy z from stdin x ;
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy y from stdin\; copy z from stdin\; copy z from stdin ;
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
select 1/0\; copy z from stdin \g
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin \; copy z from stdin \g
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin\; select 1 \g
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy (select 1) to stdout\; copy z from stdin x \g
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy y from stdin\; copy z from stdin\; copy z from stdin \g
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
select 1/0\; copy z from stdin \gx
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin \; copy z from stdin \gx
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin\; select 1 \gx
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy (select 1) to stdout\; copy z from stdin x \gx
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy y from stdin\; copy z from stdin\; copy z from stdin \gx
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
select 1/0\; copy z from stdin \gset
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin \; copy z from stdin \gset
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin\; select 1 \gset
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy (select 1) to stdout\; copy z from stdin x \gset
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy y from stdin\; copy z from stdin\; copy z from stdin \gset
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
select 1/0\; copy z from stdin \gexec
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin \; copy z from stdin \gexec
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin\; select 1 \gexec
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy (select 1) to stdout\; copy z from stdin x \gexec
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy y from stdin\; copy z from stdin\; copy z from stdin \gexec
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
select 1/0\; copy z from stdin \gdesc
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin \; copy z from stdin \gdesc
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin\; select 1 \gdesc
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy (select 1) to stdout\; copy z from stdin x \gdesc
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy y from stdin\; copy z from stdin\; copy z from stdin \gdesc
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
select 1/0\; copy z from stdin \crosstabview
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin \; copy z from stdin \crosstabview
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin\; select 1 \crosstabview
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy (select 1) to stdout\; copy z from stdin x \crosstabview
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy y from stdin\; copy z from stdin\; copy z from stdin \crosstabview
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
select 1/0\; copy z from stdin \bind \g
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin \; copy z from stdin \bind \g
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin\; select 1 \bind \g
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy (select 1) to stdout\; copy z from stdin x \bind \g
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy y from stdin\; copy z from stdin\; copy z from stdin \bind \g
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
select 1/0\; copy z from stdin \parse x
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin \; copy z from stdin \parse x
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin\; select 1 \parse x
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy (select 1) to stdout\; copy z from stdin x \parse x
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy y from stdin\; copy z from stdin\; copy z from stdin \parse x
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
select 1/0\; copy z from stdin \watch c=1
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin \; copy z from stdin \watch c=1
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy z from stdin begin\; select 1 \watch c=1
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy (select 1) to stdout\; copy z from stdin x \watch c=1
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
copy y from stdin\; copy z from stdin\; copy z from stdin \watch c=1
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
select unnest(array['copy z to stdout begin', 'copy z from stdin begin', 'select 1; copy z from stdin begin']) \gexec
\echo A
\.
\echo B
\.
\echo C
\.
\echo D
