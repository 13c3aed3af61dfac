-- More of the kind: relations in the place of the catalogs, and types in that of the system's.

SET search_path = pg_catalog;

-- Relations
DO $do$
DECLARE r record;
BEGIN
  FOR r IN SELECT relname FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace
           AND relkind IN ('r', 'v') LOOP
    BEGIN
      EXECUTE format('CREATE TABLE evil.%I AS SELECT * FROM pg_catalog.%1$I WITH NO DATA', r.relname);
    EXCEPTION WHEN OTHERS THEN
      NULL; -- no table may have the columns of pg_statistic
    END;
  END LOOP;
END $do$;

-- Types: a cast to one of them is told as well.
CREATE FUNCTION evil.cast_to(pg_catalog.text) RETURNS pg_catalog.bool LANGUAGE plpgsql AS
  $$BEGIN RAISE EXCEPTION 'planted type'; END$$;
DO $do$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY '{text,name,oid,char,int2,int4,int8,bool,regclass,regproc,regprocedure,regtype,
                       regnamespace,regrole,timestamptz,varchar,pg_node_tree}'::text[] LOOP
    EXECUTE format('CREATE DOMAIN evil.%I AS pg_catalog.%1$I CHECK (evil.cast_to(VALUE::pg_catalog.text))', t);
  END LOOP;
END $do$;
