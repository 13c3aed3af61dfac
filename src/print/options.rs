//! The printing options and the values they take.

use super::numeric::NumericLocale;
use super::table::Screen;
use crate::encoding::Encoding;
use crate::palette::TableColors;

/// Rows of a statement of the insert format unless it is said.
pub(super) const INSERT_BATCH: u32 = 500;

/// `\pset format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Format {
    #[default]
    Aligned,
    Asciidoc,
    Csv,
    /// Not psql's: [`Format::Aligned`], made to fit the screen where there is one.
    Fitted,
    Html,
    /// Not psql's.
    Insert,
    /// Not psql's.
    Json,
    Latex,
    LatexLongtable,
    /// Not psql's.
    Markdown,
    /// Not psql's.
    Ndjson,
    /// Not psql's, and no text.
    Parquet,
    TroffMs,
    Unaligned,
    Wrapped,
    /// Not psql's, and no text.
    Xlsx,
}

impl Format {
    /// Whether it is no text, so that a terminal must not get it; a file holds one result of it.
    pub fn is_binary(self) -> bool {
        matches!(self, Format::Parquet | Format::Xlsx)
    }

    /// Whether every byte of it is data, among which nothing else may stand.
    pub fn holds_only_data(self) -> bool {
        matches!(self, Format::Insert | Format::Json | Format::Ndjson) || self.is_binary()
    }
}

/// `\pset expanded`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Expanded {
    #[default]
    Off,
    On,
    Auto,
}

/// `\pset linestyle`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum LineStyle {
    #[default]
    Ascii,
    OldAscii,
    Unicode,
}

/// `\pset unicode_*_linestyle`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum UnicodeStyle {
    #[default]
    Single,
    Double,
}

/// `\pset xheader_width`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ExpandedHeaderWidth {
    #[default]
    Full,
    Column,
    Page,
    Exactly(i32),
}

/// What stands between fields, or records: `\pset fieldsep` and `fieldsep_zero`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Separator {
    Text(Vec<u8>),
    /// A zero byte, which no text of an option can hold.
    Zero,
}

impl Separator {
    /// What is put between.
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Separator::Text(text) => text,
            Separator::Zero => b"\0",
        }
    }
}

/// `\pset color`, which is not psql's: whether a user's tables have colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorMode {
    /// Unless the environment refuses them (NO_COLOR), or the pager may not show them.
    #[default]
    Auto,
    /// Wherever the terminal has some.
    On,
    /// Never.
    Off,
}

/// `\pset pager`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Pager {
    Off,
    #[default]
    On,
    Always,
    View,
}

/// The printing options, as `\pset` sets them (psql's documentation, "\pset").
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Options {
    pub format: Format,
    pub expanded: Expanded,
    pub border: u16,
    /// Whether a user's tables have colours. Not psql's.
    pub color: ColorMode,
    /// Target width in columns of the wrapped format and of expanded auto; none above 0 is the
    /// screen's.
    pub columns: i32,
    /// Whether a record's label widens values narrower than itself; not so in the session log of a
    /// format that has no such label.
    pub label_widens: bool,
    pub csv_field_separator: u8,
    /// What is shown for false (psql 19).
    pub display_false: Option<Vec<u8>>,
    /// The zones that timestamps are shown in; none leaves them as the server wrote them. Not psql's.
    pub display_time_zones: Vec<String>,
    /// What is shown for true (psql 19).
    pub display_true: Option<Vec<u8>>,
    /// Of the unaligned format.
    pub field_separator: Separator,
    /// Of the unaligned format.
    pub record_separator: Separator,
    /// Rows of a statement of the insert format. Not psql's.
    pub insert_batch: u32,
    /// The table that statements of the insert format are for. Not psql's.
    pub insert_table: Option<Vec<u8>>,
    /// Whether the default footer `(n rows)` is printed.
    pub footer: bool,
    pub line_style: LineStyle,
    pub null: Vec<u8>,
    pub numeric_locale: bool,
    /// How numbers are written under numericlocale.
    pub locale: NumericLocale,
    pub pager: Pager,
    pub pager_min_lines: i32,
    pub table_attributes: Option<Vec<u8>>,
    pub title: Option<Vec<u8>>,
    pub tuples_only: bool,
    pub unicode_border: UnicodeStyle,
    pub unicode_column: UnicodeStyle,
    pub unicode_header: UnicodeStyle,
    pub expanded_header_width: ExpandedHeaderWidth,
    pub encoding: Encoding,
    /// Whether a user's terminal gets the text: what that must not get is escaped before it is
    /// measured, so that columns stay straight.
    pub for_terminal: bool,
    /// The colours of headings and NULLs in tables, on a terminal that shows some.
    pub colors: Option<TableColors>,
}

