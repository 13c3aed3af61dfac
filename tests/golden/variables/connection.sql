-- The variables that tell of the connection.
\echo :HOST :PORT :USER :DBNAME :ENCODING
\echo :SERVER_VERSION_NAME :SERVER_VERSION_NUM
\set client_encoding LATIN1
\echo :ENCODING
\encoding
\encoding latin1
\echo :ENCODING
set client_encoding to sql_ascii;
\echo :ENCODING
\encoding
reset client_encoding;
\echo :ENCODING
\encoding nothing
\encoding utf8
-- They are ordinary variables otherwise.
\set USER somebody
\set PORT 1
\unset HOST
\unset DBNAME
\set ENCODING mine
\echo :USER :PORT :HOST :DBNAME :ENCODING
select current_user;
set client_encoding to latin1;
\echo :ENCODING
set client_encoding to utf8;
\unset SERVER_VERSION_NUM
\echo :SERVER_VERSION_NUM
-- Connecting anew sets them all.
\c
\echo :USER :PORT :HOST :DBNAME :ENCODING :SERVER_VERSION_NUM
\conninfo
\conninfo extra
\c - no_such_role
select 1;
