//! The catalog queries behind [`super::Catalog`]: what the shell asks the server.
//!
//! Owns which catalog holds which names. Every query returns a [`Name`] a row: the name, a note and
//! the schema, the last two where there are such; sorted, and of more than [`LIMIT`] the first ones
//! and the very last. Prefixes are looked up by index where there is one.

use super::catalog::{Name, Object, Qualified, Wanted};
use crate::catalog_query::{CatalogQuery, literal};
use crate::encoding::Encoding;

/// The most names a query returns.
pub const LIMIT: usize = 1000;
/// Of how many relations columns are looked for before any is named.
const RELATIONS: usize = 250;

/// The query for names of this kind that begin with `prefix` on a server of this version (180006
/// for 18.6); `None` when there is nothing to ask: the names are the shell's, or too old a server
/// has none such.
pub fn query(
    wanted: &Wanted<'_>,
    prefix: &[u8],
    version: i32,
    encoding: Encoding,
) -> Option<CatalogQuery> {
    let ask = Ask { wanted, prefix, encoding };
    sql(&ask, version).map(|sql| CatalogQuery::new(sql, encoding))
}

/// A row of the answer.
pub fn name(cells: impl IntoIterator<Item = Option<Vec<u8>>>) -> Option<Name> {
    let mut cells = cells.into_iter();
    let name = cells.next()??;
    let mut more = || cells.next().flatten().unwrap_or_default();
    Some(Name { name, note: more(), schema: more() })
}

