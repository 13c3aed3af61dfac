-- One instant under three zones, and the hour that a change of daylight-saving time takes or gives.
\set instant '''2024-03-31 00:59:59+00''::timestamptz'
set timezone to 'UTC';
select :instant, :instant + '1 second' as later;
set timezone to 'Europe/Berlin';
select :instant, :instant + '1 second' as later;
set timezone to 'Asia/Kolkata';
select :instant, :instant + '1 second' as later;
set timezone to 'America/New_York';
select '2024-11-03 05:30:00+00'::timestamptz as first, '2024-11-03 06:30:00+00'::timestamptz as second;
-- SET LOCAL and its end, by COMMIT and by ROLLBACK.
begin;
set local timezone to 'Asia/Tokyo';
select :instant;
commit;
select :instant;
begin;
set timezone to 'Asia/Tokyo';
rollback;
show timezone;
-- A new connection begins with the role's own zone.
alter role current_user in database :"DBNAME" set timezone to 'Pacific/Auckland';
\c -
show timezone;
select :instant;
alter role current_user in database :"DBNAME" reset timezone;
\c -
-- PGTZ counts for the connections that follow it.
\setenv PGTZ Europe/Lisbon
\c -
show timezone;
select :instant, '2024-10-27 00:30:00+00'::timestamptz as summer, '2024-10-27 01:30:00+00'::timestamptz as winter;
-- A column of one type in several formats.
\pset format csv
select :instant;
\pset format unaligned
select :instant \gx
