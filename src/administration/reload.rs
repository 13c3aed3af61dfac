//! What a user is told behind ALTER SYSTEM and a reload: what is in force, what waits for a restart,
//! and what the server refused.

use crate::catalog_query::{CatalogQuery, literal};
use crate::encoding::Encoding;
use crate::print::{Row, RowBuffer};
use std::time::Duration;

/// A statement that changes the server's files, or has them read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Configuration {
    /// ALTER SYSTEM SET or RESET of a setting.
    Written(String),
    /// ALTER SYSTEM RESET ALL.
    AllReset,
    /// `pg_reload_conf()`.
    Reloaded,
}

impl Configuration {
    /// What a statement does to the configuration, if it does something.
    pub fn of(statement: &[u8]) -> Option<Configuration> {
        // Most statements begin otherwise, and may be long.
        let begins = |word: &[u8]| {
            let first = statement.trim_ascii_start().get(..word.len());
            first.is_some_and(|first| first.eq_ignore_ascii_case(word))
        };
        if begins(b"select") {
            let text = statement.to_ascii_lowercase();
            let calls = memchr::memmem::find(&text, b"pg_reload_conf()").is_some();
            return calls.then_some(Configuration::Reloaded);
        }
        begins(b"alter").then(|| Configuration::altered(&String::from_utf8_lossy(statement)))?
    }

    /// What a statement that begins with ALTER does to it.
    fn altered(text: &str) -> Option<Configuration> {
        let spaced = text.replace('=', " = ").replace(';', " ");
        let mut words = spaced.split_whitespace().skip(1);
        if !words.next()?.eq_ignore_ascii_case("system") {
            return None;
        }
        let verb = words.next()?.to_ascii_lowercase();
        let name = words.next()?.trim_matches('"').to_ascii_lowercase();
        match verb.as_str() {
            "reset" if name == "all" => Some(Configuration::AllReset),
            "set" | "reset" => Some(Configuration::Written(name)),
            _ => None,
        }
    }

    /// The question about the settings it concerns: name, value, context, and the value that waits
    /// for a restart, if one may see that. Of a reload also whether the server has read its files.
    pub fn question(&self) -> CatalogQuery {
        let which = match self {
            Configuration::Written(name) => {
                let name = literal(name.as_bytes(), Encoding::Utf8);
                let name = String::from_utf8_lossy(&name).into_owned();
                format!("pg_catalog.lower(s.name) = {name}")
            }
            Configuration::AllReset | Configuration::Reloaded => "s.pending_restart".to_owned(),
        };
        let sql = format!(
            "SELECT s.name, pg_catalog.current_setting(s.name), s.context FROM pg_catalog.pg_settings s \
             WHERE {which} ORDER BY s.name"
        );
        CatalogQuery::new(sql, Encoding::Utf8)
    }

    /// Whether the answering process has read the files within this time, and when it has.
    pub fn has_reloaded(within: Duration) -> CatalogQuery {
        let within = within.as_millis();
        let sql = format!(
            "SELECT pg_catalog.clock_timestamp() - pg_catalog.pg_conf_load_time() < \
             '{within} ms'::pg_catalog.interval, pg_catalog.pg_conf_load_time()"
        );
        CatalogQuery::new(sql, Encoding::Utf8)
    }

    /// What the server refused: name, file, line, why. Only some roles may ask.
    pub fn refused() -> CatalogQuery {
        let sql = "SELECT f.name, f.sourcefile, f.sourceline, f.error FROM \
                   pg_catalog.pg_file_settings f WHERE f.error IS NOT NULL AND NOT EXISTS (SELECT 1 \
                   FROM pg_catalog.pg_settings s WHERE s.pending_restart AND pg_catalog.lower(s.name) \
                   = pg_catalog.lower(f.name)) ORDER BY f.seqno";
        CatalogQuery::new(sql, Encoding::Utf8)
    }

