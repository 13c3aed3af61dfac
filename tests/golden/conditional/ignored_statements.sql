-- What an inactive branch holds, statements included, is gone at its end; what was there before is not.
select 5
\if false
 select 6;
 select 7
\elif false
 select 8;
 select 9
\elif true
 + 1;
\endif
select 1
\if false
 select 6; +5
\endif
;
\if false
select 5;
\echo a
select 5
\echo b
\else
+1;
\endif
select 1
\if false
+ 2;
\elif 1
