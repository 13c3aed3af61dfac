-- A bad number is reported and forgotten: results are got in place of the next query.
\getresults -1
select 1;
select 2;
\startpipeline
select 3 \bind \sendpipeline
\getresults -1
select 4;
\getresults -1
\endpipeline
select 5;
\getresults -1
select 6 \gset
\getresults -1
select 7 \gdesc
\getresults -1
\bind
select 8;
\getresults -1
select 9 \watch c=2 i=0.01
