-- Conditions that are missing or no Boolean, and branches in an order that makes no sense.
-- args: -X -a -q
-- stdin
\if
\echo a
\endif
\if nonsense
\echo b
\elif bad
\echo c
\elif true
\echo d
\else x y
\echo e
\endif extra
\else
\elif true
\endif
\if true
\else
\else
\elif 1
\endif
\if false
\else
\elif true
\echo z
\endif
\if 1 \echo same \else \echo other \endif
\if 0 \echo same \else \echo other \endif
\if off
\if
\elif
\else
\endif
\nosuch
select 1;
\g
\echo `echo hidden >&2`
\else
\echo shown
\endif
\if yes no
\endif
\if :{?foo}
\echo set
\else
\echo unset
\endif
\if :foo
\endif
\if 'tr' 
\echo tr
\endif
\if 2
\echo two
\endif
select
\if true
  1 as a
\else
  2 as b
\endif
, 3 as c
\if false
, 4 as d -- comment \endif
\elif true
, 5 as e
\endif
;
\if false
\copy nosuch from nosuch
\! echo hi
\i nosuch
\c nosuch
\if true
\echo x
\endif
\q
\endif
\if tRuE
\echo ok
\endif
\if t\echo glued\endif
\if "true"
\echo q
\endif
\if true
\echo unterminated