impl Options {
    /// The colour of headings, if they have one.
    pub(super) fn heading_color(&self) -> Option<&'static str> {
        self.colors.map(|colors| colors.heading)
    }

    /// The colour of the text for NULL, if that can be seen and has one.
    pub(super) fn null_color(&self) -> Option<&'static str> {
        self.colors.filter(|_| !self.null.is_empty()).map(|colors| colors.null)
    }

    /// How wide the output may be, if anything limits it.
    pub(super) fn width_limit(&self, screen: Screen) -> Option<usize> {
        let wanted = u32::try_from(self.columns).ok().filter(|columns| *columns > 0);
        Some(wanted.unwrap_or(screen.columns) as usize).filter(|columns| *columns > 0)
    }

    /// Whether a table can be printed row by row to advantage: its text takes no more room than the
    /// wire's rows do and, if the table has columns, comes out the same when it is printed in parts.
    pub fn is_by_row(&self) -> bool {
        matches!(self.format, Format::Csv | Format::Unaligned) && self.expanded == Expanded::Off
    }

    /// For a table whose parts go to standard output: they shall all look the same, so automatic
    /// means expanded, however wide the rows yet to come.
    pub fn for_parts(&self) -> Options {
        let has_width = matches!(self.format, Format::Aligned | Format::Wrapped | Format::Fitted);
        let expanded = match self.expanded {
            Expanded::Auto if has_width => Expanded::On,
            expanded => expanded,
        };
        Options { expanded, ..self.clone() }
    }

    /// For the session log: whatever the format, it holds tables that can be read, a line per row
    /// unless automatic expanding finds them too wide.
    pub fn for_log(&self) -> Options {
        let format = match self.format {
            Format::Wrapped => Format::Wrapped,
            _ => Format::Aligned,
        };
        let expanded = match self.expanded {
            Expanded::Auto => Expanded::Auto,
            Expanded::On | Expanded::Off => Expanded::Off,
        };
        let in_lines = matches!(self.format, Format::Aligned | Format::Wrapped | Format::Fitted);
        Options { format, expanded, label_widens: in_lines, colors: None, ..self.clone() }
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            format: Format::Aligned,
            expanded: Expanded::Off,
            border: 1,
            color: ColorMode::Auto,
            columns: 0,
            label_widens: true,
            csv_field_separator: b',',
            display_false: None,
            display_time_zones: Vec::new(),
            display_true: None,
            field_separator: Separator::Text(b"|".to_vec()),
            record_separator: Separator::Text(b"\n".to_vec()),
            insert_batch: INSERT_BATCH,
            insert_table: None,
            footer: true,
            line_style: LineStyle::Ascii,
            null: Vec::new(),
            numeric_locale: false,
            locale: NumericLocale::default(),
            pager: Pager::On,
            pager_min_lines: 0,
            table_attributes: None,
            title: None,
            tuples_only: false,
            unicode_border: UnicodeStyle::Single,
            unicode_column: UnicodeStyle::Single,
            unicode_header: UnicodeStyle::Single,
            expanded_header_width: ExpandedHeaderWidth::Full,
            encoding: Encoding::Utf8,
            for_terminal: false,
            colors: None,
        }
    }
}