fn sql(ask: &Ask<'_>, version: i32) -> Option<Vec<u8>> {
    use Object::*;
    let wanted = ask.wanted;
    let since = |needed: i32| (version >= needed).then_some(());
    let pg_proc = |condition_11: &str, condition_old: &str| {
        let condition = if version >= 110_000 { condition_11 } else { condition_old };
        ask.in_schema("pg_proc", "proname", "pronamespace", condition, Note::Of(SIGNATURE))
    };
    let with_arguments = |condition_11: &str, condition_old: &str| {
        ask.with_arguments(if version >= 110_000 { condition_11 } else { condition_old })
    };
    Some(match wanted.object {
        Directory | EnvironmentVariable | File | KeptResult | ResultColumn | Service | Variable => return None,
        AccessMethod => ask.plain("pg_am", "amname", ""),
        Aggregate => pg_proc("c.prokind = 'a'", "c.proisagg"),
        AggregateWithArguments => with_arguments("c.prokind = 'a'", "c.proisagg"),
        AvailableExtension => ask.noted(
            "pg_available_extensions",
            "name",
            "c.installed_version IS NULL",
            "c.comment",
        ),
        Channel => ask.from("SELECT pg_catalog.pg_listening_channels() AS n", "q.n"),
        Collation => ask.in_schema("pg_collation", "collname", "collnamespace", "", Note::None),
        Column => match wanted.of {
            Some(_) => ask.columns()?,
            None => ask.columns_of_any(),
        },
        Constraint => match wanted.of {
            Some(_) => ask.of_relation(
                "pg_constraint",
                "conname",
                "conrelid",
                "",
                "pg_catalog.pg_get_constraintdef(c.oid)",
            )?,
            None => ask.plain("pg_constraint", "conname", ""),
        },
        Conversion => ask.in_schema("pg_conversion", "conname", "connamespace", "", Note::None),
        Cursor => ask.plain("pg_cursors", "name", ""),
        Database => ask.plain("pg_database", "datname", ""),
        Domain => ask.in_schema(
            "pg_type",
            "typname",
            "typnamespace",
            "c.typtype = 'd'",
            Note::Of(BASE_TYPE),
        ),
        Encoding => ask.from(
            "SELECT pg_catalog.pg_encoding_to_char(i) AS n FROM pg_catalog.generate_series(0, 50) i",
            "q.n",
        ),
        EnumLabel => ask.enum_label()?,
        EventTrigger => {
            since(90_300)?;
            ask.plain("pg_event_trigger", "evtname", "")
        }
        Extension => ask.noted("pg_extension", "extname", "", "c.extversion"),
        ExtensionVersion => ask.extension_version()?,
        ForeignDataWrapper => ask.plain("pg_foreign_data_wrapper", "fdwname", ""),
        ForeignKey => ask.foreign_keys()?,
        ForeignTable => {
            ask.few_relations("'f'", "SELECT t.ftrelid FROM pg_catalog.pg_foreign_table t")
        }
        Function => pg_proc("c.prokind IN ('f', 'w', 'a')", ""),
        FunctionColumn => ask.function_columns()?,
        FunctionWithArguments => with_arguments("c.prokind IN ('f', 'w')", "NOT c.proisagg"),
        Index => ask.in_schema(
            "pg_class",
            "relname",
            "relnamespace",
            "c.relkind IN ('i', 'I')",
            Note::Of(INDEXED_TABLE),
        ),
        Language => ask.plain("pg_language", "lanname", ""),
        MaterializedView => {
            ask.few_relations("'m'", "SELECT w.ev_class FROM pg_catalog.pg_rewrite w")
        }
        OperatorClass => ask.in_schema("pg_opclass", "opcname", "opcnamespace", "", Note::None),
        OperatorFamily => ask.in_schema("pg_opfamily", "opfname", "opfnamespace", "", Note::None),
        PartitionedRelation => ask.relation("'p', 'I'"),
        Policy => {
            since(90_500)?;
            match wanted.of {
                Some(_) => ask.of_relation("pg_policy", "polname", "polrelid", "", "")?,
                None => ask.plain("pg_policy", "polname", ""),
            }
        }
        PreparedStatement => ask.noted("pg_prepared_statements", "name", "", "c.statement"),
        PreparedTransaction => ask.plain(
            "pg_prepared_xacts",
            "gid",
            "c.database = pg_catalog.current_database()",
        ),
        Procedure => {
            since(110_000)?;
            pg_proc("c.prokind = 'p'", "false")
        }
        ProcedureWithArguments => {
            since(110_000)?;
            with_arguments("c.prokind = 'p'", "false")
        }
        Publication => {
            since(100_000)?;
            ask.plain("pg_publication", "pubname", "")
        }
        Relation => ask.relation("'r', 'v', 'm', 'f', 'p', 'S'"),
        RelationElsewhere => ask.relations_elsewhere(),
        RelationOfConstraint => ask.relation_of("pg_constraint", "conname", "conrelid")?,
        RelationOfPolicy => {
            since(90_500)?;
            ask.relation_of("pg_policy", "polname", "polrelid")?
        }
        RelationOfRule => ask.relation_of("pg_rewrite", "rulename", "ev_class")?,
        RelationOfTrigger => ask.relation_of("pg_trigger", "tgname", "tgrelid")?,
        Role => ask.plain("pg_roles", "rolname", ""),
        Routine => pg_proc("", ""),
        RoutineWithArguments => with_arguments("", ""),
        Rule => match wanted.of {
            Some(_) => ask.of_relation("pg_rewrite", "rulename", "ev_class", "", "")?,
            None => ask.plain("pg_rewrite", "rulename", ""),
        },
        SamplingMethod => ask.plain(
            "pg_proc",
            "proname",
            "c.prorettype IN (SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typname = 'tsm_handler') \
             AND c.proargtypes[0] = 'pg_catalog.internal'::pg_catalog.regtype",
        ),
        Schema => ask.plain(
            "pg_namespace",
            "nspname",
            "c.nspname !~ '^pg_toast' AND c.nspname !~ '^pg_temp'",
        ),
        Sequence => ask.relation("'S'"),
        Server => ask.plain("pg_foreign_server", "srvname", ""),
        Setting => ask.settings(),
        SettingValue => ask.setting_value()?,
        Signature => ask.signature()?,
        Statistics => {
            since(100_000)?;
            ask.in_schema("pg_statistic_ext", "stxname", "stxnamespace", "", Note::None)
        }
        Stored => ask.relation("'r', 'p', 'm', 'f'"),
        Subscription => {
            since(100_000)?;
            ask.plain(
                "pg_subscription",
                "subname",
                "c.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())",
            )
        }
        Table => ask.relation("'r', 'p'"),
        Target => ask.relation("'r', 'p', 'v', 'f'"),
        Tablespace => ask.plain("pg_tablespace", "spcname", ""),
        TextSearchConfiguration => ask.in_schema("pg_ts_config", "cfgname", "cfgnamespace", "", Note::None),
        TextSearchDictionary => ask.in_schema("pg_ts_dict", "dictname", "dictnamespace", "", Note::None),
        TextSearchParser => ask.in_schema("pg_ts_parser", "prsname", "prsnamespace", "", Note::None),
        TextSearchTemplate => ask.in_schema("pg_ts_template", "tmplname", "tmplnamespace", "", Note::None),
        Trigger => match wanted.of {
            Some(_) => ask.of_relation("pg_trigger", "tgname", "tgrelid", "NOT c.tgisinternal", "")?,
            None => ask.plain("pg_trigger", "tgname", "NOT c.tgisinternal"),
        },
        Type => ask.types(),
        View => ask.few_relations("'v'", "SELECT w.ev_class FROM pg_catalog.pg_rewrite w"),
    })
}

