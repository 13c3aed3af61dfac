-- One of every kind of object that the describe commands list.
-- Runs in a new, empty database of a cluster of its own, as a superuser: it makes roles.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

-- Roles, memberships, settings
CREATE ROLE dsc_owner SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS LOGIN;
CREATE ROLE dsc_group NOLOGIN NOINHERIT;
CREATE ROLE dsc_login LOGIN CONNECTION LIMIT 1 VALID UNTIL '2037-01-01 00:00:00+00';
CREATE ROLE "Dsc Quoted" CONNECTION LIMIT 0;
COMMENT ON ROLE dsc_group IS 'a group';
GRANT dsc_group TO dsc_login WITH ADMIN OPTION;
GRANT dsc_group TO "Dsc Quoted" WITH INHERIT TRUE, SET FALSE;
GRANT dsc_login TO "Dsc Quoted" WITH INHERIT FALSE, SET FALSE;
ALTER ROLE dsc_login SET search_path = app, public;
ALTER ROLE dsc_login SET work_mem = '8MB';
SELECT current_database() AS dsc_database \gset
ALTER ROLE dsc_login IN DATABASE :"dsc_database" SET enable_seqscan = off;
ALTER DATABASE :"dsc_database" SET enable_hashjoin = on;

CREATE SCHEMA app;
CREATE SCHEMA "App Quoted";

-- Types
CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'very happy');
COMMENT ON TYPE app.mood IS 'how one feels';
CREATE TYPE pair AS (a int, b text);
CREATE TYPE int4span AS RANGE (subtype = int4, multirange_type_name = int4spans);
CREATE TYPE shell_type;
CREATE TYPE public."Odd Type" AS ENUM ();
GRANT USAGE ON TYPE pair TO dsc_group;

-- A base type of our own, with input and output made from built-in functions
CREATE TYPE tint;
CREATE FUNCTION tint_in(cstring) RETURNS tint AS 'int4in' LANGUAGE internal STRICT IMMUTABLE;
CREATE FUNCTION tint_out(tint) RETURNS cstring AS 'int4out' LANGUAGE internal STRICT IMMUTABLE;
CREATE TYPE tint (INPUT = tint_in, OUTPUT = tint_out, LIKE = int4);

-- Domains
CREATE DOMAIN positive AS int CONSTRAINT is_positive CHECK (VALUE > 0)
    CONSTRAINT is_small CHECK (VALUE < 1000);
CREATE DOMAIN app.label AS varchar(20) COLLATE "C" DEFAULT 'none'::varchar NOT NULL;
COMMENT ON DOMAIN positive IS 'greater than zero';
GRANT USAGE ON DOMAIN positive TO dsc_group;

-- Functions of every kind
CREATE FUNCTION add_em(x int, y int DEFAULT 2) RETURNS int LANGUAGE sql IMMUTABLE STRICT
    PARALLEL SAFE LEAKPROOF RETURN x + y;
COMMENT ON FUNCTION add_em(int, int) IS 'adds them';
GRANT EXECUTE ON FUNCTION add_em(int, int) TO dsc_group;
CREATE FUNCTION add_em(text, VARIADIC text[]) RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED
    SECURITY DEFINER AS $$ SELECT $1 || array_to_string($2, '') $$;
CREATE FUNCTION app.pairs(IN lo int, OUT a int, OUT b text) RETURNS SETOF record
    LANGUAGE plpgsql ROWS 10 AS $fn$
BEGIN
    RETURN QUERY SELECT g, g::text FROM generate_series(lo, lo + 2) g;
END
$fn$;
CREATE FUNCTION app."Odd Name"() RETURNS void LANGUAGE sql AS '';
CREATE PROCEDURE do_nothing(INOUT n int) LANGUAGE plpgsql AS $$
BEGIN
    n := n + 1;
END$$;
CREATE FUNCTION on_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
ALTER FUNCTION on_ddl() OWNER TO dsc_owner;

