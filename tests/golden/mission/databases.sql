-- A learner's session, chapter 1: databases, roles and schemas.
create database mission_shop template template0 encoding 'UTF8' locale 'C.UTF-8';
comment on database mission_shop is 'where we learn';
alter database mission_shop set work_mem = '8MB';
\l mission*
select datname, datallowconn, datconnlimit from pg_database where datname like 'mission%';
create role mission_owner nologin;
create role mission_clerk login in role mission_owner connection limit 3;
alter role mission_clerk set search_path = sales, public;
\du mission*
\drg mission*
\drds mission*
\c mission_shop
\echo :DBNAME
show work_mem;
create schema sales authorization mission_owner
    create table items (id int primary key, name text not null)
    create view names as select name from items;
comment on schema sales is 'goods and orders';
create schema archive;
\dn
\dn+ sales
set search_path = sales, public;
\dt
\dv
select current_schemas(false);
-- Who may do what.
grant usage on schema archive to mission_clerk;
grant select, insert on items to mission_clerk;
alter default privileges in schema archive grant select on tables to mission_clerk;
\dp items
\ddp
-- As the clerk, who connects under another name.
\c - mission_clerk
select current_user, current_setting('search_path');
insert into items values (1, 'pencil');
select * from names;
drop table items;
-- Back, and away with it all.
\c postgres postgres
drop role mission_owner;
drop database mission_shop;
drop role mission_clerk;
drop role mission_owner;
\l mission*
