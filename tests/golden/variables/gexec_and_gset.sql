-- The variables of the outer query are set after what it executes, or sets.
select 5 as "ROW_COUNT", 'x' as "ERROR", 'y' as "SQLSTATE" \gset
\echo :ROW_COUNT :ERROR :SQLSTATE
select 'set x.y=1' union all select 'set x.y=2' union all select 'set x.y=3' \gexec
\echo :ROW_COUNT :ERROR :SQLSTATE
select '' \gexec
\echo :ROW_COUNT :ERROR :SQLSTATE
select 'select 1/0', 'select 1' \gexec
\echo :ROW_COUNT :ERROR :SQLSTATE :LAST_ERROR_SQLSTATE
select 'select 1', 'select 1/0' \gexec
\echo :ROW_COUNT :ERROR :SQLSTATE :LAST_ERROR_SQLSTATE
