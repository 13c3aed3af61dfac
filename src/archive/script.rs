//! A script, statement by statement, with the rows of its COPYs, as it passes by in pieces of any length.
//!
//! Knows of SQL what it takes to see where a statement ends: quotes, comments, and the data behind
//! `COPY ... FROM stdin`. What it hands on are the same bytes, but for the statements that it
//! is told to leave out.

use crate::lexer::{TokenKind, tokens};

/// A longer statement is told without its end.
const MAX_STATEMENT: usize = 64 * 1024;
/// The setting that servers before version 17 don't know, and programs since write.
pub const NEW_SETTING: &[u8] = b"SET transaction_timeout = 0;";
/// What stands around the large objects of a script, and would end a transaction around it all.
pub const TRANSACTION: [&[u8]; 2] = [b"BEGIN;", b"COMMIT;"];
/// What begins the lines by which dumps restrict the commands of psql's, and lift that.
pub const RESTRICTIONS: [&[u8]; 2] = [b"\\restrict ", b"\\unrestrict "];
/// What begins the lines by which the script of a cluster goes to its next database, whose name may be in
/// another encoding.
const SWITCHES: [&[u8]; 2] = [b"\\connect ", b"\\encoding "];
/// The line that ends the data of a COPY.
const END_OF_DATA: &[u8] = b"\\.";

