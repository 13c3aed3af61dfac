-- The queries behind \d are our own.
\set ECHO_HIDDEN on
\dn
