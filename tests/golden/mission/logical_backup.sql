-- Chapter 6: logical backups.
create role mission_reader;
create database mission_from template template0 encoding 'UTF8' locale 'C.UTF-8';
\c mission_from
create table cities (id serial primary key, name text not null, people int);
insert into cities (name, people) values ('Zürich', 436000), ('東京', 14180000), (E'a\tb\\c\n"d"', null);
create index on cities (people);
create view large as select name from cities where people > 1000000;
comment on table cities is 'where people live';
grant select on cities to mission_reader;
select lo_from_bytea(4711, '\x00ff') as large_object;
-- COPY: tables to files and back, on either side.
\copy cities to cities.txt
\! cat cities.txt
\copy (select name, people from cities order by 1) to cities.csv csv header force quote name
\! cat cities.csv
copy cities (name) to stdout csv;
create table again (like cities);
\copy again from cities.txt
table again;
\copy again (id, name, people) from program 'echo 7,x,y' csv
\copy again (id, name, people) from program 'echo 7,x,1' csv
copy again from stdin (format text, null 'none');
8	eight	none
\.
select count(*), count(people) from again;
\copy cities to cities.bin (format binary)
truncate again;
\copy again from cities.bin (format binary)
select count(*) from again;
drop table again;
-- pg_dump: a script that psql runs.
\! pg_dump --restrict-key=mission mission_from > dump.sql; echo $?
\! grep -v '^--' dump.sql | grep .
create database mission_to template template0 encoding 'UTF8' locale 'C.UTF-8';
\! psql -X -q -v ON_ERROR_STOP=1 -d mission_to -f dump.sql; echo $?
\c mission_to
table cities;
\d cities
\dp cities
\lo_list
select nextval('cities_id_seq');
-- By \i, over what is there: each failure is told with its line.
\i dump.sql
-- Archives: custom and directory formats, lists, single tables.
\! pg_dump -Fc -f dump.custom mission_from && pg_restore -l dump.custom | grep -v '^;' | sed 's/^[0-9; ]*//' | sort
\! pg_dump -Fd -j 2 -f dump.dir mission_from; echo $?
\c postgres
-- A restore into a database that is in use waits for nobody: its connections are ended first.
\! PGAPPNAME=mission_user psql -X -d mission_to -c 'select pg_sleep(60)' >/dev/null 2>&1 &
\! for i in $(seq 300); do test "$(psql -XAtc "select count(*) from pg_stat_activity where application_name = 'mission_user' and state = 'active'")" = 1 && break; sleep 0.1; done
drop database mission_to;
select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = 'mission_to' and backend_type = 'client backend';
drop database mission_to;
create database mission_to template template0 encoding 'UTF8' locale 'C.UTF-8';
\! pg_restore -d mission_to dump.custom; echo $?
\! psql -X -d mission_to -c 'table cities' -c 'table large'
\! pg_restore --clean --if-exists -j 2 -d mission_to dump.dir; echo $?
\! psql -X -d mission_to -Atc 'select count(*) from cities'
\! pg_restore -f - -t cities --data-only --restrict-key=mission dump.custom | grep -v '^--' | grep .
-- The whole server: roles too.
\! pg_dumpall --globals-only --restrict-key=mission | grep mission
-- Whoever drops something on the server meanwhile may end it: again, then.
\! for i in 1 2 3 4 5; do n=$(pg_dumpall --exclude-database='[^m]*' --restrict-key=mission 2>/dev/null | grep -c '^.connect mission_'); test "$n" = 2 && break; done; echo "$n"
-- Only the schema, only the data, as inserts.
\! pg_dump -s -t large --restrict-key=mission mission_from | grep -v '^--' | grep .
\! pg_dump -a -t cities --inserts --restrict-key=mission mission_from | grep INSERT
drop database mission_from;
drop database mission_to;
drop role mission_reader;
