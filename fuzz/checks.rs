//! What must hold for any bytes at all: no panic, and the properties asserted here. A function per
//! fuzz target; the test suite feeds the same functions bytes of its own (`tests/it/fuzz.rs`).

use pgsh::catalog_query::CatalogQuery;
use pgsh::encoding::Encoding;
use pgsh::lexer::{self, ArgumentKind, Case, End, Environment, Lexer, Quoting, Severity};
use pgsh::{conninfo, describe, print, session::message};

const KINDS: [ArgumentKind; 5] = [
    ArgumentKind::Normal,
    ArgumentKind::SqlId,
    ArgumentKind::SqlIdKeepCase,
    ArgumentKind::FileOrPipe,
    ArgumentKind::WholeLine,
];

/// A shell whose variables `v` and `w` are bytes of the input.
struct Shell<'d> {
    encoding: Encoding,
    backslash_quotes: bool,
    v: &'d [u8],
    w: &'d [u8],
}

impl<'d> Shell<'d> {
    /// Takes the settings from the first byte and leaves the rest.
    fn read(data: &'d [u8]) -> (Shell<'d>, &'d [u8]) {
        let (first, rest) = data.split_first().unwrap_or((&0, data));
        let encoding = Encoding::ALL[usize::from(first >> 1) % Encoding::ALL.len()];
        (Shell { encoding, backslash_quotes: first & 1 == 1, v: b"", w: b"" }, rest)
    }

    /// The statements of `pieces`, fed one by one, and what is left over.
    fn statements<'p>(&mut self, pieces: impl Iterator<Item = &'p [u8]>) -> Vec<Vec<u8>> {
        let (mut lexer, mut query, mut seen) = (Lexer::new(), Vec::new(), Vec::new());
        for piece in pieces {
            lexer.set_line(piece, self);
            loop {
                match lexer.scan_sql(self, &mut query) {
                    End::Statement => seen.push(std::mem::take(&mut query)),
                    End::Backslash => {
                        lexer.command_name();
                        lexer.finish_command();
                    }
                    End::Incomplete(_) | End::Empty => break,
                }
            }
        }
        seen.push(query);
        seen
    }
}

impl Environment for Shell<'_> {
    fn variable(&self, name: &[u8]) -> Option<&[u8]> {
        match name {
            b"v" => Some(self.v),
            b"w" => Some(self.w),
            _ => None,
        }
    }
    fn encoding(&self) -> Encoding {
        self.encoding
    }
    fn standard_strings(&self) -> bool {
        !self.backslash_quotes
    }
    fn single_line(&self) -> bool {
        false
    }
    fn quote(&mut self, value: &[u8], quoting: Quoting) -> Option<Vec<u8>> {
        quoting.quote(value, self.encoding).ok()
    }
    fn backquote(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        Some(command.to_vec())
    }
    fn report(&mut self, _: Severity, _: &[u8]) {}
}

/// The pieces of `data` between its zero bytes.
fn fields(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|&b| b == 0)
}

/// Statements end where they end, however the script comes: line by line, or several lines at once.
pub fn scanner(data: &[u8]) {
    let (mut shell, script) = Shell::read(data);
    shell.statements(std::iter::once(script));
    // A meta-command ends at the end of what came, so the property is one of SQL. Outside quotes a
    // line with nothing on it is dropped, and no character may hold a newline: hence the blanks.
    let mut sql = Vec::new();
    for &byte in script.iter().filter(|&&b| b != b'\\') {
        if byte == b'\n' {
            sql.extend_from_slice(b"   ");
        }
        sql.push(byte);
    }
    let lines: Vec<&[u8]> = sql.split_inclusive(|&b| b == b'\n').collect();
    let whole = shell.statements(std::iter::once(&sql[..]));
    assert_eq!(shell.statements(lines.iter().copied()), whole);
    let cut: usize = lines.iter().take(lines.len() / 2).map(|line| line.len()).sum();
    assert_eq!(shell.statements([&sql[..cut], &sql[cut..]].into_iter()), whole);
}

/// Arguments are read to the line's end, evaluated or skipped.
pub fn argument(data: &[u8]) {
    let (mut shell, line) = Shell::read(data);
    shell.v = b"a 'b' \\c :w";
    shell.w = b":v";
    for kind in KINDS {
        for evaluate in [true, false] {
            let (mut lexer, mut query) = (Lexer::new(), Vec::new());
            lexer.set_line(&[b"\\x ", line].concat(), &shell);
            assert_eq!(lexer.scan_sql(&mut shell, &mut query), End::Backslash);
            assert_eq!(lexer.command_name(), b"x");
            // Every argument uses up a byte at least.
            for _ in 0..=line.len() + 1 {
                let argument = match evaluate {
                    true => lexer.argument(&mut shell, kind),
                    false => lexer.skip_argument(&mut shell, kind),
                };
                if argument.is_none() {
                    break;
                }
            }
            lexer.finish_command();
            lexer.rest_of_line();
            assert_eq!(lexer.scan_sql(&mut shell, &mut query), End::Empty);
        }
    }
    lexer::dequote(line, Case::Fold, shell.encoding);
}

