-- Chapter 7: the write-ahead log and physical backups.
show wal_level;
select pg_is_in_recovery();
select pg_current_wal_insert_lsn() as before \gset
create table t as select generate_series(1, 1000) as a;
select pg_current_wal_insert_lsn() > :'before' as moved,
       pg_wal_lsn_diff(pg_current_wal_insert_lsn(), :'before') > 1000 as much;
select length(pg_walfile_name(pg_current_wal_lsn()));
select pg_create_restore_point('mission') is not null as made;
select pg_switch_wal() > :'before' as switched;
checkpoint;
select (pg_control_checkpoint()).timeline_id;
select count(*) > 0 as some from pg_ls_waldir();
-- A base backup by hand.
select pg_backup_start('mission', true) is not null as started;
select labelfile like 'START WAL LOCATION%' as labelled from pg_backup_stop(false);
select pg_backup_stop();
-- By pg_basebackup: a directory, checked; then as tar.
\! pg_basebackup --checkpoint=fast --no-sync -D base; echo $?
\! test -f base/PG_VERSION && cat base/PG_VERSION
\! test -f base/backup_label && pg_verifybackup base
\! echo changed >> base/PG_VERSION; pg_verifybackup -q base 2>&1 | sed 's/ with .*//; s/^pg_verifybackup: //'
\! pg_basebackup --checkpoint=fast --no-sync -X none -Ft -z -D tar 2>&1 | grep -v NOTICE; ls tar
\! pg_controldata base | grep -c 'cluster state'
-- The WAL itself.
\! pg_waldump --quiet --limit=1 base/pg_wal/0* >/dev/null 2>&1; echo $?
\! pg_receivewal --create-slot --slot mission_slot; echo $?
select slot_name, slot_type, active from pg_replication_slots where slot_name = 'mission_slot';
\! pg_receivewal --drop-slot --slot mission_slot; echo $?
select count(*) from pg_replication_slots where slot_name = 'mission_slot';
-- A connection that speaks replication.
\! psql -X -A -t -d 'dbname=postgres replication=database' -c 'SHOW wal_level'
\! psql -X -d 'replication=true' -A -t -c 'IDENTIFY_SYSTEM' | cut -d '|' -f 2
