-- How \restrict and \unrestrict read their keys.
\restrict abc
\if false
\echo x
\else
\endif
\unrestrict abc;
\unrestrict abc   
\restrict abc;
\unrestrict abc
\unrestrict abc;
\restrict x \\ \echo y
\unrestrict x \\ \echo y
\unrestrict x \echo z
\unrestrict x
\if false
\restrict abc
\else
\echo fine
\endif
\restrict
\restrict a
\restrict a
\unrestrict
copy (select 1) to stdout;
\.
\unrestrict a
\echo :ECHO
