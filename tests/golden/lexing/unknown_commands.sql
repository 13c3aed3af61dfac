-- Of \d and \lo_ an argument is read before the name is found wrong.
\dQ 'open
\dQ `echo run >&2`
\dQ a b \echo after
\lo_nothing `echo run >&2`
\lo_ 'open
\nothing 'open
\nothing `echo run >&2`
\d++
\df-
\d;
\set x Q
\d:x
-- In an inactive branch they all are commands, and others are not.
\if false
\dQ 'open
\dQ
\df-
\lo_nothing
\d'a
\nothing
\z-
\ee
\\\
\echo \\\ \echo b
\; \:
\endif
\\\
\
\echo a \\\ \echo b
