//! `\pset`'s options as data: how each is named, changed, told and listed, in psql's words (psql's
//! documentation, "\pset"). Lists and completion of options are made from them.

use super::format::{self, FORMATS, NotAFormat};
use super::options::{
    ColorMode, Expanded, ExpandedHeaderWidth, Format, INSERT_BATCH, LineStyle, Options, Pager,
    Separator, UnicodeStyle,
};
use crate::number::{leading_integer, parse_integer};
use crate::sort::sort;
use crate::time_zone;
use crate::variables::{not_boolean, parse_bool};

/// One option.
pub struct PrintOption {
    /// Its name.
    pub name: &'static str,
    /// Its other names.
    aliases: &'static [&'static str],
    /// The words that it takes, sorted; none where any text may do.
    pub words: fn() -> Vec<&'static str>,
    change: Change,
    /// What a command says that set or showed it.
    describe: fn(&Options) -> Vec<u8>,
    /// Its value as `\pset` alone lists it; `None` while it is not listed.
    pub list: fn(&Options) -> Option<Vec<u8>>,
}

/// Whether an option took a value; the error is psql's text.
type Changed = Result<(), Vec<u8>>;

/// What setting an option does.
enum Change {
    /// It takes the value; without one it is only shown.
    To(fn(&mut Options, &[u8]) -> Changed),
    /// A flag, turned over without a value. psql has nothing to say when it is told what to be.
    Flag(fn(&mut Options) -> &mut bool),
    /// With a value or without, under the name that was typed.
    Any(Named),
}

/// Changes an option as it is asked for.
type Named = fn(&mut Options, &Asked<'_>) -> Changed;

/// What is asked of an option.
struct Asked<'a> {
    /// The option, as it was called.
    name: &'a [u8],
    value: Option<&'a [u8]>,
    /// Whether values that psql doesn't have count.
    has_own: bool,
}