/// A function's arguments and what it returns; `operator: ` before it where operators call it.
const SIGNATURE: &str = "CASE WHEN q.o IN (SELECT p.oprcode FROM pg_catalog.pg_operator p) \
    THEN 'operator: ' ELSE '' END || '(' || pg_catalog.pg_get_function_arguments(q.o) || ')' || \
    COALESCE(' -> ' || pg_catalog.pg_get_function_result(q.o), '')";
/// The type a domain is made of.
const BASE_TYPE: &str = "(SELECT CASE t.typtype WHEN 'd' THEN pg_catalog.format_type(t.typbasetype, \
    t.typtypmod) WHEN 'e' THEN 'enum' WHEN 'c' THEN 'composite' WHEN 'r' THEN 'range' END \
    FROM pg_catalog.pg_type t WHERE t.oid = q.o)";
/// The table an index is of.
const INDEXED_TABLE: &str = "(SELECT t.relname FROM pg_catalog.pg_index i, pg_catalog.pg_class t \
    WHERE i.indexrelid = q.o AND t.oid = i.indrelid)";
/// The kind of a relation, by the words of [`super::CandidateKind`].
const RELATION_KIND: &str = "CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'matview' \
    WHEN 'f' THEN 'foreign' WHEN 'S' THEN 'sequence' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' \
    ELSE 'table' END";
/// A column's type, and of what keys and indexes it is a part.
const COLUMN: &str = "pg_catalog.format_type(c.atttypid, c.atttypmod) \
    || CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.attrelid \
        AND i.indisprimary AND c.attnum = ANY (i.indkey)) THEN ', pk' \
      WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.attrelid \
        AND c.attnum = i.indkey[0]) THEN ', indexed' ELSE '' END \
    || COALESCE((SELECT ', fk ' || pg_catalog.min(r.relname::pg_catalog.text) \
        FROM pg_catalog.pg_constraint k, pg_catalog.pg_class r WHERE k.conrelid = c.attrelid \
        AND k.contype = 'f' AND c.attnum = ANY (k.conkey) AND r.oid = k.confrelid), '')";

/// What a menu says of names that are in schemas.
#[derive(Clone, Copy)]
enum Note {
    None,
    /// An expression of a row `c` of the catalog.
    Row(&'static str),
    /// An expression of the object `q.o`.
    Of(&'static str),
}

struct Ask<'a> {
    wanted: &'a Wanted<'a>,
    prefix: &'a [u8],
    encoding: Encoding,
}

impl Ask<'_> {
    fn literal(&self, text: &[u8]) -> Vec<u8> {
        literal(text, self.encoding)
    }

    /// `column LIKE 'prefix%'`, which an index on a name serves.
    fn begins(&self, column: &str) -> Vec<u8> {
        if self.prefix.is_empty() {
            return b"true".to_vec();
        }
        let mut pattern = Vec::new();
        for &byte in self.prefix {
            if matches!(byte, b'\\' | b'%' | b'_') {
                pattern.push(b'\\');
            }
            pattern.push(byte);
        }
        pattern.push(b'%');
        [column.as_bytes(), b" LIKE ", &self.literal(&pattern)].concat()
    }

