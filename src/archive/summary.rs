//! What a script holds, found by reading it.
//!
//! Both the scripts of `pg_dump` and `pg_dumpall` and those that `pg_restore` makes of an archive's
//! definitions: objects by kind, rows by table, and what the target of a restore must have.

use super::name;
use super::script::Part;
use super::toc::{self, Told};
use crate::catalog_query::identifier;
use std::collections::{BTreeMap, BTreeSet};

/// The rows of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRows {
    /// Its schema; empty where the script names none.
    pub schema: Vec<u8>,
    /// Its name.
    pub name: Vec<u8>,
    /// How many rows.
    pub rows: u64,
    /// How many bytes of text they are.
    pub bytes: u64,
}

/// What a script holds.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The server it was made from.
    pub server_version: Option<String>,
    /// The `pg_dump` that made it.
    pub program_version: Option<String>,
    /// When it was begun, where that is told.
    pub started: Option<String>,
    /// The encoding of its text.
    pub encoding: Option<String>,
    /// Objects by kind.
    pub objects: BTreeMap<String, u64>,
    /// Tables in the order in which their rows come.
    pub tables: Vec<TableRows>,
    /// The tables it makes: schema, name.
    pub new_tables: Vec<(Vec<u8>, Vec<u8>)>,
    /// The extensions it makes.
    pub extensions: BTreeSet<Vec<u8>>,
    /// The roles it makes.
    pub new_roles: BTreeSet<Vec<u8>>,
    /// The roles it needs: owners, and those who get privileges.
    pub roles: BTreeSet<Vec<u8>>,
    /// The tablespaces it makes.
    pub new_tablespaces: BTreeSet<Vec<u8>>,
    /// The tablespaces it needs.
    pub tablespaces: BTreeSet<Vec<u8>>,
    /// The databases it makes or connects to.
    pub databases: Vec<Vec<u8>>,
    /// The statement that makes the database.
    pub create_database: Option<Vec<u8>>,
    /// The owner of the database, where that is told.
    pub database_owner: Option<Vec<u8>>,
    /// Its entries as the comments tell them, where those have numbers.
    pub told: Vec<Told>,
    /// Commands of psql's that no dump has, with the first of each name.
    pub commands: Vec<Vec<u8>>,
    /// How many statements there are.
    pub statements: u64,
    /// Whether it brings statistics for the planner.
    pub has_statistics: bool,
    /// Whether a comment says that it is complete.
    pub is_complete: bool,
    number: Option<u32>,
}

/// The commands of psql's that dumps have.
const OF_DUMPS: [&[u8]; 5] = [b"\\connect", b"\\encoding", b"\\restrict", b"\\unrestrict", b"\\."];

impl Summary {
    /// The statements that give the planner its statistics of the tables that were made or filled; none
    /// where the script brings them.
    pub fn analyze(&self) -> Vec<u8> {
        let filled = self.tables.iter().map(|table| (&table.schema, &table.name));
        let made = self.new_tables.iter().map(|(schema, name)| (schema, name));
        let tables: BTreeSet<_> = filled.chain(made).filter(|_| !self.has_statistics).collect();
        let mut statements = Vec::new();
        for (schema, name) in tables {
            let schema = if schema.is_empty() {
                Vec::new()
            } else {
                [&identifier(schema)[..], b"."].concat()
            };
            statements.extend([b"ANALYZE ", &schema[..], &identifier(name), b";\n"].concat());
        }
        statements
    }

