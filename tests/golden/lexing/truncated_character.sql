-- A character cut off at the end of a name is one the server refuses.
set client_encoding = 'EUC_JP';
\sf x–
set client_encoding = 'EUC_CN';
\sf x–
-- Whether COPY data follow is seen in the script's encoding.
set client_encoding = 'GBK';
select 'ú' as x;
copy t from stdin;
');
\echo not data
