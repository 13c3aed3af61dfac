//! Columns: in CREATE TABLE, and what ALTER TABLE alone can say of them.

use super::definition::Table;
use crate::ddl::catalog::{ASKED, Catalog, Row};
use crate::ddl::find::Object;
use crate::ddl::privilege::{self, Subject};
use crate::ddl::request::Secrets;
use crate::ddl::script::{Phase, Script};
use crate::ddl::sequence;
use crate::ddl::sql::{collation, comment, foreign_options, parameters};
use crate::reported::Reported;

/// A column.
pub struct Column {
    row: Row,
}

/// The places of what is asked of a column.
mod at {
    pub const NAME: usize = 0;
    pub const TYPE: usize = 1;
    pub const COLLATION: usize = 2;
    pub const DEFAULT: usize = 3;
    pub const GENERATED: usize = 4;
    pub const IDENTITY: usize = 5;
    pub const NOT_NULL: usize = 6;
    pub const IS_LOCAL: usize = 7;
    pub const STATISTICS: usize = 8;
    pub const STORAGE: usize = 9;
    pub const COMPRESSION: usize = 10;
    pub const PARAMETERS: usize = 11;
    pub const OPTIONS: usize = 12;
    pub const CONSTRAINT: usize = 13;
    pub const CONSTRAINT_IS_LOCAL: usize = 14;
    pub const NO_INHERIT: usize = 15;
    pub const IS_VALID: usize = 16;
    pub const DEFAULT_AS_PARENTS: usize = 17;
    pub const PARENT_HAS_DEFAULT: usize = 18;
    pub const PARENT_NOT_NULL: usize = 19;
    pub const SEQUENCE: usize = 20;
    pub const USUAL_CONSTRAINT: usize = 21;
    pub const CONSTRAINT_COMMENT: usize = 22;
    pub const IS_PROVEN_HERE: usize = 23;
}

/// The columns of a table.
pub fn look_up(
    catalog: &mut Catalog<'_>,
    oid: u32,
    secrets: Secrets,
) -> Result<Vec<Column>, Reported> {
    let collation = collation("a.attcollation");
    let generated = catalog.since(120_000, "a.attgenerated", "''");
    let compression = catalog.since(
        140_000,
        "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END",
        "NULL",
    );
    let parameters = parameters("a.attoptions", "");
    let options = foreign_options("a.attfdwoptions", secrets);
    let has_constraints = catalog.at_least(180_000);
    let (constraint, joined) = match has_constraints {
        true => (
            format!(
                "pg_catalog.quote_ident(nn.conname), nn.conislocal, nn.connoinherit, nn.convalidated,\
                 nn.conname = c.relname || '_' || a.attname || '_not_null' \
                 AND (a.attinhcount = 0 OR c.relispartition) \
                 AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint oc \
                 WHERE oc.conname = nn.conname AND oc.connamespace = nn.connamespace \
                 AND oc.oid <> nn.oid), {}, \
                 nn.convalidated AND NOT nn.conislocal AND EXISTS (\
                 SELECT 1 FROM pg_catalog.pg_inherits pi \
                 JOIN pg_catalog.pg_constraint pn ON pn.conrelid = pi.inhparent \
                 AND pn.contype = 'n' AND NOT pn.convalidated AND pn.conname = nn.conname \
                 WHERE pi.inhrelid = a.attrelid)",
                comment("pg_constraint", "nn.oid", "0")
            ),
            "\n  LEFT JOIN pg_catalog.pg_constraint nn ON nn.conrelid = a.attrelid \
             AND nn.contype = 'n' AND nn.conkey[1] = a.attnum",
        ),
        false => ("NULL, true, false, true, true, NULL, false".to_owned(), ""),
    };
    let parents = |condition: &str, joined: &str| {
        format!(
            "EXISTS (SELECT 1 FROM pg_catalog.pg_inherits i \
             JOIN pg_catalog.pg_attribute pa ON pa.attrelid = i.inhparent \
             AND pa.attname = a.attname AND NOT pa.attisdropped{joined} \
             WHERE i.inhrelid = a.attrelid AND {condition})"
        )
    };
    let of_default =
        " JOIN pg_catalog.pg_attrdef pd ON pd.adrelid = pa.attrelid AND pd.adnum = pa.attnum";
    let same_default = parents(
        "pg_catalog.pg_get_expr(pd.adbin, pd.adrelid) = pg_catalog.pg_get_expr(d.adbin, d.adrelid)",
        of_default,
    );
    let parent_default = parents("true", of_default);
    let parent_not_null = parents("pa.attnotnull", "");
    let rows = catalog.rows_of(oid, format!(
        "SELECT x.name, x.type, x.collation, x.dflt, x.generated, x.attidentity, x.attnotnull,\n  \
         x.attislocal, x.statistics, x.storage, x.compression, x.parameters, x.options,\n  \
         x.constraint_name, x.is_local, x.no_inherit, x.is_valid, x.same_default,\n  \
         x.parent_default, x.parent_not_null, x.sequence, x.usual, x.about,\n  x.proven_here\nFROM (\
         SELECT a.attnum, pg_catalog.quote_ident(a.attname) AS name,\n  \
         pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,\n  \
         CASE WHEN a.attcollation <> y.typcollation THEN {collation} END AS collation,\n  \
         pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS dflt,\n  \
         {generated}::pg_catalog.text AS generated, a.attidentity, a.attnotnull, a.attislocal,\n  \
         CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS statistics,\n  \
         CASE WHEN a.attstorage <> y.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN' \
         WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END AS storage,\n  \
         {compression} AS compression, {parameters} AS parameters, {options} AS options,\n  \
         {same_default} AS same_default, {parent_default} AS parent_default,\n  \
         {parent_not_null} AS parent_not_null,\n  \
         (SELECT s.objid FROM pg_catalog.pg_depend s WHERE s.refobjid = a.attrelid \
         AND s.refobjsubid = a.attnum AND s.deptype = 'i' \
         AND s.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass \
         AND s.classid = 'pg_catalog.pg_class'::pg_catalog.regclass LIMIT 1) AS sequence,\n  \
         k.*\n\
         FROM pg_catalog.pg_attribute a\n  \
         JOIN pg_catalog.pg_class c ON c.oid = a.attrelid\n  \
         JOIN pg_catalog.pg_type y ON y.oid = a.atttypid\n  \
         LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum\
         {joined},\n  LATERAL (SELECT {constraint}) k(constraint_name, is_local, no_inherit, \
         is_valid, usual, about, proven_here)\n\
         WHERE a.attrelid = {ASKED} AND a.attnum > 0 AND NOT a.attisdropped) x\n\
         ORDER BY x.attnum"
    ))?;
    Ok(rows.into_iter().map(|row| Column { row }).collect())
}

