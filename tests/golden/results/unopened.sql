-- \g to what can't be opened is tried once for each result with rows, shown or not
\set FETCH_COUNT 2
select 1 where false \g /no/x
\echo :ERROR :ROW_COUNT
select generate_series(1, 1) \g /no/x
\echo :ERROR :ROW_COUNT
select generate_series(1, 3) \g /no/x
\echo :ERROR :ROW_COUNT
select generate_series(1, 9) \g /no/x
\echo :ERROR :ROW_COUNT
select 1 \; select 2 \; create temp table z1 () \g /no/x
\echo :ERROR :ROW_COUNT
select 1 \gx /no/x
select 1 \bind \g /no/x
\unset FETCH_COUNT
select generate_series(1, 9) \g /no/x
\echo :ERROR :ROW_COUNT
select 1 \; select 2 \; create temp table z2 () \g /no/x
\echo :ERROR :ROW_COUNT
\set SHOW_ALL_RESULTS off
select 1 \; create temp table z3 () \g /no/x
\echo :ERROR :ROW_COUNT
select 1 \; select 2 \g /no/x
\echo :ERROR :ROW_COUNT
select 1 \; select 1/0 \g /no/x
\echo :ERROR :ROW_COUNT
select 1 \; create temp table z4 () \g | echo run >&2
\echo :ERROR :ROW_COUNT
\set FETCH_COUNT 2
select 1 \; select 2 \g /no/x
\echo :ERROR :ROW_COUNT
