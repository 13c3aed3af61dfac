//! The text that is shown for a value: itself, the text for NULL, a number with its digits grouped,
//! or other words for true and false.

use super::numeric::NumericLocale;
use super::options::Options;
use super::table::{Alignment, Column};
use crate::encoding::terminal_safe::escaped_result;
use crate::encoding::{Encoding, Glyph};
use std::borrow::Cow;

/// The OID of type boolean.
const BOOL: u32 = 16;

/// Finds the text to show for values; keeps a buffer for those that differ from the wire's.
///
/// Its methods are called once per value, from a loop of each format: the compiler is told to put
/// them there, since most values are shown as they are.
#[derive(Clone, Debug)]
pub(super) struct CellText {
    encoding: Encoding,
    null: Vec<u8>,
    /// What options change of values that are not NULL.
    replacements: Option<Replacements>,
    buffer: Vec<u8>,
}

impl CellText {
    pub fn new(options: &Options) -> CellText {
        CellText {
            encoding: options.encoding,
            null: shown(options, &options.null).into_owned(),
            replacements: Replacements::of(options),
            buffer: Vec::new(),
        }
    }

    /// The text for a value of a column, bytes that are no characters included.
    #[inline(always)]
    pub fn raw<'s>(&'s mut self, value: Option<&'s [u8]>, column: &Column) -> &'s [u8] {
        match (value, &self.replacements) {
            (None, _) => &self.null,
            (Some(text), None) => text,
            (Some(text), Some(replaced)) => replaced.text(text, column, &mut self.buffer),
        }
    }

    /// The text for a value of a column, without bytes that are no characters.
    #[inline(always)]
    pub fn text<'s>(&'s mut self, value: Option<&'s [u8]>, column: &Column) -> &'s [u8] {
        match value {
            Some(text) if self.encoding == Encoding::Utf8 && !text.is_ascii() => {
                if needs_cleaning(text) {
                    clean_into(text, &mut self.buffer);
                    &self.buffer
                } else {
                    text
                }
            }
            _ => self.raw(value, column),
        }
    }
}

/// What `\pset numericlocale`, `display_true` and `display_false` (psql 19) show in place of values,
/// and what a terminal gets in place of characters that it must not get.
#[derive(Clone, Debug)]
struct Replacements {
    /// The encoding of what a terminal gets.
    terminal: Option<Encoding>,
    numbers: Option<NumericLocale>,
    on_true: Option<Vec<u8>>,
    on_false: Option<Vec<u8>>,
}

impl Replacements {
    /// `None` where every value is shown as it is.
    fn of(options: &Options) -> Option<Replacements> {
        let word =
            |word: &Option<Vec<u8>>| word.as_ref().map(|word| shown(options, word).into_owned());
        let replacements = Replacements {
            terminal: options.for_terminal.then_some(options.encoding),
            numbers: options.numeric_locale.then(|| options.locale.clone()),
            on_true: word(&options.display_true),
            on_false: word(&options.display_false),
        };
        let Replacements { terminal, numbers, on_true, on_false } = &replacements;
        let any = [terminal.is_some(), numbers.is_some(), on_true.is_some(), on_false.is_some()];
        any.contains(&true).then_some(replacements)
    }

    // Out of the way of values that are shown as they are.
    #[cold]
    fn text<'s>(&'s self, text: &'s [u8], column: &Column, buffer: &'s mut Vec<u8>) -> &'s [u8] {
        if column.type_oid == BOOL {
            let word = match text {
                b"t" => &self.on_true,
                b"f" => &self.on_false,
                _ => &None,
            };
            return word.as_deref().unwrap_or(text);
        }
        match &self.numbers {
            Some(locale) if column.alignment == Alignment::Right => {
                locale.write(text, buffer);
                buffer
            }
            _ => self.safe(text, buffer),
        }
    }

    /// The text as it may be shown. Control characters in ASCII are escaped where they are measured,
    /// whoever gets them.
    fn safe<'s>(&self, text: &'s [u8], buffer: &'s mut Vec<u8>) -> &'s [u8] {
        let Some(encoding) = self.terminal.filter(|_| !text.is_ascii()) else { return text };
        match escaped_result(text, encoding) {
            Cow::Borrowed(text) => text,
            Cow::Owned(escaped) => {
                *buffer = escaped;
                buffer
            }
        }
    }
}

/// A heading or footer as it is shown.
pub(super) fn shown<'t>(options: &Options, text: &'t [u8]) -> Cow<'t, [u8]> {
    let cleaned = clean(options.encoding, text);
    if !options.for_terminal || cleaned.is_ascii() {
        return cleaned;
    }
    match escaped_result(&cleaned, options.encoding) {
        Cow::Borrowed(_) => cleaned,
        Cow::Owned(escaped) => Cow::Owned(escaped),
    }
}

/// A heading, title or footer without bytes that are no characters.
pub(super) fn clean(encoding: Encoding, text: &[u8]) -> Cow<'_, [u8]> {
    if encoding != Encoding::Utf8 || text.is_ascii() || !needs_cleaning(text) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = Vec::new();
    clean_into(text, &mut cleaned);
    Cow::Owned(cleaned)
}

/// Whether some of the bytes of `text`, taken as UTF-8, are not shown.
fn needs_cleaning(text: &[u8]) -> bool {
    // The code points beyond U+FFFF that psql drops end in one of these two bytes.
    let may_be_dropped = |text: &[u8]| text.iter().any(|&byte| byte == 0xbe || byte == 0xbf);
    std::str::from_utf8(text).is_err() || may_be_dropped(text)
}

fn clean_into(text: &[u8], to: &mut Vec<u8>) {
    to.clear();
    let mut rest = text;
    while !rest.is_empty() {
        let (len, glyph) = Encoding::Utf8.next_char(rest);
        if glyph != Glyph::Invalid {
            to.extend_from_slice(&rest[..len]);
        }
        rest = &rest[len..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::options::Format;
    use crate::print::{Part, RowBuffer, Screen, Table, print};

    fn check(display: [Option<&str>; 2], format: Format, expected: &str) {
        let column =
            |name: &str, type_oid| Column { name: name.into(), type_oid, ..Column::default() };
        let columns = [column("b", BOOL), column("text", 25)];
        let mut rows = RowBuffer::default();
        rows.push([Some(b"t".as_slice()), Some(b"t")]);
        rows.push([Some(b"f".as_slice()), Some(b"f")]);
        rows.push([None, None]);
        let [display_true, display_false] = display.map(|word| word.map(|w| w.as_bytes().to_vec()));
        let null = b"null".to_vec();
        let options = Options { format, display_true, display_false, null, ..Options::default() };
        let mut table = Table { title: None, columns: &columns, rows: &mut rows, footers: None };
        let mut out = Vec::new();
        print(&mut table, &options, Part::default(), Screen::default(), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn words_for_booleans() {
        let csv = Format::Csv;
        check([None, None], csv, "b,text\nt,t\nf,f\nnull,null\n");
        check([Some("yes"), None], csv, "b,text\nyes,t\nf,f\nnull,null\n");
        check([Some("f"), Some("")], csv, "b,text\nf,t\n,f\nnull,null\n");
        check(
            [Some("true"), Some("false")],
            Format::Aligned,
            "   b   | text \n-------+------\n true  | t\n false | f\n null  | null\n(3 rows)\n\n",
        );
        let json = "{\"b\":true,\"text\":\"t\"}\n{\"b\":false,\"text\":\"f\"}\n{\"b\":null,\"text\":null}\n";
        check([Some("yes"), Some("no")], Format::Ndjson, json);
    }
}
