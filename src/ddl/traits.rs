//! What is known of each kind of object: what it is called, where its catalog is, and who owns it.

use super::kind::Kind;
use crate::describe::pattern::Names;

/// Where the objects of a kind live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In a schema, by this column.
    Schema(&'static str),
    /// On a relation, by this column.
    Relation(&'static str),
    /// In the database.
    Database,
    /// In the cluster.
    Cluster,
}

/// What more than a name may tell the objects of a kind apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Nothing.
    None,
    /// The types of arguments in brackets, read as this type of the server.
    Arguments(&'static str),
    /// Another name behind one of these words, compared with the expression.
    Other(&'static [&'static str], &'static str),
    /// Another type behind one of these words; it and the name are columns of types.
    Types(&'static [&'static str], &'static str, &'static str),
    /// A type and, behind one of these words, a name.
    TypeAndName(&'static [&'static str], &'static str, &'static str),
}

/// What is known of a kind. In its SQL `o` is the object, `n` its schema, `t` its relation.
pub struct Traits {
    /// The kind.
    pub kind: Kind,
    /// What users call it, the first word as SQL does.
    pub words: &'static [&'static str],
    /// What COMMENT and ALTER call it.
    pub sql_word: &'static str,
    /// The catalog whose OIDs and rows it has.
    pub catalog: &'static str,
    /// The catalog or view that it is looked up in, if another.
    pub source: Option<&'static str>,
    /// The column with its OID.
    pub oid: &'static str,
    /// Where it lives.
    pub home: Home,
    /// Its name, as patterns are compared with.
    pub names: Names<'static>,
    /// What holds for its rows of the catalog.
    pub filter: &'static str,
    /// What more tells it apart.
    pub detail: Detail,
    /// The column with its owner.
    pub owner: Option<&'static str>,
    /// The column with its privileges, and how the server calls their type.
    pub privileges: Option<(&'static str, char)>,
}

impl Kind {
    /// What is known of it.
    pub fn traits(self) -> &'static Traits {
        // The table is in the order of the kinds; a test holds it to that.
        &KINDS[self as usize]
    }

    /// What users call it.
    pub fn word(self) -> &'static str {
        self.traits().words[0]
    }

    /// Whether it is a relation, which a plain name means first.
    pub fn is_relation(self) -> bool {
        self <= Kind::Index
    }

    /// Whether it is a table of some sort: with columns that have defaults and constraints.
    pub fn is_table(self) -> bool {
        matches!(self, Kind::Table | Kind::ForeignTable)
    }

    /// Whether a name without a kind may mean it.
    pub fn has_plain_name(self) -> bool {
        let unnamed = [Kind::Cast, Kind::Transform, Kind::UserMapping, Kind::DefaultPrivileges];
        !unnamed.contains(&self)
    }
}

const RELATION: Traits = Traits {
    kind: Kind::Table,
    words: &["table"],
    sql_word: "TABLE",
    catalog: "pg_class",
    source: None,
    oid: "o.oid",
    home: Home::Schema("o.relnamespace"),
    names: Names::in_schema("n.nspname", "o.relname", "pg_catalog.pg_table_is_visible(o.oid)"),
    filter: "o.relkind IN ('r', 'p')",
    detail: Detail::None,
    owner: Some("o.relowner"),
    privileges: Some(("o.relacl", 'r')),
};

const ROUTINE: Traits = Traits {
    kind: Kind::Function,
    words: &["function"],
    sql_word: "FUNCTION",
    catalog: "pg_proc",
    home: Home::Schema("o.pronamespace"),
    names: Names::in_schema("n.nspname", "o.proname", "pg_catalog.pg_function_is_visible(o.oid)"),
    // The rest depends on the version: `find` knows it.
    filter: "true",
    detail: Detail::Arguments("regprocedure"),
    owner: Some("o.proowner"),
    privileges: Some(("o.proacl", 'f')),
    ..RELATION
};

const TYPE: Traits = Traits {
    kind: Kind::Type,
    words: &["type"],
    sql_word: "TYPE",
    catalog: "pg_type",
    home: Home::Schema("o.typnamespace"),
    names: Names::in_schema("n.nspname", "o.typname", "pg_catalog.pg_type_is_visible(o.oid)"),
    filter: "(o.typtype IN ('e', 'r') OR o.typtype = 'b' AND NOT EXISTS \
             (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typarray = o.oid) \
             OR o.typtype = 'p' AND NOT o.typisdefined \
             OR o.typtype = 'c' AND EXISTS (SELECT 1 FROM pg_catalog.pg_class r \
             WHERE r.oid = o.typrelid AND r.relkind = 'c'))",
    detail: Detail::None,
    owner: Some("o.typowner"),
    privileges: Some(("o.typacl", 'T')),
    ..RELATION
};

