-- A server that does not know a parameter is asked again without application_name.
\! PGOPTIONS='-c no_such=1' psql -X -c 'select 1' 2>&1; echo $?
\! PGOPTIONS='-c work_mem=x' psql -X -c 'select 1' 2>&1; echo $?
