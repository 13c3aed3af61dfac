//! `\copy`: reads its arguments, which follow rules of their own, and makes the COPY to send.

use super::call::{Call, Outcome};
use crate::console::Reported;
use crate::encoding::Encoding;
use crate::query::{ClientCopy, Endpoint};

/// `\copy ...`: COPY with a file, a command or a stream on this side.
pub fn copy(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let Some(text) = call.value() else { return call.fail("arguments required") };
    let scanner = Scanner {
        text: &text,
        at: 0,
        encoding: call.shell.console.encoding(),
        standard_strings: call.shell.connection.standard_strings(),
    };
    match parse(scanner) {
        Ok(copy) => {
            let protocol = std::mem::take(&mut call.shell.next_query.protocol);
            let copied = call.shell.queries().client_copy(&copy, protocol);
            call.shell.restore_print();
            copied.map(|()| Outcome::Done)
        }
        Err(word) => {
            let place = match word {
                Some(word) => [b"\"", word, b"\""].concat(),
                None => b"end of line".to_vec(),
            };
            call.fail([b"parse error at ", &place[..]].concat())
        }
    }
}

/// Cuts the text into words by rules that change from part to part.
struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    encoding: Encoding,
    standard_strings: bool,
}

/// What ends a word beside white space.
#[derive(Clone, Copy)]
struct Rules {
    /// Each is a word of its own.
    delimiters: &'static [u8],
    /// Begin a word that goes on to the same quote; doubled, a quote is part of it.
    quotes: &'static [u8],
    /// In '...' a backslash takes the next character; always so after an E.
    backslashes: bool,
}

const NAME: Rules = Rules { delimiters: b".,()", quotes: b"\"", backslashes: false };
const COLUMNS: Rules = Rules { delimiters: b"()", quotes: b"\"", backslashes: false };
const QUERY: Rules = Rules { delimiters: b"()", quotes: b"\"'", backslashes: true };
const PLACE: Rules = Rules { delimiters: b";", quotes: b"'", backslashes: false };

impl<'a> Scanner<'a> {
    /// The next word; `None` at the end of the line.
    fn next(&mut self, rules: Rules) -> Option<&'a [u8]> {
        while self.text.get(self.at).is_some_and(|b| is_space(*b)) {
            self.at += 1;
        }
        let rest = &self.text[self.at..];
        let first = *rest.first()?;
        if rules.delimiters.contains(&first) {
            self.at += 1;
            return Some(&rest[..1]);
        }
        let escape_string =
            rules.backslashes && matches!(first, b'e' | b'E') && rest.get(1) == Some(&b'\'');
        let len = if escape_string {
            1 + self.quoted(&rest[1..], true)
        } else if rules.quotes.contains(&first) {
            let escapes = rules.backslashes && first == b'\'' && !self.standard_strings;
            self.quoted(rest, escapes)
        } else {
            let mut len = 0;
            while let Some(&byte) = rest.get(len) {
                if is_space(byte)
                    || rules.delimiters.contains(&byte)
                    || rules.quotes.contains(&byte)
                {
                    break;
                }
                len += self.encoding.char_len(&rest[len..]);
            }
            len
        };
        self.at += len;
        Some(&rest[..len])
    }

    /// How long the quoted word is that `text` begins with; an open quote takes everything.
    fn quoted(&self, text: &[u8], backslashes: bool) -> usize {
        let quote = text[0];
        let mut at = 1;
        while let Some(&byte) = text.get(at) {
            if byte == b'\\' && backslashes {
                at += 1;
                at += text.get(at..).map_or(0, |rest| self.encoding.char_len(rest));
            } else if byte == quote && text.get(at + 1) == Some(&quote) {
                at += 2;
            } else if byte == quote {
                return at + 1;
            } else {
                at += self.encoding.char_len(&text[at..]);
            }
        }
        text.len()
    }

    /// What is left of the line but for one white space.
    fn rest(self) -> &'a [u8] {
        let rest = &self.text[self.at..];
        match rest.first() {
            Some(first) if is_space(*first) => &rest[1..],
            _ => rest,
        }
    }

    /// `(` was read: adds what follows to `query`, up to the parenthesis that `closed` says is
    /// the last, with a blank before each word.
    fn parenthesized(
        &mut self,
        query: &mut Vec<u8>,
        rules: Rules,
        nested: bool,
    ) -> Result<(), Option<&'a [u8]>> {
        let mut depth = 1;
        while depth > 0 {
            let word = self.next(rules).ok_or(None)?;
            match word {
                b"(" if nested => depth += 1,
                b")" => depth -= 1,
                _ => {}
            }
            query.push(b' ');
            query.extend_from_slice(word);
        }
        Ok(())
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// A word without the quotes around it and with doubled ones halved.
fn unquoted(word: &[u8], quote: u8) -> Vec<u8> {
    if word.first() != Some(&quote) {
        return word.to_vec();
    }
    let mut plain = Vec::with_capacity(word.len());
    let mut at = 1;
    while let Some(&byte) = word.get(at) {
        if byte == quote {
            if at + 1 == word.len() {
                break;
            }
            at += 1;
        }
        plain.push(byte);
        at += 1;
    }
    plain
}

/// Makes a copy of the arguments; the error is the word that doesn't fit, `None` for the end.
fn parse(mut scanner: Scanner<'_>) -> Result<ClientCopy, Option<&[u8]>> {
    let mut query = b"COPY ".to_vec();
    let mut word = scanner.next(NAME).ok_or(None)?;
    if word.eq_ignore_ascii_case(b"binary") {
        query.extend_from_slice(word);
        word = scanner.next(NAME).ok_or(None)?;
    }
    query.push(b' ');
    query.extend_from_slice(word);
    if word == b"(" {
        scanner.parenthesized(&mut query, QUERY, true)?;
    }
    // psql looks for a name's other half, and for columns, behind a query too.
    let mut after = scanner.next(NAME).ok_or(None)?;
    if after == b"." {
        query.push(b'.');
        query.extend_from_slice(scanner.next(NAME).ok_or(None)?);
        after = scanner.next(NAME).ok_or(None)?;
    }
    if after == b"(" {
        query.extend_from_slice(b" (");
        scanner.parenthesized(&mut query, COLUMNS, false)?;
        after = scanner.next(NAME).ok_or(None)?;
    }
    let from = if after.eq_ignore_ascii_case(b"from") {
        true
    } else if after.eq_ignore_ascii_case(b"to") {
        false
    } else {
        return Err(Some(after));
    };
    let place = scanner.next(PLACE).ok_or(None)?;
    let is = |name: &str| place.eq_ignore_ascii_case(name.as_bytes());
    let endpoint = if is("program") {
        let command = scanner.next(PLACE).ok_or(None)?;
        if command[0] != b'\'' || command.len() < 2 || command.last() != Some(&b'\'') {
            return Err(Some(command));
        }
        Endpoint::Program(unquoted(command, b'\''))
    } else if is("stdin") || is("stdout") {
        Endpoint::Script
    } else if is("pstdin") || is("pstdout") {
        Endpoint::Standard
    } else {
        Endpoint::File(crate::console::path::clean_path(&unquoted(place, b'\'')))
    };
    query.extend_from_slice(if from { b" FROM STDIN " } else { b" TO STDOUT " });
    query.extend_from_slice(scanner.rest());
    Ok(ClientCopy { query, from, endpoint })
}