/// An object on a table: `NAME on TABLE`.
const ON: Detail = Detail::Other(&["on"], "t");

const TRIGGER: Traits = Traits {
    kind: Kind::Trigger,
    words: &["trigger"],
    sql_word: "TRIGGER",
    catalog: "pg_trigger",
    home: Home::Relation("o.tgrelid"),
    names: Names::plain("o.tgname"),
    filter: "NOT o.tgisinternal",
    detail: ON,
    owner: None,
    privileges: None,
    ..RELATION
};

const IN_DATABASE: Traits = Traits {
    kind: Kind::Schema,
    words: &["schema"],
    sql_word: "SCHEMA",
    catalog: "pg_namespace",
    home: Home::Database,
    names: Names::in_database("o.nspname"),
    filter: "true",
    detail: Detail::None,
    owner: Some("o.nspowner"),
    privileges: Some(("o.nspacl", 'n')),
    ..RELATION
};

const TEXT_SEARCH: Traits = Traits {
    kind: Kind::TextSearchParser,
    words: &["text search parser"],
    sql_word: "TEXT SEARCH PARSER",
    catalog: "pg_ts_parser",
    home: Home::Schema("o.prsnamespace"),
    names: Names::in_schema("n.nspname", "o.prsname", "pg_catalog.pg_ts_parser_is_visible(o.oid)"),
    filter: "true",
    owner: None,
    privileges: None,
    ..RELATION
};

