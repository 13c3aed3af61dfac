-- What \pset reads as numbers, and shows.
\pset columns -1
\pset columns
\pset columns 0
\pset columns 0x1
\pset columns +5
\pset columns 1e3
\pset columns 99999999999
\pset columns 2147483648
\pset columns 4294967297
\pset columns '  7'
\pset columns '7  '
\pset columns ''
\pset columns x
\pset columns - 5
\pset columns -2147483649
\pset columns 9999999999999999999999999
\pset columns -9999999999999999999999999
\pset border -1
\pset border
\pset border 0x1
\pset border +5
\pset border 1e3
\pset border 99999999999
\pset border 65536
\pset border 65537
\pset border 70000
\pset border '  7'
\pset border '7  '
\pset border ''
\pset border x
\pset border 9999999999999999999999999
\pset border -9999999999999999999999999
\pset pager_min_lines -1
\pset pager_min_lines
\pset pager_min_lines 0x1f
\pset pager_min_lines 010
\pset pager_min_lines +5
\pset pager_min_lines 1e3
\pset pager_min_lines 99999999999
\pset pager_min_lines 2147483648
\pset pager_min_lines '  7'
\pset pager_min_lines '7  '
\pset pager_min_lines ''
\pset pager_min_lines x
\pset pager_min_lines '5 x'
\pset pager_min_lines 1
\pset pager_min_lines 0
\pset xheader_width -1
\pset xheader_width
\pset xheader_width 0x1f
\pset xheader_width 010
\pset xheader_width +5
\pset xheader_width 1e3
\pset xheader_width 99999999999
\pset xheader_width 2147483648
\pset xheader_width '  7'
\pset xheader_width '7  '
\pset xheader_width ''
\pset xheader_width x
\pset xheader_width FULL
\pset xheader_width Fu
\pset xheader_width columnx
\pset xheader_width col
\pset xheader_width 0
\pset xheader_width 4294967296
\pset
\pset columns -1
\pset format wrapped
select 1, repeat('x ', 30);
\g (columns=-3 expanded=auto)
\pset border -1
\g (columns=70)
