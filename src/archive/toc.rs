//! The entries of an archive, as `pg_restore --list --verbose` tells them.
//!
//! A line of the list gives number, kind, schema, name and owner with blanks between them, which may be
//! in names too. The comments of `pg_restore --verbose --file=-` tell the same parts apart; both are
//! read, and the one that fits the line is taken.

use std::collections::HashMap;

/// What the list says of the archive itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// When it was made.
    pub created: String,
    /// The database it was made of.
    pub database: Vec<u8>,
    /// How its data are compressed.
    pub compression: String,
    /// Its format: `CUSTOM`.
    pub format: String,
    /// The server's version.
    pub server_version: String,
    /// The program's version.
    pub program_version: String,
}

/// An entry of an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: u32,
    /// The OID of its object, 0 without.
    pub oid: u32,
    /// Its kind: `TABLE DATA`.
    pub kind: String,
    /// Its schema; empty without.
    pub schema: Vec<u8>,
    /// Its name, for what belongs to a table with the table's before it.
    pub name: Vec<u8>,
    /// Its owner; empty without.
    pub owner: Vec<u8>,
    /// The numbers of those it depends on.
    pub needs: Vec<u32>,
    /// The list's line.
    pub line: Vec<u8>,
}

/// An archive's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Toc {
    /// What is said of the archive itself.
    pub header: Header,
    /// The entries, in the order in which they are restored.
    pub entries: Vec<Entry>,
}

/// The kinds that a list knows. Of two that a line begins with, the longer one is meant.
const KINDS: &[&str] = &[
    "ACCESS METHOD",
    "ACL",
    "ACL LANGUAGE",
    "AGGREGATE",
    "BLOB",
    "BLOB COMMENTS",
    "BLOB METADATA",
    "BLOBS",
    "CAST",
    "CHECK CONSTRAINT",
    "COLLATION",
    "COMMENT",
    "CONSTRAINT",
    "CONVERSION",
    "DATABASE",
    "DATABASE PROPERTIES",
    "DEFAULT",
    "DEFAULT ACL",
    "DOMAIN",
    "ENCODING",
    "EVENT TRIGGER",
    "EXTENSION",
    "FK CONSTRAINT",
    "FOREIGN DATA WRAPPER",
    "FOREIGN SERVER",
    "FOREIGN TABLE",
    "FUNCTION",
    "INDEX",
    "INDEX ATTACH",
    "LARGE OBJECT",
    "MATERIALIZED VIEW",
    "MATERIALIZED VIEW DATA",
    "OPERATOR",
    "OPERATOR CLASS",
    "OPERATOR FAMILY",
    "POLICY",
    "PROCEDURAL LANGUAGE",
    "PROCEDURE",
    "PUBLICATION",
    "PUBLICATION TABLE",
    "PUBLICATION TABLES IN SCHEMA",
    "ROW SECURITY",
    "RULE",
    "SCHEMA",
    "SEARCHPATH",
    "SECURITY LABEL",
    "SEQUENCE",
    "SEQUENCE OWNED BY",
    "SEQUENCE SET",
    "SERVER",
    "SHELL TYPE",
    "STATISTICS",
    "STATISTICS DATA",
    "STDSTRINGS",
    "SUBSCRIPTION",
    "SUBSCRIPTION TABLE",
    "TABLE",
    "TABLE ATTACH",
    "TABLE DATA",
    "TEXT SEARCH CONFIGURATION",
    "TEXT SEARCH DICTIONARY",
    "TEXT SEARCH PARSER",
    "TEXT SEARCH TEMPLATE",
    "TRANSFORM",
    "TRIGGER",
    "TYPE",
    "USER MAPPING",
    "VIEW",
];

impl Toc {
    /// Reads a list.
    pub fn parse(list: &[u8]) -> Toc {
        let mut toc = Toc::default();
        for line in list.split(|&byte| byte == b'\n') {
            match line.strip_prefix(b";") {
                Some(comment) => toc.comment(comment.trim_ascii()),
                None => toc.entries.extend(entry(line)),
            }
        }
        toc
    }

    fn comment(&mut self, text: &[u8]) {
        let value = |label: &str| {
            let value = text.strip_prefix(label.as_bytes())?;
            Some(String::from_utf8_lossy(value.trim_ascii()).into_owned())
        };
        if let (Some(numbers), Some(last)) = (value("depends on:"), self.entries.last_mut()) {
            last.needs.extend(numbers.split(' ').filter_map(|number| number.parse::<u32>().ok()));
        }
        if let Some(name) = text.strip_prefix(b"dbname: ") {
            self.header.database = name.to_vec();
        }
        let header = &mut self.header;
        for (label, field) in [
            ("Archive created at ", &mut header.created),
            ("Compression: ", &mut header.compression),
            ("Format: ", &mut header.format),
            ("Dumped from database version: ", &mut header.server_version),
            ("Dumped by pg_dump version: ", &mut header.program_version),
        ] {
            if let Some(value) = value(label) {
                *field = value;
            }
        }
    }

