-- \gexec, \gset, \gdesc and \w: the variables and tags after each.
select 'select 1/0' union all select 'select 1' \gexec
\echo :ERROR :ROW_COUNT :SQLSTATE :LAST_ERROR_MESSAGE :LAST_ERROR_SQLSTATE
select 1 where false \gset
\echo :ERROR :ROW_COUNT :SQLSTATE :LAST_ERROR_MESSAGE :LAST_ERROR_SQLSTATE
select 1, 2 \gdesc
\echo :ERROR :ROW_COUNT :SQLSTATE
create table x() \gdesc
\echo :ERROR :ROW_COUNT :SQLSTATE
select 'x','y' \g
create table t(a int);
insert into t values (9) returning a \gset
insert into t values (9) returning 'select 3' \gexec
\set QUIET on
insert into t values (9) returning a \gset
\set QUIET off
insert into t values (9),(10) returning a \gset
insert into t values (9) returning 'select 3/0' \gexec
\echo :ERROR
\w |exit 4
\echo :ERROR
\w /dev/full
\echo next
select 1 \w |exit 4
;
create table g(a int);
insert into g values (1) \g /nosuch/x
\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_MESSAGE
table g;
select 1 \g /nosuch/x
\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_MESSAGE
select 1 \g '(format=csv)'
select 1 \g "(format=csv)"
select 1 \g '(format=csv'  )
select 1 \g (format='csv')
select 1 \g (title='a b')
select 1 \g (title='a b' )
select 1 \g ()
select 1 \g ( )
select 1 \g (
;
select 1 \g (format=csv) '|cat -n'
select 1 \g (format=csv) "|cat -n"
select 1 \g (expanded) |cat
select 1 \g (expanded=on)|cat
;
select 1 \g (tuples_only=on format=foo border=2) |cat
;
select 1 \g (border=)
select 1 \g (=)
;
select 1 \g (footer)
select 1 \g (null)
\set v '(format=csv)'
select 1 \g :v
select 1 \g :v |cat
select 1 \gx ()
select 1 \gx (format=csv) x
\! cat x
select 1 \g x y
select 1 \g ;
select 1 \g x;
select 1 \gset;
select 1 \gdesc;
select 1 \gexec;
select 1 \gdesc x
select 'select 1' \gexec x
select 1 \w |cat
;
select 1
\w a.txt
\p
\r
\! cat a.txt
\p
\w
\qecho
\qecho -n
\qecho "-n" x
\echo -n -n x
\echo x -n
\qecho 'a'  b
select 1 \g
\g
\gset p_
\g (format=csv)
\gdesc
\p
select 'a' as "B", 'c' as "d;x" \gset
\echo :B
select 1 as "" \gset
select 1 as x \gset 'a b'
select 1 as x \gset :v
select 1 as _ü \gset ä
\echo :ä_ü
