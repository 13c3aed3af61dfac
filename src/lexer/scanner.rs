//! The statement scanner: appends SQL to the query buffer until a statement ends or a
//! meta-command begins.
//!
//! Owns the stack of texts being scanned and the state that survives from line to line. It never
//! reads input and never looks at what a statement means, but for one thing: how deep it is in
//! the body of a `CREATE FUNCTION ... BEGIN ATOMIC`.

use std::mem;

use super::environment::{Environment, Severity};
use super::quote::Quoting;
use super::rules::{self, CLASS, Class, Prefixed, StringRule, VariableForm};
use crate::encoding::Encoding;

/// Why [`Lexer::scan_sql`] stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A semicolon (or the line's end under SINGLELINE) ended a statement; the semicolon is in
    /// the query text.
    Statement,
    /// A backslash begins a meta-command; it was consumed, the name comes next.
    Backslash,
    /// The line is used up; a statement, a quote, a comment or a parenthesis is open.
    Incomplete(Prompt),
    /// The line is used up and no statement is open.
    Empty,
}

/// What the continuation prompt has to say (`%R` in PROMPT2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Prompt {
    /// No statement is open.
    #[default]
    Ready,
    /// A statement is open: `-`.
    Continue,
    /// In a comment: `*`.
    Comment,
    /// In a '...' string: `'`.
    SingleQuote,
    /// In a "..." identifier: `"`.
    DoubleQuote,
    /// In a $tag$...$tag$ string: `$`.
    DollarQuote,
    /// In parentheses: `(`.
    Paren,
}

/// A text being scanned: the line, or the value of a variable. No token spans two of them.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// The variable's name; empty for the line.
    name: Vec<u8>,
    pub(super) text: Vec<u8>,
    /// `text` as the rules may see it, if not as it is.
    masked: Option<Vec<u8>>,
    pub(super) at: usize,
}

impl Frame {
    fn new(name: &[u8], text: &[u8], encoding: Encoding) -> Frame {
        let masked = rules::mask(text, encoding);
        Frame { name: name.to_vec(), text: text.to_vec(), masked, at: 0 }
    }

    /// The bytes the lexical rules look at; those to copy are in `text`.
    pub(super) fn scan(&self) -> &[u8] {
        self.masked.as_deref().unwrap_or(&self.text)
    }
}

/// What is open at the end of a text.
#[derive(Debug, Default)]
enum State {
    #[default]
    Sql,
    /// A comment, nested so deep.
    Comment(u32),
    /// A '...' string.
    String(StringRule),
    /// A "..." identifier.
    Identifier,
    /// A dollar-quoted string, with its tag.
    Dollar(Vec<u8>),
}

/// How far a statement's first words agree with CREATE [OR REPLACE] {FUNCTION | PROCEDURE}.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Head {
    #[default]
    Start,
    Create,
    CreateOr,
    CreateOrReplace,
    Routine,
    Other,
}

impl Head {
    fn after(self, word: &[u8]) -> Head {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword.as_bytes());
        let routine = || is("function") || is("procedure");
        match self {
            Head::Start if is("create") => Head::Create,
            Head::Create if is("or") => Head::CreateOr,
            Head::CreateOr if is("replace") => Head::CreateOrReplace,
            Head::Create | Head::CreateOrReplace if routine() => Head::Routine,
            Head::Routine => Head::Routine,
            _ => Head::Other,
        }
    }
}

/// How far a statement has come between its tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    paren_depth: u32,
    /// How many BEGIN and CASE are open in a routine's body.
    body_depth: u32,
    head: Head,
}

/// Why scanning a frame stopped.
enum Step {
    Exhausted,
    Expand(Frame),
    Stop(End),
}

/// The lexer of one source of input.
///
/// [`Lexer::set_line`] gives it a line; [`Lexer::scan_sql`] is called until the line is used up,
/// and after [`End::Backslash`] the meta-command is read with [`Lexer::command_name`],
/// [`Lexer::argument`] and [`Lexer::finish_command`].
#[derive(Debug, Default)]
pub struct Lexer {
    line: Frame,
    /// Values of variables being expanded, the innermost last.
    values: Vec<Frame>,
    pub(super) encoding: Encoding,
    standard_strings: bool,
    // these two survive from line to line
    state: State,
    progress: Progress,
    /// The line must be parted from what the query buffer holds.
    new_line: bool,
    /// The line's end has ended a statement (SINGLELINE).
    ended: bool,
}

