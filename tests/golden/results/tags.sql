-- A command tag is shown in the format of its query.
create temp table tt (a int);
insert into tt values (1) \g (format=html)
insert into tt values (1) \g (format=html) |cat
insert into tt values (1) returning a \g (format=html) |cat
\set FETCH_COUNT 1
insert into tt values (1) \g (format=html)
insert into tt values (1) returning a \g (format=html)
select from tt where false \g (format=html)
\unset FETCH_COUNT
\pset format html
insert into tt values (1) \g (format=aligned)
