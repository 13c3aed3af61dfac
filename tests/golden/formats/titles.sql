-- A title is centred by its columns, whatever its bytes are.
\pset title '\xc3'
select 1 as a, 'xxxxxxxxxxxxxxxxxxxxxxx' b;
\pset title '\xed\xa0\x80x'
select 1 as a, 'xxxxxxxxxxxxxxxxxxxxxxx' b;
\pset title '\xf4\x90\x80\x80'
\g
\pset title '\xc1\x81\xe0\x80\x8a'
\g
\pset title '\xff\xff'
\g
\pset title 'a\xe4\xb8'
\g
\pset title '\xe4\xe4\xe4\xe4\xe4\xe4'
\g
\pset title 'abc\xf0ab'
\g
\pset title '\xc3\na\xc3'
\g
\pset title '\xf0\x9f\xbf\xbf'
\g
\pset title 'e\xcc\x81 \xe6\xbc\xa2'
\g
\pset border 2
\pset title 'a title longer than the table \xff\xc3'
\g
\x
\g
\encoding LATIN1
\pset title '\xc3\xff'
\x
\g
