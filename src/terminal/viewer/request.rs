//! What the viewer asks of the shell that opened it.

use crate::result_view::TableSource;

/// How rows are copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyFormat {
    /// The value as it is.
    Value,
    /// As an aligned table.
    Text,
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
    /// INSERT statements.
    Insert,
    /// A table of Markdown.
    Markdown,
}

/// The formats, each with its key and its name.
pub const FORMATS: &[(char, CopyFormat, &str)] = &[
    ('v', CopyFormat::Value, "value"),
    ('t', CopyFormat::Text, "text"),
    ('c', CopyFormat::Csv, "csv"),
    ('j', CopyFormat::Json, "json"),
    ('i', CopyFormat::Insert, "insert"),
    ('m', CopyFormat::Markdown, "markdown"),
];

/// What is to be copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyRequest {
    /// How.
    pub format: CopyFormat,
    /// The columns by their places in the result, in the order in which they are shown; the one of
    /// the cursor for a value.
    pub columns: Vec<usize>,
    /// The rows, by their numbers in the order of arrival.
    pub rows: Vec<u64>,
}

/// The shell, as the viewer sees it.
pub trait ViewerHost {
    /// Copies what is asked for to the clipboard; says what was done.
    ///
    /// # Errors
    /// Why it was not.
    fn copy(
        &mut self,
        source: &mut dyn TableSource,
        request: &CopyRequest,
    ) -> Result<String, String>;
}