/// Words and what they mean.
type Words<T> = [(&'static str, T)];

const LINE_STYLES: &Words<LineStyle> = &[
    ("ascii", LineStyle::Ascii),
    ("old-ascii", LineStyle::OldAscii),
    ("unicode", LineStyle::Unicode),
];

/// In psql's order: no letter at all means the first.
const UNICODE_STYLES: &Words<UnicodeStyle> =
    &[("single", UnicodeStyle::Single), ("double", UnicodeStyle::Double)];

const EXPANDED: &Words<Expanded> =
    &[("auto", Expanded::Auto), ("off", Expanded::Off), ("on", Expanded::On)];

const PAGER: &Words<Pager> =
    &[("always", Pager::Always), ("off", Pager::Off), ("on", Pager::On), ("view", Pager::View)];

const COLOR: &Words<ColorMode> =
    &[("auto", ColorMode::Auto), ("off", ColorMode::Off), ("on", ColorMode::On)];

/// What psql prints for the pager's choice where it lists all options; the viewer is our own.
const PAGER_LISTED: &Words<Pager> =
    &[("0", Pager::Off), ("1", Pager::On), ("2", Pager::Always), ("view", Pager::View)];

const HEADER_WIDTHS: &Words<ExpandedHeaderWidth> = &[
    ("column", ExpandedHeaderWidth::Column),
    ("full", ExpandedHeaderWidth::Full),
    ("page", ExpandedHeaderWidth::Page),
];

/// The options that psql 18 doesn't have.
const OWN: [&str; 6] =
    ["color", "display_false", "display_timezone", "display_true", "insert_batch", "insert_table"];

/// All options, in the order they are listed. psql 19's (`display_false` and `display_true`) and
/// our own are listed once they are set.
pub const OPTIONS: &[PrintOption] = &[
    PrintOption {
        name: "border",
        aliases: &[],
        words: || vec!["0", "1", "2", "3"],
        change: Change::To(|options, value| {
            options.border = leading_integer(value) as u16;
            Ok(())
        }),
        describe: |options| format!("Border style is {}.", options.border).into(),
        list: |options| Some(options.border.to_string().into()),
    },
    PrintOption {
        name: "color",
        aliases: &[],
        words: || all_words(COLOR),
        change: Change::To(|options, value| {
            options.color = boolean_or_word(COLOR, value)
                .ok_or_else(|| none_of("on, off, auto", b"color", value))?;
            Ok(())
        }),
        describe: |options| match options.color {
            ColorMode::Auto => b"Colors are used where they show.".to_vec(),
            ColorMode::On => b"Colors are on.".to_vec(),
            ColorMode::Off => b"Colors are off.".to_vec(),
        },
        list: |options| {
            let set = Some(options.color).filter(|color| *color != ColorMode::Auto);
            set.map(|color| word_for(COLOR, color).into())
        },
    },
    PrintOption {
        name: "columns",
        aliases: &[],
        words: Vec::new,
        change: Change::To(|options, value| {
            options.columns = leading_integer(value);
            Ok(())
        }),
        describe: |options| match options.columns {
            0 => b"Target width is unset.".to_vec(),
            width => format!("Target width is {width}.").into(),
        },
        list: |options| Some(options.columns.to_string().into()),
    },
    PrintOption {
        name: "csv_fieldsep",
        aliases: &[],
        words: Vec::new,
        change: Change::To(|options, value| match value {
            [b'"' | b'\n' | b'\r'] => Err(b"\\pset: csv_fieldsep cannot be a double quote, a \
                newline, or a carriage return"
                .to_vec()),
            [separator] => {
                options.csv_field_separator = *separator;
                Ok(())
            }
            _ => Err(b"\\pset: csv_fieldsep must be a single one-byte character".to_vec()),
        }),
        describe: |options| told("Field separator for CSV", &[options.csv_field_separator]),
        list: |options| Some(quoted(&[options.csv_field_separator])),
    },
    PrintOption {
        name: "display_false",
        aliases: &[],
        words: Vec::new,
        change: Change::To(|options, value| {
            options.display_false = Some(value.to_vec());
            Ok(())
        }),
        describe: |options| {
            told("Boolean false display", options.display_false.as_deref().unwrap_or(b"f"))
        },
        list: |options| options.display_false.as_deref().map(quoted),
    },
    PrintOption {
        name: "display_timezone",
        aliases: &[],
        words: || vec!["off"],
        change: Change::To(|options, value| {
            options.display_time_zones = time_zone::parse_list(value)?;
            Ok(())
        }),
        describe: |options| match options.display_time_zones.as_slice() {
            [] => b"Timestamps are shown in the session's time zone.".to_vec(),
            zones => told("Time zone display", zones.join(",").as_bytes()),
        },
        list: |options| match options.display_time_zones.as_slice() {
            [] => None,
            zones => Some(quoted(zones.join(",").as_bytes())),
        },
    },
    PrintOption {
        name: "display_true",
        aliases: &[],
        words: Vec::new,
        change: Change::To(|options, value| {
            options.display_true = Some(value.to_vec());
            Ok(())
        }),
        describe: |options| {
            told("Boolean true display", options.display_true.as_deref().unwrap_or(b"t"))
        },
        list: |options| options.display_true.as_deref().map(quoted),
    },
    PrintOption {
        name: "expanded",
        aliases: &["x", "vertical"],
        words: || all_words(EXPANDED),
        change: Change::Any(|options, asked| {
            options.expanded = match asked.value {
                None if options.expanded == Expanded::Off => Expanded::On,
                None => Expanded::Off,
                Some(value) => boolean_or_word(EXPANDED, value)
                    .ok_or_else(|| none_of("on, off, auto", asked.name, value))?,
            };
            Ok(())
        }),
        describe: |options| match options.expanded {
            Expanded::On => b"Expanded display is on.".to_vec(),
            Expanded::Off => b"Expanded display is off.".to_vec(),
            Expanded::Auto => b"Expanded display is used automatically.".to_vec(),
        },
        list: |options| Some(word_for(EXPANDED, options.expanded).into()),
    },
    PrintOption {
        name: "fieldsep",
        aliases: &[],
        words: Vec::new,
        change: Change::To(|options, value| {
            options.field_separator = Separator::Text(value.to_vec());
            Ok(())
        }),
        describe: |options| separator_told("Field", &options.field_separator),
        list: |options| Some(separator_listed(&options.field_separator)),
    },
    PrintOption {
        name: "fieldsep_zero",
        aliases: &[],
        words: Vec::new,
        change: Change::Any(|options, _| {
            options.field_separator = Separator::Zero;
            Ok(())
        }),
        describe: |options| separator_told("Field", &options.field_separator),
        list: |options| Some(on_off(options.field_separator == Separator::Zero).into()),
    },
    PrintOption {
        name: "footer",
        aliases: &[],
        words: flag_words,
        change: Change::Flag(|options| &mut options.footer),
        describe: |options| format!("Default footer is {}.", on_off(options.footer)).into(),
        list: |options| Some(on_off(options.footer).into()),
    },
    PrintOption {
        name: "format",
        aliases: &[],
        words: || FORMATS.iter().map(|entry| entry.name).collect(),
        change: Change::Any(|options, asked| {
            if let Some(value) = asked.value {
                options.format = format_named(value, asked.has_own)?;
            }
            Ok(())
        }),
        describe: |options| format!("Output format is {}.", options.format.name()).into(),
        list: |options| Some(options.format.name().into()),
    },
    PrintOption {
        name: "insert_batch",
        aliases: &["batch"],
        words: Vec::new,
        change: Change::To(|options, value| {
            let rows = parse_integer(value).and_then(|rows| u32::try_from(rows).ok());
            let refused = b"\" for \"insert_batch\": a number of rows from 1 expected";
            options.insert_batch = rows
                .filter(|rows| *rows > 0)
                .ok_or_else(|| [b"invalid value \"", value, &refused[..]].concat())?;
            Ok(())
        }),
        describe: |options| {
            format!("Rows of an INSERT statement: {}.", options.insert_batch).into()
        },
        list: |options| {
            let batch = Some(options.insert_batch).filter(|batch| *batch != INSERT_BATCH);
            batch.map(|batch| batch.to_string().into())
        },
    },
    PrintOption {
        name: "insert_table",
        aliases: &["table"],
        words: Vec::new,
        change: Change::To(|options, value| {
            options.insert_table = Some(value.to_vec()).filter(|name| !name.is_empty());
            Ok(())
        }),
        describe: |options| match &options.insert_table {
            Some(table) => told("Table of INSERT statements", table),
            None => b"Table of INSERT statements is unset.".to_vec(),
        },
        list: |options| options.insert_table.as_deref().map(quoted),
    },
    PrintOption {
        name: "linestyle",
        aliases: &[],
        words: || all_words(LINE_STYLES),
        change: Change::To(|options, value| {
            let style = beginning_with(LINE_STYLES, value).next();
            let refused = b"\\pset: allowed line styles are ascii, old-ascii, unicode";
            options.line_style = style.ok_or(refused)?.1;
            Ok(())
        }),
        describe: |options| {
            format!("Line style is {}.", word_for(LINE_STYLES, options.line_style)).into()
        },
        list: |options| Some(word_for(LINE_STYLES, options.line_style).into()),
    },
    PrintOption {
        name: "null",
        aliases: &[],
        words: Vec::new,
        change: Change::To(|options, value| {
            options.null = value.to_vec();
            Ok(())
        }),
        describe: |options| told("Null display", &options.null),
        list: |options| Some(quoted(&options.null)),
    },
    PrintOption {
        name: "numericlocale",
        aliases: &[],
        words: flag_words,
        change: Change::Flag(|options| &mut options.numeric_locale),
        describe: |options| {
            format!("Locale-adjusted numeric output is {}.", on_off(options.numeric_locale)).into()
        },
        list: |options| Some(on_off(options.numeric_locale).into()),
    },
    PrintOption {
        name: "pager",
        aliases: &[],
        words: || all_words(PAGER),
        change: Change::Any(|options, asked| {
            options.pager = match asked.value {
                None if options.pager == Pager::On => Pager::Off,
                None => Pager::On,
                Some(value) => boolean_or_word(PAGER, value)
                    .filter(|pager| asked.has_own || *pager != Pager::View)
                    .ok_or_else(|| none_of("on, off, always", asked.name, value))?,
            };
            Ok(())
        }),
        describe: |options| match options.pager {
            Pager::Off => b"Pager usage is off.".to_vec(),
            Pager::On => b"Pager is used for long output.".to_vec(),
            Pager::Always => b"Pager is always used.".to_vec(),
            Pager::View => b"Long results open in the table viewer.".to_vec(),
        },
        list: |options| Some(word_for(PAGER_LISTED, options.pager).into()),
    },
    PrintOption {
        name: "pager_min_lines",
        aliases: &[],
        words: Vec::new,
        change: Change::To(|options, value| {
            let refused = b"\" for \"pager_min_lines\": integer expected";
            options.pager_min_lines = parse_integer(value)
                .ok_or_else(|| [b"invalid value \"", value, &refused[..]].concat())?;
            Ok(())
        }),
        describe: |options| {
            let lines = options.pager_min_lines;
            let unit = if lines == 1 { "line" } else { "lines" };
            format!("Pager won't be used for less than {lines} {unit}.").into()
        },
        list: |options| Some(options.pager_min_lines.to_string().into()),
    },
    PrintOption {
        name: "recordsep",
        aliases: &[],
        words: Vec::new,
        change: Change::To(|options, value| {
            options.record_separator = Separator::Text(value.to_vec());
            Ok(())
        }),
        describe: |options| separator_told("Record", &options.record_separator),
        list: |options| Some(separator_listed(&options.record_separator)),
    },
    PrintOption {
        name: "recordsep_zero",
        aliases: &[],
        words: Vec::new,
        change: Change::Any(|options, _| {
            options.record_separator = Separator::Zero;
            Ok(())
        }),
        describe: |options| separator_told("Record", &options.record_separator),
        list: |options| Some(on_off(options.record_separator == Separator::Zero).into()),
    },
    PrintOption {
        name: "tableattr",
        aliases: &["T"],
        words: Vec::new,
        change: Change::Any(|options, asked| {
            options.table_attributes = asked.value.map(<[u8]>::to_vec);
            Ok(())
        }),
        describe: |options| match &options.table_attributes {
            Some(attributes) => [b"Table attributes are \"", &attributes[..], b"\"."].concat(),
            None => b"Table attributes unset.".to_vec(),
        },
        list: |options| Some(options.table_attributes.as_deref().map(quoted).unwrap_or_default()),
    },
    PrintOption {
        name: "title",
        aliases: &["C"],
        words: Vec::new,
        change: Change::Any(|options, asked| {
            options.title = asked.value.map(<[u8]>::to_vec);
            Ok(())
        }),
        describe: |options| match &options.title {
            Some(title) => told("Title", title),
            None => b"Title is unset.".to_vec(),
        },
        list: |options| Some(options.title.as_deref().map(quoted).unwrap_or_default()),
    },
    PrintOption {
        name: "tuples_only",
        aliases: &["t"],
        words: flag_words,
        change: Change::Flag(|options| &mut options.tuples_only),
        describe: |options| format!("Tuples only is {}.", on_off(options.tuples_only)).into(),
        list: |options| Some(on_off(options.tuples_only).into()),
    },
    PrintOption {
        name: "unicode_border_linestyle",
        aliases: &[],
        words: || all_words(UNICODE_STYLES),
        change: Change::To(|options, value| {
            options.unicode_border = unicode_style("border", value)?;
            Ok(())
        }),
        describe: |options| unicode_told("border", options.unicode_border),
        list: |options| Some(word_for(UNICODE_STYLES, options.unicode_border).into()),
    },
    PrintOption {
        name: "unicode_column_linestyle",
        aliases: &[],
        words: || all_words(UNICODE_STYLES),
        change: Change::To(|options, value| {
            options.unicode_column = unicode_style("column", value)?;
            Ok(())
        }),
        describe: |options| unicode_told("column", options.unicode_column),
        list: |options| Some(word_for(UNICODE_STYLES, options.unicode_column).into()),
    },
    PrintOption {
        name: "unicode_header_linestyle",
        aliases: &[],
        words: || all_words(UNICODE_STYLES),
        change: Change::To(|options, value| {
            options.unicode_header = unicode_style("header", value)?;
            Ok(())
        }),
        describe: |options| unicode_told("header", options.unicode_header),
        list: |options| Some(word_for(UNICODE_STYLES, options.unicode_header).into()),
    },
    PrintOption {
        name: "xheader_width",
        aliases: &[],
        words: || all_words(HEADER_WIDTHS),
        change: Change::To(|options, value| {
            let width = match (word(HEADER_WIDTHS, value), leading_integer(value)) {
                (Some(width), _) => width,
                (None, 0) => {
                    return Err(b"\\pset: allowed xheader_width values are \"full\" (default), \
                        \"column\", \"page\", or a number specifying the exact width"
                        .to_vec());
                }
                (None, width) => ExpandedHeaderWidth::Exactly(width),
            };
            options.expanded_header_width = width;
            Ok(())
        }),
        describe: |options| match options.expanded_header_width {
            ExpandedHeaderWidth::Exactly(width) => {
                format!("Expanded header width is {width}.").into()
            }
            width => format!("Expanded header width is \"{}\".", header_width(width)).into(),
        },
        list: |options| Some(header_width(options.expanded_header_width).into()),
    },
];

/// The option of this name.
pub fn option(name: &[u8]) -> Option<&'static PrintOption> {
    let is = |other: &&str| other.as_bytes() == name;
    OPTIONS.iter().find(|option| is(&option.name) || option.aliases.iter().any(is))
}

impl PrintOption {
    /// Whether it is there if only psql's are, unless our own are too (`has_own`).
    pub fn is_there(&self, has_own: bool) -> bool {
        has_own || !OWN.contains(&self.name)
    }

    /// What it is called.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }

    /// The words that it takes, those that psql doesn't have among them if they count.
    pub fn words_taken(&self, has_own: bool) -> Vec<&'static str> {
        let takes = |word: &&str| {
            let mut options = Options::default();
            set(&mut options, self.name.as_bytes(), Some(word.as_bytes()), has_own).is_ok()
        };
        (self.words)().into_iter().filter(takes).collect()
    }
}

