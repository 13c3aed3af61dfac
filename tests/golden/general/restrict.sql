-- In restricted mode meta-commands are refused until \unrestrict brings the same key.
\restrict
\restrict abc
select 1;
\echo no
\restrict def
select 2 \g
\unrestrict
\unrestrict def
\unrestrict abc extra
\echo still?
\unrestrict abc
\echo back
\unrestrict abc
\restrict 'a b' extra
\if true
\echo in if
\endif
\nosuch
\q
\unrestrict a b
\restrict -x
\unrestrict -x
\restrict :VERSION_NUM
\unrestrict 180006

\unrestrict
\errverbose
select 1/0;
\errverbose
\set VERBOSITY sqlstate
\errverbose
\set SHOW_CONTEXT never
do $$begin raise exception 'x' using detail='d', hint='h', schema='s', table='t', column='c', datatype='dt', constraint='k'; end$$;
\errverbose
\set VERBOSITY terse
select 1 +
 nosuch;
\errverbose
\errverbose extra
\set VERBOSITY default
\set SHOW_CONTEXT errors
do $$begin raise notice 'x'; end$$;
\errverbose
selct;
\errverbose
\g
\errverbose