impl Column {
    fn name(&self) -> &[u8] {
        self.row.text(at::NAME)
    }

    fn is_generated(&self) -> bool {
        !self.row.text(at::GENERATED).is_empty()
    }

    /// Whether CREATE TABLE says it: what is inherited only if it differs in what ALTER TABLE can't
    /// say.
    fn is_written(&self, table: &Table) -> bool {
        self.row.is(at::IS_LOCAL)
            || table.is_partition()
            || self.is_generated() && !self.row.is(at::DEFAULT_AS_PARENTS)
    }

    /// `[CONSTRAINT name] NOT NULL [NO INHERIT]`, if the table itself says so.
    fn not_null(&self, table: &Table) -> Option<Vec<u8>> {
        let row = &self.row;
        let is_own = row.is(at::CONSTRAINT_IS_LOCAL) || table.is_partition();
        if !(row.is(at::NOT_NULL) && is_own && row.is(at::IS_VALID)) {
            return None;
        }
        Some([&self.constraint_name()[..], b"NOT NULL", self.no_inherit()].concat())
    }

    /// `CONSTRAINT name `, unless the server would call it so.
    fn constraint_name(&self) -> Vec<u8> {
        let name = self.row.value(at::CONSTRAINT).filter(|_| !self.row.is(at::USUAL_CONSTRAINT));
        name.map(|name| [b"CONSTRAINT ", name, b" "].concat()).unwrap_or_default()
    }

