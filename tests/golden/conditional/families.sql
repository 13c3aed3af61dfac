-- Inactive branches: two families of names are not looked up.
\if false
\dx:y
\d:
\dzz | x
\lo_x:y \\ \echo no
\lo_import:nope
\lo
\echo:
\echos
\endif
\lo_x
\dzz