    /// Takes the names that the comments of a script tell, where they fit the list.
    pub fn name_exactly(&mut self, told: &[Told]) {
        let told: HashMap<u32, &Told> = told.iter().map(|one| (one.id, one)).collect();
        for entry in &mut self.entries {
            if let Some(parts) = told.get(&entry.id).and_then(|one| one.fitting(&entry.line)) {
                [entry.schema, entry.name, entry.owner] = parts.1;
                entry.kind = parts.0;
            }
        }
        // The data of a table bear its OID, and are not in a script of definitions.
        let tables: HashMap<u32, (Vec<u8>, Vec<u8>)> = self
            .entries
            .iter()
            .filter(|entry| entry.oid != 0 && entry.is_table())
            .map(|entry| (entry.oid, (entry.schema.clone(), entry.name.clone())))
            .collect();
        for entry in self.entries.iter_mut().filter(|entry| entry.kind == "TABLE DATA") {
            if let Some((schema, name)) = tables.get(&entry.oid) {
                (entry.schema, entry.name) = (schema.clone(), name.clone());
            }
        }
    }

    /// The entry of this number.
    pub fn entry(&self, id: u32) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }
}

impl Entry {
    /// Whether it makes what may have rows.
    pub fn is_table(&self) -> bool {
        matches!(self.kind.as_str(), "TABLE" | "FOREIGN TABLE" | "MATERIALIZED VIEW")
    }

    /// `schema.name`, as it is shown.
    pub fn shown(&self) -> String {
        let name = String::from_utf8_lossy(&self.name);
        if self.schema.is_empty() {
            return name.into_owned();
        }
        format!("{}.{name}", String::from_utf8_lossy(&self.schema))
    }
}

/// `222; 1259 16387 TABLE public t postgres`
fn entry(line: &[u8]) -> Option<Entry> {
    let end = memchr::memchr(b';', line)?;
    let id = std::str::from_utf8(&line[..end]).ok()?.parse().ok()?;
    let rest = line[end + 1..].strip_prefix(b" ")?;
    let mut fields = rest.splitn(3, |&byte| byte == b' ');
    fields.next()?;
    let oid = std::str::from_utf8(fields.next()?).ok()?.parse().ok()?;
    let text = fields.next()?;
    let begins = |kind: &&&str| {
        text.strip_prefix(kind.as_bytes()).is_some_and(|rest| rest.starts_with(b" "))
    };
    let kind = KINDS.iter().filter(begins).max_by_key(|kind| kind.len()).map_or_else(
        || {
            String::from_utf8_lossy(text.split(|&byte| byte == b' ').next().unwrap_or_default())
                .into_owned()
        },
        |kind| (*kind).to_owned(),
    );
    let behind = text.get(kind.len() + 1..).unwrap_or_default();
    let schema_end = memchr::memchr(b' ', behind).unwrap_or(behind.len());
    let schema = if &behind[..schema_end] == b"-" { &b""[..] } else { &behind[..schema_end] };
    let named = behind.get(schema_end + 1..).unwrap_or_default();
    let name_end = memchr::memrchr(b' ', named).unwrap_or(named.len());
    Some(Entry {
        id,
        oid,
        kind,
        schema: schema.to_vec(),
        name: named[..name_end].to_vec(),
        owner: named.get(name_end + 1..).unwrap_or_default().to_vec(),
        needs: Vec::new(),
        line: line.to_vec(),
    })
}

/// What the comments of a script tell of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Its number.
    pub id: u32,
    /// `x; Type: TABLE; Schema: public; Owner: postgres`
    pub text: Vec<u8>,
}

/// What stands between the parts of such a comment.
const BETWEEN: [&[u8]; 3] = [b"; Type: ", b"; Schema: ", b"; Owner: "];

impl Told {
    /// The parts, divided so that they make the list's line: kind; schema, name, owner.
    fn fitting(&self, line: &[u8]) -> Option<(String, [Vec<u8>; 3])> {
        let all = |between: &[u8]| -> Vec<usize> {
            memchr::memmem::find_iter(&self.text, between).collect()
        };
        let [types, schemas, owners] = BETWEEN.map(all);
        for (&kind_at, &schema_at, &owner_at) in owners.iter().rev().flat_map(|owner| {
            let types = &types;
            schemas
                .iter()
                .rev()
                .flat_map(move |schema| types.iter().rev().map(move |kind| (kind, schema, owner)))
        }) {
            let part =
                |from: usize, between: &[u8], to: usize| self.text.get(from + between.len()..to);
            let (Some(kind), Some(schema), Some(owner)) = (
                part(kind_at, BETWEEN[0], schema_at),
                part(schema_at, BETWEEN[1], owner_at),
                part(owner_at, BETWEEN[2], self.text.len()),
            ) else {
                continue;
            };
            let name = &self.text[..kind_at];
            let listed_owner = if owner == b"-" { b"" } else { owner };
            let listed = [kind, b" ", schema, b" ", name, b" ", listed_owner].concat();
            if line.ends_with(&listed) {
                let schema = if schema == b"-" { b"" } else { schema };
                let parts = [schema.to_vec(), name.to_vec(), listed_owner.to_vec()];
                return Some((String::from_utf8_lossy(kind).into_owned(), parts));
            }
        }
        None
    }
}

