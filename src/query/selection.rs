//! Which columns and rows of a result are wanted.

use crate::connection::{ResultSet, RowStore};
use crate::print::{Row, Rows};
use crate::session::Field;
use crate::wildcard::{self, Glyph};
use regex_lite::{Regex, RegexBuilder};
use std::io;

/// Columns by name, rows by what stands in them; all of them where nothing is said.
#[derive(Debug, Default)]
pub struct Selection {
    columns: Vec<String>,
    row: Option<Regex>,
}

impl Selection {
    /// Wants the columns that these names, comma-separated, fit, in that order: `*` stands for
    /// anything, `?` for a character, upper and lower case are alike.
    pub fn choose_columns(&mut self, names: &[u8]) {
        let names = String::from_utf8_lossy(names).into_owned();
        self.columns.extend(names.split(',').map(|name| name.trim().to_owned()));
    }

    /// Wants the rows of which a value matches a regular expression. Upper and lower case are alike
    /// unless it has a capital letter.
    ///
    /// # Errors
    /// It is no regular expression.
    pub fn choose_rows(&mut self, expression: &str) -> Result<(), String> {
        let any_case = !expression.chars().any(char::is_uppercase);
        let built = RegexBuilder::new(expression).case_insensitive(any_case).build();
        self.row = Some(built.map_err(|error| error.to_string())?);
        Ok(())
    }

    /// Whether everything is wanted.
    pub fn is_all(&self) -> bool {
        self.columns.is_empty() && self.row.is_none()
    }

    /// The part of a result that is wanted.
    ///
    /// # Errors
    /// No column fits a name, or rows could not be read or kept.
    pub fn of(&self, set: &mut ResultSet) -> Result<ResultSet, Unfit> {
        let columns = self.positions(&set.fields)?;
        let fields = columns.iter().map(|at| set.fields[*at].clone()).collect();
        let mut rows = RowStore::default();
        set.rows.rewind().map_err(Unfit::Rows)?;
        let mut body = Vec::new();
        while let Some(row) = set.rows.next().map_err(Unfit::Rows)? {
            if self.wants(row) {
                row.project(&columns, &mut body);
                rows.push(&body).map_err(Unfit::Rows)?;
            }
        }
        Ok(ResultSet { fields, rows, tag: Vec::new() })
    }

    fn positions(&self, fields: &[Field]) -> Result<Vec<usize>, Unfit> {
        if self.columns.is_empty() {
            return Ok((0..fields.len()).collect());
        }
        let names: Vec<String> =
            fields.iter().map(|field| String::from_utf8_lossy(&field.name).into_owned()).collect();
        let mut positions = Vec::new();
        for wanted in &self.columns {
            let before = positions.len();
            let fitting = (0..names.len()).filter(|at| fits(wanted, &names[*at]));
            positions.extend(fitting);
            if positions.len() == before {
                return Err(Unfit::NoColumn { wanted: wanted.clone(), there: names });
            }
        }
        Ok(positions)
    }

    fn wants(&self, row: Row<'_>) -> bool {
        let Some(wanted) = &self.row else { return true };
        row.cells().flatten().any(|value| wanted.is_match(&String::from_utf8_lossy(value)))
    }
}

/// Why there is no such part of a result.
#[derive(Debug)]
pub enum Unfit {
    /// No column is called so; these are there.
    NoColumn {
        /// The name, or its pattern.
        wanted: String,
        /// The columns' names.
        there: Vec<String>,
    },
    /// Rows could not be read or kept.
    Rows(io::Error),
}

/// Whether a name is what a pattern with `*` and `?` says, whatever the case.
fn fits(pattern: &str, name: &str) -> bool {
    let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<Vec<char>>();
    let glyphs: Vec<Glyph<char>> = lower(pattern).into_iter().map(Glyph::of).collect();
    wildcard::matches(&glyphs, &lower(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_patterns() {
        for (pattern, name, expected) in [
            ("id", "ID", true),
            ("id", "id2", false),
            ("id*", "id2", true),
            ("*", "", true),
            ("", "", true),
            ("?", "", false),
            ("*name", "Customer name", true),
            ("*a*b?", "xaxxbb", true),
            ("*a*b?", "xaxxb", false),
            ("Ä?", "äb", true),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }

    fn result() -> ResultSet {
        let field = |name: &str| Field { name: name.into(), ..Field::default() };
        let mut set =
            ResultSet { fields: ["a", "b", "B2"].map(field).to_vec(), ..ResultSet::default() };
        for row in [[Some("1"), Some("Anna"), None], [Some("2"), None, Some("anchor")], [None; 3]] {
            let mut body = vec![0, 3];
            for cell in row {
                body.extend_from_slice(&cell.map_or(-1, |text| text.len() as i32).to_be_bytes());
                body.extend_from_slice(cell.unwrap_or_default().as_bytes());
            }
            set.rows.push(&body).unwrap();
        }
        set
    }

    #[test]
    fn parts_of_a_result() {
        let cases: [(&str, Option<&str>, &str, &str); 6] = [
            ("", None, "a b B2", "1|Anna|- 2|-|anchor -|-|-"),
            ("b*, A", None, "b B2 a", "Anna|-|1 -|anchor|2 -|-|-"),
            ("a,a", Some("^an"), "a a", "1|1 2|2"),
            ("", Some("An"), "a b B2", "1|Anna|-"),
            ("b", Some("^[12]$"), "b", "Anna -"),
            ("", Some("nothing"), "a b B2", ""),
        ];
        for (columns, rows, names, expected) in cases {
            let mut selection = Selection::default();
            if !columns.is_empty() {
                selection.choose_columns(columns.as_bytes());
            }
            if let Some(rows) = rows {
                selection.choose_rows(rows).unwrap();
            }
            let mut part = selection.of(&mut result()).unwrap();
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            let fields: Vec<String> = part.fields.iter().map(|field| text(&field.name)).collect();
            assert_eq!(fields.join(" "), names);
            let mut found = Vec::new();
            part.rows.rewind().unwrap();
            while let Some(row) = part.rows.next().unwrap() {
                let cells: Vec<String> =
                    row.cells().map(|cell| text(cell.unwrap_or(b"-"))).collect();
                found.push(cells.join("|"));
            }
            assert_eq!(found.join(" "), expected, "{columns} {rows:?}");
        }
        let mut selection = Selection::default();
        selection.choose_columns(b"a,c?");
        assert!(matches!(
            selection.of(&mut result()),
            Err(Unfit::NoColumn { wanted, there }) if wanted == "c?" && there.len() == 3
        ));
        assert!(Selection::default().choose_rows("(").is_err());
    }
}
