-- The one name that may stand in capitals.
\COPY (select 1) to stdout
\COPY
\Copy t fro
\COPYRIGHT
\ECHO x
\if false
\COPY t
\COPYRIGHT
\endif
