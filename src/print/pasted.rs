//! How a table looks that is to be pasted elsewhere: the formats by the words that people use, with
//! options under which another program reads them.

use super::options::{Expanded, Format, Options, Pager};

/// The table that statements are for where nobody named one.
const TABLE: &[u8] = b"table_name";

/// A form of a table that is to be pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pasted {
    /// As it is shown.
    Text,
    /// Values between tabs: what spreadsheets take, and editors.
    Tsv,
    /// As an output format has it.
    Format(Format),
    /// One value, and nothing around it.
    Value,
}

/// The forms by their words.
pub const PASTED: &[(&str, Pasted)] = &[
    ("text", Pasted::Text),
    ("tsv", Pasted::Tsv),
    ("csv", Pasted::Format(Format::Csv)),
    ("json", Pasted::Format(Format::Json)),
    ("ndjson", Pasted::Format(Format::Ndjson)),
    ("markdown", Pasted::Format(Format::Markdown)),
    ("html", Pasted::Format(Format::Html)),
    ("insert", Pasted::Format(Format::Insert)),
    ("asciidoc", Pasted::Format(Format::Asciidoc)),
    ("latex", Pasted::Format(Format::Latex)),
];

impl Pasted {
    /// The form that a word means.
    pub fn by_word(word: &[u8]) -> Option<Pasted> {
        let found = PASTED.iter().find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(word));
        found.map(|(_, form)| *form)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        PASTED.iter().find(|(_, form)| *form == self).map_or("a value", |(word, _)| word)
    }

    /// The options of this form, by those in force.
    pub fn options(self, options: &Options) -> Options {
        let options =
            Options { pager: Pager::Off, for_terminal: false, colors: None, ..options.clone() };
        let format = match self {
            Pasted::Text => return Options { format: Format::Aligned, ..options },
            Pasted::Tsv => Format::Csv,
            Pasted::Format(format) => format,
            Pasted::Value => Format::Unaligned,
        };
        let csv_field_separator = if self == Pasted::Tsv { b'\t' } else { b',' };
        let tuples_only = options.tuples_only || self == Pasted::Value;
        Options {
            format,
            csv_field_separator,
            tuples_only,
            expanded: Expanded::Off,
            footer: false,
            numeric_locale: false,
            title: None,
            insert_table: options.insert_table.clone().or_else(|| Some(TABLE.to_vec())),
            ..options
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Column, Part, RowBuffer, Screen, Table, print};
    use super::*;

    #[test]
    fn forms() {
        let columns = ["a", "b"].map(|name| Column::of_type(name.into(), 25));
        let user = Options {
            title: Some(b"t".to_vec()),
            expanded: Expanded::On,
            null: b"-".to_vec(),
            ..Options::default()
        };
        for (word, expected) in [
            ("tsv", "a\tb\nx\t\"1\t2\"\n-\t\n"),
            ("CSV", "a,b\nx,1\t2\n-,\n"),
            ("text", "t\n-[ RECORD 1 ]\na | x\nb | 1       2\n-[ RECORD 2 ]\na | -\nb | \n\n"),
            ("json", "[\n{\"a\":\"x\",\"b\":\"1\\t2\"},\n{\"a\":null,\"b\":\"\"}\n]\n"),
            ("markdown", "| a | b |\n| --- | --- |\n| x | 1\t2 |\n| - |  |\n"),
        ] {
            let mut rows = RowBuffer::default();
            rows.push([Some(&b"x"[..]), Some(b"1\t2")]);
            rows.push([None, Some(&b""[..])]);
            let mut table =
                Table { title: None, columns: &columns, rows: &mut rows, footers: None };
            let options = Pasted::by_word(word.as_bytes()).unwrap().options(&user);
            table.title = options.title.as_deref();
            let mut text = Vec::new();
            print(&mut table, &options, Part::default(), Screen::default(), &mut text).unwrap();
            assert_eq!(String::from_utf8(text).unwrap(), expected, "{word}");
        }
        assert_eq!(Pasted::by_word(b"pdf"), None);
    }
}
