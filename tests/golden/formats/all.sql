-- Every format of a table, by border, line style and expanded.
-- args: -X
create temp table cells (a int, "B c" text, d numeric, e bytea);
insert into cells values (1, 'plain', 1.50, '\x00ff'), (-20, E'two\nlines\tand a tab', null, null), (3, '東京 & <b> | "q" \ $', 12345.678, '');
\pset null '(null)'
table cells;
\pset border 0
table cells;
\pset border 2
table cells;
\pset linestyle unicode
table cells;
\pset linestyle old-ascii
\pset border 1
table cells;
\pset linestyle ascii
\x on
table cells;
\pset border 2
table cells;
\pset border 0
table cells;
\x off
\pset border 1
\t on
table cells;
\t off
\pset title 'A title'
\pset footer off
table cells;
\pset numericlocale on
table cells;
\pset numericlocale off
\pset format unaligned
table cells;
\pset format csv
table cells;
\pset csv_fieldsep ;
table cells;
\pset format html
\pset tableattr 'border="1"'
table cells;
\pset format asciidoc
table cells;
\pset format latex
table cells;
\pset format latex-longtable
table cells;
\pset format troff-ms
table cells;
\pset format wrapped
\pset columns 30
table cells;
\pset format nothing
\pset border 9
\pset nothing
\pset
select from cells;
select 1 as a \gx
select where false \gx
select 1 as a, 2 as a where false \gx
