-- VERSION names the program that runs.
\echo :VERSION
