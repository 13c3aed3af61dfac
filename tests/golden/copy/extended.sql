-- COPY by the extended protocol: data are read where the server asks for them, and skipped elsewhere.
-- args: -X -a
-- stdin
create table z (a text);
truncate z;
copy z from stdin \bind \g
1
\.
\echo B
select 1;
copy z from stdin \bind \g
x
2
\.
\echo B2
select count(*) from z;
copy z from stdin \parse cp
\.
\bind_named cp \g
5
\.
table z;
begin;
copy z from stdin \bind \watch c=2
7
\.
8
\.
table z;
copy z from stdin \bind \gdesc
copy z from nowhere \bind \g
\.
copy z to stdout \bind \g
copy z to stdout \bind \gx
copy z from stdin \bind 1 \g
3
\.
commit;
copy z from stdin \bind \gset
4
\.
table z;
copy z from '/nonexistent' \bind \g
\copy z from stdin \bind \g
truncate z;
begin;
copy z from nowhere \bind \g
\echo one
\.
\echo two
copy z from stdin \bind 1 \g
\echo one
\.
\echo two
copy z from stdin \bind \g
\echo one
\.
\echo two
commit;
copy z from stdin \parse
\echo one
\.
\echo two
copy z from stdin 1 \parse a
\echo one
\.
\echo two
copy z from stdin 1 \parse b \\ select 1;
\echo one
\.
\echo two
copy z from stdin 1 \bind_named a \g
\echo one
\.
\echo two
truncate z;
copy z from stdin \parse cp
\echo 1
\.
\bind_named cp \g
5
\.
\echo 2
\.
select 1;
\echo 3
\.
\echo 4
truncate z;
copy z from stdin \parse cp
\echo 1
select 1 \; select 2;
\echo 3
\.
\echo 4
copy z from stdin \parse cp2
copy z from stdin \parse cp3
\! echo x
\echo d
\echo y
\.
select 2 \gdesc
\echo z
\.
\echo four
\.
\echo five
truncate z;
select 1 \parse s1
copy z from stdin \bind_named s1 \g
\echo 1
\.
\echo 2
copy z from stdin \close_prepared s1
\echo 1
\.
\echo 2
copy z from stdin \gdesc
\echo 1
\.
\echo 2
copy z from stdin \; copy z from stdin \parse v
\echo 1
\.
\echo 2
copy z from stdin \; copy z from stdin \parse v
\echo 1
\.
\echo 2
drop table z;
