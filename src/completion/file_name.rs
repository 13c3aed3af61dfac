//! File names as they are typed: a candidate, read again, is that very file and nothing else.
//!
//! Quotes as psql does, and more: what a backquote, a colon, a bar or a control character would
//! make of a name is prevented, whoever gave the file its name.

use super::candidates::Candidates;
use super::catalog::{Catalog, Object, Wanted};
use super::kind::CandidateKind;
use super::literal::{Place, is_printable, literal, written};
use crate::encoding::Encoding;
use crate::lexer::plain_argument;

impl Candidates<'_> {
    /// Adds the files (or directories) that the word begins.
    pub(super) fn files(&mut self, object: Object, place: Place, catalog: &mut dyn Catalog) {
        let encoding = self.encoding;
        let Some(typed) = typed(self.word, place, encoding) else { return };
        let wanted = Wanted { object, schema: None, of: None };
        let names: Vec<Vec<u8>> = catalog
            .look_up(&wanted, &typed)
            .into_iter()
            .map(|n| leading_nowhere(n.name, &typed))
            .collect();
        // All in quotes, or none: what they have in common is put in their place.
        let open = self.word.first().is_some_and(|b| matches!(b, b'\'' | b'E' | b'e'))
            && self.word.contains(&b'\'');
        let quote = open || !matches!(place, Place::Argument { .. });
        let quote = quote || names.iter().any(|name| !is_plain(name, encoding));
        for name in names {
            if let Some(text) = written(&name, place, quote, encoding) {
                let directory = name.ends_with(b"/");
                let kind = if directory { CandidateKind::Directory } else { CandidateKind::File };
                self.push(text, kind);
            }
        }
    }
}

/// What was typed of a name; `None` if it is no name, or not yet known.
fn typed(word: &[u8], place: Place, encoding: Encoding) -> Option<Vec<u8>> {
    match (place, word) {
        (_, []) => Some(Vec::new()),
        (Place::Argument { pipe }, _) => {
            let value = argument(word, encoding)?;
            (!(pipe && value.starts_with(b"|"))).then_some(value)
        }
        // An escape string's escapes are those of an argument.
        (Place::Sql, [b'E' | b'e', rest @ ..]) if rest.starts_with(b"'") => {
            argument(rest, encoding)
        }
        (Place::Sql | Place::Copy, _) => Some(literal(word)),
    }
}

/// The value of the argument, its quote closed. There is none if a command or a variable is to
/// give a part of it.
fn argument(word: &[u8], encoding: Encoding) -> Option<Vec<u8>> {
    let in_quotes = |word: &[u8]| plain_argument(&[word, b"'"].concat(), encoding);
    // The candidates' common part may end within an escape.
    let cut = || word.strip_suffix(b"\\").and_then(in_quotes);
    plain_argument(word, encoding).or_else(|| in_quotes(word)).or_else(cut)
}

/// The name with `./` before it where its first character would mean something else: a command, an
/// option, somebody's home.
fn leading_nowhere(name: Vec<u8>, typed: &[u8]) -> Vec<u8> {
    match name.first() {
        Some(b'-' | b'|') => [b"./", &name[..]].concat(),
        Some(b'~') if !typed.contains(&b'/') => [b"./", &name[..]].concat(),
        _ => name,
    }
}

/// A file's name as an argument of a meta-command, in quotes if need be.
pub fn file_argument(name: &[u8], encoding: Encoding) -> Vec<u8> {
    let name = leading_nowhere(name.strip_suffix(b"/").unwrap_or(name).to_vec(), b"");
    let quote = !is_plain(&name, encoding);
    written(&name, Place::Argument { pipe: false }, quote, encoding).unwrap_or(name)
}

