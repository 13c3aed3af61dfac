-- An edit that fails forgets the text, but not that a parenthesis was open there.
select (
\e no/such/file
 1;
 2);
select 3;
select 'a', (
1 \ef no_such_function
 1;
 2);
select 3;
begin atomic select 1; \e a b
 1;
 end;
select 3;
values (1, \w |cat
2);
