-- \d of tables, views, sequences, types and functions, each with what belongs to it.
-- args: -X
create schema d;
set search_path to d;
create table parent (id int generated always as identity primary key, name text not null default 'x' collate "C", price numeric(10,2) check (price > 0), total numeric generated always as (price * 2) stored);
create table child (id bigint, parent_id int references parent on delete cascade, at timestamptz);
create index on child (at desc nulls last) where id > 0;
create unique index child_u on child (id) include (at);
create view v as select id, name from parent where price > 1;
create materialized view mv as select 1 as one;
create sequence s increment 5;
create type mood as enum ('sad', 'ok');
create table part (a int, b text) partition by range (a);
create table part_1 partition of part for values from (0) to (10);
comment on table parent is 'a comment';
comment on column parent.name is 'another';
create function f(a int, b text default 'x') returns setof text language sql as 'select b';
create function trg() returns trigger language plpgsql as 'begin return new; end';
create trigger t before insert or update on child for each row execute function trg();
alter table parent enable row level security;
create policy p on parent for select using (price > 2);
\d
\d parent
\d+ parent
\d child
\d v
\d+ v
\d mv
\d s
\d part
\d+ part
\d part_1
\d child_u
\d nothing
\d d.*_1
\dt
\di
\dv
\ds
\dm
\dT
\df
\dn d
\d "d"."parent"
\d other.d.parent
\dt nothing*
\sf f
\sv v