    /// Names of a catalog (or view) without schemas.
    fn plain(&self, catalog: &str, column: &str, condition: &str) -> Vec<u8> {
        self.noted(catalog, column, condition, "''::pg_catalog.text")
    }

    /// Such names with a note.
    fn noted(&self, catalog: &str, column: &str, condition: &str, note: &str) -> Vec<u8> {
        let from = format!(
            "SELECT c.{column} AS n, pg_catalog.min({note}) FROM pg_catalog.{catalog} c WHERE "
        );
        self.finish(from.as_bytes(), &[&self.begins(&format!("c.{column}")), condition.as_bytes()])
    }

    /// The rows of a query, filtered by prefix.
    fn from(&self, query: &str, column: &str) -> Vec<u8> {
        let from = format!("SELECT {column} AS n FROM ({query}) q WHERE ");
        self.finish(from.as_bytes(), &[&self.begins(column), b"q.n <> ''"])
    }

    /// Settings with what they do.
    fn settings(&self) -> Vec<u8> {
        let from = "SELECT q.n, pg_catalog.min(q.short_desc) FROM (SELECT pg_catalog.lower(name) \
            AS n, short_desc FROM pg_catalog.pg_settings) q WHERE ";
        self.finish(from.as_bytes(), &[&self.begins("q.n")])
    }

    /// Names of a catalog in a schema, or in those of the search_path: whether one hides another
    /// makes no difference to what may be typed, and asking for each takes the server long where
    /// there are many.
    fn in_schema(
        &self,
        catalog: &str,
        column: &str,
        namespace: &str,
        condition: impl AsRef<[u8]>,
        note: Note,
    ) -> Vec<u8> {
        let (row, note) = match note {
            Note::None => ("''::pg_catalog.text", "q.k"),
            Note::Row(row) => (row, "q.k"),
            Note::Of(note) => ("''::pg_catalog.text", note),
        };
        let from = format!(
            "SELECT c.{column} AS n, pg_catalog.min({row}) AS k, pg_catalog.max(c.oid) AS o, \
             pg_catalog.max(c.{namespace}) AS s FROM {} c WHERE ",
            self.rows(catalog)
        );
        let in_schemas = self.in_schemas(namespace);
        let named =
            |name: &[u8]| self.finish(from.as_bytes(), &[name, condition.as_ref(), &in_schemas]);
        let names = if catalog == "pg_class" && self.shows_users_only() {
            // The system's own, of which each table may have two, are passed over by index.
            let parts = [named(b"c.relname < 'pg_'"), named(b"c.relname >= 'pg`'")];
            parts.join(&b" UNION ALL "[..])
        } else {
            named(&self.begins(&format!("c.{column}")))
        };
        // Only of those that are left it is asked what they are.
        let told = format!(
            "SELECT q.n, {note}, (SELECT s.nspname FROM pg_catalog.pg_namespace s \
             WHERE s.oid = q.s) FROM ("
        );
        [told.as_bytes(), &names, b") q ORDER BY 1"].concat()
    }

    /// The rows of a catalog that are worth looking at: where little is typed and there are very
    /// many types, most of them tables', only the system's.
    fn rows(&self, catalog: &str) -> String {
        let all = format!("pg_catalog.{catalog}");
        if catalog != "pg_type" || self.wanted.schema.is_some() || self.prefix.len() > 1 {
            return all;
        }
        let part = |condition: &str| {
            format!(
                "SELECT r.oid, r.typname, r.typtype, r.typcategory, r.typrelid, r.typnamespace \
                 FROM {all} r WHERE {condition}"
            )
        };
        format!("({} UNION ALL {})", part(&is_small(catalog)), part("r.oid < 16384"))
    }

    /// Whether the system's own names are left out: they come once something of them is typed.
    fn shows_users_only(&self) -> bool {
        self.prefix.is_empty() && self.wanted.schema.is_none()
    }

