-- Arguments are written as they are read.
\warn 1 'x
\warn -n 1 2 `false` 'x
\echo 1 'x