/// All kinds, in their order.
pub const KINDS: &[Traits] = &[
    RELATION,
    Traits {
        kind: Kind::ForeignTable,
        words: &["foreign table"],
        sql_word: "FOREIGN TABLE",
        filter: "o.relkind = 'f'",
        ..RELATION
    },
    Traits {
        kind: Kind::View,
        words: &["view"],
        sql_word: "VIEW",
        filter: "o.relkind = 'v'",
        ..RELATION
    },
    Traits {
        kind: Kind::MaterializedView,
        words: &["materialized view", "matview"],
        sql_word: "MATERIALIZED VIEW",
        filter: "o.relkind = 'm'",
        ..RELATION
    },
    Traits {
        kind: Kind::Sequence,
        words: &["sequence"],
        sql_word: "SEQUENCE",
        filter: "o.relkind = 'S' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d \
                 WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass \
                 AND d.objid = o.oid AND d.deptype = 'i')",
        privileges: Some(("o.relacl", 's')),
        ..RELATION
    },
    Traits {
        kind: Kind::Index,
        words: &["index"],
        sql_word: "INDEX",
        filter: "o.relkind IN ('i', 'I')",
        owner: None,
        privileges: None,
        ..RELATION
    },
    TYPE,
    Traits {
        kind: Kind::Domain,
        words: &["domain"],
        sql_word: "DOMAIN",
        filter: "o.typtype = 'd'",
        ..TYPE
    },
    ROUTINE,
    Traits { kind: Kind::Procedure, words: &["procedure"], sql_word: "PROCEDURE", ..ROUTINE },
    Traits { kind: Kind::Aggregate, words: &["aggregate"], sql_word: "AGGREGATE", ..ROUTINE },
    TRIGGER,
    Traits {
        kind: Kind::Rule,
        words: &["rule"],
        sql_word: "RULE",
        catalog: "pg_rewrite",
        home: Home::Relation("o.ev_class"),
        names: Names::plain("o.rulename"),
        filter: "o.rulename <> '_RETURN'",
        ..TRIGGER
    },
    Traits {
        kind: Kind::Policy,
        words: &["policy"],
        sql_word: "POLICY",
        catalog: "pg_policy",
        home: Home::Relation("o.polrelid"),
        names: Names::plain("o.polname"),
        filter: "true",
        ..TRIGGER
    },
    Traits {
        kind: Kind::Constraint,
        words: &["constraint"],
        sql_word: "CONSTRAINT",
        catalog: "pg_constraint",
        home: Home::Relation("o.conrelid"),
        names: Names::plain("o.conname"),
        filter: "o.conrelid <> 0 AND o.contype <> 't'",
        ..TRIGGER
    },
    Traits {
        kind: Kind::Statistics,
        words: &["statistics"],
        sql_word: "STATISTICS",
        catalog: "pg_statistic_ext",
        home: Home::Schema("o.stxnamespace"),
        names: Names::in_schema(
            "n.nspname",
            "o.stxname",
            "pg_catalog.pg_statistics_obj_is_visible(o.oid)",
        ),
        filter: "true",
        owner: Some("o.stxowner"),
        privileges: None,
        ..RELATION
    },
    IN_DATABASE,
    Traits {
        kind: Kind::Extension,
        words: &["extension"],
        sql_word: "EXTENSION",
        catalog: "pg_extension",
        names: Names::in_database("o.extname"),
        // An extension's owner can't be changed.
        owner: None,
        privileges: None,
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::Collation,
        words: &["collation"],
        sql_word: "COLLATION",
        catalog: "pg_collation",
        home: Home::Schema("o.collnamespace"),
        names: Names::in_schema(
            "n.nspname",
            "o.collname",
            "pg_catalog.pg_collation_is_visible(o.oid)",
        ),
        filter: "true",
        owner: Some("o.collowner"),
        privileges: None,
        ..RELATION
    },
    Traits {
        kind: Kind::Operator,
        words: &["operator"],
        sql_word: "OPERATOR",
        catalog: "pg_operator",
        home: Home::Schema("o.oprnamespace"),
        names: Names::in_schema(
            "n.nspname",
            "o.oprname",
            "pg_catalog.pg_operator_is_visible(o.oid)",
        )
        .of_operators(),
        filter: "o.oprcode <> 0",
        detail: Detail::Arguments("regoperator"),
        owner: Some("o.oprowner"),
        privileges: None,
        ..RELATION
    },
    Traits {
        kind: Kind::OperatorFamily,
        words: &["operator family"],
        sql_word: "OPERATOR FAMILY",
        catalog: "pg_opfamily",
        home: Home::Schema("o.opfnamespace"),
        names: Names::in_schema(
            "n.nspname",
            "o.opfname",
            "pg_catalog.pg_opfamily_is_visible(o.oid)",
        ),
        filter: "true",
        detail: Detail::Other(
            &["using"],
            "(SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = o.opfmethod)",
        ),
        owner: Some("o.opfowner"),
        privileges: None,
        ..RELATION
    },
    Traits {
        kind: Kind::OperatorClass,
        words: &["operator class"],
        sql_word: "OPERATOR CLASS",
        catalog: "pg_opclass",
        home: Home::Schema("o.opcnamespace"),
        names: Names::in_schema(
            "n.nspname",
            "o.opcname",
            "pg_catalog.pg_opclass_is_visible(o.oid)",
        ),
        filter: "true",
        detail: Detail::Other(
            &["using"],
            "(SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = o.opcmethod)",
        ),
        owner: Some("o.opcowner"),
        privileges: None,
        ..RELATION
    },
    Traits {
        kind: Kind::Cast,
        words: &["cast"],
        sql_word: "CAST",
        catalog: "pg_cast",
        names: Names::dotted("''"),
        detail: Detail::Types(&["as"], "o.castsource", "o.casttarget"),
        owner: None,
        privileges: None,
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::Conversion,
        words: &["conversion"],
        sql_word: "CONVERSION",
        catalog: "pg_conversion",
        home: Home::Schema("o.connamespace"),
        names: Names::in_schema(
            "n.nspname",
            "o.conname",
            "pg_catalog.pg_conversion_is_visible(o.oid)",
        ),
        filter: "true",
        owner: Some("o.conowner"),
        privileges: None,
        ..RELATION
    },
    TEXT_SEARCH,
    Traits {
        kind: Kind::TextSearchTemplate,
        words: &["text search template"],
        sql_word: "TEXT SEARCH TEMPLATE",
        catalog: "pg_ts_template",
        home: Home::Schema("o.tmplnamespace"),
        names: Names::in_schema(
            "n.nspname",
            "o.tmplname",
            "pg_catalog.pg_ts_template_is_visible(o.oid)",
        ),
        ..TEXT_SEARCH
    },
    Traits {
        kind: Kind::TextSearchDictionary,
        words: &["text search dictionary"],
        sql_word: "TEXT SEARCH DICTIONARY",
        catalog: "pg_ts_dict",
        home: Home::Schema("o.dictnamespace"),
        names: Names::in_schema(
            "n.nspname",
            "o.dictname",
            "pg_catalog.pg_ts_dict_is_visible(o.oid)",
        ),
        owner: Some("o.dictowner"),
        ..TEXT_SEARCH
    },
    Traits {
        kind: Kind::TextSearchConfiguration,
        words: &["text search configuration"],
        sql_word: "TEXT SEARCH CONFIGURATION",
        catalog: "pg_ts_config",
        home: Home::Schema("o.cfgnamespace"),
        names: Names::in_schema(
            "n.nspname",
            "o.cfgname",
            "pg_catalog.pg_ts_config_is_visible(o.oid)",
        ),
        owner: Some("o.cfgowner"),
        ..TEXT_SEARCH
    },
    Traits {
        kind: Kind::Language,
        words: &["language"],
        sql_word: "LANGUAGE",
        catalog: "pg_language",
        names: Names::in_database("o.lanname"),
        owner: Some("o.lanowner"),
        privileges: Some(("o.lanacl", 'l')),
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::Transform,
        words: &["transform"],
        sql_word: "TRANSFORM",
        catalog: "pg_transform",
        names: Names::dotted("''"),
        detail: Detail::TypeAndName(
            &["on language", "language"],
            "o.trftype",
            "(SELECT l.lanname FROM pg_catalog.pg_language l WHERE l.oid = o.trflang)",
        ),
        owner: None,
        privileges: None,
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::AccessMethod,
        words: &["access method"],
        sql_word: "ACCESS METHOD",
        catalog: "pg_am",
        names: Names::in_database("o.amname"),
        owner: None,
        privileges: None,
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::ForeignDataWrapper,
        words: &["foreign data wrapper"],
        sql_word: "FOREIGN DATA WRAPPER",
        catalog: "pg_foreign_data_wrapper",
        names: Names::in_database("o.fdwname"),
        owner: Some("o.fdwowner"),
        privileges: Some(("o.fdwacl", 'F')),
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::Server,
        words: &["server", "foreign server"],
        sql_word: "SERVER",
        catalog: "pg_foreign_server",
        names: Names::in_database("o.srvname"),
        owner: Some("o.srvowner"),
        privileges: Some(("o.srvacl", 'S')),
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::UserMapping,
        words: &["user mapping"],
        sql_word: "USER MAPPING",
        catalog: "pg_user_mapping",
        // The catalog itself is for superusers.
        source: Some("pg_user_mappings"),
        oid: "o.umid",
        names: Names::dotted("o.usename"),
        detail: Detail::Other(&["on server", "server"], "o.srvname"),
        owner: None,
        privileges: None,
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::EventTrigger,
        words: &["event trigger"],
        sql_word: "EVENT TRIGGER",
        catalog: "pg_event_trigger",
        names: Names::in_database("o.evtname"),
        owner: Some("o.evtowner"),
        privileges: None,
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::Publication,
        words: &["publication"],
        sql_word: "PUBLICATION",
        catalog: "pg_publication",
        names: Names::in_database("o.pubname"),
        owner: Some("o.pubowner"),
        privileges: None,
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::Subscription,
        words: &["subscription"],
        sql_word: "SUBSCRIPTION",
        catalog: "pg_subscription",
        names: Names::in_database("o.subname"),
        filter: "o.subdbid = (SELECT b.oid FROM pg_catalog.pg_database b \
                 WHERE b.datname = pg_catalog.current_database())",
        owner: Some("o.subowner"),
        privileges: None,
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::DefaultPrivileges,
        words: &["default privileges"],
        sql_word: "DEFAULT PRIVILEGES",
        catalog: "pg_default_acl",
        names: Names::dotted("pg_catalog.pg_get_userbyid(o.defaclrole)"),
        owner: None,
        privileges: None,
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::Database,
        words: &["database"],
        sql_word: "DATABASE",
        catalog: "pg_database",
        home: Home::Cluster,
        names: Names::plain("o.datname"),
        // CREATE DATABASE says it.
        owner: None,
        privileges: Some(("o.datacl", 'd')),
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::Role,
        words: &["role", "user", "group"],
        sql_word: "ROLE",
        catalog: "pg_authid",
        source: Some("pg_roles"),
        home: Home::Cluster,
        names: Names::plain("o.rolname"),
        owner: None,
        privileges: None,
        ..IN_DATABASE
    },
    Traits {
        kind: Kind::Tablespace,
        words: &["tablespace"],
        sql_word: "TABLESPACE",
        catalog: "pg_tablespace",
        home: Home::Cluster,
        names: Names::plain("o.spcname"),
        // CREATE TABLESPACE says it.
        owner: None,
        privileges: Some(("o.spcacl", 't')),
        ..IN_DATABASE
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        for (index, traits) in KINDS.iter().enumerate() {
            assert_eq!(traits.kind as usize, index, "{}", traits.words[0]);
        }
    }
}
