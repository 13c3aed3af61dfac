-- Chapter 2: tables, their rows and their children.
create table customers (
    id int generated always as identity primary key,
    name text not null check (name <> ''),
    since date default '2020-01-01',
    unique (name, since)
);
insert into customers (name) values ('Ann'), ('Bob'), ('Zoë') returning *;
insert into customers (name) values ('');
update customers set since = '2021-06-30' where name = 'Bob';
delete from customers where name = 'Nobody';
select * from customers order by id;
\d customers
-- Inheritance: a child has its parent's columns and shows up in its parent.
create table cities (name text, people int);
create table capitals (country char(2)) inherits (cities);
insert into cities values ('Zürich', 436000), ('東京', 14180000);
insert into capitals values ('Bern', 134000, 'CH');
select * from cities order by people;
select * from only cities order by people;
select tableoid::regclass as from_table, name from cities order by name;
\d+ cities
\d capitals
alter table capitals no inherit cities;
select count(*) from cities;
drop table cities;
-- Partitions.
create table orders (id int, customer int references customers, placed date) partition by range (placed);
create table orders_2020 partition of orders for values from ('2020-01-01') to ('2021-01-01');
create table orders_rest partition of orders default;
insert into orders values (1, 1, '2020-05-05'), (2, 2, '2022-02-02');
insert into orders values (3, 99, '2020-05-05');
select tableoid::regclass, id from orders order by id;
\d+ orders
\d orders_2020
\dP
-- Where a plan goes.
explain (costs off) select * from orders where placed = '2020-05-05';
-- A transaction that changes its mind.
begin;
delete from orders;
select count(*) from orders;
rollback;
select count(*) from orders;