/// Variables expand, even into each other; what is quoted reads back as itself.
pub fn interpolation(data: &[u8]) {
    let (mut shell, rest) = Shell::read(data);
    let mut parts = fields(rest);
    shell.v = parts.next().unwrap_or_default();
    shell.w = parts.next().unwrap_or_default();
    let script = parts.next().unwrap_or(b":v :w :'v' :\"w\" :{?v};");
    shell.statements(std::iter::once(script));
    if let Ok(quoted) = lexer::quote_identifier(shell.v, shell.encoding) {
        assert_eq!(lexer::dequote(&quoted, Case::Keep, shell.encoding), shell.v);
    }
    if let Some(word) = lexer::shell_quote(shell.v) {
        assert!(!word.contains(&b'\n'));
    }
}

/// Messages are read or refused; nothing is made up.
pub fn message(data: &[u8]) {
    let most = data.len();
    if let Some(fields) = message::row_description(data) {
        assert!(fields.iter().map(|field| field.name.len() + 19).sum::<usize>() <= most);
    }
    if let Some(row) = print::Row::checked(data) {
        assert!(row.cells().flatten().map(<[u8]>::len).sum::<usize>() <= most);
    }
    message::error_fields(data);
    message::notification(data);
    message::parameter_status(data);
    message::one_string(data);
    message::copy_response(data);
    message::parameter_description(data);
    message::function_result(data);
    message::ready_for_query(data);
    message::data_row_columns(data);
}

/// Connection strings, URIs, service and password files.
pub fn conninfo(data: &[u8]) {
    let uri = [b"postgresql://", data].concat();
    for text in [data, &uri[..]] {
        conninfo::looks_like_conninfo(text);
        if let Ok(settings) = conninfo::parse(text) {
            assert!(settings.iter().all(|(keyword, _)| !keyword.is_empty()));
        }
    }
    let _ = conninfo::service::find(data, b"file", b"s");
    conninfo::passfile::find(data, [b"h", b"5432", b"d", b"u"]);
}

/// A server that answers nothing.
struct NoServer;

impl describe::Host for NoServer {
    fn query(&mut self, query: &CatalogQuery) -> Result<describe::Answer, describe::Reported> {
        assert!(!query.as_bytes().contains(&0));
        Err(describe::Reported)
    }
    fn show(&mut self, _: describe::View) -> Result<(), describe::Reported> {
        Ok(())
    }
    fn error(&mut self, _: &[u8]) {}
    fn line(&mut self, _: &[u8]) {}
}

/// Patterns of `\d` become queries without a zero byte.
pub fn pattern(data: &[u8]) {
    let (shell, pattern) = Shell::read(data);
    let context = describe::Context {
        version: 180006,
        database: b"d".to_vec(),
        encoding: shell.encoding,
        ..describe::Context::default()
    };
    let patterns: Vec<Vec<u8>> = fields(pattern).map(<[u8]>::to_vec).take(2).collect();
    for command in ["d", "dt", "df", "do", "dT+", "ddp", "drds", "dconfig", "dn", "dFt"] {
        let request = describe::Request { command: command.as_bytes(), patterns: &patterns };
        let _ = describe::run(&request, &context, &mut NoServer);
    }
}

/// Any cells print in any format; the character set's own rules hold.
pub fn print(data: &[u8]) {
    let (shell, rest) = Shell::read(data);
    let (choice, rest) = rest.split_first().unwrap_or((&0, rest));
    let mut characters = rest;
    while !characters.is_empty() {
        let (len, _) = shell.encoding.next_char(characters);
        assert!((1..=characters.len()).contains(&len));
        characters = &characters[len..];
    }
    let cells: Vec<&[u8]> = fields(rest).collect();
    let names = [cells[0], cells[cells.len() - 1]];
    let columns =
        names.map(|name| print::Column { name: name.to_vec(), ..print::Column::default() });
    let mut rows = print::RowBuffer::default();
    for pair in cells.chunks(2) {
        rows.push([Some(pair[0]), pair.get(1).copied()]);
    }
    use print::{Expanded, LineStyle};
    let formats = print::pset::option(b"format").expect("an option").words;
    for name in formats() {
        let mut options = print::Options {
            border: u16::from(choice & 3),
            expanded: [Expanded::Off, Expanded::On, Expanded::Auto][usize::from(choice >> 2) % 3],
            line_style: [LineStyle::Ascii, LineStyle::OldAscii, LineStyle::Unicode]
                [usize::from(choice >> 4) % 3],
            columns: i32::from(choice >> 3),
            encoding: shell.encoding,
            insert_table: Some(names[0].to_vec()),
            ..print::Options::default()
        };
        assert!(
            print::pset::set(&mut options, b"format", Some(name.as_bytes()), true).is_ok(),
            "{name}"
        );
        let mut table = print::Table {
            title: Some(names[0]),
            columns: &columns,
            rows: &mut rows,
            footers: None,
        };
        let mut out = Vec::new();
        let printed = print::print(
            &mut table,
            &options,
            print::Part::default(),
            print::Screen { columns: 80, lines: 24 },
            &mut out,
        );
        // What keeps types says so where it can't.
        let keeps_types = matches!(name, "insert" | "parquet" | "xlsx");
        assert!(printed.is_ok() || keeps_types, "{name}: {printed:?}");
    }
}
