//! What was restored, as it is told.

use super::verify::Verified;
use crate::backup::Json;
use crate::number::counted;
use std::time::Duration;

/// A restore that is whole.
#[derive(Clone, Debug)]
pub struct Done {
    /// The dump.
    pub path: String,
    /// What was restored: `12 tables, 3 views`.
    pub objects: String,
    /// The database; none where the dump has its own.
    pub database: Option<String>,
    /// Whether it was made.
    pub is_new: bool,
    /// How many tables got rows, and how many.
    pub tables: usize,
    /// How many rows there were; none where nobody counted.
    pub rows: Option<u64>,
    /// How many warnings there were.
    pub warnings: u64,
    /// How long it took.
    pub took: Duration,
    /// What was compared.
    pub verified: Option<Verified>,
    /// What else is to be known.
    pub remarks: Vec<String>,
}

impl Done {
    /// In a sentence or more.
    pub fn text(&self) -> String {
        let Done { path, rows, tables, warnings, .. } = self;
        let into = match (&self.database, self.is_new) {
            (Some(name), true) => format!(" into the new database \"{name}\""),
            (Some(name), false) => format!(" into database \"{name}\""),
            (None, _) => String::new(),
        };
        let rows = rows.map(|rows| {
            let [rows, tables] = [counted(rows, "row"), counted(*tables as u64, "table")];
            format!(": {rows} in {tables}")
        });
        let rows = rows.unwrap_or_default();
        let mut text =
            format!("Restored \"{path}\"{into}{rows}, {:.1} s.", self.took.as_secs_f64());
        if !self.objects.is_empty() {
            text += &format!("\nIt has {}.", self.objects);
        }
        if let Some(verified) = &self.verified {
            let (tables, rows) = (verified.tables, verified.rows);
            let how = if verified.has_checksums { ", and their checksums" } else { "" };
            text +=
                &format!("\nVerified: {tables} tables have the {rows} rows that were dumped{how}.");
        }
        for remark in &self.remarks {
            text += &format!("\n{remark}");
        }
        if *warnings > 0 {
            text += &format!("\n{}, see above.", counted(*warnings, "warning"));
        }
        text
    }

    /// In a line of JSON.
    pub fn json(&self) -> String {
        let text = |text: &str| Json::Text(text.to_owned());
        let mut members = vec![("status", text("done")), ("path", text(&self.path))];
        members.extend(self.database.as_ref().map(|name| ("database", text(name))));
        members.push(("created", text(if self.is_new { "yes" } else { "no" })));
        if let Some(rows) = self.rows {
            members.push(("tables", Json::Number(self.tables as u64)));
            members.push(("rows", Json::Number(rows)));
        }
        members.push(("warnings", Json::Number(self.warnings)));
        members.push(("seconds", Json::Seconds(self.took.as_secs_f64())));
        if let Some(verified) = &self.verified {
            members.push(("verified_tables", Json::Number(verified.tables as u64)));
            members.push(("verified_rows", Json::Number(verified.rows)));
            let how = if verified.has_checksums { "checksums" } else { "counts" };
            members.push(("verified_by", text(how)));
        }
        Json::Object(members).text()
    }
}
