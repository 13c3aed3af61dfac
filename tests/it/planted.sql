-- What somebody may plant who may create objects in a schema of the search_path: a function behind
-- every operator and for every function of the system's signatures, and others that match better.
-- None of them may ever be called: each tells the server's log.
CREATE SCHEMA evil;
GRANT USAGE ON SCHEMA evil TO public;
SET check_function_bodies = off;

-- Functions and operators, of all of the system's signatures and of all pairs of the types in catalogs
CREATE TABLE evil.planted AS
  WITH type(name) AS (
    SELECT 'pg_catalog.' || unnest(string_to_array('text name oid "char" int2 int4 int8 bool regclass '
      'regproc regtype timestamptz text[] name[] oid[] anyelement anyarray', ' '))
  ), symbol(name, result) AS (
    SELECT unnest('{=,<>,<,>,<=,>=,~,!~,~*,~~,!~~,~~*}'::text[]), 'pg_catalog.bool'
    UNION ALL SELECT unnest('{||,+,-,*,/}'::text[]), 'pg_catalog.text'
  )
  SELECT 'operator' AS kind, s.name, format('%s, %s', l.name, r.name) AS arguments, s.result
  FROM symbol s, type l, type r
  UNION
  SELECT 'operator', '-', format('NONE, %s', name), 'pg_catalog.text' FROM type
  UNION
  SELECT 'operator', o.oprname, concat_ws(', ',
      CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
      CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END),
    format_type(o.oprresult, NULL)
  FROM pg_operator o WHERE o.oprnamespace = 'pg_catalog'::regnamespace
  UNION
  SELECT 'function', p.proname, pg_get_function_identity_arguments(p.oid), 'pg_catalog.text'
  FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace
    AND NOT 'internal'::regtype = ANY (p.proargtypes) AND NOT 'cstring'::regtype = ANY (p.proargtypes)
  UNION
  SELECT 'function', p.proname, 'anyelement', 'pg_catalog.text'
  FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.pronargs = 1
    AND p.proargtypes[0] <> 'internal'::regtype;

DO $do$
DECLARE
  r record;
  operands text[];
  arguments text;
  function text;
BEGIN
  FOR r IN SELECT * FROM evil.planted LOOP
    -- Of some types no function may be: of "any", or of what is internal.
    BEGIN
      IF r.kind = 'function' THEN
        EXECUTE format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS $$BEGIN '
          'RAISE EXCEPTION ''planted function''; END$$', r.name, r.arguments, r.result);
      ELSE
        operands := string_to_array(r.arguments, ', ');
        arguments := CASE WHEN 'NONE' = operands[2] THEN operands[1]
                     WHEN 'NONE' = operands[1] THEN operands[2] ELSE r.arguments END;
        -- Thousands of one name would take the server long.
        function := 'operator ' || md5(r.result || arguments);
        EXECUTE format('CREATE OR REPLACE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS '
          '$$BEGIN RAISE EXCEPTION ''planted operator''; END$$', function, arguments,
          r.result);
        EXECUTE format('CREATE OPERATOR evil.%s (PROCEDURE = evil.%I%s%s)', r.name, function,
          CASE WHEN operands[1] <> 'NONE' THEN ', LEFTARG = ' || operands[1] ELSE '' END,
          CASE WHEN operands[2] <> 'NONE' THEN ', RIGHTARG = ' || operands[2] ELSE '' END);
      END IF;
    EXCEPTION WHEN OTHERS THEN
      NULL;
    END;
  END LOOP;
END $do$;
