//! `\pset` and the commands that are short for it.

use super::{Call, Outcome};
use crate::print::{
    Expanded, ExpandedHeaderWidth, Format, LineStyle, Options, Pager, UnicodeStyle,
};
use crate::shell::Shell;
use crate::variables::{not_boolean, parse_bool, parse_integer};

/// `\pset`'s options, in the order they are listed. Those of psql 19 (`display_false` and
/// `display_true`) are listed once they are set.
const NAMES: [&str; 24] = [
    "border",
    "columns",
    "csv_fieldsep",
    "display_false",
    "display_true",
    "expanded",
    "fieldsep",
    "fieldsep_zero",
    "footer",
    "format",
    "linestyle",
    "null",
    "numericlocale",
    "pager",
    "pager_min_lines",
    "recordsep",
    "recordsep_zero",
    "tableattr",
    "title",
    "tuples_only",
    "unicode_border_linestyle",
    "unicode_column_linestyle",
    "unicode_header_linestyle",
    "xheader_width",
];

/// psql's formats.
const FORMATS: [(&str, Format); 9] = [
    ("aligned", Format::Aligned),
    ("asciidoc", Format::Asciidoc),
    ("csv", Format::Csv),
    ("html", Format::Html),
    ("latex", Format::Latex),
    ("latex-longtable", Format::LatexLongtable),
    ("troff-ms", Format::TroffMs),
    ("unaligned", Format::Unaligned),
    ("wrapped", Format::Wrapped),
];

/// Formats that psql doesn't have. Its own go first, so that every abbreviation means what it
/// means to psql.
const MORE_FORMATS: [(&str, Format); 4] = [
    ("fitted", Format::Fitted),
    ("json", Format::Json),
    ("markdown", Format::Markdown),
    ("ndjson", Format::Ndjson),
];

const LINE_STYLES: [(&str, LineStyle); 3] = [
    ("ascii", LineStyle::Ascii),
    ("old-ascii", LineStyle::OldAscii),
    ("unicode", LineStyle::Unicode),
];

/// `\pset [NAME [VALUE]]`: sets an option, or lists all.
pub fn pset_command(call: &mut Call<'_>) -> Outcome {
    let Some(name) = call.value() else {
        let unset = |options: &Options, name: &str| match name {
            "display_false" => options.display_false.is_none(),
            "display_true" => options.display_true.is_none(),
            _ => false,
        };
        for name in NAMES {
            if unset(&call.shell.print, name) {
                continue;
            }
            let line = format!("{name:<24} ").into_bytes();
            let value = listed(&call.shell.print, name);
            call.shell.put([line, value].concat());
        }
        return Outcome::Done;
    };
    let value = call.value();
    pset(call.shell, &name, value.as_deref()).into()
}

/// `\a`: aligned or unaligned.
pub fn align(call: &mut Call<'_>) -> Outcome {
    let aligned = call.shell.print.format == Format::Aligned;
    pset(call.shell, b"format", Some(if aligned { b"unaligned" } else { b"aligned" })).into()
}

/// `\H`: HTML or aligned.
pub fn html(call: &mut Call<'_>) -> Outcome {
    let html = call.shell.print.format == Format::Html;
    pset(call.shell, b"format", Some(if html { b"aligned" } else { b"html" })).into()
}

/// `\C [TITLE]`
pub fn title(call: &mut Call<'_>) -> Outcome {
    short_for(call, "title")
}

/// `\f [SEPARATOR]`
pub fn field_separator(call: &mut Call<'_>) -> Outcome {
    short_for(call, "fieldsep")
}

/// `\t [on|off]`
pub fn tuples_only(call: &mut Call<'_>) -> Outcome {
    short_for(call, "tuples_only")
}

/// `\T [ATTRIBUTES]`
pub fn table_attributes(call: &mut Call<'_>) -> Outcome {
    short_for(call, "tableattr")
}

/// `\x [on|off|auto]`
pub fn expanded(call: &mut Call<'_>) -> Outcome {
    short_for(call, "expanded")
}

fn short_for(call: &mut Call<'_>, name: &str) -> Outcome {
    let value = call.value();
    pset(call.shell, name.as_bytes(), value.as_deref()).into()
}

