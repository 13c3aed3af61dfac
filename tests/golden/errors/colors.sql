-- PG_COLOR and PG_COLORS.
\! printf '\\foo\nselect nosuch;\n\\echo a b \\c - - - - x\ndo $$ begin raise warning $q$w$q$ using hint=$q$h$q$; end $$;\n\\warn x\n' > messages.sql
\setenv PG_COLOR always
\! psql -X -f messages.sql 2>&1 | tr '\033' '^'
\! psql -X < messages.sql 2>&1 | tr '\033' '^'
\! psql -X -c '\foo' -c 'select nosuch' 2>&1 | tr '\033' '^'
\! psql -X -f /no/such 2>&1 | tr '\033' '^'
\! psql --no-such-option 2>&1 | tr '\033' '^' | sed 's/^[^^]*psql: /psql: /'
\! psql -X -c '\echo x' a b c 2>&1 | tr '\033' '^'
\! PG_COLORS=error=3:locus psql -X -f messages.sql 2>&1 | tr '\033' '^'
\! PG_COLORS= psql -X -f messages.sql 2>&1 | tr '\033' '^'
\! PG_COLOR=auto psql -X -f messages.sql 2>&1 | tr '\033' '^'
\! PG_COLOR=yes psql -X -f messages.sql 2>&1 | tr '\033' '^'
