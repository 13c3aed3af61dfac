-- What a refused command said is not said again after a new connection.
\endpipeline
\getresults 1
\endpipeline
\c
\getresults 1