/// Sets an option, named in any way, and returns what a command is to say of it, if anything.
/// Without a value, flags are turned over and other options are shown. What psql doesn't have is
/// unknown unless it `has_own`.
///
/// # Errors
/// There is no such option, or it does not take the value; in psql's words.
pub fn set(
    options: &mut Options,
    name: &[u8],
    value: Option<&[u8]>,
    has_own: bool,
) -> Result<Option<Vec<u8>>, Vec<u8>> {
    let unknown = || [b"\\pset: unknown option: ", name].concat();
    let option = option(name).filter(|option| option.is_there(has_own)).ok_or_else(unknown)?;
    match (&option.change, value) {
        (Change::To(change), Some(value)) => change(options, value)?,
        (Change::To(_), None) => {}
        (Change::Flag(slot), None) => {
            let slot = slot(options);
            *slot = !*slot;
        }
        (Change::Flag(slot), Some(value)) => {
            *slot(options) = parse_bool(value).ok_or_else(|| not_boolean(name, value).0)?;
            return Ok(None);
        }
        (Change::Any(change), value) => change(options, &Asked { name, value, has_own })?,
    }
    Ok(Some((option.describe)(options)))
}

/// The entries whose word begins with `value`, whatever its case.
fn beginning_with<'t, T: Copy>(
    words: &'t Words<T>,
    value: &'t [u8],
) -> impl Iterator<Item = (&'static str, T)> + 't {
    words.iter().copied().filter(move |(word, _)| {
        word.len() >= value.len() && word.as_bytes()[..value.len()].eq_ignore_ascii_case(value)
    })
}

/// The words, sorted.
fn all_words<T>(words: &Words<T>) -> Vec<&'static str> {
    let mut words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    sort(&mut words);
    words
}

