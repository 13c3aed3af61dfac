-- The rest of the line still runs.
-- args: -X -v SINGLELINE=1
select 1 \c no_such_database \echo one
\echo two