impl Lexer {
    /// A lexer without a line.
    pub fn new() -> Lexer {
        Lexer::default()
    }

    /// Takes the next line, with or without its newline, dropping what is left of the last one.
    /// Encoding and string rules hold for the whole line, as in psql.
    ///
    /// An empty line vanishes outside quotes and comments; any other is parted by a newline from
    /// what the query buffer holds when it is scanned, unless a meta-command begins it.
    pub fn set_line(&mut self, line: &[u8], env: &dyn Environment) {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        self.encoding = env.encoding();
        self.standard_strings = env.standard_strings();
        self.new_line = !line.is_empty() || self.in_quote();
        self.ended = false;
        self.values.clear();
        self.line.text.clear();
        self.line.text.extend_from_slice(line);
        self.line.masked = rules::mask(line, self.encoding);
        self.line.at = 0;
    }

    /// Appends SQL to `query` until a statement ends, a meta-command begins or the line is used
    /// up. White space and `--` comments are dropped while `query` is empty.
    ///
    /// The caller empties `query` between statements; whoever empties it otherwise than after
    /// [`End::Statement`] calls [`Lexer::reset`].
    pub fn scan_sql(&mut self, env: &mut dyn Environment, query: &mut Vec<u8>) -> End {
        let parted = mem::take(&mut self.new_line) && !query.is_empty();
        if parted {
            query.push(b'\n');
        }
        let before = query.len();
        let mut scan = Scan {
            state: &mut self.state,
            progress: &mut self.progress,
            encoding: self.encoding,
            standard_strings: self.standard_strings,
            env,
            query: &mut *query,
        };
        loop {
            let (outer, frame) = match self.values.split_last_mut() {
                Some((frame, outer)) => (&*outer, frame),
                None => (&[][..], &mut self.line),
            };
            match scan.frame(frame, outer) {
                Step::Exhausted => {
                    if self.values.pop().is_none() {
                        break;
                    }
                }
                Step::Expand(value) => self.values.push(value),
                Step::Stop(end) => {
                    // a line that begins with a meta-command is no line of the query
                    if parted && end == End::Backslash && query.len() == before {
                        query.pop();
                    }
                    return end;
                }
            }
        }
        self.line_end(env, query)
    }

    fn line_end(&mut self, env: &dyn Environment, query: &[u8]) -> End {
        let complete = !self.in_quote() && self.progress.depth() == 0;
        if complete && !query.is_empty() && !self.ended && env.single_line() {
            self.ended = true;
            self.progress.head = Head::Start;
            return End::Statement;
        }
        let prompt = self.prompt(query.is_empty());
        if prompt == Prompt::Ready { End::Empty } else { End::Incomplete(prompt) }
    }

    /// What the next prompt has to say.
    pub fn prompt(&self, query_is_empty: bool) -> Prompt {
        match self.state {
            State::Comment(_) => Prompt::Comment,
            State::String(_) => Prompt::SingleQuote,
            State::Identifier => Prompt::DoubleQuote,
            State::Dollar(_) => Prompt::DollarQuote,
            State::Sql if self.progress.paren_depth > 0 => Prompt::Paren,
            State::Sql if self.progress.body_depth > 0 || !query_is_empty => Prompt::Continue,
            State::Sql => Prompt::Ready,
        }
    }

    /// Whether a quote or a comment is open, so that the next line belongs to it whatever it
    /// looks like.
    pub fn in_quote(&self) -> bool {
        !matches!(self.state, State::Sql)
    }

    /// Forgets what is open: the query buffer was sent or thrown away otherwise than by a
    /// semicolon (`\g`, `\r`, a cancelled line). The rest of the line stays.
    pub fn reset(&mut self) {
        self.state = State::Sql;
        self.progress = Progress::default();
    }

    /// How far the statement has come, to be kept with the length of the query buffer when an
    /// inactive `\if` branch begins.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Goes back to what [`Lexer::progress`] said, as if the inactive branch had not been there.
    pub fn set_progress(&mut self, progress: Progress) {
        self.progress = progress;
    }

