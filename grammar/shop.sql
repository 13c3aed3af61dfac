-- A small shop: who bought what in a year. No figure depends on chance. (For `pgsh --tour`, and for the
-- pictures of docs/pictures.)
create table customers (
    id int primary key generated always as identity,
    name text not null,
    country char(2) not null,
    since date not null
);
create table products (
    id int primary key generated always as identity,
    name text not null,
    price numeric(6,2) not null
);
create table orders (
    id int primary key generated always as identity,
    customer_id int not null references customers,
    product_id int not null references products,
    quantity int not null,
    total numeric(8,2) not null,
    placed timestamptz not null
);
insert into products (name, price) values
    ('Sencha 煎茶', 14.50), ('Darjeeling', 12.80), ('Espresso', 9.90), ('Earl Grey', 8.40),
    ('Rooibos', 7.60), ('Maté', 11.20), ('Genmaicha 玄米茶', 13.10), ('Cold brew', 16.00);
insert into customers (name, country, since)
select (array['Ada', 'Björn', 'Chiara', 'Dmitri', 'Emil', 'Fatima', 'Grace', 'Haruka', 'Ines', 'Jörg',
              'Kenji', 'Léa', 'Mette', 'Nuno', 'Olga', 'Pär', 'Quentin', 'Rosa', 'Søren', 'Tove'])[i % 20 + 1]
       || ' ' ||
       (array['Lindqvist', 'Moreau', 'Nakamura', 'Okafor', 'Pereira', 'Quist', 'Rossi', 'Schäfer', 'Tanaka',
              'Ueda', 'Virtanen'])[i % 11 + 1],
       (array['SE', 'FR', 'JP', 'PT', 'DE', 'IT', 'NO'])[i % 7 + 1],
       date '2020-01-01' + i
from generate_series(1, 2000) i;
insert into orders (customer_id, product_id, quantity, total, placed)
select i * 7919 % 2000 + 1, p.id, n.quantity, p.price * n.quantity,
       timestamptz '2025-01-01 08:00+00' + interval '1 minute' * (i * 26.2)::int
         + interval '1 second' * (i * 37 % 60)
from generate_series(1, 20000) i
cross join lateral (
    select 1 + i * 31 % 97 % 3 + (1.6 + 2 * cos(i / 20000.0 * 6.283) + 2.5 * i / 20000.0 + i * 0.618 % 1)::int as quantity) n
join products p on p.id = i * 13 % 89 % 8 + 1;
-- What sold in the last minute; each look at it is a minute later.
create sequence minutes;
create view last_minute as
select p.name, to_char(time '09:00' + m.minute * interval '1 minute', 'HH24:MI') as minute,
       (7.5 + 5 * sin(m.minute * (0.5 + p.id / 20.0) + p.id * 2))::int as packs
from products p cross join (select nextval('minutes') as minute) m
order by p.id;
analyze customers, products, orders;