    fn no_inherit(&self) -> &'static [u8] {
        if self.row.is(at::NO_INHERIT) { b" NO INHERIT" } else { b"" }
    }

    /// The column's definition. `identity` is what stands for its identity.
    fn definition(&self, table: &Table, identity: Option<Vec<u8>>) -> Vec<u8> {
        let row = &self.row;
        let mut text = self.name().to_vec();
        let mut add = |words: &[u8], value: &[u8], end: &[u8]| {
            text.extend([words, value, end].concat());
        };
        if table.of_type().is_some() {
            add(b" WITH OPTIONS", b"", b"");
        } else {
            add(b" ", row.text(at::TYPE), b"");
            if let Some(method) = row.value(at::COMPRESSION) {
                add(b" COMPRESSION ", method, b"");
            }
            add(b"", row.text(at::OPTIONS), b"");
            if let Some(collation) = row.value(at::COLLATION) {
                add(b" COLLATE ", collation, b"");
            }
        }
        if let Some(not_null) = self.not_null(table) {
            add(b" ", &not_null, b"");
        }
        match (row.value(at::DEFAULT), row.text(at::GENERATED)) {
            (Some(expression), b"") => add(b" DEFAULT ", expression, b""),
            (Some(expression), b"v") => {
                add(b" GENERATED ALWAYS AS (", without_brackets(expression), b") VIRTUAL");
            }
            (Some(expression), _) => {
                add(b" GENERATED ALWAYS AS (", without_brackets(expression), b") STORED");
            }
            // Else it would take its parent's.
            (None, b"")
                if row.is(at::PARENT_HAS_DEFAULT)
                    && identity.is_none()
                    && !table.is_partition() =>
            {
                add(b" DEFAULT NULL", b"", b"");
            }
            (None, _) => {}
        }
        add(b"", &identity.unwrap_or_default(), b"");
        text
    }
}

/// An expression without the brackets around the whole of it.
fn without_brackets(expression: &[u8]) -> &[u8] {
    let Some(inner) = expression.strip_prefix(b"(").and_then(|rest| rest.strip_suffix(b")")) else {
        return expression;
    };
    // Quotes are not looked at: what they might hide only keeps the brackets.
    let mut depth = 0i32;
    for byte in inner {
        depth += match byte {
            b'(' => 1,
            b')' => -1,
            b'\'' | b'"' => return expression,
            _ => 0,
        };
        if depth < 0 {
            return expression;
        }
    }
    inner
}

/// What stands for the columns in CREATE TABLE. `table_name` is its plain name.
pub(super) fn definitions(
    catalog: &mut Catalog<'_>,
    columns: &[Column],
    table: &Table,
    table_name: &[u8],
) -> Result<Vec<Vec<u8>>, Reported> {
    let mut definitions = Vec::new();
    for column in columns {
        let row = &column.row;
        let is_bare = row.value(at::DEFAULT).is_none()
            && column.not_null(table).is_none()
            && row.text(at::IDENTITY).is_empty();
        if table.of_type().is_some() && is_bare {
            continue;
        }
        if column.is_written(table) {
            let identity = identity(catalog, column, table, table_name)?;
            definitions.push(column.definition(table, identity));
        } else if row.value(at::CONSTRAINT).is_some()
            && let Some(not_null) = column.not_null(table)
        {
            let start = not_null.len() - b"NOT NULL".len() - column.no_inherit().len();
            let name = &not_null[..start];
            definitions.push([name, b"NOT NULL ", column.name(), column.no_inherit()].concat());
        }
    }
    Ok(definitions)
}

/// ` GENERATED ALWAYS AS IDENTITY (...)`, if the column has a sequence of its own.
fn identity(
    catalog: &mut Catalog<'_>,
    column: &Column,
    table: &Table,
    table_name: &[u8],
) -> Result<Option<Vec<u8>>, Reported> {
    let words: &[u8] = match column.row.text(at::IDENTITY) {
        b"a" => b" GENERATED ALWAYS AS IDENTITY",
        b"d" => b" GENERATED BY DEFAULT AS IDENTITY",
        _ => return Ok(None),
    };
    let Some(sequence) = column.row.value(at::SEQUENCE) else { return Ok(None) };
    if table.is_partition() && catalog.at_least(170_000) {
        // A partition gets its parent's.
        return Ok(None);
    }
    let oid = std::str::from_utf8(sequence).ok().and_then(|oid| oid.parse().ok()).unwrap_or(0);
    let options = sequence::identity_options(catalog, oid, table_name, column.name())?;
    Ok(Some(match options.is_empty() {
        true => words.to_vec(),
        false => [words, b" (", &options, b")"].concat(),
    }))
}

