-- \crosstabview: its arguments, and data that fit no crosstab.
create table c(v text, h text, d text, s int, n numeric);
insert into c values ('v1','h1','d11',3,1),('v2','h1','d21',3,2),('v1','h2','d12',1,3),('v3','h3',null,2,4),(null,'h2','x',1,5);
table c \crosstabview
select v,h,d from c \crosstabview
select v,h,d from c where v is not null \crosstabview
table c \crosstabview v h
table c \crosstabview v h d
table c \crosstabview v h d s
table c \crosstabview v h d n
table c \crosstabview v h d d
table c \crosstabview 1 2 3 4
table c \crosstabview 1 2 5 4
table c \crosstabview 1 2 3 4 5
table c \crosstabview 2 1 3
table c \crosstabview 1 1 3
table c \crosstabview 0 1 3
table c \crosstabview 6 1 3
table c \crosstabview -1 1 3
table c \crosstabview 1 99999999999 3
table c \crosstabview x h d
table c \crosstabview v x d
table c \crosstabview v h x
table c \crosstabview v h d x
table c \crosstabview V h D
table c \crosstabview "V" h d
table c \crosstabview "v" h d
select v as "V", v as "v", h, d from c \crosstabview V h d
select v, v, h, d from c \crosstabview v h d
select v, v, h, d from c \crosstabview 1 h d
select v,h from c \crosstabview
select 1 \crosstabview
select v,h,d from c where false \crosstabview
create table cc(a int) \crosstabview
select 1/0 \crosstabview
select v, h, d from c union all select v,h,d from c \crosstabview
select 1, 1, 'a' union all select 1, 1, 'b' \crosstabview
select 1, 1, 'a' union all select 1, null, 'b' union all select null, null, 'c' \crosstabview
select null, null, 'a' union all select null, null, 'b' \crosstabview
\pset null NULL
select 1, 1, 'a' union all select 1, null, 'b' union all select null, null, null \crosstabview
\pset null ''
select 1 as a, g as b, g*2 as c from generate_series(1,10) g \crosstabview
select g as a, g%3 as b, g::text as c from generate_series(1,6) g \crosstabview
select g as a, 'x' as b, g as c from generate_series(1,3) g \crosstabview a b c a
select g as a, g::text as b, g as c from generate_series(1,12) g \crosstabview a b c a
select 1 as a, g::text as b, g as c, 'x'||g as s from generate_series(1,12) g \crosstabview a b c s
select 1 as a, g::text as b, g as c, 1.5*g as s from generate_series(1,3) g \crosstabview a b c s
select 1 as a, g::text as b, g as c, null as s from generate_series(1,3) g \crosstabview a b c s
select 1 as a, g::text as b, g as c, -g as s from generate_series(1,3) g \crosstabview a b c s
select 1 as a, g::text as b, g as c, '99999999999999999' as s from generate_series(1,3) g \crosstabview a b c s
select 1 as a, 'x' as b, g as c, g as s from generate_series(1,3) g \crosstabview a b c s
select g as a, 'x' as b, g as c, g as s from generate_series(1,3) g \crosstabview a b c s
select 1 as a, g as b, g as c from generate_series(1,1600) g \crosstabview
select 1 as a, g as b, g as c from generate_series(1,1601) g \crosstabview
select count(*) from (select 1) x \crosstabview
select 1,2,3 \; select v,h,d from c \crosstabview
select v,h,d from c \; select 1,2,3 \crosstabview
\echo :ERROR :ROW_COUNT
\x
select v,h,d from c \crosstabview
\x
\t
select v,h,d from c \crosstabview
\t
\pset format csv
select v,h,d from c \crosstabview
\pset format aligned
\pset title foo
select v,h,d from c \crosstabview
\pset title
\o f.txt
select v,h,d from c \crosstabview
\o
\! cat f.txt
\set FETCH_COUNT 2
select v,h,d from c \crosstabview
\set FETCH_COUNT 0
select v as "a b", h, d from c \crosstabview "a b" h d
select v as "a b", h, d from c \crosstabview 'a b' h d
select v as "a b", h, d from c \crosstabview "a b" "h" "d";
select v, h, d from c \crosstabview v h d;
select v, h, d from c \crosstabview v, h, d
select v, h, d from c \crosstabview "" h d
select v as "1", h as "2", d as "3" from c \crosstabview 2 1 3
select v as "1", h as "2", d as "3" from c \crosstabview "2" "1" "3"
select v, h, d from c \crosstabview 1a h d
select v, h, d from c \crosstabview "v"x h d
insert into c values ('a','b','c') returning v,h,d \crosstabview
\g
\crosstabview 1 2