/// An entry's parts as a script without numbers tells them: kind, schema, name, owner.
pub fn parts(text: &[u8]) -> Option<(String, [Vec<u8>; 3])> {
    let [kind_at, schema_at, owner_at] =
        BETWEEN.map(|between| memchr::memmem::rfind(text, between));
    let (kind_at, schema_at, owner_at) = (kind_at?, schema_at?, owner_at?);
    let part = |from: usize, between: &[u8], to: usize| {
        let part = text.get(from + between.len()..to)?;
        Some(if part == b"-" { Vec::new() } else { part.to_vec() })
    };
    let kind = part(kind_at, BETWEEN[0], schema_at)?;
    let schema = part(schema_at, BETWEEN[1], owner_at)?;
    let owner_end = memchr::memmem::rfind(text, b"; Tablespace: ").filter(|at| *at > owner_at);
    let owner = part(owner_at, BETWEEN[2], owner_end.unwrap_or(text.len()))?;
    Some((String::from_utf8_lossy(&kind).into_owned(), [schema, text[..kind_at].to_vec(), owner]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\
;
; Archive created at 2026-11-27 10:51:02 UTC
;     dbname: src
;     TOC Entries: 32
;     Compression: gzip
;     Format: CUSTOM
;     Dumped from database version: 18.6
;     Dumped by pg_dump version: 17.2
;
; Selected TOC Entries:
;
7; 2615 16385 SCHEMA - My Schema postgres
2; 3079 16416 EXTENSION - hstore 
223; 1259 16396 TABLE My Schema Odd \"t; Type: X nl postgres
;\tdepends on: 7
2696; 0 16396 TABLE DATA My Schema Odd \"t; Type: X nl postgres
;\tdepends on: 223
2707; 0 0 COMMENT - EXTENSION hstore 
2541; 2606 16395 CONSTRAINT public t t_pkey postgres
;\tdepends on: 222 223
";

    fn names(toc: &Toc) -> Vec<String> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let entry = |e: &Entry| {
            format!(
                "{}|{}|{}|{}|{}|{:?}",
                e.id,
                e.kind,
                text(&e.schema),
                text(&e.name),
                text(&e.owner),
                e.needs
            )
        };
        toc.entries.iter().map(entry).collect()
    }

    #[test]
    fn a_list() {
        let mut toc = Toc::parse(LIST.as_bytes());
        let header = &toc.header;
        assert_eq!(header.created, "2026-11-27 10:51:02 UTC");
        assert_eq!((header.compression.as_str(), &header.database[..]), ("gzip", &b"src"[..]));
        assert_eq!(
            (header.server_version.as_str(), header.program_version.as_str()),
            ("18.6", "17.2")
        );
        let told = |id, text: &str| Told { id, text: text.as_bytes().to_vec() };
        toc.name_exactly(&[
            told(7, "My Schema; Type: SCHEMA; Schema: -; Owner: postgres"),
            told(2, "hstore; Type: EXTENSION; Schema: -; Owner: -"),
            told(223, "Odd \"t; Type: X nl; Type: TABLE; Schema: My Schema; Owner: postgres"),
        ]);
        assert_eq!(
            names(&toc),
            [
                "7|SCHEMA||My Schema|postgres|[]",
                "2|EXTENSION||hstore||[]",
                "223|TABLE|My Schema|Odd \"t; Type: X nl|postgres|[7]",
                "2696|TABLE DATA|My Schema|Odd \"t; Type: X nl|Schema Odd \"t; Type: X nl postgres|[223]",
                "2707|COMMENT||EXTENSION hstore||[]",
                "2541|CONSTRAINT|public|t t_pkey|postgres|[222, 223]",
            ]
            .map(|line| line.replace("|Schema Odd \"t; Type: X nl postgres|", "|postgres|"))
        );
    }

    #[test]
    fn parts_of_comments() {
        let (kind, [schema, name, owner]) =
            parts(b"a; b; Type: TABLE DATA; Schema: -; Owner: x; Tablespace: y").expect("parts");
        assert_eq!(
            (kind.as_str(), &schema[..], &name[..], &owner[..]),
            ("TABLE DATA", &b""[..], &b"a; b"[..], &b"x"[..])
        );
        assert_eq!(parts(b"PostgreSQL database dump"), None);
    }
}
