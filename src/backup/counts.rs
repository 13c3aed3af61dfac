//! The numbers of rows that a dump has, and a sum over each table's rows: counted in the dump's own snapshot
//! and kept in a file beside it, with which what is restored can be compared.
//!
//! The file is one object of JSON, so that a server can read it:
//! `{"database": ..., "server_version": ..., "tables": [{"schema": ..., "table": ..., "rows": ...,
//! "checksum": ...}, ...]}`.

use super::failure::Failure;
use super::json::Json;
use super::queries;
use super::side_session::{SideSession, number, text};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What the name of the file ends with, behind the dump's.
const ENDING: &str = ".counts.json";

/// A table's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    schema: String,
    table: String,
    rows: u64,
    /// A sum that does not depend on the order of the rows.
    checksum: String,
}

impl Count {
    /// The sum over its rows.
    pub fn checksum(&self) -> &str {
        &self.checksum
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }
}

/// The file beside a dump.
pub fn file(dump: &Path) -> PathBuf {
    let mut name = OsString::from(dump);
    name.push(ENDING);
    PathBuf::from(name)
}

/// Counts the rows of a table as the session's transaction sees it.
///
/// # Errors
/// The server refuses, or Ctrl-C.
pub fn count(session: &mut SideSession, schema: &[u8], table: &[u8]) -> Result<Count, Failure> {
    let query = queries::count(schema, table, session.encoding());
    let counted = session.ask_row(&query)?;
    let name = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    Ok(Count {
        schema: name(schema),
        table: name(table),
        rows: number(&counted, 0),
        checksum: text(&counted, 1),
    })
}

/// The text of the file.
pub fn text_of_file(database: &[u8], server_version: &str, counts: &[Count]) -> String {
    let tables = counts.iter().map(|count| {
        Json::Object(vec![
            ("schema", Json::Text(count.schema.clone())),
            ("table", Json::Text(count.table.clone())),
            ("rows", Json::Number(count.rows)),
            ("checksum", Json::Text(count.checksum.clone())),
        ])
    });
    let object = Json::Object(vec![
        ("database", Json::Text(String::from_utf8_lossy(database).into_owned())),
        ("server_version", Json::Text(server_version.to_owned())),
        ("tables", Json::List(tables.collect())),
    ]);
    object.text() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_beside_a_dump() {
        assert_eq!(file(Path::new("/b/x.dump")), Path::new("/b/x.dump.counts.json"));
        let (schema, table, checksum) = ("s".to_owned(), "t\"".to_owned(), "-12".to_owned());
        let counts = [Count { schema, table, rows: 3, checksum }];
        let text = text_of_file(b"app", "18.6", &counts);
        let tables = r#"[{"schema":"s","table":"t\"","rows":3,"checksum":"-12"}]"#;
        assert_eq!(
            text,
            format!("{{\"database\":\"app\",\"server_version\":\"18.6\",\"tables\":{tables}}}\n")
        );
    }
}
