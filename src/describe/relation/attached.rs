//! What is attached to a relation: policies, statistics, rules, publications, triggers and more.
//! Sections of `\d NAME`.

use super::section::Lines;
use crate::describe::command::Command;
use crate::describe::sql::{decode, with_catalog_first};

/// `Owning table: "schema.table"` of a TOAST table.
pub fn toast_owner(_: &Command) -> Lines {
    Lines {
        relation: "c.reltoastrelid",
        text: "'Owning table: \"' || n.nspname || '.' || c.relname || '\"'".into(),
        from: "pg_catalog.pg_class c\n  \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            .into(),
        filter: String::new(),
        order: "c.oid",
    }
}

/// `POLICY "name" AS RESTRICTIVE FOR SELECT` and its roles and conditions.
pub fn policies(command: &Command) -> Lines {
    let restrictive = if command.at_least(100_000) {
        " || CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END"
    } else {
        ""
    };
    let commands = [("r", "SELECT"), ("a", "INSERT"), ("w", "UPDATE"), ("d", "DELETE")];
    Lines {
        relation: "p.polrelid",
        text: format!(
            "'POLICY \"' || p.polname || '\"'{restrictive} \
             || COALESCE(' FOR ' || {}, '') \
             || CASE WHEN p.polroles = '{{0}}' THEN '' \
             ELSE E'\\n      TO ' || pg_catalog.array_to_string(ARRAY(\
             SELECT r.rolname FROM pg_catalog.pg_roles r WHERE r.oid = ANY (p.polroles) \
             ORDER BY 1), ',') END \
             || COALESCE(E'\\n      USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) \
             || ')', '') \
             || COALESCE(E'\\n      WITH CHECK (' \
             || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')",
            decode("p.polcmd", &commands),
        ),
        from: "pg_catalog.pg_policy p".into(),
        filter: String::new(),
        order: "p.polname",
    }
}

/// Extended statistics with the kinds they hold, unless that is all.
pub fn statistics(command: &Command) -> Lines {
    let kinds = "pg_catalog.array_to_string(ARRAY[\
        CASE WHEN 'd' = ANY (s.stxkind) THEN 'ndistinct' END, \
        CASE WHEN 'f' = ANY (s.stxkind) THEN 'dependencies' END, \
        CASE WHEN 'm' = ANY (s.stxkind) THEN 'mcv' END], ', ')";
    // The schema's name is quoted, the object's is not.
    let name = "s.stxnamespace::pg_catalog.regnamespace::pg_catalog.text || '.' || s.stxname";
    let target = if command.at_least(170_000) {
        " || COALESCE('; STATISTICS ' || NULLIF(s.stxstattarget, -1)::pg_catalog.text, '')"
    } else if command.at_least(130_000) {
        " || CASE WHEN s.stxstattarget <> -1 \
         THEN '; STATISTICS ' || s.stxstattarget::pg_catalog.text ELSE '' END"
    } else {
        ""
    };
    let text = if command.at_least(140_000) {
        format!(
            "'\"' || {name} || '\"' \
             || CASE WHEN {kinds} IN ('', 'ndistinct, dependencies, mcv') THEN '' \
             ELSE ' (' || {kinds} || ')' END \
             || ' ON ' || pg_catalog.pg_get_statisticsobjdef_columns(s.oid) \
             || ' FROM ' || s.stxrelid::pg_catalog.regclass::pg_catalog.text{target}"
        )
    } else {
        format!(
            "'\"' || {name} || '\" (' || {kinds} || ') ON ' \
             || (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' \
             ORDER BY k.place) \
             FROM pg_catalog.unnest(s.stxkeys) WITH ORDINALITY k(attnum, place) \
             JOIN pg_catalog.pg_attribute a ON a.attnum = k.attnum \
             WHERE a.attrelid = s.stxrelid) \
             || ' FROM ' || s.stxrelid::pg_catalog.regclass::pg_catalog.text{target}"
        )
    };
    Lines {
        relation: "s.stxrelid",
        text,
        from: "pg_catalog.pg_statistic_ext s".into(),
        filter: String::new(),
        order: "s.stxnamespace::pg_catalog.regnamespace::pg_catalog.text, s.stxname",
    }
}

/// `name AS ON INSERT ...` of the rules in one of the states of `pg_rewrite.ev_enabled`.
pub fn rules(enabled: char) -> Lines {
    Lines {
        relation: "r.ev_class",
        text: format!(
            "pg_catalog.substr(pg_catalog.rtrim({}, ';'), 13)",
            with_catalog_first("pg_catalog.pg_get_ruledef(r.oid, true)")
        ),
        from: "pg_catalog.pg_rewrite r".into(),
        filter: format!("r.ev_enabled = '{enabled}'"),
        order: "r.rulename",
    }
}

/// The rules of a view besides the one that makes it a view.
pub fn view_rules() -> Lines {
    Lines { filter: "r.rulename <> '_RETURN'".into(), ..rules('O') }
}

/// The query of a view.
pub fn view_definition() -> Lines {
    Lines {
        relation: "c.oid",
        text: with_catalog_first("pg_catalog.pg_get_viewdef(c.oid, true)"),
        from: "pg_catalog.pg_class c".into(),
        filter: String::new(),
        order: "c.oid",
    }
}