/// What a word means, whatever its case.
fn word<T: Copy>(words: &Words<T>, value: &[u8]) -> Option<T> {
    let found = words.iter().find(|(word, _)| word.as_bytes().eq_ignore_ascii_case(value));
    found.map(|(_, meaning)| *meaning)
}

/// What a word means, where any Boolean spelling is taken for `on` and `off`.
fn boolean_or_word<T: Copy>(words: &Words<T>, value: &[u8]) -> Option<T> {
    match parse_bool(value) {
        Some(on) => word(words, on_off(on).as_bytes()),
        None => word(words, value),
    }
}

/// The word for what is among `words`.
fn word_for<T: PartialEq>(words: &Words<T>, meaning: T) -> &'static str {
    words.iter().find(|(_, m)| *m == meaning).map_or("unknown", |(word, _)| word)
}

/// A format by the beginning of its name; the error is psql's text.
fn format_named(value: &[u8], has_own: bool) -> Result<Format, Vec<u8>> {
    format::by_name(value, has_own).map_err(|not| match not {
        NotAFormat::Unknown => {
            let names = format::psql_names().join(", ");
            format!("\\pset: allowed formats are {names}").into()
        }
        NotAFormat::Ambiguous(first, second) => {
            let rest = format!("\" matches both \"{first}\" and \"{second}\"");
            [b"\\pset: ambiguous abbreviation \"", value, rest.as_bytes()].concat()
        }
    })
}

