-- Results that are too long to come at once. What is shown of them is what the whole gives.
\set rows 'SELECT g, md5(g::text), g % 7 = 0 AS b, CASE WHEN g % 5 > 0 THEN repeat(chr(34) || \'é,<\', g % 4) END AS t FROM generate_series(1, 30000) g'
\pset title 'A title'
\pset format unaligned
:rows \g |cksum
:rows \g |tail -n 2
\pset format csv
:rows \g |cksum
\pset format html
:rows \g |cksum
\pset format latex
:rows \g |cksum
\pset format latex-longtable
:rows \g |cksum
\pset format troff-ms
:rows \g |cksum
\pset format asciidoc
:rows \g |cksum
\pset format wrapped
:rows \g |cksum
\pset format unaligned
\x
:rows \g |cksum
\pset format csv
:rows \g |cksum
\x auto
\pset format unaligned
:rows \g |cksum
\x off
\pset title

-- No row is shown of a query that fails in the end.
SELECT g, 1 / (29000 - g) FROM generate_series(1, 30000) g;
\echo :ERROR :ROW_COUNT
SELECT g, 1 / (29000 - g) FROM generate_series(1, 30000) g \g |cksum

-- Several at once; all are shown, or the last alone.
SELECT g, 1 AS first FROM generate_series(1, 30000) g\; SELECT g, 2 AS second FROM generate_series(1, 30000) g \g |cksum
\set SHOW_ALL_RESULTS off
SELECT g, 1 AS first FROM generate_series(1, 30000) g\; SELECT g, 2 AS second FROM generate_series(1, 30000) g \g |cksum
SELECT g, 1 AS first FROM generate_series(1, 30000) g\; SELECT 2 AS second;
\set SHOW_ALL_RESULTS on

-- A tag below rows; a file that can't be written; rows without columns; a failure in the second.
CREATE TEMP TABLE large (g int);
INSERT INTO large SELECT generate_series(1, 30000) RETURNING g, md5(g::text) \g |cksum
SELECT g, md5(g::text) FROM large \g /nowhere/at/all
\echo :ERROR :ROW_COUNT
SELECT FROM generate_series(1, 30000) \g |cksum
SELECT g, md5(g::text) FROM large\; SELECT g, 1 / (29000 - g) FROM large \g |cksum
\set FETCH_COUNT 1000
SELECT g, md5(g::text) FROM large \g |cksum
