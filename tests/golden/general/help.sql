-- The texts of \?, \h and \copyright; \s is listed only where there is a history.
\! psql -X -c '\?' | grep -v '^  .s .FILE'
\! psql -X -c '\? commands' | grep -v '^  .s .FILE'
\? options
\? variables
\! psql -X -c '\? nothing' | sed -n 1,3p
\! psql -X -c '\? variables nothing' | sed -n 1,3p
\h
\h SELECT
\h alter table;
\h drop t
\h vacuum analyze
\h create   index  concurrently
\h no such command
\help values
\copyright
\copyright extra
-- What \? shows of the shell's state.
\! psql -X -t -x -H -c '\timing' -c '\?' | grep currently
\! psql --help=commands | grep -v '^  .s .FILE'