    /// That a row `c` is in the schema, or in those of the search_path.
    fn in_schemas(&self, namespace: &str) -> Vec<u8> {
        let schemas = match self.wanted.schema {
            None => b"ANY (pg_catalog.current_schemas(true))".to_vec(),
            Some(schema) => self.literal(schema),
        };
        let own = if self.shows_users_only() { " AND s.nspname <> 'pg_catalog'" } else { "" };
        // As an array, so that the index of names is read in order and no further than needed.
        let before = format!(
            "c.{namespace} = ANY (ARRAY(SELECT s.oid FROM pg_catalog.pg_namespace s \
             WHERE s.nspname = "
        );
        [before.as_bytes(), &schemas, own.as_bytes(), b"))"].concat()
    }

    /// Functions and their like, each with the arguments by which it is identified.
    fn with_arguments(&self, condition: &str) -> Vec<u8> {
        let from = b"SELECT c.proname, pg_catalog.pg_get_function_identity_arguments(c.oid), \
            n.nspname FROM pg_catalog.pg_proc c, pg_catalog.pg_namespace n \
            WHERE n.oid = c.pronamespace AND ";
        let mut conditions = vec![self.begins("c.proname"), self.in_schemas("pronamespace")];
        conditions.push(condition.as_bytes().to_vec());
        conditions.retain(|condition| !condition.is_empty());
        let query = [&from[..], &conditions.join(&b" AND "[..])].concat();
        limited(&query, "", ", c.pronargs, c.oid")
    }

    /// What the functions of a name take and give.
    fn signature(&self) -> Option<Vec<u8>> {
        let functions = self.functions_of()?;
        let from = b"SELECT pg_catalog.pg_get_function_arguments(c.oid), \
            pg_catalog.pg_get_function_result(c.oid) FROM pg_catalog.pg_proc c WHERE c.oid IN (";
        let order = format!(") ORDER BY c.pronargs, c.oid LIMIT {LIMIT}");
        Some([&from[..], &functions, order.as_bytes()].concat())
    }

    fn functions_of(&self) -> Option<Vec<u8>> {
        Some(self.found(self.wanted.of?, "pg_proc", "proname", "pronamespace", "function"))
    }

    /// The columns of what a function gives: its arguments that go out, or those of its type.
    fn function_columns(&self) -> Option<Vec<u8>> {
        let functions = self.functions_of()?;
        let out = b"SELECT q.n, pg_catalog.format_type(q.t, NULL) FROM (\
            SELECT p.names[p.i] AS n, p.types[p.i] AS t, p.modes[p.i] AS m, p.i AS i FROM (\
            SELECT c.proargnames AS names, c.proallargtypes AS types, c.proargmodes AS modes, \
            pg_catalog.generate_subscripts(c.proallargtypes, 1) AS i FROM pg_catalog.pg_proc c \
            WHERE c.oid IN (";
        let composite = b")) p WHERE p.modes[p.i] IN ('o', 'b', 't') UNION ALL \
            SELECT a.attname, a.atttypid, 't', a.attnum FROM pg_catalog.pg_attribute a, \
            pg_catalog.pg_type t, pg_catalog.pg_proc c WHERE a.attrelid = t.typrelid \
            AND t.oid = c.prorettype AND t.typrelid <> 0 AND a.attnum > 0 \
            AND NOT a.attisdropped AND c.oid IN (";
        let order = format!(")) q WHERE q.n <> '' ORDER BY q.i LIMIT {LIMIT}");
        Some([&out[..], &functions, composite, &functions, order.as_bytes()].concat())
    }

    fn extension_version(&self) -> Option<Vec<u8>> {
        let name = self.literal(&self.wanted.of?.name);
        let of = [b"c.name = ".as_slice(), &name].concat();
        Some(self.finish(
            b"SELECT c.version AS n FROM pg_catalog.pg_available_extension_versions c WHERE ",
            &[&self.begins("c.version"), &of],
        ))
    }

