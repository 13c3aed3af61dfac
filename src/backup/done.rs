//! What was backed up, as it is told.

use super::json::Json;
use crate::progress::size;
use std::path::PathBuf;
use std::time::Duration;

/// A backup that is whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// `database "app"`, `all databases`
    pub subject: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it is like: `custom`, `plain`.
    pub format: &'static str,
    /// How long it took.
    pub took: Duration,
    /// How many bytes it has.
    pub bytes: u64,
    /// The program that made it.
    pub tool: String,
    /// The server's version.
    pub server: String,
    /// What was proven, as sentences.
    pub proven: Vec<String>,
    /// The file that has the numbers of rows, with how many rows it counts.
    pub counts: Option<(PathBuf, u64)>,
}

impl Done {
    /// In a sentence or two.
    pub fn text(&self) -> String {
        let Done { subject, path, format, took, bytes, tool, .. } = self;
        let (seconds, size) = (took.as_secs_f64(), size(*bytes));
        let path = path.display();
        let mut text = format!(
            "Backed up {subject} to \"{path}\": {size} in {seconds:.1} s ({tool}, {format})."
        );
        for sentence in &self.proven {
            text += &format!("\n{sentence}");
        }
        text
    }

    /// In a line of JSON.
    pub fn json(&self) -> String {
        let text = |text: &str| Json::Text(text.to_owned());
        let path = |path: &PathBuf| Json::Text(path.to_string_lossy().into_owned());
        let mut members = vec![
            ("status", text("done")),
            ("subject", text(&self.subject)),
            ("path", path(&self.path)),
            ("format", text(self.format)),
            ("bytes", Json::Number(self.bytes)),
            ("seconds", Json::Seconds(self.took.as_secs_f64())),
            ("tool", text(&self.tool)),
            ("server", text(&self.server)),
            ("proven", Json::List(self.proven.iter().map(|sentence| text(sentence)).collect())),
        ];
        if let Some((file, rows)) = &self.counts {
            members.push(("counts", path(file)));
            members.push(("rows", Json::Number(*rows)));
        }
        Json::Object(members).text()
    }
}
