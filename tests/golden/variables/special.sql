-- Variables that take only some values, and names that none may have.
-- args: -X
\set AUTOCOMMIT maybe
\set ECHO wrong
\set ECHO_HIDDEN wrong
\set FETCH_COUNT x
\set FETCH_COUNT -1
\set HISTCONTROL wrong
\set ON_ERROR_ROLLBACK wrong
\set COMP_KEYWORD_CASE wrong
\set VERBOSITY wrong
\set SHOW_CONTEXT wrong
\set ON_ERROR_STOP wrong
\set 'bad name' 1
\unset AUTOCOMMIT
\unset
\unset 'bad name'
\echo :AUTOCOMMIT :ON_ERROR_STOP :VERBOSITY
select 1 as x, null as y \gset p_
\echo :p_x :{?p_y} :ROW_COUNT :ERROR :SQLSTATE
select 1/0;
\echo :ROW_COUNT :ERROR :SQLSTATE :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
select generate_series(1, 3) \gset
select 1 as "bad name" \gset
select 1 as x where false \gset