    /// Foreign keys of a relation and to it. Those to it are found as what depends on it: by index.
    fn foreign_keys(&self) -> Option<Vec<u8>> {
        let relation = self.found(self.wanted.of?, "pg_class", "relname", "relnamespace", "table");
        let from = "SELECT r.relname, CASE WHEN pg_catalog.pg_table_is_visible(r.oid) THEN 't' \
            ELSE 'f' END || pg_catalog.chr(31) || pg_catalog.array_to_string(ARRAY(\
            SELECT a.attname || pg_catalog.chr(31) || b.attname FROM (\
            SELECT pg_catalog.generate_subscripts(f.mine, 1) AS i) s, \
            pg_catalog.pg_attribute a, pg_catalog.pg_attribute b \
            WHERE a.attrelid = f.me AND a.attnum = f.mine[s.i] AND b.attrelid = f.other \
            AND b.attnum = f.theirs[s.i] ORDER BY s.i), pg_catalog.chr(31)), n.nspname FROM (\
            SELECT k.conrelid AS me, k.confrelid AS other, k.conkey AS mine, k.confkey AS theirs \
            FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.conrelid IN (";
        let to_it = ") UNION ALL SELECT k.confrelid, k.conrelid, k.confkey, k.conkey \
            FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.oid IN (\
            SELECT d.objid FROM pg_catalog.pg_depend d \
            WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass \
            AND d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.refobjid IN (";
        let itself = ")) AND k.conrelid <> k.confrelid AND k.confrelid IN (";
        let order = format!(
            ")) f, pg_catalog.pg_class r, pg_catalog.pg_namespace n \
             WHERE r.oid = f.other AND n.oid = r.relnamespace AND r.relkind IN ('r', 'p', 'f') \
             ORDER BY 1, 3, 2 LIMIT {LIMIT}"
        );
        let parts = [
            from.as_bytes(),
            &relation,
            to_it.as_bytes(),
            &relation,
            itself.as_bytes(),
            &relation,
            order.as_bytes(),
        ];
        Some(parts.concat())
    }

    /// Relations in schemas of users that are not in the search_path.
    fn relations_elsewhere(&self) -> Vec<u8> {
        let from = format!(
            "SELECT c.relname, {RELATION_KIND}, n.nspname FROM pg_catalog.pg_class c, \
             pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace \
             AND c.relkind IN ('r', 'v', 'm', 'f', 'p', 'S') AND c.relnamespace = ANY (ARRAY(\
             SELECT s.oid FROM pg_catalog.pg_namespace s WHERE s.nspname !~ '^pg_' \
             AND s.nspname <> 'information_schema' \
             AND NOT (s.nspname = ANY (pg_catalog.current_schemas(true))))) AND "
        );
        // No index leads to them: a letter or two must tell which of many are meant.
        let query = if self.prefix.len() < 2 {
            [from.as_bytes(), is_small("pg_class").as_bytes(), b" AND ", &self.begins("c.relname")]
                .concat()
        } else {
            [from.as_bytes(), &self.begins("c.relname")].concat()
        };
        limited(&query, "", ", 3")
    }

    fn relation(&self, kinds: &str) -> Vec<u8> {
        self.relations(format!("c.relkind IN ({kinds})"))
    }

    /// Relations of a kind that is rare among all: those that have a row elsewhere.
    fn few_relations(&self, kinds: &str, oids: &str) -> Vec<u8> {
        self.relations(format!("c.relkind IN ({kinds}) AND c.oid = ANY (ARRAY({oids}))"))
    }

    /// Types but for array types and the row types of tables, which are no one's choice.
    fn types(&self) -> Vec<u8> {
        let condition = [
            b"NOT (c.typcategory = 'A' AND c.typtype = 'b') AND (c.typtype <> 'c' \
              OR c.typrelid = ANY (ARRAY(SELECT r.oid FROM pg_catalog.pg_class r \
              WHERE r.relkind = 'c' AND "
                .as_slice(),
            &self.begins("r.relname"),
            b")))",
        ]
        .concat();
        self.in_schema("pg_type", "typname", "typnamespace", condition, Note::Of(BASE_TYPE))
    }

    fn relations(&self, condition: impl AsRef<[u8]>) -> Vec<u8> {
        self.in_schema("pg_class", "relname", "relnamespace", condition, Note::Row(RELATION_KIND))
    }