/// Whether a name needs no quotes.
fn is_plain(name: &[u8], encoding: Encoding) -> bool {
    let special = |b: &u8| b.is_ascii_whitespace() || b"'\"`\\:;|(".contains(b);
    !name.iter().any(special) && is_printable(name, encoding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::completion::{Name, complete};
    use crate::encoding::terminal_safe::is_safe;
    use crate::lexer::{self, ArgumentKind, Lexer, Strict};
    use crate::variables::KeywordCase;

    struct Files {
        names: Vec<Vec<u8>>,
        encoding: Encoding,
    }

    impl Catalog for Files {
        fn look_up(&mut self, wanted: &Wanted<'_>, prefix: &[u8]) -> Vec<Name> {
            let asked = matches!(wanted.object, Object::File | Object::Directory);
            let found = self.names.iter().filter(|name| asked && name.starts_with(prefix));
            found.cloned().map(Name::from).collect()
        }

        fn keyword_case(&self) -> KeywordCase {
            KeywordCase::PreserveUpper
        }

        fn encoding(&self) -> Encoding {
            self.encoding
        }
    }

    /// What Tab offers for a line.
    fn offered(line: &[u8], names: &[&[u8]], encoding: Encoding) -> Vec<Vec<u8>> {
        let names = names.iter().map(|name| name.to_vec()).collect();
        let (start, found) = complete(line, line.len(), &mut Files { names, encoding });
        found.into_iter().map(|c| [&line[..start], &c.text].concat()).collect()
    }

    /// The one line Tab makes of it.
    fn line(line: &[u8], name: &[u8], encoding: Encoding) -> Option<Vec<u8>> {
        let mut lines = offered(line, &[name], encoding);
        assert!(lines.len() < 2, "{lines:?}");
        lines.pop()
    }

    /// The file that the shell takes the command's last argument for.
    fn read(line: &[u8], kind: ArgumentKind, encoding: Encoding) -> Option<Vec<u8>> {
        let mut strict = Strict { encoding, ok: true };
        let mut lexer = Lexer::new();
        lexer.set_line(line, &strict);
        lexer.scan_sql(&mut strict, &mut Vec::new());
        lexer.command_name();
        let mut last = None;
        while let Some(argument) = lexer.argument(&mut strict, kind) {
            last = argument.strip_semicolons();
        }
        assert!(strict.ok, "{}", line.escape_ascii());
        assert_eq!(lexer.rest_of_line(), b"", "{}", line.escape_ascii());
        last.map(|argument| argument.value)
    }

    /// The value of the literal that ends the line.
    fn read_literal(line: &[u8], encoding: Encoding) -> Vec<u8> {
        let line = line.trim_ascii_end();
        let tokens = lexer::tokens(line);
        let last = tokens.last().unwrap();
        assert_eq!((last.kind, last.open), (lexer::TokenKind::String, false));
        let text = &line[last.range.clone()];
        match text {
            [b'E', rest @ ..] => argument(rest, encoding).unwrap(),
            _ => literal(&text[..text.len() - 1]),
        }
    }

    /// Whether a name that was read is the file's.
    fn is_file(read: &[u8], name: &[u8]) -> bool {
        let stripped = read.strip_prefix(b"./");
        match name[0] {
            b'-' | b'|' | b'~' => stripped == Some(name),
            _ => read == name,
        }
    }

    /// Names of all that may mean something, one to three of it behind a letter and before it.
    fn names() -> Vec<Vec<u8>> {
        let parts: &[&[u8]] = &[
            b"`touch x`",
            b" ",
            b"'",
            b"\"",
            b"\\",
            b"|",
            b":",
            b":v",
            b":'v'",
            b"\n",
            b"\t",
            b"\r",
            b"\x1b[m",
            b"\x7f",
            b"~",
            b"-",
            b";",
            b"$x",
            b"$$",
            b"(",
            b"#",
            b"--",
            b"/*",
            b"E'",
            b"\\'",
            b"\\x41",
            b"\xff",
            b"\xe2\x80\xae",
            b"\xc2\x9b",
            b"\xe3\x81\x82",
            b"\xc3\xa9",
            b"%",
            b"!",
            b"*",
            b",",
            b"=",
            b"@",
            b"\\\\",
            b"{?v}",
            b"0",
        ];
        let mut names = Vec::new();
        for one in parts {
            names.push([b"a", *one].concat());
            names.push([*one, b"b"].concat());
            for two in parts {
                names.push([b"a", *one, *two, b"c.sql"].concat());
            }
        }
        names.retain(|name| !name.contains(&b'/'));
        names
    }

    const ENCODINGS: [Encoding; 4] =
        [Encoding::Utf8, Encoding::SingleByte, Encoding::Sjis, Encoding::Gb18030];

    #[test]
    fn an_argument_is_that_very_file() {
        let directory = b"a directory/".to_vec();
        for name in names().into_iter().chain([directory, b"~".to_vec(), b"-x".to_vec()]) {
            let text = file_argument(&name, Encoding::Utf8);
            let value = plain_argument(&text, Encoding::Utf8).expect("an argument");
            let name = name.strip_suffix(b"/").unwrap_or(&name);
            let read = value.strip_prefix(b"./").unwrap_or(&value);
            assert_eq!(read, name.strip_prefix(b"./").unwrap_or(name), "{text:?}");
            assert!(is_safe(&text) && !value.starts_with(b"-") && !value.starts_with(b"~"));
        }
    }

    #[test]
    fn a_candidate_is_that_very_file() {
        let mut count = 0;
        for name in names() {
            for encoding in ENCODINGS {
                for (command, kind) in [
                    (&b"\\i "[..], ArgumentKind::Normal),
                    (b"\\e '", ArgumentKind::Normal),
                    (b"\\o ", ArgumentKind::FileOrPipe),
                    (b"\\w '", ArgumentKind::FileOrPipe),
                    (b"select 1 \\g ", ArgumentKind::FileOrPipe),
                ] {
                    let shown = name.escape_ascii();
                    let line = line(command, &name, encoding).unwrap_or_else(|| panic!("{shown}"));
                    let read = read(&line, kind, encoding).unwrap();
                    assert!(is_file(&read, &name), "{shown}: {}", line.escape_ascii());
                    assert!(is_safe(&line) && !line.contains(&b'\n'), "{}", line.escape_ascii());
                    count += 1;
                }
            }
        }
        assert!(count > 10_000, "{count}");
    }

    #[test]
    fn a_candidate_is_that_very_literal() {
        for name in names() {
            for encoding in ENCODINGS {
                for command in [&b"copy t from '"[..], b"COPY t TO 'a", b"\\copy t from '"] {
                    if command.ends_with(b"a") && name[0] != b'a' {
                        continue;
                    }
                    let copy = command.starts_with(b"\\");
                    match line(command, &name, encoding) {
                        Some(line) => {
                            let read = read_literal(&line, encoding);
                            assert!(is_file(&read, &name), "{}", line.escape_ascii());
                            assert!(is_safe(&line) && !line.contains(&b'\n'));
                            assert!(!copy || !line.starts_with(b"\\copy t from E"));
                        }
                        None => assert!(copy && !is_printable(&name, encoding), "{name:?}"),
                    }
                }
            }
        }
    }

    /// As psql 18.6 quotes, where that is right.
    #[test]
    fn quoted_as_psql_does() {
        for (typed, name, expected) in [
            ("\\i aa", "aa`touch x`.sql", "\\i 'aa`touch x`.sql' "),
            ("\\i 'aa", "aa`touch x`.sql", "\\i 'aa`touch x`.sql' "),
            ("\\i ab", "ab c.sql", "\\i 'ab c.sql' "),
            ("\\i ac", "ac'd.sql", "\\i 'ac''d.sql' "),
            ("\\i ad", "ad\"e.sql", "\\i 'ad\"e.sql' "),
            ("\\i ae", "ae\\f.sql", "\\i 'ae\\\\f.sql' "),
            ("\\i ci", "ci'`touch y`'", "\\i 'ci''`touch y`''' "),
            ("\\i cj", "cj-k", "\\i cj-k "),
            ("\\i be", "be#f", "\\i be#f "),
            ("\\i da", "da e/", "\\i 'da e/"),
            ("\\i 'da e/f", "da e/f'g", "\\i 'da e/f''g' "),
            ("\\i dh", "dh/", "\\i dh/"),
            ("\\g aa", "aab", "\\g aab "),
            ("\\gx aa", "aa b", "\\gx 'aa b' "),
            ("\\cd da", "da e/", "\\cd 'da e/"),
            ("\\lo_import ab", "ab c.sql", "\\lo_import 'ab c.sql' "),
            ("\\copy t from ab", "ab c.sql", "\\copy t from 'ab c.sql' "),
            ("\\copy t from ac", "ac'd.sql", "\\copy t from 'ac''d.sql' "),
            ("copy t from aa", "aa`touch x`.sql", "copy t from 'aa`touch x`.sql' "),
            ("copy t from 'ac", "ac'd.sql", "copy t from 'ac''d.sql' "),
            // psql leaves the following as they are, or puts a line break into the line.
            ("\\i ai", "ai:j", "\\i 'ai:j' "),
            ("\\o ", "|touch x", "\\o './|touch x' "),
            ("\\w '", "|touch x", "\\w './|touch x' "),
            ("\\i |", "|a", "\\i './|a' "),
            ("\\i ~a", "~ao", "\\i ./~ao "),
            ("\\i ~/a", "~/ab", "\\i ~/ab "),
            ("\\e -", "-ap", "\\e ./-ap "),
            ("\\w aq", "aq;", "\\w 'aq;' "),
            ("\\i ak", "ak\nl", "\\i 'ak\\nl' "),
            ("\\i a", "a\u{202e}b", "\\i 'a\\xe2\\x80\\xaeb' "),
            ("\\i 'a\\n", "a\nb", "\\i 'a\\nb' "),
            ("\\i 'a\\", "a\nb", "\\i 'a\\nb' "),
            ("copy t from 'ae", "ae\\f", "copy t from E'ae\\\\f' "),
            ("copy t from E'ae\\\\", "ae\\f", "copy t from E'ae\\\\f' "),
            ("\\copy t from 'ae", "ae\\f", "\\copy t from 'ae\\f' "),
            // Beside the key word, so without a blank.
            ("\\copy t from st", "stdin", "\\copy t from 'stdin'"),
        ] {
            let found = offered(typed.as_bytes(), &[name.as_bytes()], Encoding::Utf8);
            let found: Vec<_> = found.iter().map(|line| String::from_utf8_lossy(line)).collect();
            let words: Vec<_> = found.iter().filter(|line| !line.ends_with("stdin")).collect();
            assert_eq!(words, [expected], "{typed}");
        }
    }

    #[test]
    fn what_is_no_name_is_left_alone() {
        for typed in
            ["\\o |", "\\o |a", "\\o '|a", "\\g |", "\\i `a", "\\i a`b`", "\\i \"a", "\\! a"]
        {
            let names: &[&[u8]] = &[b"|ab", b"a`b`c", b"ab", b"`ab", b"\"ab", b"b"];
            let found = offered(typed.as_bytes(), names, Encoding::Utf8);
            assert_eq!(found, Vec::<Vec<u8>>::new(), "{typed}");
        }
    }

    #[test]
    fn several_are_quoted_alike() {
        let found = offered(b"\\i a", &[b"a'b", b"a'", b"ab"], Encoding::Utf8);
        assert_eq!(found, [&b"\\i 'a''b'"[..], b"\\i 'a'''", b"\\i 'ab'"]);
    }
}
