-- Large objects to files and back, with comments; arguments that are no OID or are missing.
\set QUIET on
\lo_import files.sql
\lo_export :LASTOID out
\! cmp out files.sql && echo same
\lo_import files.sql 'a comment''s'
select obj_description(:LASTOID, 'pg_largeobject');
\lo_unlink :LASTOID
\lo_import files.sql ''
\lo_unlink :LASTOID
\lo_export 1 x
\lo_export abc x
\lo_export 12abc x
\lo_unlink abc
\lo_unlink
\lo_export
\lo_export 1
\lo_import
\lo_import nosuch
\lo_import /
\lo_export 1 /nosuch/x
\lo_unlink -1
\lo_unlink 99999999999
\lo_unlink ''
\lo_import ''
begin;
\lo_import files.sql
\lo_export :LASTOID /nosuch/x
\lo_export :LASTOID /dev/full
\lo_import nosuch
select 'the transaction goes on';
\lo_unlink 1
\lo_import files.sql
\lo_unlink 1
\lo_export 1 x
rollback;
\set AUTOCOMMIT off
\lo_unlink 1
select 1;
rollback;
\lo_import nosuch
select 1;
rollback;
\lo_import files.sql
rollback;
\set AUTOCOMMIT on
\set ECHO_HIDDEN on
\lo_unlink 1
\lo_export 1 x
\lo_import nosuch
\set ECHO_HIDDEN noexec
\lo_import files.sql x
\set ECHO_HIDDEN off
\set QUIET off
\pset format html
begin;
\lo_unlink 1
rollback;
\set ON_ERROR_STOP on
\lo_unlink 1
\echo not reached
