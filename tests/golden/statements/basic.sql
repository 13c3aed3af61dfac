-- A result, an error and quoted variables, as -a shows them.
-- args: -X -a -q
select 1 as one, 'zwei' as "Zwei", null as "drei €";
select 1/0;
\set x 'it''s'
select :'x', :"x" from (select 1 as "it's") s;
