-- ON_ERROR_STOP lets requests without results pass, and ends a script where \gdesc is refused.
\set ON_ERROR_STOP on
\startpipeline
\flush
\echo reached
\syncpipeline
\flush
\echo reached
\syncpipeline
\getresults 1
\getresults 1
\echo reached
\gdesc
\echo not reached
