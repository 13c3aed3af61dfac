-- Variables put into statements and arguments, as they are, quoted and tested.
-- args: -X
\set v 1
\set s 'it''s "quoted"'
\set e ''
select :v + :v as sum, :'s' as text, :"s" from (select 2 as "it's ""quoted""") q;
select ':v' as quoted, ":v" from (select 3 as ":v") q;
select $$:v$$ as dollar, '1'::int as cast_, array[1,2,3][1:2] as slice; -- :v
select :{?v} as known, :{?nothing} as unknown;
select :nothing;
select :'nothing';
\echo :v :'s' :"s" :nothing :'nothing' ':v' ":v" \:v a:v b
\echo :{?v} :{?nothing} ::v :e|
\set two :v:v
\echo :two
\set list :v ' ' b 'c d'
\echo :list
