-- Who asks for UNICODE is told UTF8, but by the server.
-- args: -X -a
\encoding UNICODE
\encoding
\echo :ENCODING
show client_encoding;
set client_encoding to unicode;
\encoding
\encoding latin1
\encoding