/// Sets a printing option (without a value: toggles or shows it) and says so unless QUIET is on.
pub fn pset(shell: &mut Shell, name: &[u8], value: Option<&[u8]>) -> bool {
    match change(&mut shell.print, name, value) {
        Ok(()) => {
            let name = canonical(name);
            // psql has nothing to say when one of these is told what to be.
            let told = matches!(name, b"footer" | b"numericlocale" | b"tuples_only");
            if !told || value.is_none() {
                let text = described(&shell.print, name);
                shell.say(text);
            }
            true
        }
        Err(text) => {
            shell.error(text);
            false
        }
    }
}

/// Changes an option named in any way; the error is psql's text.
///
/// # Errors
/// There is no such option, or it does not take the value.
pub fn change(options: &mut Options, name: &[u8], value: Option<&[u8]>) -> Result<(), Vec<u8>> {
    match canonical(name) {
        b"border" => {
            if let Some(value) = value {
                options.border = leading_integer(value) as u16;
            }
        }
        b"columns" => {
            if let Some(value) = value {
                options.columns = leading_integer(value);
            }
        }
        b"csv_fieldsep" => match value {
            None => {}
            Some([b'"' | b'\n' | b'\r']) => {
                return Err(b"\\pset: csv_fieldsep cannot be a double quote, a newline, or a carriage return".to_vec());
            }
            Some([separator]) => options.csv_field_separator = *separator,
            Some(_) => {
                return Err(b"\\pset: csv_fieldsep must be a single one-byte character".to_vec());
            }
        },
        b"display_false" => display(&mut options.display_false, value),
        b"display_true" => display(&mut options.display_true, value),
        b"expanded" => {
            options.expanded = match value {
                None if options.expanded == Expanded::Off => Expanded::On,
                None => Expanded::Off,
                Some(value) if value.eq_ignore_ascii_case(b"auto") => Expanded::Auto,
                Some(value) => match parse_bool(value) {
                    Some(true) => Expanded::On,
                    Some(false) => Expanded::Off,
                    None => return Err(one_of(name, value, "on, off, auto")),
                },
            };
        }
        b"fieldsep" => {
            if let Some(value) = value {
                options.field_separator = value.to_vec();
                options.field_separator_zero = false;
            }
        }
        b"fieldsep_zero" => {
            options.field_separator.clear();
            options.field_separator_zero = true;
        }
        b"footer" => toggle(&mut options.footer, name, value)?,
        b"format" => {
            if let Some(value) = value {
                options.format = format_named(value)?;
            }
        }
        b"linestyle" => {
            if let Some(value) = value {
                options.line_style = begins(&LINE_STYLES, value)
                    .next()
                    .map(|(_, style)| style)
                    .ok_or(b"\\pset: allowed line styles are ascii, old-ascii, unicode")?;
            }
        }
        b"null" => {
            if let Some(value) = value {
                options.null = value.to_vec();
            }
        }
        b"numericlocale" => toggle(&mut options.numeric_locale, name, value)?,
        b"pager" => {
            options.pager = match value {
                None if options.pager == Pager::On => Pager::Off,
                None => Pager::On,
                Some(value) if value.eq_ignore_ascii_case(b"always") => Pager::Always,
                Some(value) => match parse_bool(value) {
                    Some(true) => Pager::On,
                    Some(false) => Pager::Off,
                    None => return Err(one_of(name, value, "on, off, always")),
                },
            };
        }
        b"pager_min_lines" => {
            if let Some(value) = value {
                let lines = parse_integer(value).ok_or_else(|| {
                    [b"invalid value \"", value, b"\" for \"pager_min_lines\": integer expected"]
                        .concat()
                })?;
                options.pager_min_lines = lines;
            }
        }
        b"recordsep" => {
            if let Some(value) = value {
                options.record_separator = value.to_vec();
                options.record_separator_zero = false;
            }
        }
        b"recordsep_zero" => {
            options.record_separator.clear();
            options.record_separator_zero = true;
        }
        b"tableattr" => options.table_attributes = value.map(<[u8]>::to_vec),
        b"title" => options.title = value.map(<[u8]>::to_vec),
        b"tuples_only" => toggle(&mut options.tuples_only, name, value)?,
        b"unicode_border_linestyle" => unicode_style(&mut options.unicode_border, "border", value)?,
        b"unicode_column_linestyle" => unicode_style(&mut options.unicode_column, "column", value)?,
        b"unicode_header_linestyle" => unicode_style(&mut options.unicode_header, "header", value)?,
        b"xheader_width" => {
            if let Some(value) = value {
                options.expanded_header_width = match value.to_ascii_lowercase().as_slice() {
                    b"full" => ExpandedHeaderWidth::Full,
                    b"column" => ExpandedHeaderWidth::Column,
                    b"page" => ExpandedHeaderWidth::Page,
                    other => match leading_integer(other) {
                        0 => {
                            return Err(b"\\pset: allowed xheader_width values are \"full\" (default), \"column\", \"page\", or a number specifying the exact width".to_vec());
                        }
                        width => ExpandedHeaderWidth::Exactly(width),
                    },
                };
            }
        }
        other => return Err([b"\\pset: unknown option: ", other].concat()),
    }
    Ok(())
}