    /// The frame being scanned.
    pub(super) fn top(&mut self) -> &mut Frame {
        self.values.last_mut().unwrap_or(&mut self.line)
    }

    /// The frame the next byte comes from; the values used up are left.
    pub(super) fn current(&mut self) -> &mut Frame {
        while self.values.pop_if(|value| value.at == value.text.len()).is_some() {}
        self.top()
    }
}

impl Progress {
    fn depth(&self) -> u32 {
        self.paren_depth.saturating_add(self.body_depth)
    }

    /// Whether the statement's words still matter.
    fn heeds_words(&self) -> bool {
        self.head != Head::Other || self.body_depth > 0
    }

    /// Follows the words of a statement to know when it is in a routine's body.
    fn note_word(&mut self, word: &[u8]) {
        if self.paren_depth > 0 {
            return;
        }
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword.as_bytes());
        self.head = self.head.after(word);
        if self.body_depth > 0 {
            if is("end") {
                self.body_depth -= 1;
            } else if is("begin") || is("case") {
                self.body_depth += 1;
            }
        } else if self.head == Head::Routine && is("begin") {
            self.body_depth = 1;
        }
    }
}

impl State {
    /// Goes on after the end of what was open, if it ends in this frame.
    fn resume(&mut self, frame: &Frame) -> Option<usize> {
        let (text, at) = (frame.scan(), frame.at);
        let end = match self {
            State::Sql => return Some(at),
            State::Comment(depth) => {
                let end = rules::comment_end(text, at, depth);
                if *depth > 0 {
                    return None;
                }
                end
            }
            State::String(rule) => rules::string_end(text, at, *rule)?,
            State::Identifier => rules::identifier_end(text, at)?,
            State::Dollar(tag) => rules::dollar_end(text, at, tag)?,
        };
        *self = State::Sql;
        Some(end)
    }
}

/// One call's view of the scanning: everything but the texts.
struct Scan<'a> {
    state: &'a mut State,
    progress: &'a mut Progress,
    encoding: Encoding,
    standard_strings: bool,
    env: &'a mut dyn Environment,
    query: &'a mut Vec<u8>,
}