    /// What is said of the answer, `refused` the answer to the other question if there was one.
    pub fn words(&self, found: &RowBuffer, refused: Option<&RowBuffer>) -> Vec<String> {
        match self {
            Configuration::Written(_) => found.iter().map(written).collect(),
            Configuration::AllReset => {
                vec![
                    "SELECT pg_reload_conf() brings what is left in the files into force."
                        .to_owned(),
                ]
            }
            Configuration::Reloaded => reloaded(found, refused),
        }
    }
}

fn cell(row: Row<'_>, at: usize) -> String {
    String::from_utf8_lossy(row.get(at).unwrap_or_default()).into_owned()
}

fn written(row: Row<'_>) -> String {
    let (name, value) = (cell(row, 0), cell(row, 1));
    let now = format!("until then {name} is {value} here");
    match cell(row, 2).as_str() {
        "postmaster" => format!("In force after a restart of the server; {now}."),
        "backend" | "superuser-backend" => {
            format!(
                "SELECT pg_reload_conf() brings it into force, for new connections alone; {now}."
            )
        }
        _ => format!("SELECT pg_reload_conf() brings it into force; {now}."),
    }
}

fn reloaded(pending: &RowBuffer, refused: Option<&RowBuffer>) -> Vec<String> {
    let mut lines = Vec::new();
    if !pending.is_empty() {
        let names: Vec<String> =
            pending.iter().map(|row| format!("{} (now {})", cell(row, 0), cell(row, 1))).collect();
        lines.push(format!("Waits for a restart: {}. \\settings -pending", names.join(", ")));
    }
    for row in refused.into_iter().flat_map(RowBuffer::iter) {
        lines.push(format!(
            "Refused: {} in {}:{}: {}.",
            cell(row, 0),
            cell(row, 1),
            cell(row, 2),
            cell(row, 3)
        ));
    }
    if lines.is_empty() {
        lines.push(match refused {
            Some(_) => "Reloaded: nothing waits for a restart, nothing was refused.".to_owned(),
            None => "Reloaded: nothing waits for a restart.".to_owned(),
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements() {
        let written = |name: &str| Some(Configuration::Written(name.to_owned()));
        for (statement, expected) in [
            ("ALTER SYSTEM SET work_mem='4MB'", written("work_mem")),
            ("alter system set \"Work_Mem\" to 8", written("work_mem")),
            ("alter system\nreset a.b;", written("a.b")),
            ("alter system reset all;", Some(Configuration::AllReset)),
            ("select pg_reload_conf();", Some(Configuration::Reloaded)),
            ("  SELECT pg_catalog.pg_reload_conf()", Some(Configuration::Reloaded)),
            ("alter table system set (x = 1)", None),
            ("alter system", None),
            ("select 1", None),
            ("insert into t values ('pg_reload_conf()')", None),
            ("é", None),
        ] {
            assert_eq!(Configuration::of(statement.as_bytes()), expected, "{statement}");
        }
    }

    fn rows(rows: &[&[&str]]) -> RowBuffer {
        let mut buffer = RowBuffer::default();
        rows.iter().for_each(|row| buffer.push(row.iter().map(|cell| Some(cell.as_bytes()))));
        buffer
    }

    #[test]
    fn words() {
        let one = Configuration::Written("x".to_owned());
        let said = |context| one.words(&rows(&[&["x", "5", context]]), None).join("|");
        assert!(said("postmaster").starts_with("In force after a restart"));
        assert!(said("backend").contains("new connections alone; until then x is 5 here."));
        assert!(said("sighup").starts_with("SELECT pg_reload_conf() brings it into force; until"));
        let none = rows(&[]);
        let reloaded = |found: &RowBuffer, refused: Option<&RowBuffer>| {
            Configuration::Reloaded.words(found, refused).join("|")
        };
        assert!(reloaded(&none, Some(&none)).ends_with("nothing was refused."));
        assert!(reloaded(&none, None).ends_with("for a restart."));
        let pending = rows(&[&["a", "1", "postmaster"], &["b", "2", "postmaster"]]);
        let refused = rows(&[&["c", "/f", "7", "odd"]]);
        assert_eq!(
            reloaded(&pending, Some(&refused)),
            "Waits for a restart: a (now 1), b (now 2). \\settings -pending|Refused: c in /f:7: odd."
        );
    }
}
