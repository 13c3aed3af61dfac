-- What fails without showing the server's words leaves them to \getresults; success clears them.
\encoding nosuch
\getresults
\sf nosuch
\getresults
\sf abs(int)
\getresults
\startpipeline
\encoding LATIN1
\getresults
\sf nosuch
\getresults
\lo_list
\echo :ERROR :SQLSTATE :LAST_ERROR_SQLSTATE
\set AUTOCOMMIT off
select 1 \bind \sendpipeline
\echo :ERROR :SQLSTATE :LAST_ERROR_SQLSTATE
\set AUTOCOMMIT on
select 1 \gdesc
\echo :ERROR :SQLSTATE :LAST_ERROR_SQLSTATE
\endpipeline
-- Nor does an error outlive the synchronization point that is asked for after it.
\startpipeline
select 1/0 \bind \sendpipeline
\flushrequest
\getresults
\endpipeline
\getresults
