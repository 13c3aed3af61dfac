-- args: -X -v SINGLELINE=1
-- The rest of the line still runs.
select 1 \c no_such_database \echo one
\echo two