/// An option's name for one of its other names.
fn canonical(name: &[u8]) -> &[u8] {
    match name {
        b"x" | b"vertical" => b"expanded",
        b"t" => b"tuples_only",
        b"T" => b"tableattr",
        b"C" => b"title",
        other => other,
    }
}

fn one_of(name: &[u8], value: &[u8], values: &str) -> Vec<u8> {
    let rest = format!("\"\nAvailable values are: {values}.");
    [b"unrecognized value \"", value, b"\" for \"", name, rest.as_bytes()].concat()
}

fn toggle(slot: &mut bool, name: &[u8], value: Option<&[u8]>) -> Result<(), Vec<u8>> {
    *slot = match value {
        None => !*slot,
        Some(value) => {
            parse_bool(value).ok_or_else(|| not_boolean(&String::from_utf8_lossy(name), value).0)?
        }
    };
    Ok(())
}

fn display(slot: &mut Option<Vec<u8>>, value: Option<&[u8]>) {
    if let Some(value) = value {
        *slot = Some(value.to_vec());
    }
}

fn unicode_style(slot: &mut UnicodeStyle, part: &str, value: Option<&[u8]>) -> Result<(), Vec<u8>> {
    const STYLES: [(&str, UnicodeStyle); 2] =
        [("single", UnicodeStyle::Single), ("double", UnicodeStyle::Double)];
    if let Some(value) = value {
        let found = begins(&STYLES, value).next();
        *slot = found.map(|(_, style)| style).ok_or_else(|| {
            format!("\\pset: allowed Unicode {part} line styles are single, double")
        })?;
    }
    Ok(())
}

/// The entries whose name begins with `value`, whatever its case.
fn begins<'t, T: Copy>(
    table: &'t [(&'static str, T)],
    value: &'t [u8],
) -> impl Iterator<Item = (&'static str, T)> + 't {
    table.iter().copied().filter(move |(name, _)| {
        name.len() >= value.len() && name.as_bytes()[..value.len()].eq_ignore_ascii_case(value)
    })
}

/// A format by the beginning of its name; `latex` is not ambiguous. What psql would refuse may be
/// the beginning of one that it doesn't have.
fn format_named(value: &[u8]) -> Result<Format, Vec<u8>> {
    let mut found = begins(&FORMATS, value);
    match (found.next(), found.next()) {
        (None, _) => {
            let mut more = begins(&MORE_FORMATS, value);
            if let (Some((_, format)), None) = (more.next(), more.next()) {
                return Ok(format);
            }
            let names: Vec<&str> = FORMATS.iter().map(|(name, _)| *name).collect();
            Err(format!("\\pset: allowed formats are {}", names.join(", ")).into())
        }
        (Some((_, format)), None) | (Some((_, format @ Format::Latex)), Some(_)) => Ok(format),
        (Some((first, _)), Some((second, _))) => {
            let rest = format!("\" matches both \"{first}\" and \"{second}\"");
            Err([b"\\pset: ambiguous abbreviation \"", value, rest.as_bytes()].concat())
        }
    }
}

/// The integer a text begins with, 0 if there is none, as C's atoi reads it: of what is too large
/// the lower 32 bits are left.
pub fn leading_integer(text: &[u8]) -> i32 {
    let text = text.trim_ascii_start();
    let (negative, digits) = match text.first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    // Below zero there is room for one more.
    let value = digits
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .fold(0i64, |sum, digit| sum.saturating_mul(10).saturating_sub(i64::from(digit - b'0')));
    (if negative { value } else { value.saturating_neg() }) as i32
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

fn style_name(style: UnicodeStyle) -> &'static str {
    match style {
        UnicodeStyle::Single => "single",
        UnicodeStyle::Double => "double",
    }
}

fn format_name(format: Format) -> &'static str {
    let mut names = FORMATS.iter().chain(&MORE_FORMATS);
    names.find(|(_, f)| *f == format).map_or("unknown", |(name, _)| name)
}

