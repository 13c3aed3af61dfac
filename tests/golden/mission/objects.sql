-- Chapter 3: views, functions, operators, casts, sequences, triggers and types.
create table items (id int primary key, name text, price numeric(8,2), changed int default 0);
insert into items values (1, 'pencil', 1.50), (2, 'paper', 4.00), (3, 'desk', 250);
create view cheap as select id, name from items where price < 10 with check option;
create materialized view totals as select count(*), sum(price) from items;
insert into cheap values (4, 'ink');
select * from cheap;
delete from items where id = 3;
refresh materialized view totals;
select * from totals;
\d+ cheap
\sv cheap
\dm
-- Functions and procedures.
create function with_tax(price numeric, rate numeric default 0.1) returns numeric
    language sql immutable return round(price * (1 + rate), 2);
create procedure add_item(name text, price numeric) language plpgsql as $$
begin
    insert into items select max(i.id) + 1, add_item.name, add_item.price from items i;
    raise notice 'added %', name;
end $$;
create aggregate cheapest (numeric) (sfunc = numeric_smaller, stype = numeric);
call add_item('glue', 2.25);
select name, with_tax(price) from items order by id;
select cheapest(price) from items;
\df
\df with*
\sf add_item
\sf+ with_tax
-- An operator, a cast, a domain, an enum.
create function near(numeric, numeric) returns bool language sql immutable return abs($1 - $2) < 0.5;
create operator ~= (leftarg = numeric, rightarg = numeric, function = near, commutator = ~=);
select name from items where price ~= 1.75;
\do ~=
create domain percent as int check (value between 0 and 100);
create type mood as enum ('sad', 'ok', 'happy');
create type money_in as (amount numeric, currency text);
create function money_in(text) returns money_in language sql immutable
    return row(split_part($1, ' ', 1)::numeric, split_part($1, ' ', 2))::money_in;
create cast (text as money_in) with function money_in(text);
select cast('12.50 CHF'::text as money_in);
select 120::percent;
select 'happy'::mood > 'ok'::mood as better;
\dD
\dT+
\dC money_in
-- Row types.
select i from items i where id = 1;
select (i).name, row(i.*) = i as same from items i where id = 1;
select (money_in('3 EUR'::text)).currency;
select * from json_populate_record(null::items, '{"id": 9, "name": "json"}');
-- A sequence.
create sequence bill_numbers start 1000 increment 10 owned by items.id;
select nextval('bill_numbers'), nextval('bill_numbers'), currval('bill_numbers');
select setval('bill_numbers', 2000);
\d bill_numbers
\ds
-- Triggers.
create function count_changes() returns trigger language plpgsql as $$
begin
    new.changed := old.changed + 1;
    return new;
end $$;
create trigger counted before update on items for each row execute function count_changes();
update items set price = price + 1 where id = 1;
update items set price = price + 1 where id = 1 returning *;
\d items
alter table items disable trigger counted;
\d items
\dy