    /// Relations to which the named row of a catalog belongs.
    fn relation_of(&self, catalog: &str, column: &str, key: &str) -> Option<Vec<u8>> {
        let name = self.literal(&self.wanted.of?.name);
        let condition =
            format!("c.oid IN (SELECT k.{key} FROM pg_catalog.{catalog} k WHERE k.{column} = ");
        Some(self.relations([condition.as_bytes(), &name, b")"].concat()))
    }

    /// Names of a catalog that belong to a relation.
    fn of_relation(
        &self,
        catalog: &str,
        column: &str,
        key: &str,
        condition: &str,
        note: &str,
    ) -> Option<Vec<u8>> {
        let note = if note.is_empty() { "''::pg_catalog.text" } else { note };
        let from = format!(
            "SELECT c.{column} AS n, pg_catalog.min({note}) FROM pg_catalog.{catalog} c WHERE "
        );
        let place = self.belongs(key)?;
        let begins = self.begins(&format!("c.{column}"));
        Some(self.finish(from.as_bytes(), &[&begins, condition.as_bytes(), &place]))
    }

    /// The columns of a relation, in its order.
    fn columns(&self) -> Option<Vec<u8>> {
        let from = format!(
            "SELECT c.attname, {COLUMN} FROM pg_catalog.pg_attribute c \
             WHERE c.attnum > 0 AND NOT c.attisdropped AND "
        );
        let (begins, place) = (self.begins("c.attname"), self.belongs("attrelid")?);
        Some([from.as_bytes(), &begins, b" AND ", &place, b" ORDER BY c.attnum"].concat())
    }

    /// Columns of relations of the search_path, and of which; those that stand first come first.
    fn columns_of_any(&self) -> Vec<u8> {
        let from = format!(
            "SELECT c.attname AS n, \
             pg_catalog.string_agg(r.relname::pg_catalog.text, ', ' ORDER BY r.relname) \
             FROM pg_catalog.pg_attribute c, pg_catalog.pg_class r WHERE r.oid = c.attrelid \
             AND c.attrelid = ANY (ARRAY(SELECT t.oid FROM pg_catalog.pg_class t \
              WHERE t.relkind IN ('r', 'v', 'm', 'f', 'p') AND t.relnamespace = ANY (ARRAY( \
               SELECT s.oid FROM pg_catalog.pg_namespace s \
               WHERE s.nspname = ANY (pg_catalog.current_schemas(false)) \
               AND s.nspname NOT IN ('pg_catalog', 'information_schema'))) \
              LIMIT {RELATIONS})) AND c.attnum > 0 AND NOT c.attisdropped AND "
        );
        let order =
            format!(" GROUP BY 1 ORDER BY pg_catalog.min(c.attnum), c.attname LIMIT {LIMIT}");
        [from.as_bytes(), &self.begins("c.attname"), order.as_bytes()].concat()
    }

    /// That a row belongs to the relation.
    fn belongs(&self, key: &str) -> Option<Vec<u8>> {
        let relation = self.found(self.wanted.of?, "pg_class", "relname", "relnamespace", "table");
        Some([format!("c.{key} IN (").as_bytes(), &relation, b")"].concat())
    }

    fn enum_label(&self) -> Option<Vec<u8>> {
        let of = self.found(self.wanted.of?, "pg_type", "typname", "typnamespace", "type");
        let place = [b"c.enumtypid IN (".as_slice(), &of, b")"].concat();
        Some(self.finish(
            b"SELECT c.enumlabel AS n FROM pg_catalog.pg_enum c WHERE ",
            &[&self.begins("c.enumlabel"), &place],
        ))
    }

    fn setting_value(&self) -> Option<Vec<u8>> {
        let name = self.literal(&self.wanted.of?.name);
        let values = [
            b"SELECT pg_catalog.unnest(CASE c.vartype WHEN 'bool' THEN '{on,off}'::pg_catalog.text[] \
              WHEN 'enum' THEN c.enumvals ELSE '{}' END) AS n FROM pg_catalog.pg_settings c \
              WHERE pg_catalog.lower(c.name) = "
                .as_slice(),
            &name,
        ]
        .concat();
        let from = [b"SELECT q.n FROM (".as_slice(), &values, b") q WHERE "].concat();
        Some(self.finish(&from, &[&self.begins("q.n")]))
    }