fn line_style_name(style: LineStyle) -> &'static str {
    LINE_STYLES.iter().find(|(_, s)| *s == style).map_or("unknown", |(name, _)| name)
}

fn header_width_name(width: ExpandedHeaderWidth) -> String {
    match width {
        ExpandedHeaderWidth::Full => "full".into(),
        ExpandedHeaderWidth::Column => "column".into(),
        ExpandedHeaderWidth::Page => "page".into(),
        ExpandedHeaderWidth::Exactly(width) => width.to_string(),
    }
}

/// What a command says that set or showed the option.
fn described(options: &Options, name: &[u8]) -> Vec<u8> {
    let quoted =
        |before: &str, value: &[u8]| [before.as_bytes(), b" is \"", value, b"\"."].concat();
    match name {
        b"border" => format!("Border style is {}.", options.border).into(),
        b"columns" => match options.columns {
            0 => b"Target width is unset.".to_vec(),
            width => format!("Target width is {width}.").into(),
        },
        b"csv_fieldsep" => quoted("Field separator for CSV", &[options.csv_field_separator]),
        b"display_false" => {
            quoted("Boolean false display", options.display_false.as_deref().unwrap_or(b"f"))
        }
        b"display_true" => {
            quoted("Boolean true display", options.display_true.as_deref().unwrap_or(b"t"))
        }
        b"expanded" => match options.expanded {
            Expanded::On => b"Expanded display is on.".to_vec(),
            Expanded::Off => b"Expanded display is off.".to_vec(),
            Expanded::Auto => b"Expanded display is used automatically.".to_vec(),
        },
        b"fieldsep" | b"fieldsep_zero" if options.field_separator_zero => {
            b"Field separator is zero byte.".to_vec()
        }
        b"fieldsep" | b"fieldsep_zero" => quoted("Field separator", &options.field_separator),
        b"footer" => format!("Default footer is {}.", on_off(options.footer)).into(),
        b"format" => format!("Output format is {}.", format_name(options.format)).into(),
        b"linestyle" => format!("Line style is {}.", line_style_name(options.line_style)).into(),
        b"null" => quoted("Null display", &options.null),
        b"numericlocale" => {
            format!("Locale-adjusted numeric output is {}.", on_off(options.numeric_locale)).into()
        }
        b"pager" => match options.pager {
            Pager::Off => b"Pager usage is off.".to_vec(),
            Pager::On => b"Pager is used for long output.".to_vec(),
            Pager::Always => b"Pager is always used.".to_vec(),
        },
        b"pager_min_lines" => {
            let lines = options.pager_min_lines;
            let unit = if lines == 1 { "line" } else { "lines" };
            format!("Pager won't be used for less than {lines} {unit}.").into()
        }
        b"recordsep" | b"recordsep_zero" if options.record_separator_zero => {
            b"Record separator is zero byte.".to_vec()
        }
        b"recordsep" | b"recordsep_zero" if options.record_separator == b"\n" => {
            b"Record separator is <newline>.".to_vec()
        }
        b"recordsep" | b"recordsep_zero" => quoted("Record separator", &options.record_separator),
        b"tableattr" => match &options.table_attributes {
            Some(attributes) => [b"Table attributes are \"", &attributes[..], b"\"."].concat(),
            None => b"Table attributes unset.".to_vec(),
        },
        b"title" => match &options.title {
            Some(title) => quoted("Title", title),
            None => b"Title is unset.".to_vec(),
        },
        b"tuples_only" => format!("Tuples only is {}.", on_off(options.tuples_only)).into(),
        b"unicode_border_linestyle" => {
            format!("Unicode border line style is \"{}\".", style_name(options.unicode_border))
                .into()
        }
        b"unicode_column_linestyle" => {
            format!("Unicode column line style is \"{}\".", style_name(options.unicode_column))
                .into()
        }
        b"unicode_header_linestyle" => {
            format!("Unicode header line style is \"{}\".", style_name(options.unicode_header))
                .into()
        }
        b"xheader_width" => match options.expanded_header_width {
            ExpandedHeaderWidth::Exactly(width) => {
                format!("Expanded header width is {width}.").into()
            }
            width => format!("Expanded header width is \"{}\".", header_width_name(width)).into(),
        },
        _ => Vec::new(),
    }
}

