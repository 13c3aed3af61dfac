-- What is left on the line of \i is looked at when the file is done.
\i included.psql extra
\ir included.psql extra "more
\echo a \i included.psql b \echo c
\i included.psql \\ \echo c
\i missing.psql extra
select 1 \i included.psql extra
;
\if true
\i included.psql extra
\endif extra
-- Others do their work first, too.
select 1 \g /dev/null extra
select 1 as a \gset x_ extra
\echo :x_a
select 1, 2, 3 \crosstabview 1 2 3 4 5
select 1 \parse a extra
\close_prepared a extra
\o /dev/null extra
\o
\t on extra
\pset border 2 extra
\r extra
\sf nothing extra