/// The names of the formats that psql doesn't have.
pub fn own_formats() -> String {
    format::own_names().join(", ")
}

fn unicode_style(part: &str, value: &[u8]) -> Result<UnicodeStyle, Vec<u8>> {
    let style = beginning_with(UNICODE_STYLES, value).next();
    let refused =
        || format!("\\pset: allowed Unicode {part} line styles are single, double").into_bytes();
    style.map(|(_, style)| style).ok_or_else(refused)
}

fn unicode_told(part: &str, style: UnicodeStyle) -> Vec<u8> {
    format!("Unicode {part} line style is \"{}\".", word_for(UNICODE_STYLES, style)).into()
}

fn header_width(width: ExpandedHeaderWidth) -> String {
    match width {
        ExpandedHeaderWidth::Exactly(width) => width.to_string(),
        width => word_for(HEADER_WIDTHS, width).into(),
    }
}

fn separator_told(what: &str, separator: &Separator) -> Vec<u8> {
    match separator {
        Separator::Zero => format!("{what} separator is zero byte.").into(),
        Separator::Text(text) if what == "Record" && text == b"\n" => {
            b"Record separator is <newline>.".to_vec()
        }
        Separator::Text(text) => told(&format!("{what} separator"), text),
    }
}

fn separator_listed(separator: &Separator) -> Vec<u8> {
    match separator {
        Separator::Zero => quoted(b""),
        Separator::Text(text) => quoted(text),
    }
}