/// What only ALTER TABLE says of the columns.
pub(super) fn add_changes(columns: &[Column], table: &Table, object: &Object, script: &mut Script) {
    let what: &[u8] = if table.is_foreign() { b"FOREIGN TABLE" } else { b"TABLE" };
    let alter = [b"ALTER ", what, b" ONLY ", &object.identity].concat();
    for column in columns {
        let row = &column.row;
        let mut change = |words: &[u8], value: Option<&[u8]>, end: &[u8]| {
            if let Some(value) = value {
                let text = [&alter[..], b" ALTER COLUMN ", column.name(), words, value, end];
                script.add(Phase::Create, text.concat());
            }
        };
        if !column.is_written(table) {
            let is_other = !row.is(at::DEFAULT_AS_PARENTS) && !column.is_generated();
            change(b" SET DEFAULT ", row.value(at::DEFAULT).filter(|_| is_other), b"");
            let is_dropped = row.value(at::DEFAULT).is_none() && row.is(at::PARENT_HAS_DEFAULT);
            change(b" DROP DEFAULT", is_dropped.then_some(b""), b"");
            let is_not_null = row.is(at::NOT_NULL)
                && row.value(at::CONSTRAINT).is_none()
                && !row.is(at::PARENT_NOT_NULL);
            change(b" SET NOT NULL", is_not_null.then_some(b""), b"");
            change(b" SET COMPRESSION ", row.value(at::COMPRESSION), b"");
            let options = row.text(at::OPTIONS);
            change(b"", Some(options).filter(|options| !options.is_empty()), b"");
        }
        if table.of_type().is_some() {
            change(b" SET COMPRESSION ", row.value(at::COMPRESSION), b"");
        }
        change(b" SET STORAGE ", row.value(at::STORAGE), b"");
        change(b" SET STATISTICS ", row.value(at::STATISTICS), b"");
        change(b" SET (", row.value(at::PARAMETERS), b")");
        add_unproven_not_null(column, object, script);
        if let Some(comment) = row.value(at::CONSTRAINT_COMMENT) {
            let text = [
                b"COMMENT ON CONSTRAINT ",
                row.text(at::CONSTRAINT),
                b" ON ",
                &object.identity,
                b" IS ",
                comment,
            ];
            script.add(Phase::ForeignKey, text.concat());
        }
    }
}

/// A NOT NULL that isn't proven is added as such.
fn add_unproven_not_null(column: &Column, object: &Object, script: &mut Script) {
    let row = &column.row;
    let Some(name) = row.value(at::CONSTRAINT) else { return };
    if row.is(at::IS_PROVEN_HERE) {
        // Though not where it comes from.
        let start = [b"ALTER TABLE ", &object.identity[..]].concat();
        script.add(Phase::React, [&start[..], b" VALIDATE CONSTRAINT ", name].concat());
    }
    if row.is(at::IS_VALID) {
        return;
    }
    if row.is(at::CONSTRAINT_IS_LOCAL) {
        let only: &[u8] = if row.is(at::NO_INHERIT) { b"ONLY " } else { b"" };
        let text = [
            b"ALTER TABLE ",
            only,
            &object.identity[..],
            b" ADD CONSTRAINT ",
            name,
            b" NOT NULL ",
            column.name(),
            column.no_inherit(),
            b" NOT VALID",
        ];
        script.add(Phase::ForeignKey, text.concat());
    }
}

/// Comments and privileges on columns, of whatever relation.
///
/// # Errors
/// A query failed.
pub fn add_comments_and_privileges(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let oid = object.oid;
    let about = comment("pg_class", "a.attrelid", "a.attnum");
    let rows = catalog.rows_of(
        oid,
        format!(
            "SELECT a.attnum, pg_catalog.quote_ident(a.attname), {about}, a.attacl IS NOT NULL,\n  \
         pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.relowner))\n\
         FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid\n\
         WHERE a.attrelid = {ASKED} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1"
        ),
    )?;
    for row in rows {
        let name = row.text(1);
        if let Some(text) = row.value(2) {
            let column = [&object.identity[..], b".", name].concat();
            script.add(Phase::Create, [b"COMMENT ON COLUMN ", &column[..], b" IS ", text].concat());
        }
        if row.is(3) {
            let number = String::from_utf8_lossy(row.text(0)).into_owned();
            let [actual, default] = privilege::lists(
                catalog,
                "o.attacl",
                "pg_catalog.acldefault('c', 10)",
                "pg_catalog.pg_attribute o",
                oid,
                &format!("o.attrelid = {ASKED} AND o.attnum = {number}"),
            )?;
            let on = [b"TABLE ", &object.identity[..]].concat();
            let subject = Subject {
                object: &on,
                column: Some(name),
                owner: row.text(4),
                all: Some(4),
                ..Subject::default()
            };
            script.extend(Phase::Create, privilege::statements(&subject, &actual, &default));
        }
    }
    Ok(())
}
