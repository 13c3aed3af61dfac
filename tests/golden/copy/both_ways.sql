-- COPY to and from the script itself, as text and as CSV, and after a failure.
-- args: -X
create temp table c (a int, b text);
copy c from stdin;
1	one
2	\N
\.
copy c from stdin with (format csv, header);
a,b
3,"three, four"
\.
copy c to stdout;
copy c to stdout with (format csv, header);
copy c from stdin;
x	bad
\.
select 'after a failed copy' as text;
\copy c to stdout
\copy c from stdin
5	five
\.
\copy c to 'c.txt'
\copy c from 'c.txt'
\copy (select a from c where a < 3 order by 1) to 'd.txt' csv
\! cat d.txt
\copy c from 'missing.txt'
\copy c from program 'echo 9'
\copy c from program 'printf "9\tnine\n"'
\copy c to program 'sort -n'
\copy nothing from stdin
\copy
\copy c
copy c from stdin \; select 'joined' as text;
7	seven
\.
select count(*) from c \g count.txt
\! cat count.txt
select count(*) from c \g |cat
copy c to stdout \g copied.txt
\! wc -l < copied.txt
