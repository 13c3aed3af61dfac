-- \crosstabview: the order of its columns by a fourth one.
select 1 as a, g::text as b, g as c, -1.5*g as s from generate_series(1,3) g \crosstabview a b c s
select 1 as a, g::text as b, g as c, ' '||-g as s from generate_series(1,3) g \crosstabview a b c s
select 1 as a, g::text as b, g as c, '+'||(5-g) as s from generate_series(1,3) g \crosstabview a b c s
select 1 as a, g::text as b, g as c, (5-g)||'x' as s from generate_series(1,3) g \crosstabview a b c s
select 1 as a, g::text as b, g as c, case when g = 2 then null else g+1 end as s from generate_series(1,4) g \crosstabview a b c s
select 1 as a, case when g = 2 then null else (9-g)::text end as b, g as c, 1 as s from generate_series(1,4) g \crosstabview a b c s
select 1 as a, case when g = 2 then null else (9-g)::text end as b, g as c, 'q' as s from generate_series(1,4) g \crosstabview a b c s
select 1 as a, case when g = 2 then null else (9-g)::text end as b, g as c, -g as s from generate_series(1,4) g \crosstabview a b c s
select 1 as a, g::text as b, g as c, 5000000000-2000000000::bigint*g as s from generate_series(1,4) g \crosstabview a b c s
select * from (values (1,'a','x',3),(2,'a','y',1),(3,'b','z',2)) v(a,b,c,s) \crosstabview a b c s
select 1,2,null union all select 1,2,null \crosstabview
\pset null XX
select 1,null,null union all select 1,null,null \crosstabview
\pset null ''
select 1 as a,2 as b,3 as c \crosstabview X b c
select 1 as a,2 as b,3 as c,4 as d \crosstabview 1 1
select 1 as a,2 as b,3 as c,4 as d \crosstabview 1 9 x
select 1 as a,2 as b,3 as c,4 as d \crosstabview 1 2 x y
select 1 as a,2 as b,3 as c \crosstabview '' b c
select 1 as a,2 as b,3 as c \crosstabview "2" "1"
select 1 as a, '' as b, 3 as c union all select 1, null, 4 \crosstabview
select 1 as a, 2 as b, 'l' as c \crosstabview 2 3 1
select 1 as a, 'x' as b, 3.5 as c \crosstabview
select 'x' as a, 'y' as b, E'l\nm' as c \crosstabview
select 'x' as a, E'l\nm' as b, 3 \crosstabview
\echo :ERROR :ROW_COUNT
select 1 \crosstabview
\echo :ERROR :ROW_COUNT :SQLSTATE
select 1 as a, 2 as b, 3 as c \crosstabview 1 +2 3
select 1 as a, 2 as b, 3 as c \crosstabview 1 002 3
select 1 as a, b, 1 as c from (values ('b'),('a'),('C'),('é'),('z')) v(b) \crosstabview a b c c
\unset x
create temp table w(a int,b int,c int);
insert into w values (1,2,3) returning * \crosstabview
\set QUIET on
insert into w values (1,2,3) returning * \crosstabview
