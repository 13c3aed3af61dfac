-- Every footer that \d NAME and \d+ NAME know, and lists of relations.
\i relations.psql
\d
\d rel.*
-- All but the hash partition, whose constraint holds an OID.
\d+ rel.[^h]*
\d "We ird".*
\dti
\dPn
\dp
\ddp
\dd
\dX
\dn "We ird"
\dn We*
