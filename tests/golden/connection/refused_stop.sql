-- args: -X -v ON_ERROR_STOP=1
-- A refused \c counts as an error before the lost connection does.
\echo one
\c no_such_database
\echo two