/// The option's value as `\pset` alone lists it.
fn listed(options: &Options, name: &str) -> Vec<u8> {
    match name {
        "border" => options.border.to_string().into(),
        "columns" => options.columns.to_string().into(),
        "csv_fieldsep" => quoted(&[options.csv_field_separator]),
        "display_false" => options.display_false.as_deref().map(quoted).unwrap_or_default(),
        "display_true" => options.display_true.as_deref().map(quoted).unwrap_or_default(),
        "expanded" => match options.expanded {
            Expanded::Off => b"off".to_vec(),
            Expanded::On => b"on".to_vec(),
            Expanded::Auto => b"auto".to_vec(),
        },
        "fieldsep" => quoted(&options.field_separator),
        "fieldsep_zero" => on_off(options.field_separator_zero).into(),
        "footer" => on_off(options.footer).into(),
        "format" => format_name(options.format).into(),
        "linestyle" => line_style_name(options.line_style).into(),
        "null" => quoted(&options.null),
        "numericlocale" => on_off(options.numeric_locale).into(),
        "pager" => match options.pager {
            Pager::Off => b"0".to_vec(),
            Pager::On => b"1".to_vec(),
            Pager::Always => b"2".to_vec(),
        },
        "pager_min_lines" => options.pager_min_lines.to_string().into(),
        "recordsep" => quoted(&options.record_separator),
        "recordsep_zero" => on_off(options.record_separator_zero).into(),
        "tableattr" => options.table_attributes.as_deref().map(quoted).unwrap_or_default(),
        "title" => options.title.as_deref().map(quoted).unwrap_or_default(),
        "tuples_only" => on_off(options.tuples_only).into(),
        "unicode_border_linestyle" => style_name(options.unicode_border).into(),
        "unicode_column_linestyle" => style_name(options.unicode_column).into(),
        "unicode_header_linestyle" => style_name(options.unicode_header).into(),
        "xheader_width" => header_width_name(options.expanded_header_width).into(),
        _ => Vec::new(),
    }
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
            ("x", Err(refused)),
        ];
        for (name, expected) in cases {
            let found = format_named(name.as_bytes());
            let expected = expected.map_err(|text| text.as_bytes().to_vec());
            assert_eq!(found, expected, "{name}");
            if let Ok(format) = found {
                assert!(format_name(format).starts_with(&name.to_lowercase()));
            }
        }
    }

    #[test]
    fn words_for_booleans() {
        let mut options = Options::default();
        let said = |options: &Options, name: &str| {
            String::from_utf8(described(options, name.as_bytes())).unwrap()
        };
        assert_eq!(said(&options, "display_true"), "Boolean true display is \"t\".");
        change(&mut options, b"display_true", Some(b"yes")).unwrap();
        change(&mut options, b"display_true", None).unwrap();
        change(&mut options, b"display_false", Some(b"")).unwrap();
        assert_eq!(said(&options, "display_true"), "Boolean true display is \"yes\".");
        assert_eq!(said(&options, "display_false"), "Boolean false display is \"\".");
        assert_eq!(listed(&options, "display_true"), b"'yes'");
    }
}
