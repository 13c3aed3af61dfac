-- Data of a COPY that the server refused are skipped, and nothing else is.
create table t(a int, b text);
copy nosuch from stdin;
\echo 1notdata
\.
\echo A
select 1 \; copy nosuch from stdin;
\echo 2notdata
\.
\echo B
copy nosuch from stdin \; select 1;
\echo 3notdata
\.
\echo C
copy nosuch from 'x' where b = ' from stdin';
\echo 4notdata
\echo D
/* x */ copy nosuch from stdin;
\echo 5notdata
\.
\echo E
begin;
select 1/0;
copy t from stdin;
\echo 6notdata
\.
rollback;
\echo F
copy nosuch (a,b) from stdin with (format csv);
\echo 7notdata
\.
copy "from" from stdin csv;
\echo 8notdata
\.
copy x.y from stdin syntax error here ( ;
\echo 9notdata
\.
);
\echo G
copy x y from stdin;
\echo 10notdata
\.
\echo H
copy nosuch from stdin \g
\echo 11notdata
\.
\echo I
copy nosuch from stdin \bind \g
\echo 12notdata
\.
\echo J
copy x y from stdin;
\echo 1
\.
\echo A
select 1/0 \; copy t from stdin;
\echo 2
\.
\echo B
copy t from stdin \; copy nosuch from stdin;
\.
\echo 3
\.
\echo C
copy nosuch from stdin \; copy nosuch from stdin;
\echo 4
\.
\echo 5
\.
\echo D
explain copy nosuch from stdin;
\echo 6
\.
\echo E
select copy, nosuch from stdin;
\echo 7
\.
\echo F
copy nosuch to stdin;
\echo 8
\.
\echo G
copy nosuch from stdout;
\echo 9
\.
\echo H
copy nosuch from "stdin";
\echo 10
\.
\echo I
copy (select 1 from stdin) to stdout;
\echo 11
\.
\echo J
copy nosuch FROM /* c */ STDIN;
\echo 12
\.
\echo K
copy nosuch from 'f' stdin;
\echo 13
\.
\echo L
copy;
\echo 14
\.
\echo M
copy from stdin;
\echo notskip 0
\.
copy x from y stdin;
\echo notskip 1
\.
copy x (from) stdin;
\echo notskip 2
\.
copy x (a) from stdin;
\echo notskip 3
\.
copy x from program stdin;
\echo notskip 4
\.
copy x from $$a$$ stdin;
\echo notskip 5
\.
copy x from 1 stdin;
\echo notskip 6
\.
copy x from from stdin;
\echo notskip 7
\.
copy x, from stdin;
\echo notskip 8
\.
copy x from, stdin;
\echo notskip 9
\.
copy x from (stdin);
\echo notskip 10
\.
copy x from (a) stdin;
\echo notskip 11
\.
copy x from stdin1;
\echo notskip 12
\.
copy x from .stdin;
\echo notskip 13
\.
copy x . from stdin;
\echo notskip 14
\.
copy stdin from x;
\echo notskip 15
\.
copy x to y from stdin;
\echo notskip 16
\.
copy stdin;
\echo notskip 17
\.
copy 'x' from stdin;
\echo notskip 18
\.
copy (x from stdin);
\echo notskip 20
\.
1 copy x from stdin;
\echo notskip 21
\.
'a' copy x from stdin;
\echo notskip 22
\.
copy x FROM STDout;
\echo notskip 24
\.
copy a b c d e f g from stdin;
\echo notskip 25
\.
copy a b c d e f g h i j k l from x y z stdin;
\echo notskip 26
\.
+ copy x from stdin;
\echo notskip 27
\.
"copy" x from stdin;
\echo notskip 28
\.
copy x "from" stdin;
\echo notskip 29
\.
copy x from "y" stdin;
\echo notskip 30
\.
copy binary x from stdin;
\echo notskip 31
\.
copy x from stdin from stdin;
\echo notskip 32
\.
COPY X FROM U&"y" STDIN;
\echo notskip 33
\.
copy x from e'a' stdin;
\echo notskip 34
\.
copy x from é stdin;
\echo notskip 35
\.
copy x from 1stdin;
\echo notskip 36
\.
copy x from$ stdin;
\echo notskip 37
\.
copy $1 from stdin;
\echo notskip 38
\.
copy x from : stdin;
\echo notskip 39
\.
copy x + from stdin;
\echo notskip 40
\.
copy x from + stdin;
\echo notskip 41
\.
copy x
from
stdin;
\echo notskip 42
\.
copy x -- c
from stdin;
\echo notskip 43
\.
copy x from pstdin;
\echo notskip 44
\.
select copy from stdin;
\echo notskip 45
\.
with copy as (select 1) copy x from stdin;
\echo notskip 46
\.
copy x [1] from stdin;
\echo notskip 47
\.
copy case from stdin end;
\echo notskip 48
\.
copy x from stdin begin;
\echo notskip 49
\.
create function copy from stdin;
\echo notskip 50
\.
copy x from b'1' stdin;
\echo notskip 51
\.
copy  from stdin;
\echo notskip 0
\.
\echo second 0
\.
\echo third 0
\.
copy a from stdin;
\echo notskip 1
\.
\echo second 1
\.
\echo third 1
\.
copy a b from stdin;
\echo notskip 2
\.
\echo second 2
\.
\echo third 2
\.
copy a b c from stdin;
\echo notskip 3
\.
\echo second 3
\.
\echo third 3
\.
copy a b c d from stdin;
\echo notskip 4
\.
\echo second 4
\.
\echo third 4
\.
copy a b c d e from stdin;
\echo notskip 5
\.
\echo second 5
\.
\echo third 5
\.
copy a b c d e f from stdin;
\echo notskip 6
\.
\echo second 6
\.
\echo third 6
\.
copy a b c d e f g from stdin;
\echo notskip 7
\.
\echo second 7
\.
\echo third 7
\.
copy a b c d e f g h from stdin;
\echo notskip 8
\.
\echo second 8
\.
\echo third 8
\.
copy a b c d e f g h i from stdin;
\echo notskip 9
\.
\echo second 9
\.
\echo third 9
\.
copy a b c d e f g h i j from stdin;
\echo notskip 10
\.
\echo second 10
\.
\echo third 10
\.
copy a b c d e f g h i j k from stdin;
\echo notskip 11
\.
\echo second 11
\.
\echo third 11
\.
copy x (a,b,c) from stdin;
\echo notskip 12
\.
\echo second 12
\.
\echo third 12
\.
copy x (a,b,c,d,e,f) from stdin;
\echo notskip 13
\.
\echo second 13
\.
\echo third 13
\.
copy x (a,b,c,d,e,f,g,h) from stdin;
\echo notskip 14
\.
\echo second 14
\.
\echo third 14
\.
copy x (a,b,c,d,e,f,g,h,i,j,k,l) from stdin;
\echo notskip 15
\.
\echo second 15
\.
\echo third 15
\.
copy x (a(b)c) d e from stdin;
\echo notskip 16
\.
\echo second 16
\.
\echo third 16
\.
copy s.t from stdin;
\echo notskip 17
\.
\echo second 17
\.
\echo third 17
\.
copy a.b.c.d from stdin;
\echo notskip 18
\.
\echo second 18
\.
\echo third 18
\.
copy a b c d from x stdin;
\echo notskip 19
\.
\echo second 19
\.
\echo third 19
\.
copy x from stdin (a b c d e f g);
\echo notskip 20
\.
\echo second 20
\.
\echo third 20
\.
copy "a"."b" from stdin;
\echo notskip 21
\.
\echo second 21
\.
\echo third 21
\.
copy a (from) from stdin;
\echo notskip 22
\.
\echo second 22
\.
\echo third 22
\.
copy a (x from) stdin;
\echo notskip 23
\.
\echo second 23
\.
\echo third 23
\.
copy (a) x from stdin;
\echo notskip 24
\.
\echo second 24
\.
\echo third 24
\.
\echo notskip 25
\.
\echo second 25
\.
\echo third 25
\.
copy) x from stdin;
\echo notskip 26
\.
\echo second 26
\.
\echo third 26
\.
copy x ) from stdin;
\echo notskip 27
\.
\echo second 27
\.
\echo third 27
\.
(((copy x))) from stdin;
\echo notskip 28
\.
\echo second 28
\.
\echo third 28
\.
copy x ( ( ( a ) from stdin));
\echo notskip 29
\.
\echo second 29
\.
\echo third 29
\.
copy x case from stdin;
\echo notskip 30
\.
\echo second 30
\.
\echo third 30
\.
copy x ((a) from stdin);
\echo notskip 31
\.
\echo second 31
\.
\echo third 31
\.
copy x \; copy y from stdin;
\echo notskip 32
\.
\echo second 32
\.
\echo third 32
\.
copy x; copy y from stdin;
\echo notskip 33
\.
\echo second 33
\.
\echo third 33
\.
copy x from \; stdin;
\echo notskip 34
\.
\echo second 34
\.
\echo third 34
\.
copy x from stdin; copy y from stdin;
\echo notskip 35
\.
\echo second 35
\.
\echo third 35
\.
copy x from stdin \; copy y from stdin \; copy z from stdin;
\echo notskip 36
\.
\echo second 36
\.
\echo third 36
\.
