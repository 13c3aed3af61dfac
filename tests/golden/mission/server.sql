-- Chapter 4: what is the server's: extensions, foreign data, tablespaces, settings, pg_hba.
create extension hstore;
create extension pg_trgm with schema public;
select 'a=>1, b=>2'::hstore -> 'b' as b;
select similarity('pencil', 'pencils') > 0.5 as alike;
\dx
\dx+ pg_trgm
select name from pg_available_extensions where name in ('hstore', 'postgres_fdw') order by name;
drop extension hstore;
-- Foreign data: a file, and this very server.
create extension file_fdw;
create server files foreign data wrapper file_fdw;
\! printf '1,one\n2,two\n' > numbers.csv; chmod a+r numbers.csv; chmod a+x .
\set file `pwd`/numbers.csv
create foreign table numbers (n int, word text) server files options (filename :'file', format 'csv');
select * from numbers;
create extension postgres_fdw;
create table local (a int);
insert into local values (1), (2);
create server myself foreign data wrapper postgres_fdw options (host :'HOST', port :'PORT', dbname :'DBNAME');
create user mapping for current_user server myself options (user :'USER');
create foreign table far (a int) server myself options (table_name 'local');
insert into far values (3);
select * from far order by a;
explain (costs off, verbose) select * from far where a = 2;
\dew
\des
\deu
\det
\d far
import foreign schema public limit to (local) from server myself into pg_temp;
-- A tablespace.
set allow_in_place_tablespaces = on;
create tablespace mission_space location '';
create table elsewhere (a int) tablespace mission_space;
\! psql -XAt -c '\db mission*' | cut -d '|' -f 1,2
\d elsewhere
drop table elsewhere;
drop tablespace mission_space;
-- Settings.
show work_mem;
set work_mem = '64MB';
\dconfig work_mem
select name, setting, unit, context, source from pg_settings where name = 'work_mem';
begin;
set local work_mem = '1MB';
show work_mem;
commit;
show work_mem;
reset work_mem;
show work_mem;
select set_config('mission.mine', 'yes', false), current_setting('mission.mine');
set work_mem = 'lots';
alter system set mission.learned = 'much';
select pg_reload_conf();
select name, setting from pg_file_settings where name = 'mission.learned';
alter system reset mission.learned;
select pg_reload_conf();
-- Who may connect, and how.
select type, database, user_name, auth_method, error is null as fine
    from pg_hba_file_rules order by rule_number;