impl Scan<'_> {
    /// Scans on in `frame`, which was expanded from within `outer`.
    fn frame(&mut self, frame: &mut Frame, outer: &[Frame]) -> Step {
        let (text, bytes) = (frame.scan(), frame.text.as_slice());
        // bytes[start..at] are scanned but not yet in the query buffer
        let mut start = frame.at;
        let mut at = self.state.resume(frame).unwrap_or(text.len());
        let (next, step) = loop {
            // Nothing but space may be before the text of a query.
            if !self.progress.heeds_words() && (start < at || !self.query.is_empty()) {
                at = rules::skip(text, at);
            }
            let Some(&byte) = text.get(at) else { break (at, Step::Exhausted) };
            // where what begins here ends, and what is open if it doesn't
            let (end, open) = match CLASS[byte as usize] {
                Class::Space => {
                    let end = rules::space_end(text, at);
                    if start == at && self.query.is_empty() {
                        start = end;
                    }
                    (Some(end), State::Sql)
                }
                Class::Word => {
                    let end = rules::word_end(text, at);
                    match rules::prefixed(text, at, end, self.standard_strings) {
                        Some(Prefixed::String { rule, quote }) => {
                            (rules::string_end(text, quote + 1, rule), State::String(rule))
                        }
                        Some(Prefixed::Identifier { quote }) => {
                            (rules::identifier_end(text, quote + 1), State::Identifier)
                        }
                        None => {
                            if self.progress.heeds_words() {
                                self.progress.note_word(&bytes[at..end]);
                            }
                            (Some(end), State::Sql)
                        }
                    }
                }
                Class::Digit => (Some(rules::number_end(text, at)), State::Sql),
                Class::Quote => {
                    let rule = StringRule::plain(self.standard_strings);
                    (rules::string_end(text, at + 1, rule), State::String(rule))
                }
                Class::DoubleQuote => (rules::identifier_end(text, at + 1), State::Identifier),
                Class::Dollar => {
                    if let Some(end) = rules::parameter_end(text, at) {
                        (Some(end), State::Sql)
                    } else if let Some(end) = rules::dollar_tag_end(text, at) {
                        let tag = &text[at..end];
                        match rules::dollar_end(text, end, tag) {
                            None => (None, State::Dollar(tag.to_vec())),
                            end => (end, State::Sql),
                        }
                    } else {
                        (Some(at + 1), State::Sql)
                    }
                }
                Class::Minus if text.get(at + 1) == Some(&b'-') => {
                    let end = rules::line_comment_end(text, at);
                    if start == at && self.query.is_empty() {
                        start = end;
                    }
                    (Some(end), State::Sql)
                }
                Class::Slash if text.get(at + 1) == Some(&b'*') => {
                    let mut depth = 1;
                    let end = rules::comment_end(text, at + 2, &mut depth);
                    ((depth == 0).then_some(end), State::Comment(depth))
                }
                Class::Open => {
                    self.progress.paren_depth = self.progress.paren_depth.saturating_add(1);
                    (Some(at + 1), State::Sql)
                }
                Class::Close => {
                    self.progress.paren_depth = self.progress.paren_depth.saturating_sub(1);
                    (Some(at + 1), State::Sql)
                }
                Class::Semicolon if self.progress.depth() == 0 => {
                    at += 1;
                    self.progress.head = Head::Start;
                    break (at, Step::Stop(End::Statement));
                }
                Class::Backslash => match text.get(at + 1) {
                    Some(&escaped @ (b';' | b':')) => {
                        if escaped == b';' {
                            self.progress.head = Head::Start;
                        }
                        self.query.extend_from_slice(&bytes[start..at]);
                        start = at + 1;
                        (Some(at + 2), State::Sql)
                    }
                    _ => break (at + 1, Step::Stop(End::Backslash)),
                },
                Class::Colon if text.get(at + 1) == Some(&b':') => (Some(at + 2), State::Sql),
                Class::Colon => match rules::variable_reference(text, at) {
                    None => (Some(at + 1), State::Sql),
                    Some(reference) if reference.form == VariableForm::Plain => {
                        let name = &bytes[reference.name];
                        if let Some(value) = self.expansion(name, frame, outer) {
                            break (reference.end, Step::Expand(value));
                        }
                        (Some(reference.end), State::Sql)
                    }
                    Some(reference) => {
                        let name = &bytes[reference.name];
                        if let Some(value) = substitute(reference.form, name, self.env) {
                            self.query.extend_from_slice(&bytes[start..at]);
                            self.query.extend_from_slice(&value);
                            start = reference.end;
                        }
                        (Some(reference.end), State::Sql)
                    }
                },
                Class::Plain | Class::Minus | Class::Slash | Class::Semicolon => {
                    (Some(at + 1), State::Sql)
                }
            };
            at = end.unwrap_or_else(|| {
                *self.state = open;
                text.len()
            });
        };
        // `at` lies before a variable's reference or a meta-command's backslash, and behind all else
        self.query.extend_from_slice(&bytes[start..at]);
        frame.at = next;
        step
    }

    /// The value of the variable `name` as a text to scan, or `None` if it must stay as it
    /// stands.
    fn expansion(&mut self, name: &[u8], frame: &Frame, outer: &[Frame]) -> Option<Frame> {
        let value = Frame::new(name, self.env.variable(name)?, self.encoding);
        if frame.name == name || outer.iter().any(|f| f.name == name) {
            let text = [b"skipping recursive expansion of variable \"", name, b"\""].concat();
            self.env.report(Severity::Warning, &text);
            return None;
        }
        Some(value)
    }
}

/// What stands for a variable reference other than `:name`, or `None` if it must stay as it is.
pub(super) fn substitute(
    form: VariableForm,
    name: &[u8],
    env: &mut dyn Environment,
) -> Option<Vec<u8>> {
    let value = env.variable(name);
    match form {
        VariableForm::Plain => value.map(<[u8]>::to_vec),
        VariableForm::Test => Some(if value.is_some() { "TRUE" } else { "FALSE" }.into()),
        VariableForm::Literal => {
            let value = value?.to_vec();
            env.quote(&value, Quoting::Literal)
        }
        VariableForm::Identifier => {
            let value = value?.to_vec();
            env.quote(&value, Quoting::Identifier)
        }
    }
}