/// A part of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// A comment on a line of its own, without its dashes.
    Comment(&'a [u8]),
    /// A command of psql's, with its backslash and all that follows on its line.
    Backslash(&'a [u8]),
    /// A statement without its semicolon.
    Statement(&'a [u8]),
    /// A COPY whose rows follow.
    Copy(&'a [u8]),
    /// A row of the COPY, with its length.
    Row(u64),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Code,
    LineComment,
    BlockComment(usize),
    Backslash,
    Quoted(u8),
    /// `E'...'`, and whether a backslash came just before.
    Escaped(bool),
    /// The tag of a dollar quote, up to where it was read.
    DollarTag(Vec<u8>),
    /// The delimiter that ends it, and how much of that was seen.
    Dollar(Vec<u8>, usize),
    /// Behind `COPY ... FROM stdin;`, up to the end of the line.
    BeforeData,
    /// The begin of a row, and its length.
    Data(Vec<u8>, u64),
}

/// Reads a script.
#[derive(Clone, Debug, Default)]
pub struct ScriptReader {
    left_out: Vec<&'static [u8]>,
    state: State,
    statement: Vec<u8>,
    /// The comment or the command that has begun.
    line: Vec<u8>,
    previous: u8,
    /// The string that ended just before was one with escapes.
    was_escaped: bool,
    is_line_start: bool,
    /// The byte ended a mark of two, as comments have.
    is_pair: bool,
    /// What may be a setting to leave out, or a line to write otherwise.
    held: Vec<u8>,
    /// The key that lifts the reader's restriction of psql's commands.
    key: Option<String>,
    /// So many lines were added; as many empty ones are left out for them.
    added: usize,
}

impl ScriptReader {
    /// A reader at the start of a script, which does not hand on these statements where they stand on a line
    /// of their own.
    pub fn new(left_out: Vec<&'static [u8]>) -> ScriptReader {
        ScriptReader { left_out, is_line_start: true, ..ScriptReader::default() }
    }

    /// For whoever runs it with the commands of psql's restricted by this key: what goes to the next
    /// database lifts that for itself alone.
    pub fn restricted_by(self, key: String) -> ScriptReader {
        ScriptReader { key: Some(key), ..self }
    }

    /// Whether the script may end here: in no quote, no comment, no statement and no data.
    pub fn is_between_statements(&self) -> bool {
        matches!(self.state, State::Code | State::LineComment) && self.statement.is_empty()
    }

    /// Takes the next piece of the script: tells its parts, and adds what is handed on to `out`.
    pub fn take(&mut self, mut piece: &[u8], out: &mut Vec<u8>, tell: &mut dyn FnMut(Part<'_>)) {
        while !piece.is_empty() {
            let is_data = matches!(self.state, State::Data(..));
            let count = match &self.state {
                State::Data(..) => self.data(piece, tell),
                State::Quoted(quote) => memchr::memchr(*quote, piece).unwrap_or(piece.len()),
                State::Dollar(_, 0) => memchr::memchr(b'$', piece).unwrap_or(piece.len()),
                State::Escaped(false) => {
                    memchr::memchr2(b'\'', b'\\', piece).unwrap_or(piece.len())
                }
                _ => 0,
            };
            if count > 0 {
                let (taken, rest) = piece.split_at(count);
                if !is_data {
                    self.add(taken);
                }
                self.previous = taken[count - 1];
                self.release(out);
                out.extend_from_slice(taken);
                piece = rest;
                continue;
            }
            self.hold(piece[0], out);
            self.is_pair = false;
            self.step(piece[0], tell);
            // A byte is of one pair only.
            self.previous = if self.is_pair { 0 } else { piece[0] };
            self.is_line_start = piece[0] == b'\n';
            self.end_hold();
            piece = &piece[1..];
        }
    }

    /// Ends: hands on what was held back.
    pub fn finish(&mut self, out: &mut Vec<u8>, tell: &mut dyn FnMut(Part<'_>)) {
        self.release(out);
        match &self.state {
            State::LineComment => tell(Part::Comment(&self.line)),
            State::Backslash => tell(Part::Backslash(&self.line)),
            _ => {}
        }
    }

    /// Takes data up to the end of its row or of the piece, and returns how much that was.
    fn data(&mut self, piece: &[u8], tell: &mut dyn FnMut(Part<'_>)) -> usize {
        let State::Data(begin, length) = &mut self.state else { return 0 };
        let end = memchr::memchr(b'\n', piece);
        let part = &piece[..end.unwrap_or(piece.len())];
        let room = (END_OF_DATA.len() + 2).saturating_sub(begin.len());
        begin.extend_from_slice(&part[..room.min(part.len())]);
        *length += part.len() as u64;
        let Some(end) = end else { return piece.len() };
        if begin.strip_suffix(b"\r").unwrap_or(begin) == END_OF_DATA {
            self.state = State::Code;
            self.is_line_start = true;
        } else {
            tell(Part::Row(*length + 1));
            begin.clear();
            *length = 0;
        }
        end + 1
    }

    fn step(&mut self, byte: u8, tell: &mut dyn FnMut(Part<'_>)) {
        match &mut self.state {
            State::Code => self.code(byte, tell),
            State::LineComment if byte == b'\n' => {
                if self.statement.is_empty() {
                    tell(Part::Comment(&self.line));
                }
                self.state = State::Code;
            }
            State::Backslash if byte == b'\n' => {
                tell(Part::Backslash(&self.line));
                self.state = State::Code;
            }
            State::LineComment | State::Backslash => {
                if self.line.len() < MAX_STATEMENT {
                    self.line.push(byte);
                }
            }
            State::BlockComment(depth) => {
                let pair = [self.previous, byte];
                match &pair {
                    b"*/" if *depth == 1 => self.state = State::Code,
                    b"*/" => *depth -= 1,
                    b"/*" => *depth += 1,
                    _ => return,
                }
                self.is_pair = true;
            }
            State::Quoted(quote) => {
                let ends = byte == *quote;
                self.add(&[byte]);
                if ends {
                    self.state = State::Code;
                    self.was_escaped = false;
                }
            }
            State::Escaped(is_after_backslash) => {
                let ends = byte == b'\'' && !*is_after_backslash;
                *is_after_backslash = byte == b'\\' && !*is_after_backslash;
                self.add(&[byte]);
                if ends {
                    self.state = State::Code;
                    self.was_escaped = true;
                }
            }
            State::DollarTag(tag) => {
                if byte == b'$' {
                    let delimiter = [b"$", &tag[..], b"$"].concat();
                    self.state = State::Dollar(delimiter, 0);
                } else if byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 128 {
                    tag.push(byte);
                } else {
                    self.state = State::Code;
                    return self.code(byte, tell);
                }
                self.add(&[byte]);
            }
            State::Dollar(delimiter, seen) => {
                *seen = match byte {
                    byte if byte == delimiter[*seen] => *seen + 1,
                    b'$' => 1,
                    _ => 0,
                };
                let ends = *seen == delimiter.len();
                self.add(&[byte]);
                if ends {
                    self.state = State::Code;
                }
            }
            State::BeforeData if byte == b'\n' => self.state = State::Data(Vec::new(), 0),
            State::BeforeData | State::Data(..) => {}
        }
    }

    fn code(&mut self, byte: u8, tell: &mut dyn FnMut(Part<'_>)) {
        let previous = self.previous;
        let is_in_word =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 128..);
        match byte {
            // Wherever it stands: psql looks for it in the middle of a line and of a statement, too.
            b'\\' => {
                self.line = vec![byte];
                self.state = State::Backslash;
            }
            b'-' if previous == b'-' => {
                self.statement.pop();
                self.line.clear();
                self.state = State::LineComment;
            }
            b'*' if previous == b'/' => {
                self.statement.pop();
                self.state = State::BlockComment(1);
                self.is_pair = true;
            }
            b'\'' => {
                let before = self.statement.iter().rev().nth(1).copied().unwrap_or(b' ');
                let is_escape = matches!(previous, b'e' | b'E') && !is_in_word(before)
                    || previous == b'\'' && self.was_escaped;
                self.state = if is_escape { State::Escaped(false) } else { State::Quoted(byte) };
                self.add(&[byte]);
            }
            b'"' => {
                self.state = State::Quoted(byte);
                self.add(&[byte]);
            }
            b'$' if !is_in_word(previous) => {
                self.state = State::DollarTag(Vec::new());
                self.add(&[byte]);
            }
            b';' => self.end_statement(tell),
            _ if byte.is_ascii_whitespace() && self.statement.is_empty() => {}
            _ => self.add(&[byte]),
        }
    }

    fn end_statement(&mut self, tell: &mut dyn FnMut(Part<'_>)) {
        if is_open_body(&self.statement) {
            return self.add(b";");
        }
        let statement = self.statement.trim_ascii();
        if is_copy(statement) {
            tell(Part::Copy(statement));
            self.state = State::BeforeData;
        } else if !statement.is_empty() && !self.left_out.contains(&&self.held[..]) {
            tell(Part::Statement(statement));
        }
        self.statement.clear();
    }

    fn add(&mut self, bytes: &[u8]) {
        let room = MAX_STATEMENT.saturating_sub(self.statement.len());
        self.statement.extend_from_slice(&bytes[..room.min(bytes.len())]);
    }

    /// Holds back what may be a statement to leave out, or hands it on.
    fn hold(&mut self, byte: u8, out: &mut Vec<u8>) {
        if self.held.ends_with(b"\n") {
            self.release(out);
        }
        let begins = self.is_line_start && self.statement.is_empty() && self.state == State::Code;
        if begins && byte == b'\n' && self.added > 0 {
            self.added -= 1;
            return;
        }
        if self.held.is_empty() && !begins {
            out.push(byte);
            return;
        }
        self.held.push(byte);
        let may_be = self.left_out.iter().any(|statement| statement.starts_with(&self.held));
        if !may_be && !self.is_restriction() && !self.is_switch() {
            self.release(out);
        }
    }

    /// Whether what is held is the begin of a line that goes to another database.
    fn is_switch(&self) -> bool {
        let begins =
            |switch: &&[u8]| switch.starts_with(&self.held) || self.held.starts_with(switch);
        self.key.is_some() && self.held.len() <= MAX_STATEMENT && SWITCHES.iter().any(begins)
    }

    /// Whether what is held is the begin of a line that restricts the commands of psql's, or lifts that,
    /// and such lines are left out.
    fn is_restriction(&self) -> bool {
        RESTRICTIONS.iter().filter(|one| self.left_out.contains(one)).any(|&command| {
            let key = self.held.strip_prefix(command);
            command.starts_with(&self.held)
                || key.is_some_and(|key| {
                    let key = key.strip_suffix(b"\n").unwrap_or(key);
                    key.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'\r')
                })
        })
    }

    /// Leaves out what was held back to its end, or writes it otherwise.
    fn end_hold(&mut self) {
        if let Some(key) =
            self.key.as_ref().filter(|_| self.held.ends_with(b"\n") && self.is_switch())
        {
            let (lift, restrict) = (format!("\\unrestrict {key}\n"), format!("\\restrict {key}\n"));
            self.held = [lift.as_bytes(), &self.held, restrict.as_bytes()].concat();
            self.added += 2;
            return;
        }
        let is_line = self.held.ends_with(b"\n") && self.is_restriction();
        if is_line {
            // The lines keep their numbers.
            self.held = if self.added > 0 { Vec::new() } else { b"\n".to_vec() };
            self.added = self.added.saturating_sub(1);
        } else if self.left_out.contains(&&self.held[..]) && !self.is_restriction() {
            self.held.clear();
        }
    }

    fn release(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.held);
    }
}

/// Whether a statement is a COPY whose data follow, of a dump or of another's hand.
fn is_copy(statement: &[u8]) -> bool {
    let begins = |word: &[u8]| {
        statement.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word))
    };
    if !begins(b"COPY") {
        return false;
    }
    let (mut depth, mut before) = (0_u32, false);
    for token in tokens(statement) {
        let text = &statement[token.range];
        match (token.kind, text) {
            (TokenKind::Space | TokenKind::Comment, _) => continue,
            (_, b"(") => depth += 1,
            (_, b")") => depth = depth.saturating_sub(1),
            (TokenKind::Word, _) if before && text.eq_ignore_ascii_case(b"STDIN") && depth == 0 => {
                return true;
            }
            _ => {}
        }
        before = token.kind == TokenKind::Word && text.eq_ignore_ascii_case(b"FROM");
    }
    false
}

/// Whether a semicolon here is one of a function's body, `BEGIN ATOMIC ... END`.
fn is_open_body(statement: &[u8]) -> bool {
    if !statement.get(..6).is_some_and(|begin| begin.eq_ignore_ascii_case(b"CREATE")) {
        return false;
    }
    let (mut blocks, mut is_after_begin) = (0_u32, false);
    for token in tokens(statement) {
        let is = |word: &str| {
            let text = &statement[token.range.clone()];
            token.kind == TokenKind::Word && text.eq_ignore_ascii_case(word.as_bytes())
        };
        match token.kind {
            TokenKind::Space | TokenKind::Comment => continue,
            _ if is_after_begin && is("ATOMIC") || blocks > 0 && is("CASE") => blocks += 1,
            _ if blocks > 0 && is("END") => blocks -= 1,
            _ => {}
        }
        is_after_begin = is("BEGIN");
    }
    blocks > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of a script read in pieces of this length, and what is handed on.
    fn read(script: &str, length: usize, left_out: &[&'static [u8]]) -> (Vec<String>, String) {
        read_by(ScriptReader::new(left_out.to_vec()), script, length)
    }

    fn read_by(mut reader: ScriptReader, script: &str, length: usize) -> (Vec<String>, String) {
        let mut parts = Vec::new();
        let mut tell = |part: Part<'_>| {
            let (letter, text) = match part {
                Part::Comment(text) => ('c', text),
                Part::Backslash(text) => ('b', text),
                Part::Statement(text) => ('s', text),
                Part::Copy(text) => ('C', text),
                Part::Row(length) => return parts.push(format!("r{length}")),
            };
            parts.push(format!("{letter}{}", String::from_utf8_lossy(text)));
        };
        let mut out = Vec::new();
        for piece in script.as_bytes().chunks(length) {
            reader.take(piece, &mut out, &mut tell);
        }
        reader.finish(&mut out, &mut tell);
        (parts, String::from_utf8(out).expect("text"))
    }

    #[test]
    fn parts() {
        for (script, expected) in [
            ("--\n-- Name: x\n--\n\nselect 1;\n", &["c", "c Name: x", "c", "sselect 1"][..]),
            ("\\restrict a;b\n", &["b\\restrict a;b"]),
            ("a 'x;\n--\\y''z' ; b;", &["sa 'x;\n--\\y''z'", "sb"]),
            ("a E'x\\';' 'y';b;", &["sa E'x\\';' 'y'", "sb"]),
            ("a E'x''\\';';b;", &["sa E'x''\\';'", "sb"]),
            ("a me'x\\';b;", &["sa me'x\\'", "sb"]),
            ("a \"x;'\"\"\";b;", &["sa \"x;'\"\"\"", "sb"]),
            ("a $$;'$x$;$$;b;", &["sa $$;'$x$;$$", "sb"]),
            ("a $_x$;$$;$_x$_x$;b$c$;", &["sa $_x$;$$;$_x$_x$", "sb$c$"]),
            ("a $1;b;", &["sa $1", "sb"]),
            ("a /* ; /* ' */ ; */ b;/*/ ; */c;", &["sa  b", "sc"]),
            ("a - -1;", &["sa - -1"]),
            (
                "COPY t (a) FROM stdin;\n1\n'\n\n\\.\nb;\n",
                &["CCOPY t (a) FROM stdin", "r2", "r2", "r1", "sb"],
            ),
            (
                "COPY \"a\nFROM stdin;\n\" (a) FROM stdin;\n\\.\n",
                &["CCOPY \"a\nFROM stdin;\n\" (a) FROM stdin"],
            ),
            (
                "COPY t FROM stdin;\n\\.x\n\\\\.\n\\.\r\nb;",
                &["CCOPY t FROM stdin", "r4", "r4", "sb"],
            ),
            ("a 'COPY t FROM stdin;\n1\n';b;", &["sa 'COPY t FROM stdin;\n1\n'", "sb"]),
            (
                "copy t from STDIN (format csv);\n\"\n\\.\nb;",
                &["Ccopy t from STDIN (format csv)", "r2", "sb"],
            ),
            (
                "copy (select a from stdin) to stdout;b;",
                &["scopy (select a from stdin) to stdout", "sb"],
            ),
            (" \\! x\nb;", &["b\\! x", "sb"]),
            ("select 1 \\g |x\n;", &["b\\g |x", "sselect 1"]),
            ("a;\\! x\nb;", &["sa", "b\\! x", "sb"]),
            ("select 1\\; COMMIT;\n;", &["b\\; COMMIT;", "sselect 1"]),
            ("COMMIT ;COMMIT/**/; COMMIT;", &["sCOMMIT"; 3]),
            (
                "create function f() begin atomic select case 1 when 1 then 2 end; end;b;",
                &["screate function f() begin atomic select case 1 when 1 then 2 end; end", "sb"],
            ),
            ("select begin atomic; b;", &["sselect begin atomic", "sb"]),
        ] {
            for length in [1, 2, 7, 1000] {
                for settings in [&[][..], &[NEW_SETTING, TRANSACTION[1]]] {
                    let (parts, out) = read(script, length, settings);
                    assert_eq!(parts, expected, "{script} by {length}");
                    assert_eq!(out, script);
                }
            }
        }
    }

    #[test]
    fn statements_are_left_out() {
        let setting = "SET transaction_timeout = 0;";
        let [begin, commit] = TRANSACTION;
        let large = "BEGIN;\n\nSELECT 1;\nCOMMIT;\nCOMMIT AND CHAIN;\n'COMMIT;'";
        let (_, out) = read(large, 2, &[begin, commit]);
        assert_eq!(out, "\n\nSELECT 1;\n\nCOMMIT AND CHAIN;\n'COMMIT;'");
        let script =
            "\\restrict aB1\nselect 1;\n\\restrict a b\n \\unrestrict aB1\n\\unrestrict aB1\nb;";
        for length in [1, 3, 1000] {
            let (parts, out) = read(script, length, &RESTRICTIONS);
            assert_eq!(out, "\nselect 1;\n\\restrict a b\n \\unrestrict aB1\n\nb;");
            assert_eq!(parts.len(), 6);
        }
        let script = format!(
            "SET a = 0;\n{setting}\nCOPY t FROM stdin;\n{setting}\n\\.\nselect '\n{setting}';\nSET tran"
        );
        let expected = script.replacen(setting, "", 1);
        for length in [1, 3, 1000] {
            assert_eq!(read(&script, length, &[NEW_SETTING]).1, expected);
            assert_eq!(read(&script, length, &[]).1, script);
        }
    }

    #[test]
    fn what_goes_to_a_database_lifts_the_restriction_for_itself() {
        let lifted = |line: &str| format!("\\unrestrict k\n{line}\n\\restrict k\n");
        for (script, expected) in [
            ("a;\n\\connect b\nc;\n", format!("a;\n{}c;\n", lifted("\\connect b"))),
            // Lines that were added are made up for by empty ones.
            (
                "\\connect b\n\\restrict x\n\n'\n\n';\n\n",
                format!("{}'\n\n';\n\n", lifted("\\connect b")),
            ),
            ("\\encoding A\n", lifted("\\encoding A")),
            // What the reader takes for text or data stays, and the shell refuses what it takes for none.
            ("'\n\\connect b\n';", "'\n\\connect b\n';".to_owned()),
            ("a\n\\connect b\n", "a\n\\connect b\n".to_owned()),
            (" \\connect b\n", " \\connect b\n".to_owned()),
            ("\\connect", "\\connect".to_owned()),
            ("\\connections b\n", "\\connections b\n".to_owned()),
        ] {
            for length in [1, 3, 1000] {
                let reader = ScriptReader::new(RESTRICTIONS.to_vec()).restricted_by("k".to_owned());
                assert_eq!(read_by(reader, script, length).1, expected, "{script} by {length}");
            }
        }
    }

    #[test]
    fn where_a_script_may_end() {
        for (script, expected) in [
            ("", true),
            ("select 1;\n", true),
            ("select 1", false),
            ("select '1;", false),
            ("COPY t FROM stdin;\n1\n", false),
            ("COPY t FROM stdin;\n1\n\\.\n", true),
            ("-- x", true),
            ("/* x", false),
        ] {
            let mut reader = ScriptReader::new(Vec::new());
            reader.take(script.as_bytes(), &mut Vec::new(), &mut |_| {});
            assert_eq!(reader.is_between_statements(), expected, "{script}");
        }
    }
}
