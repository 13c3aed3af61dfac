-- How \copy reads its arguments, and what it makes of them for the server.
create table t(a int, b text);
create table "T x"(a int);
create schema s; create table s.t(a int, b text); create table s."q t"(a int, b text);
set client_min_messages=log; set log_statement='all';
\copy t to e'ab'
\copy t to 'ab
\copy t to ab'
\copy t to a'b c'd
\copy t from nosuch
\copy t from 'nosuch'
\copy t to /nosuch/dir
\copy t to 'stdout'
\copy t to "stdout"
\copy t to stdin
\copy t to pstdin
\copy nosuch to stdout
\copy t to stdout :a
\copy t(a,(b)) to stdout
\copy t() to stdout
\copy t(a b) to stdout
\copy . to stdout
\copy t. to stdout
\copy ,t to stdout
\copy t , to stdout
\copy t from /
\copy t to /
\copy t from .
\copy t to 'x' ;;
\copy t to x;
\copy t to x ;
\copy t from x;
\copy 't' to stdout
\copy t to stdout with (format csv) ;
\copy t to stdout \\ \echo hi
\copy t to stdout -- comment
\copy t to stdout /* comment */
\copy -- comment
\copy t -- to stdout
\copy t+1 to stdout
\copy t to
\copy only t to stdout
\copy t* to stdout
\copy t * to stdout
\copy u&"t" to stdout
\copy "t to stdout
\copy 5 to stdout
\copy t to 'p q'r
\copy t to 'p' 'q'
\copy t to 'it''s' 
\copy t to "it""s" 
\copy t to a,b
\copy t to ''
\copy t to program 'echo
\copy t from ''
\copy t,x to stdout
\copy t (a,b,c to stdout
\copy t (a.b) to stdout
\copy s.t(a) to stdout
\copy s.t.u(a) to stdout
\copy s.(a) to stdout
\copy .t to stdout
\copy (select to stdout) to stdout
\copy (select (select 1) + 1) to stdout extra;
\copy (select 1)to stdout
\copy (select 1) x
\copy () to stdout
\copy "a""b" to stdout
\copy "a" "b" to stdout
\copy a"b" to stdout
\copy a'b' to stdout
\copy s."to" to stdout
\copy to to stdout
\copy from to stdout
\copy t to to
\copy t to from;
\copy t from to 
\copy "to" to stdout
\copy (select 'x' ' ') to stdout
\copy (select 'unterminated) to stdout
\copy (select "unterminated) to stdout
\copy (select U&'\0041') to stdout
\copy (select 1;) to stdout
\copy (select 1);to stdout
\copy (select 'a' || E'\n', E'a\'b') to stdout
\copy (select xE'\n') to stdout
\copy t to stdout (format 'csv')
\copy   t   to   stdout   csv   
\copy	t	to	stdout	csv
\copy t to stdout csv;;;
\copy t to stdin csv
\copy t TO "stdout"
\copy t TO STDOUT
\copy t TO PSTDOUT
\copy t TO Stdout
\copy t TO "Program" 'x'
\copy binary "binary" to stdout
\copy binary (select 1) to stdout
\copy binary s.t to stdout
\copy binary . to stdout
\copy binary binary to stdout
\copy binary(a) to stdout
\copy program to stdout
\copy (select a from t where a > 1 and b in ('x','y')) to stdout
\copy (select 1.5, t.a from s.t) to stdout
\copy (select 1,2) to stdout
\copy (select '(' ) to stdout
\copy (select a<>1, a::text from t) to stdout
