-- A refused \c counts as an error before the lost connection does.
-- args: -X -v ON_ERROR_STOP=1
\echo one
\c no_such_database
\echo two
