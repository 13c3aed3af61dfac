-- Bytes that are no characters are not shown, those of the text for NULL neither.
\pset null 'x¼y'
select null as n;
\pset format html
select null as n;
\pset format csv
select null as n;
\pset format unaligned
select null as n;