    /// Takes the next part of the script.
    pub fn take(&mut self, part: Part<'_>) {
        match part {
            Part::Comment(text) => self.comment(text.trim_ascii()),
            Part::Backslash(text) => self.backslash(text),
            Part::Statement(text) => self.statement(text),
            Part::Copy(text) => {
                self.statements += 1;
                let found = text.get(b"COPY ".len()..).and_then(name::qualified);
                if let Some((schema, name, _)) = found {
                    self.tables.push(TableRows { schema, name, rows: 0, bytes: 0 });
                }
            }
            Part::Row(length) => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows += 1;
                    table.bytes += length;
                }
            }
        }
    }

    fn comment(&mut self, text: &[u8]) {
        let value = |label: &str| {
            let value = text.strip_prefix(label.as_bytes())?;
            Some(String::from_utf8_lossy(value).into_owned())
        };
        if let Some(version) = value("Dumped from database version ") {
            self.server_version = Some(version);
        } else if let Some(version) = value("Dumped by pg_dump version ") {
            self.program_version = Some(version);
        } else if let Some(time) = value("Started on ") {
            self.started.get_or_insert(time);
        } else if let Some(entry) = value("TOC entry ") {
            self.number = entry.split(' ').next().and_then(|number| number.parse().ok());
        } else if text.starts_with(b"PostgreSQL database ") && text.ends_with(b"dump complete") {
            self.is_complete = true;
        } else {
            let (label, is_data) = match text.strip_prefix(b"Data for Name: ") {
                Some(rest) => (Some(rest), true),
                None => (text.strip_prefix(b"Name: "), false),
            };
            if let Some(text) = label {
                self.entry(text, is_data);
            }
        }
    }

    fn entry(&mut self, text: &[u8], is_data: bool) {
        if let Some(id) = self.number.take() {
            self.told.push(Told { id, text: text.to_vec() });
        }
        let Some((kind, [_, _, owner])) = toc::parts(text) else { return };
        if kind == "DATABASE" && !owner.is_empty() {
            self.database_owner = Some(owner.clone());
        }
        if !owner.is_empty() {
            self.roles.insert(owner);
        }
        if !is_data {
            *self.objects.entry(kind).or_default() += 1;
        }
    }

    fn backslash(&mut self, text: &[u8]) {
        let mut words = text.splitn(2, |byte| byte.is_ascii_whitespace());
        let command = words.next().unwrap_or_default();
        // A second command on the line, or one of the system's in its argument.
        let is_more = text[1..].iter().any(|byte| matches!(byte, b'\\' | b'`'));
        let mut shown = (is_more || !OF_DUMPS.contains(&command)).then_some(command);
        if command == b"\\connect" {
            match database(words.next().unwrap_or_default().trim_ascii()) {
                Some(name) if !self.databases.contains(&name) => self.databases.push(name),
                Some(_) => {}
                // It may lead to another server, which would be given the password.
                None => shown = Some(text),
            }
        }
        if let Some(shown) = shown.filter(|shown| !self.commands.iter().any(|known| known == shown))
        {
            self.commands.push(shown.to_vec());
        }
    }

    fn statement(&mut self, text: &[u8]) {
        self.statements += 1;
        let behind = |prefix: &str| text.strip_prefix(prefix.as_bytes());
        let first = |rest: &[u8]| name::identifier(rest).map(|(name, _)| name);
        if let Some(rest) = behind("CREATE EXTENSION ") {
            let rest = rest.strip_prefix(b"IF NOT EXISTS ").unwrap_or(rest);
            self.extensions.extend(first(rest));
        } else if let Some(rest) = behind("CREATE TABLE ") {
            let found = name::qualified(rest).map(|(schema, name, _)| (schema, name));
            self.new_tables.extend(found);
        } else if let Some(rest) = behind("CREATE ROLE ") {
            self.new_roles.extend(first(rest));
        } else if let Some(rest) = behind("CREATE TABLESPACE ") {
            self.new_tablespaces.extend(first(rest));
        } else if let Some(rest) = behind("CREATE DATABASE ") {
            self.create_database = Some(text.to_vec());
            if let Some(name) = first(rest).filter(|name| !self.databases.contains(name)) {
                self.databases.push(name);
            }
        } else if let Some(rest) = behind("SET default_tablespace = ") {
            self.tablespaces.extend(first(rest).filter(|name| !name.is_empty()));
        } else if let Some(rest) = behind("SET client_encoding = '") {
            let end = memchr::memchr(b'\'', rest).unwrap_or(rest.len());
            self.encoding = Some(String::from_utf8_lossy(&rest[..end]).into_owned());
        } else if behind("GRANT ").is_some() {
            self.grant(text);
        } else if let Some(rest) = behind("INSERT INTO ") {
            self.insert(rest);
        } else if text.starts_with(b"SELECT * FROM pg_catalog.pg_restore_") {
            self.has_statistics = true;
        } else if let Some(at) =
            memchr::memmem::rfind(text, b" OWNER TO ").filter(|_| behind("ALTER ").is_some())
        {
            self.roles.extend(first(&text[at + b" OWNER TO ".len()..]));
        }
    }

    /// `GRANT ... TO role`, where the role is one.
    fn grant(&mut self, text: &[u8]) {
        let Some(at) = memchr::memmem::rfind(text, b" TO ") else { return };
        let rest = &text[at + b" TO ".len()..];
        if let Some((name, _)) = name::identifier(rest).filter(|_| !rest.starts_with(b"PUBLIC")) {
            self.roles.insert(name);
        }
    }

    /// A row of `pg_dump --inserts`; those of `--rows-per-insert` are counted as one.
    fn insert(&mut self, rest: &[u8]) {
        let Some((schema, name, rest)) = name::qualified(rest) else { return };
        let bytes = rest.len() as u64;
        match self.tables.last_mut().filter(|last| last.schema == schema && last.name == name) {
            Some(last) => {
                last.rows += 1;
                last.bytes += bytes;
            }
            None => self.tables.push(TableRows { schema, name, rows: 1, bytes }),
        }
    }

    /// The roles it needs and does not make.
    pub fn needed_roles(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.roles.difference(&self.new_roles)
    }

    /// The tablespaces it needs and does not make.
    pub fn needed_tablespaces(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.tablespaces.difference(&self.new_tablespaces)
    }
}