-- Aggregates
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
COMMENT ON AGGREGATE total(int) IS 'the sum again';
CREATE AGGREGATE app.count_all(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');

-- Casts
CREATE CAST (tint AS int4) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE CAST (int4 AS tint) WITH INOUT AS IMPLICIT;
CREATE FUNCTION mood_to_int(app.mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE CAST (app.mood AS int4) WITH FUNCTION mood_to_int(app.mood);
COMMENT ON CAST (app.mood AS int4) IS 'feelings as numbers';

-- Operators, their classes and families
CREATE FUNCTION tint_lt(tint, tint) RETURNS bool AS 'int4lt' LANGUAGE internal STRICT IMMUTABLE;
CREATE FUNCTION tint_eq(tint, tint) RETURNS bool AS 'int4eq' LANGUAGE internal STRICT IMMUTABLE;
CREATE FUNCTION tint_cmp(tint, tint) RETURNS int4 AS 'btint4cmp' LANGUAGE internal STRICT IMMUTABLE;
CREATE FUNCTION tint_neg(tint) RETURNS tint AS 'int4um' LANGUAGE internal STRICT IMMUTABLE;
CREATE OPERATOR = (LEFTARG = tint, RIGHTARG = tint, FUNCTION = tint_eq);
CREATE OPERATOR < (LEFTARG = tint, RIGHTARG = tint, FUNCTION = tint_lt);
CREATE OPERATOR app.@-@ (RIGHTARG = tint, FUNCTION = tint_neg);
COMMENT ON OPERATOR < (tint, tint) IS 'less than, for tints';
CREATE OPERATOR FAMILY app.tint_ops USING btree;
CREATE OPERATOR CLASS app.tint_ops DEFAULT FOR TYPE tint USING btree FAMILY app.tint_ops AS
    OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 tint_cmp(tint, tint);
CREATE OPERATOR CLASS tint_other FOR TYPE tint USING btree AS
    OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 tint_cmp(tint, tint);

-- Collations and conversions
CREATE COLLATION code_points (provider = builtin, locale = 'C.UTF-8');
CREATE COLLATION app.plain FROM "C";
COMMENT ON COLLATION code_points IS 'by code point';
CREATE CONVERSION latin1_again FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE DEFAULT CONVERSION app.utf8_again FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
COMMENT ON CONVERSION latin1_again IS 'once more';

-- Languages and access methods
CREATE TRUSTED LANGUAGE pltwice HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler
    VALIDATOR plpgsql_validator;
COMMENT ON LANGUAGE pltwice IS 'plpgsql again';
GRANT USAGE ON LANGUAGE pltwice TO dsc_group;
CREATE ACCESS METHOD heap_again TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD heap_again IS 'heap again';

-- Text search
CREATE TEXT SEARCH TEMPLATE app.simple_again (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY simple_english (TEMPLATE = simple, STOPWORDS = english);
CREATE TEXT SEARCH PARSER app.words (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
    LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION english_again (COPY = english);
ALTER TEXT SEARCH CONFIGURATION english_again ALTER MAPPING FOR word, asciiword
    WITH simple_english, english_stem;
CREATE TEXT SEARCH CONFIGURATION app.empty_one (PARSER = app.words);
COMMENT ON TEXT SEARCH CONFIGURATION english_again IS 'with stop words';
COMMENT ON TEXT SEARCH DICTIONARY simple_english IS 'stop words only';
COMMENT ON TEXT SEARCH PARSER app.words IS 'the default one';
COMMENT ON TEXT SEARCH TEMPLATE app.simple_again IS 'simple once more';

-- Relations
CREATE TABLE app.item (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    feeling app.mood DEFAULT 'ok',
    tags text[]
);
COMMENT ON TABLE app.item IS 'things';
CREATE TRIGGER item_changed BEFORE UPDATE ON app.item FOR EACH ROW EXECUTE FUNCTION on_change();
CREATE TABLE plain (a int, b text);
CREATE VIEW app.item_names AS
    SELECT id, name FROM app.item WHERE name <> '';
CREATE VIEW checked WITH (security_barrier) AS
    SELECT a FROM plain WHERE a > 0 WITH CASCADED CHECK OPTION;
CREATE VIEW "Odd View" WITH (security_barrier, check_option = local) AS
    SELECT a, b FROM plain WHERE b IS NOT NULL;
CREATE MATERIALIZED VIEW counted AS
    SELECT count(*) AS n FROM plain;

-- Foreign data
CREATE FOREIGN DATA WRAPPER dummy;
CREATE FOREIGN DATA WRAPPER checking VALIDATOR postgresql_fdw_validator;
CREATE FOREIGN DATA WRAPPER picky OPTIONS (debug 'true', "two words" 'it''s');
COMMENT ON FOREIGN DATA WRAPPER dummy IS 'reads nothing';
GRANT USAGE ON FOREIGN DATA WRAPPER dummy TO dsc_group;
CREATE SERVER near TYPE 'toy' VERSION '1.0' FOREIGN DATA WRAPPER dummy
    OPTIONS (host 'here', "port number" '1''2');
CREATE SERVER far FOREIGN DATA WRAPPER dummy;
COMMENT ON SERVER near IS 'close by';
GRANT USAGE ON FOREIGN SERVER near TO dsc_login;
CREATE USER MAPPING FOR dsc_login SERVER near OPTIONS (user 'me', password 'none');
CREATE USER MAPPING FOR PUBLIC SERVER far;
CREATE FOREIGN TABLE app.remote_item (id int OPTIONS (column_name 'ID')) SERVER near
    OPTIONS (table_name 'items', "Two Words" 'a b');
COMMENT ON FOREIGN TABLE app.remote_item IS 'things elsewhere';
CREATE FOREIGN TABLE remote_plain (a int) SERVER far;

-- Publications and subscriptions
CREATE PUBLICATION every_table FOR ALL TABLES;
CREATE PUBLICATION part FOR TABLE app.item (id, name) WHERE (id > 10), plain
    WITH (publish = 'insert, update', publish_via_partition_root);
CREATE PUBLICATION schemas FOR TABLE plain, TABLES IN SCHEMA "App Quoted", app;
CREATE PUBLICATION nothing;
COMMENT ON PUBLICATION part IS 'a part';
ALTER PUBLICATION nothing OWNER TO dsc_owner;
CREATE SUBSCRIPTION dsc_subscription CONNECTION 'dbname=nowhere user=nobody' PUBLICATION part, other
    WITH (connect = false, slot_name = NONE, synchronous_commit = 'local');
COMMENT ON SUBSCRIPTION dsc_subscription IS 'never enabled';

-- Event triggers
CREATE EVENT TRIGGER after_ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')
    EXECUTE FUNCTION on_ddl();
CREATE EVENT TRIGGER before_ddl ON ddl_command_start EXECUTE FUNCTION on_ddl();
ALTER EVENT TRIGGER before_ddl DISABLE;
CREATE EVENT TRIGGER "Replica" ON sql_drop EXECUTE FUNCTION on_ddl();
ALTER EVENT TRIGGER "Replica" ENABLE REPLICA;
CREATE EVENT TRIGGER always_ddl ON table_rewrite EXECUTE FUNCTION on_ddl();
ALTER EVENT TRIGGER always_ddl ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER after_ddl IS 'after a change';

-- Extensions
CREATE EXTENSION fuzzystrmatch WITH SCHEMA app;
CREATE EXTENSION tsm_system_rows;

-- A setting of our own, for \dconfig
ALTER DATABASE :"dsc_database" SET dsc.setting = 'on';
