-- What each option does to a table.
create view t as
    select i as number, i * 1000.5 as amount, nullif('word ' || i, 'word 2') as word
    from generate_series(1, 3) i;
\pset border 0
table t;
\pset border 2
table t;
\pset border 3
table t;
\pset linestyle unicode
\pset unicode_border_linestyle double
table t;
\pset unicode_column_linestyle double
table t;
\pset unicode_header_linestyle double
table t;
\pset unicode_border_linestyle single
\pset expanded on
table t;
\pset expanded off
\pset linestyle old-ascii
select E'two\nlines' as "a\nheading", 1 as b;
\pset linestyle ascii
\pset border 1
\pset null (null)
\pset numericlocale on
table t;
\pset numericlocale off
\pset title 'A title'
\pset footer off
table t;
\pset tuples_only on
table t;
\pset tuples_only off
\pset footer on
\pset title
-- Expanded headers.
\pset expanded on
select 1 as a, repeat('wide ', 20) as b;
\pset xheader_width column
select 1 as a, repeat('wide ', 20) as b;
\pset xheader_width 30
select 1 as a, repeat('wide ', 20) as b;
\pset xheader_width page
\pset columns 50
select 1 as a, repeat('wide ', 20) as b;
\pset xheader_width full
\pset expanded auto
select 1 as a, repeat('wide ', 20) as b;
select 1 as a;
\pset expanded off
\pset format wrapped
select 1 as a, repeat('wide ', 20) as b;
\pset columns 0
-- Separators.
\pset format unaligned
\pset fieldsep ', '
\pset recordsep ';\n'
table t;
\pset fieldsep_zero
\pset recordsep_zero
\o zeros.txt
table t;
\o
\! tr '\000' '0' <zeros.txt
\pset recordsep '\n'
\pset format csv
\pset csv_fieldsep ';'
select 'a;b' as "x;y", 'c,d', 'e"f', E'g\nh', null;
\pset expanded on
table t;
\pset expanded off
-- The pager is for terminals.
\pset format aligned
\pset pager always
\pset pager_min_lines 1
\setenv PSQL_PAGER 'sed s/^/paged:/'
table t;
\pset pager on
table t;
