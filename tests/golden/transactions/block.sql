-- A transaction block with a savepoint and an error, as -e shows it.
-- args: -X -e
-- stdin
begin;
create table t (a int primary key, b text);
insert into t values (1, 'one'), (2, E'tab\there\nnew line');
savepoint s;
insert into t values (1, 'again');
select 1;
rollback to s;
table t;
commit;
\d t
