-- After a refused \c nothing can be taken over, and files end with their first line.
\! printf 'select 1; select 2; \\echo one\n\\echo two\n' > lines.sql
\! psql -X -c '\c no_such_database' -c '\c postgres' -c '\c postgres postgres' -c '\c -reuse-previous=on host=/none' -c '\c -' 2>&1; echo $?
\! psql -X -c '\c no_such_database' -f lines.sql 2>&1; echo $?
\! psql -X -c '\c no_such_database' -f lines.sql -c '\echo after' 2>&1; echo $?
\! psql -X -c '\c no_such_database' -f lines.sql -c 'select 1' 2>&1; echo $?
