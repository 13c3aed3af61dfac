-- Chapter 5: who is connected, and ending connections.
\set lasting 'select pg_sleep(60) /* mission */'
create database mission_busy;
-- Somebody is busy there.
\setenv lasting :lasting
\! PGAPPNAME=mission_worker psql -X -d mission_busy -c "$lasting" >/dev/null 2>&1 &
\! for i in $(seq 300); do test "$(psql -XAtc "select count(*) from pg_stat_activity where application_name = 'mission_worker' and state = 'active'")" = 1 && break; sleep 0.1; done
select datname, usename, application_name, state, wait_event, query
    from pg_stat_activity where application_name = 'mission_worker';
drop database mission_busy;
-- A query can be cancelled, a connection ended.
select pg_cancel_backend(pid) as cancelled from pg_stat_activity where application_name = 'mission_worker';
\! for i in $(seq 300); do test "$(psql -XAtc "select count(*) from pg_stat_activity where application_name = 'mission_worker'")" = 0 && break; sleep 0.1; done
\! PGAPPNAME=mission_worker psql -X -d mission_busy -c "$lasting" >/dev/null 2>ended.txt &
\! for i in $(seq 300); do test "$(psql -XAtc "select count(*) from pg_stat_activity where application_name = 'mission_worker' and state = 'active'")" = 1 && break; sleep 0.1; done
alter database mission_busy allow_connections false;
select pg_terminate_backend(pid, 10000) as ended from pg_stat_activity where datname = 'mission_busy';
select count(*) from pg_stat_activity where datname = 'mission_busy';
\! sleep 0.2; grep -c 'terminating connection due to administrator command' ended.txt
\! psql -X -d mission_busy -c 'select 1'
drop database mission_busy;
-- Or all in one.
create database mission_busy;
\! PGAPPNAME=mission_worker psql -X -d mission_busy -c "$lasting" >/dev/null 2>&1 &
\! for i in $(seq 300); do test "$(psql -XAtc "select count(*) from pg_stat_activity where application_name = 'mission_worker' and state = 'active'")" = 1 && break; sleep 0.1; done
drop database mission_busy with (force);
select count(*) from pg_stat_activity where application_name = 'mission_worker';
-- Waiting for a lock: who blocks whom.
select pg_blocking_pids(pg_backend_pid());
select mode, granted from pg_locks where pid = pg_backend_pid() and locktype = 'virtualxid';
-- One's own end.
select pg_terminate_backend(pg_backend_pid());
select 'never seen';
