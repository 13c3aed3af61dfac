-- Each option: what it says when shown, set, toggled and set wrong.
\pset
\pset nothing
\pset nothing value
\pset border
\pset border 2
\pset border x
\pset border -1
\pset border 70000
\pset border 2 extra
\pset border 1
\pset columns
\pset columns 40
\pset columns x
\pset columns -5
select 1 as a, repeat('wide ', 3) as b \g (format=wrapped)
select 1 as a, repeat('wide ', 3) as b \g (expanded=auto)
\pset columns 0
\pset csv_fieldsep
\pset csv_fieldsep ;
\pset csv_fieldsep '\t'
\pset csv_fieldsep '"'
\pset csv_fieldsep '\n'
\pset csv_fieldsep ab
\pset csv_fieldsep ''
\pset csv_fieldsep ,
\pset expanded
\pset expanded
\pset expanded auto
\pset expanded
\pset expanded AUTO
\pset expanded maybe
\pset expanded off
\pset x
\pset x maybe
\pset vertical off
\pset vertical maybe
\pset fieldsep
\pset fieldsep ,
\pset fieldsep
\pset fieldsep_zero
\pset fieldsep
\pset fieldsep '|'
\pset footer
\pset footer
\pset footer off
\pset footer maybe
\pset footer on
\pset format
\pset format unaligned
\pset format ALIGNED
\pset format a
\pset format latex
\pset format latex-
\pset format nothing
\pset format aligned
\pset linestyle
\pset linestyle unicode
\pset linestyle OLD
\pset linestyle nothing
\pset linestyle ascii
\pset null
\pset null '(null)'
\pset null
select null as a;
\pset null ''
\pset numericlocale
\pset numericlocale
\pset numericlocale maybe
\pset numericlocale off
\pset pager
\pset pager
\pset pager always
\pset pager
\pset pager maybe
\pset pager off
\pset pager on
\pset pager_min_lines
\pset pager_min_lines 10
\pset pager_min_lines 1
\pset pager_min_lines x
\pset pager_min_lines -1
\pset pager_min_lines 0
\pset recordsep
\pset recordsep ';'
\pset recordsep
\pset recordsep_zero
\pset recordsep
\pset recordsep '\n'
\pset recordsep
\pset tableattr
\pset tableattr 'border=3'
\pset tableattr
\pset T
\pset tableattr a
\pset tableattr
\pset title
\pset title 'a title'
\pset title
\pset C 'another'
\pset title
\pset tuples_only
\pset tuples_only
\pset t maybe
\pset t on
\pset t
\pset t
\t on
\pset tuples_only off
\pset unicode_border_linestyle
\pset unicode_border_linestyle double
\pset unicode_border_linestyle triple
\pset unicode_border_linestyle single
\pset unicode_column_linestyle
\pset unicode_column_linestyle d
\pset unicode_column_linestyle triple
\pset unicode_column_linestyle single
\pset unicode_header_linestyle
\pset unicode_header_linestyle DOUBLE
\pset unicode_header_linestyle triple
\pset unicode_header_linestyle single
\pset xheader_width
\pset xheader_width column
\pset xheader_width page
\pset xheader_width 20
\pset xheader_width 0
\pset xheader_width nothing
\pset xheader_width full
-- All again, and quietly.
\pset
\set QUIET on
\pset border 2
\pset expanded on
\pset title 'quiet'
\pset border x
\pset
