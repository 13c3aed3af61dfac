-- Results in parts: tags, counts, titles and errors in the middle.
\set FETCH_COUNT 2
-- The tag of what changed rows shows when the last part came out even.
create temp table t (a int);
insert into t select 9 from generate_series(1, 4) returning a;
insert into t select 9 from generate_series(1, 3) returning a;
insert into t select 9 from generate_series(1, 1) returning a;
insert into t select 9 where false returning a;
\echo :ROW_COUNT
insert into t values (1), (2) returning a \gx
update t set a = 1 returning a \; select 1;
-- No columns.
\pset title T
select;
\x
select;
select from generate_series(1, 3);
select 1 where false;
\pset title
-- Records are counted through.
select i, repeat('x', i * 3) as b from generate_series(1, 5) i;
\t
select i from generate_series(1, 3) i;
\t
select 1 / (3 - i) from generate_series(1, 5) i;
\echo :ERROR :ROW_COUNT
-- Automatic: on standard output always, elsewhere by the width of each part.
\x auto
select generate_series(1, 3);
select 1;
select i, case when i = 3 then repeat('x', 50) end from generate_series(1, 5) i \g (columns=40) |cat
select 1 \g |cat
\o |cat
select 1;
\o
\pset format csv
select 1;
\pset format html
select generate_series(1, 3);
\pset format unaligned
select 1;
\pset format wrapped
select 1;
select 1 \g |cat
\pset format aligned
\x off
-- Other uses take the result whole.
select generate_series(1, 3) \gset
select 3 as three \gset
\echo :three
select i, i, i from generate_series(1, 3) i \crosstabview
select 'select generate_series(1, ' || i || ')' from generate_series(1, 3) i \gexec
select generate_series(1, 3) \gdesc
select generate_series(1, 3) \; select 1/0 \; select 3;
select generate_series(1, 3) \bind \g
