-- COPY data in a script and in files, as text and as CSV, with ends of data of every kind.
create table c(a text);
\copy c from stdin csv
x
"a b"
\.
\copy c from c1.csv csv
\copy c from c2.txt
\copy c from c3.txt
\copy c from c4.txt csv
select * from c;
truncate c;
copy c from stdin csv;
x
"a b"
\.
select * from c;
truncate c;
copy c from stdin;
a\
\.
b
  \.
\.x
\.
select * from c;
\copy c from empty.txt
\copy c from 'c1.csv' with (format csv, header)
\copy c to 'bin.dat' (format binary)
truncate c;
\copy c from 'bin.dat' (format binary)
select * from c;
\copy c from stdin (format binary)
\.
select 1;
\copy c from 'a\b'
\copy c from 'a\'b'
\copy c from 'a''b'
\copy (select 1) to 'q1' ;
\! cat q1
\copy c from stdin