fn flag_words() -> Vec<&'static str> {
    vec!["off", "on"]
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// `what is "value".`
fn told(what: &str, value: &[u8]) -> Vec<u8> {
    [what.as_bytes(), b" is \"", value, b"\"."].concat()
}

fn none_of(words: &str, name: &[u8], value: &[u8]) -> Vec<u8> {
    let rest = format!("\"\nAvailable values are: {words}.");
    [b"unrecognized value \"", value, b"\" for \"", name, rest.as_bytes()].concat()
}

/// A text in single quotes, newlines and quotes escaped.
fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = vec![b'\''];
    for &byte in text {
        match byte {
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\'' => out.extend_from_slice(b"\\'"),
            other => out.push(other),
        }
    }
    out.push(b'\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every option has a name of its own, is listed in order, and takes the words it offers.
    #[test]
    fn options_are_a_table() {
        let names: Vec<_> = OPTIONS.iter().flat_map(|o| [&[o.name], o.aliases].concat()).collect();
        let mut unique = names.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), names.len());
        assert!(OPTIONS.is_sorted_by_key(|option| option.name));
        for option in OPTIONS {
            let words = (option.words)();
            assert!(words.is_sorted(), "{}", option.name);
            for word in words {
                let mut options = Options::default();
                set(&mut options, option.name.as_bytes(), Some(word.as_bytes()), true).expect(word);
            }
        }
    }

    /// psql's abbreviations mean what they mean to psql, its errors are its own; what it refuses
    /// may begin the name of a format it doesn't have.
    #[test]
    fn formats_by_name() {
        let refused = "\\pset: allowed formats are aligned, asciidoc, csv, html, latex, \
                       latex-longtable, troff-ms, unaligned, wrapped";
        let ambiguous = "\\pset: ambiguous abbreviation \"a\" matches both \"aligned\" and \
                         \"asciidoc\"";
        let cases: &[(&str, Result<Format, &str>)] = &[
            ("a", Err(ambiguous)),
            ("al", Ok(Format::Aligned)),
            ("c", Ok(Format::Csv)),
            ("h", Ok(Format::Html)),
            ("l", Ok(Format::Latex)),
            ("latex-", Ok(Format::LatexLongtable)),
            ("t", Ok(Format::TroffMs)),
            ("u", Ok(Format::Unaligned)),
            ("W", Ok(Format::Wrapped)),
            ("f", Ok(Format::Fitted)),
            ("fitted", Ok(Format::Fitted)),
            ("json", Ok(Format::Json)),
            ("J", Ok(Format::Json)),
            ("m", Ok(Format::Markdown)),
            ("nd", Ok(Format::Ndjson)),
            ("jsonx", Err(refused)),
            ("i", Ok(Format::Insert)),
            ("p", Ok(Format::Parquet)),
            ("x", Ok(Format::Xlsx)),
            ("xx", Err(refused)),
        ];
        for (name, expected) in cases {
            let found = format_named(name.as_bytes(), true);
            let expected = expected.map_err(|text| text.as_bytes().to_vec());
            assert_eq!(found, expected, "{name}");
            let as_psql = format_named(name.as_bytes(), false);
            match expected {
                Ok(format) if format.is_own() => assert_eq!(as_psql, Err(refused.into()), "{name}"),
                expected => assert_eq!(as_psql, expected, "{name}"),
            }
            if let Ok(format) = found {
                assert!(format.name().starts_with(&name.to_lowercase()));
            }
        }
    }

    /// Where only psql's options are there, what it doesn't have is refused in its words.
    #[test]
    fn options_of_our_own() {
        assert!(OWN.iter().all(|name| option(name.as_bytes()).is_some()));
        for (name, value, refused) in [
            ("color", "on", "\\pset: unknown option: color"),
            ("display_true", "yes", "\\pset: unknown option: display_true"),
            ("display_timezone", "UTC", "\\pset: unknown option: display_timezone"),
            ("table", "t", "\\pset: unknown option: table"),
            ("insert_batch", "3", "\\pset: unknown option: insert_batch"),
            (
                "pager",
                "view",
                "unrecognized value \"view\" for \"pager\"\nAvailable values are: on, off, always.",
            ),
        ] {
            let set = |has_own| {
                let mut options = Options::default();
                set(&mut options, name.as_bytes(), Some(value.as_bytes()), has_own)
            };
            assert!(set(true).is_ok(), "{name}");
            assert_eq!(set(false), Err(refused.into()), "{name}");
        }
        let words = |name: &[u8], has_own| option(name).expect("an option").words_taken(has_own);
        assert_eq!(words(b"pager", false), ["always", "off", "on"]);
        assert_eq!(words(b"pager", true), ["always", "off", "on", "view"]);
        assert_eq!(words(b"format", false), format::psql_names());
    }

    #[test]
    fn words_for_booleans() {
        let mut options = Options::default();
        let mut said = |name: &str, value: Option<&[u8]>| {
            let text = set(&mut options, name.as_bytes(), value, true).unwrap().unwrap();
            String::from_utf8(text).unwrap()
        };
        assert_eq!(said("display_true", None), "Boolean true display is \"t\".");
        assert_eq!(said("display_true", Some(b"yes")), "Boolean true display is \"yes\".");
        assert_eq!(said("display_true", None), "Boolean true display is \"yes\".");
        assert_eq!(said("display_false", Some(b"")), "Boolean false display is \"\".");
        let listed = |name: &[u8]| (option(name).unwrap().list)(&options);
        assert_eq!(listed(b"display_true"), Some(b"'yes'".to_vec()));
        assert_eq!(listed(b"display_false"), Some(b"''".to_vec()));
        assert_eq!((option(b"display_true").unwrap().list)(&Options::default()), None);
    }
}