/// The database that a `\connect` of a dump's names and nothing else: by its name, or by a connection string.
fn database(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.strip_prefix(b"-reuse-previous=on ").unwrap_or(text);
    let (name, _) = name::identifier(text).filter(|(_, rest)| rest.is_empty())?;
    let is_string = name.contains(&b'=') || name.windows(3).any(|part| part == b"://");
    if !is_string {
        return Some(name);
    }
    let value = name.strip_prefix(b"dbname='")?.strip_suffix(b"'")?;
    (!value.contains(&b'\'')).then(|| value.to_vec())
}

#[cfg(test)]
mod tests {
    use super::super::script::ScriptReader;
    use super::*;

    fn summary(script: &str) -> Summary {
        let mut found = Summary::default();
        let mut reader = ScriptReader::new(Vec::new());
        let mut tell = |part: Part<'_>| found.take(part);
        reader.take(script.as_bytes(), &mut Vec::new(), &mut tell);
        reader.finish(&mut Vec::new(), &mut tell);
        found
    }

    #[test]
    fn where_a_script_connects_to() {
        for (text, expected) in [
            ("src", Some("src")),
            ("\"Big src\"", Some("Big src")),
            ("-reuse-previous=on \"dbname='a=b c'\"", Some("a=b c")),
            ("\"dbname='x' host='there'\"", None),
            ("\"host=there\"", None),
            ("\"postgresql://there/x\"", None),
            ("x user there", None),
            ("'host=there'", None),
            (":HOST", None),
            ("", None),
        ] {
            let found = database(text.as_bytes());
            assert_eq!(found, expected.map(|name| name.as_bytes().to_vec()), "{text}");
        }
    }

    #[test]
    fn a_script() {
        let found = summary(
            "--\n-- PostgreSQL database dump\n--\n\n\\restrict x\n\n-- Dumped from database version 15.3\n\
             -- Dumped by pg_dump version 18.6\n\nSET client_encoding = 'UTF8';\n\
             --\n-- Name: hstore; Type: EXTENSION; Schema: -; Owner: -\n--\n\n\
             CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;\n\
             SET default_tablespace = fast;\nSET default_tablespace = '';\n\
             -- Name: t; Type: TABLE; Schema: public; Owner: app; Tablespace: fast\n\
             CREATE TABLE public.t (x text DEFAULT '; -- Name: y; Type: TABLE; Schema: -; Owner: -');\n\
             ALTER TABLE public.t OWNER TO app;\n\
             -- Data for Name: t; Type: TABLE DATA; Schema: public; Owner: app\n\
             COPY public.t (x) FROM stdin;\nab\nc\n\\.\nCOPY \"O.o\".\"x\"\"\" (x) FROM stdin;\n\\.\n\
             INSERT INTO public.i VALUES (1, ';');\nINSERT INTO public.i VALUES (2, 'x');\n\
             GRANT SELECT ON TABLE public.t TO \"Bob\";\nGRANT ALL ON SCHEMA public TO PUBLIC;\n\\! ls\n\\! rm\n\
             SELECT * FROM pg_catalog.pg_restore_relation_stats('a');\n\
             -- PostgreSQL database dump complete\n",
        );
        assert_eq!(found.server_version.as_deref(), Some("15.3"));
        assert_eq!(found.program_version.as_deref(), Some("18.6"));
        assert_eq!(found.encoding.as_deref(), Some("UTF8"));
        let names = |set: &BTreeSet<Vec<u8>>| {
            set.iter()
                .map(|name| String::from_utf8_lossy(name).into_owned())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(names(&found.extensions), "hstore");
        assert_eq!(names(&found.roles), "Bob app");
        assert_eq!(names(&found.tablespaces), "fast");
        let objects: Vec<_> =
            found.objects.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        assert_eq!(objects, ["EXTENSION 1", "TABLE 1"]);
        let tables: Vec<_> =
            found.tables.iter().map(|t| (&t.schema[..], &t.name[..], t.rows, t.bytes)).collect();
        assert_eq!(
            tables,
            [(&b"public"[..], &b"t"[..], 2, 5), (b"O.o", b"x\"", 0, 0), (b"public", b"i", 2, 32)]
        );
        assert_eq!(found.commands, [b"\\!".to_vec()]);
        assert_eq!(found.new_tables, [(b"public".to_vec(), b"t".to_vec())]);
        assert!(found.is_complete && found.has_statistics);
    }

    #[test]
    fn a_script_of_a_cluster() {
        let found = summary(
            "CREATE ROLE bob;\nCREATE TABLESPACE fast OWNER bob LOCATION '/x';\n\\connect template1\n\
             CREATE DATABASE src WITH TEMPLATE = template0;\nALTER DATABASE src OWNER TO bob;\n\\connect src\n\
             \\connect -reuse-previous=on \"dbname='a b'\"\n",
        );
        assert_eq!(found.databases, [b"template1".to_vec(), b"src".to_vec(), b"a b".to_vec()]);
        assert_eq!(found.needed_roles().count() + found.needed_tablespaces().count(), 0);
    }
}