/// `"name" (columns) WHERE (condition)`
pub fn publications(command: &Command) -> Lines {
    let mut sources = Vec::new();
    if command.at_least(150_000) {
        sources.push(
            "SELECT pr.prrelid AS relid, p.pubname, \
             (SELECT pg_catalog.string_agg(a.attname, ', ' ORDER BY k.place) \
             FROM pg_catalog.unnest(pr.prattrs::pg_catalog.int2[]) \
             WITH ORDINALITY k(attnum, place) \
             JOIN pg_catalog.pg_attribute a ON a.attrelid = pr.prrelid AND a.attnum = k.attnum) \
             AS columns, pg_catalog.pg_get_expr(pr.prqual, pr.prrelid) AS condition \
             FROM pg_catalog.pg_publication p \
             JOIN pg_catalog.pg_publication_rel pr ON pr.prpubid = p.oid",
        );
        sources.push(
            "SELECT c.oid, p.pubname, NULL, NULL FROM pg_catalog.pg_publication p \
             JOIN pg_catalog.pg_publication_namespace pn ON pn.pnpubid = p.oid \
             JOIN pg_catalog.pg_class c ON c.relnamespace = pn.pnnspid \
             WHERE pg_catalog.pg_relation_is_publishable(c.oid)",
        );
    } else {
        sources.push(
            "SELECT pr.prrelid AS relid, p.pubname, NULL::pg_catalog.text AS columns, \
             NULL::pg_catalog.text AS condition FROM pg_catalog.pg_publication p \
             JOIN pg_catalog.pg_publication_rel pr ON pr.prpubid = p.oid",
        );
    }
    sources.push(
        "SELECT c.oid, p.pubname, NULL, NULL \
         FROM pg_catalog.pg_publication p CROSS JOIN pg_catalog.pg_class c \
         WHERE p.puballtables AND pg_catalog.pg_relation_is_publishable(c.oid)",
    );
    Lines {
        relation: "p.relid",
        text: "'\"' || p.pubname || '\"' || COALESCE(' (' || p.columns || ')', '') \
            || COALESCE(' WHERE ' || p.condition, '')"
            .into(),
        from: format!("({}) p", sources.join("\n  UNION ")),
        filter: String::new(),
        order: "p.pubname",
    }
}

/// Whose triggers are shown.
#[derive(Clone, Copy)]
pub enum Made {
    /// Those that people made, also those that were made for partitions from them.
    ByUser,
    /// Those that the system made, for foreign keys and, before 15, for partitions.
    BySystem,
}

/// Triggers in one of the states of `pg_trigger.tgenabled`.
pub fn triggers(command: &Command, made: Made, enabled: char) -> Lines {
    let made = match made {
        Made::BySystem => "t.tgisinternal",
        Made::ByUser if enabled == 'D' || command.at_least(150_000) => "NOT t.tgisinternal",
        Made::ByUser => {
            "(NOT t.tgisinternal OR EXISTS (SELECT 1 FROM pg_catalog.pg_depend d \
             WHERE d.objid = t.oid \
             AND d.refclassid = 'pg_catalog.pg_trigger'::pg_catalog.regclass))"
        }
    };
    let definition = "pg_catalog.pg_get_triggerdef(t.oid, true)";
    // A trigger made for a partition names the table that the user made it on.
    let parent = if command.at_least(130_000) {
        " || COALESCE(', ON TABLE ' || CASE WHEN t.tgparentid <> 0 THEN (\
         SELECT u.tgrelid::pg_catalog.regclass::pg_catalog.text \
         FROM pg_catalog.pg_partition_ancestors(t.tgrelid) WITH ORDINALITY a(relid, depth) \
         JOIN pg_catalog.pg_trigger u ON u.tgrelid = a.relid \
         WHERE u.tgname = t.tgname AND u.tgparentid = 0 ORDER BY a.depth LIMIT 1) END, '')"
    } else {
        ""
    };
    Lines {
        relation: "t.tgrelid",
        text: format!(
            "pg_catalog.substr({definition}, pg_catalog.strpos({definition}, ' TRIGGER ') + 9)\
             {parent}"
        ),
        from: "pg_catalog.pg_trigger t".into(),
        filter: format!("{made} AND t.tgenabled = '{enabled}'"),
        order: "t.tgname",
    }
}

/// `Server: name`
pub fn foreign_server() -> Lines {
    Lines {
        relation: "f.ftrelid",
        text: "'Server: ' || s.srvname".into(),
        from: FOREIGN.into(),
        filter: String::new(),
        order: "f.ftrelid",
    }
}

/// `FDW options: (name 'value')`
pub fn foreign_options() -> Lines {
    Lines {
        relation: "f.ftrelid",
        text: "'FDW options: (' || pg_catalog.array_to_string(ARRAY(\
            SELECT pg_catalog.quote_ident(o.option_name) || ' ' \
            || pg_catalog.quote_literal(o.option_value) \
            FROM pg_catalog.pg_options_to_table(f.ftoptions) o), ', ') || ')'"
            .into(),
        from: FOREIGN.into(),
        filter: "pg_catalog.array_length(f.ftoptions, 1) > 0".into(),
        order: "f.ftrelid",
    }
}

const FOREIGN: &str = "pg_catalog.pg_foreign_table f\n  \
    JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver";

/// The column that a sequence is owned by.
pub fn sequence_owner() -> Lines {
    Lines {
        relation: "d.objid",
        text: "CASE d.deptype WHEN 'i' THEN 'Sequence for identity column: ' \
            ELSE 'Owned by: ' END \
            || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) \
            || '.' || pg_catalog.quote_ident(a.attname)"
            .into(),
        from: "pg_catalog.pg_depend d\n  \
            JOIN pg_catalog.pg_class c ON c.oid = d.refobjid\n  \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n  \
            JOIN pg_catalog.pg_attribute a \
            ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
            .into(),
        filter: "d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass \
            AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass \
            AND d.deptype IN ('a', 'i')"
            .into(),
        order: "d.refobjid, d.refobjsubid",
    }
}
