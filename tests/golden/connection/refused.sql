-- Without a connection a script ends with the line, and open blocks are reported.
-- args: -X
\if true
select 1;
\c no_such_database
\echo two
\endif