    /// A subquery for the object of this name.
    fn found(
        &self,
        name: &Qualified,
        catalog: &str,
        column: &str,
        namespace: &str,
        visible: &str,
    ) -> Vec<u8> {
        let place = match &name.schema {
            None => format!("pg_catalog.pg_{visible}_is_visible(o.oid)").into_bytes(),
            Some(schema) => [
                format!(
                    "o.{namespace} = (SELECT s.oid FROM pg_catalog.pg_namespace s \
                     WHERE s.nspname = "
                )
                .as_bytes(),
                &self.literal(schema),
                b")",
            ]
            .concat(),
        };
        [
            format!("SELECT o.oid FROM pg_catalog.{catalog} o WHERE o.{column} = ").as_bytes(),
            &self.literal(&name.name),
            b" AND ",
            &place,
        ]
        .concat()
    }

    fn finish(&self, from: &[u8], conditions: &[&[u8]]) -> Vec<u8> {
        let conditions: Vec<&[u8]> = conditions.iter().copied().filter(|c| !c.is_empty()).collect();
        limited(&[from, &conditions.join(&b" AND "[..])].concat(), " GROUP BY 1", "")
    }
}

/// That a catalog has not so many rows that all of them can't be looked through.
fn is_small(catalog: &str) -> String {
    format!(
        "(SELECT pg_catalog.pg_relation_size('pg_catalog.{catalog}'::pg_catalog.regclass, 'main')) \
         < 8000000"
    )
}

/// The first rows of a query by name, and the last one, in case there are too many: what those have
/// in common, all have.
fn limited(query: &[u8], group: &str, order: &str) -> Vec<u8> {
    let first = format!("{group} ORDER BY 1{order} LIMIT {LIMIT}) UNION ALL (");
    let last = format!("{group} ORDER BY 1 DESC LIMIT 1)");
    [b"(", query, first.as_bytes(), query, last.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(wanted: &Wanted<'_>, prefix: &str) -> String {
        let query = query(wanted, prefix.as_bytes(), 180_000, Encoding::Utf8).unwrap();
        String::from_utf8_lossy(query.as_bytes()).replace("OPERATOR(pg_catalog.", "OP(")
    }

    #[test]
    fn prefixes_and_names_are_quoted() {
        let of = Qualified { schema: Some(b"a'b".to_vec()), name: b"c\\d".to_vec() };
        let wanted = Wanted { object: Object::Column, schema: None, of: Some(&of) };
        let query = text(&wanted, "x_%'y");
        assert!(query.contains(r"c.attname OP(~~) E'x\\_\\%''y%'"), "{query}");
        assert!(query.contains("s.nspname OP(=) 'a''b'"), "{query}");
        assert!(query.contains(r"o.relname OP(=) E'c\\d'"), "{query}");
        let wanted = Wanted { object: Object::RelationOfTrigger, ..wanted };
        let query = text(&wanted, "");
        assert!(query.contains(r"k.tgname OP(=) E'c\\d'"), "{query}");
    }

    #[test]
    fn what_there_is_to_ask() {
        let wanted = |object| Wanted { object, schema: None, of: None };
        for (object, version, asks) in [
            (Object::File, 180_000, false),
            (Object::Variable, 180_000, false),
            (Object::Publication, 90_600, false),
            (Object::Publication, 100_000, true),
            (Object::Procedure, 100_000, false),
            (Object::Function, 90_200, true),
            (Object::Column, 180_000, true),
            (Object::RelationOfTrigger, 180_000, false),
        ] {
            assert_eq!(
                query(&wanted(object), b"", version, Encoding::Utf8).is_some(),
                asks,
                "{object:?}"
            );
        }
    }

    #[test]
    fn the_systems_names_come_when_asked_for() {
        let relations = Wanted { object: Object::Relation, schema: None, of: None };
        assert!(text(&relations, "").contains("OP(<>) 'pg_catalog'"));
        assert!(!text(&relations, "pg_").contains("OP(<>) 'pg_catalog'"));
        let of_schema = Wanted { schema: Some(b"pg_catalog"), ..relations };
        assert!(!text(&of_schema, "").contains("current_schemas"));
    }
}
