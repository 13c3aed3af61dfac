//! The statement scanner: appends SQL to the query buffer until a statement ends or a
//! meta-command begins.
//!
//! Owns the stack of texts being scanned and the state that survives from line to line. It never
//! reads input and never looks at what a statement means, but for one thing: how deep it is in
//! the body of a `CREATE FUNCTION ... BEGIN ATOMIC`.

use std::mem;

use super::rules::{self, CLASS, Class, Prefixed, StringRule, VariableForm};
use super::{Complaint, End, Environment, Prompt};
use crate::encoding::Encoding;

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
    /// The line must be parted from what the query buffer holds.
    new_line: bool,
    /// The line's end has ended a statement (SINGLELINE).
    ended: bool,
    state: State,
    paren_depth: u32,
    /// How many BEGIN and CASE are open in a routine's body.
    body_depth: u32,
    head: Head,
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
    /// what the query buffer holds when it is scanned.
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
        if mem::take(&mut self.new_line) && !query.is_empty() {
            query.push(b'\n');
        }
        loop {
            let mut frame = mem::take(self.top());
            match self.scan_frame(&mut frame, env, query) {
                Step::Exhausted => {
                    if self.values.pop().is_none() {
                        self.line = frame;
                        return self.line_end(env, query);
                    }
                }
                Step::Expand(value) => {
                    *self.top() = frame;
                    self.values.push(value);
                }
                Step::Stop(end) => {
                    *self.top() = frame;
                    return end;
                }
            }
        }
    }

    fn line_end(&mut self, env: &dyn Environment, query: &[u8]) -> End {
        let between = matches!(self.state, State::Sql) && self.depth() == 0;
        if between && !query.is_empty() && !self.ended && env.single_line() {
            self.ended = true;
            self.head = Head::Start;
            return End::Statement;
        }
        let prompt = self.prompt(query.is_empty());
        if prompt == Prompt::Ready { End::Empty(prompt) } else { End::Incomplete(prompt) }
    }

    /// What the next prompt has to say.
    pub fn prompt(&self, query_is_empty: bool) -> Prompt {
        match self.state {
            State::Comment(_) => Prompt::Comment,
            State::String(_) => Prompt::SingleQuote,
            State::Identifier => Prompt::DoubleQuote,
            State::Dollar(_) => Prompt::DollarQuote,
            State::Sql if self.paren_depth > 0 => Prompt::Paren,
            State::Sql if self.body_depth > 0 || !query_is_empty => Prompt::Continue,
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
        self.paren_depth = 0;
        self.body_depth = 0;
        self.head = Head::Start;
    }

    /// How many parentheses are open.
    pub fn paren_depth(&self) -> u32 {
        self.paren_depth
    }

    /// Goes back to as many open parentheses as there were before an inactive `\if` branch.
    pub fn set_paren_depth(&mut self, depth: u32) {
        self.paren_depth = depth;
    }

    fn depth(&self) -> u32 {
        self.paren_depth + self.body_depth
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

    /// Goes on after the end of what was open, if it ends in this frame.
    fn resume(&mut self, frame: &Frame) -> Option<usize> {
        let (text, at) = (frame.scan(), frame.at);
        let end = match &mut self.state {
            State::Sql => at,
            State::Comment(depth) => {
                let end = rules::comment_end(text, at, depth);
                if *depth > 0 {
                    return None;
                }
                end
            }
            State::String(rule) => rules::string_end(text, at, *rule)?,
            State::Identifier => rules::identifier_end(text, at)?,
            State::Dollar(tag) => rules::dollar_end(&frame.text, text, at, tag)?,
        };
        self.state = State::Sql;
        Some(end)
    }

    fn scan_frame(
        &mut self,
        frame: &mut Frame,
        env: &mut dyn Environment,
        query: &mut Vec<u8>,
    ) -> Step {
        let (text, bytes) = (frame.scan(), &frame.text);
        // bytes[start..at] are scanned but not yet in the query buffer
        let mut start = frame.at;
        let mut at = self.resume(frame).unwrap_or(text.len());
        let (next, step) = loop {
            let Some(&byte) = text.get(at) else { break (at, Step::Exhausted) };
            let opened = match CLASS[byte as usize] {
                Class::Plain => {
                    at += 1;
                    continue;
                }
                Class::Space => {
                    let end = rules::space_end(text, at);
                    if start == at && query.is_empty() {
                        start = end;
                    }
                    at = end;
                    continue;
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
                            self.note_word(&bytes[at..end]);
                            at = end;
                            continue;
                        }
                    }
                }
                Class::Digit => {
                    at = rules::number_end(text, at);
                    continue;
                }
                Class::Quote => {
                    let rule = StringRule::plain(self.standard_strings);
                    (rules::string_end(text, at + 1, rule), State::String(rule))
                }
                Class::DoubleQuote => (rules::identifier_end(text, at + 1), State::Identifier),
                Class::Dollar => {
                    if let Some(end) = rules::parameter_end(text, at) {
                        at = end;
                        continue;
                    }
                    let Some(end) = rules::dollar_tag_end(text, at) else {
                        at += 1;
                        continue;
                    };
                    let tag = &bytes[at..end];
                    match rules::dollar_end(bytes, text, end, tag) {
                        Some(end) => (Some(end), State::Sql),
                        None => (None, State::Dollar(tag.to_vec())),
                    }
                }
                Class::Open => {
                    self.paren_depth = self.paren_depth.saturating_add(1);
                    at += 1;
                    continue;
                }
                Class::Close => {
                    self.paren_depth = self.paren_depth.saturating_sub(1);
                    at += 1;
                    continue;
                }
                Class::Semicolon => {
                    at += 1;
                    if self.depth() > 0 {
                        continue;
                    }
                    self.head = Head::Start;
                    break (at, Step::Stop(End::Statement));
                }
                Class::Minus => {
                    if text.get(at + 1) == Some(&b'-') {
                        let end = rules::line_comment_end(text, at);
                        if start == at && query.is_empty() {
                            start = end;
                        }
                        at = end;
                    } else {
                        at += 1;
                    }
                    continue;
                }
                Class::Slash => {
                    if text.get(at + 1) != Some(&b'*') {
                        at += 1;
                        continue;
                    }
                    let mut depth = 1;
                    let end = rules::comment_end(text, at + 2, &mut depth);
                    ((depth == 0).then_some(end), State::Comment(depth))
                }
                Class::Backslash => match text.get(at + 1) {
                    Some(b';' | b':') => {
                        if text[at + 1] == b';' {
                            self.head = Head::Start;
                        }
                        query.extend_from_slice(&bytes[start..at]);
                        start = at + 1;
                        at += 2;
                        continue;
                    }
                    _ => break (at + 1, Step::Stop(End::Backslash)),
                },
                Class::Colon => {
                    if text.get(at + 1) == Some(&b':') {
                        at += 2;
                        continue;
                    }
                    let Some(reference) = rules::variable_reference(text, at) else {
                        at += 1;
                        continue;
                    };
                    let name = &bytes[reference.name];
                    if reference.form == VariableForm::Plain {
                        if let Some(value) = self.expansion(frame, name, env) {
                            break (reference.end, Step::Expand(value));
                        }
                    } else if let Some(value) = substitute(reference.form, name, env) {
                        query.extend_from_slice(&bytes[start..at]);
                        query.extend_from_slice(&value);
                        start = reference.end;
                    }
                    at = reference.end;
                    continue;
                }
            };
            match opened {
                (Some(end), _) => at = end,
                (None, state) => {
                    self.state = state;
                    at = text.len();
                }
            }
        };
        // a variable's reference and a meta-command's backslash are not part of the query
        let end = match step {
            Step::Exhausted | Step::Stop(End::Statement) => next,
            Step::Expand(_) | Step::Stop(_) => at,
        };
        query.extend_from_slice(&bytes[start..end]);
        frame.at = next;
        step
    }

    /// The value of the variable `name` as a text to scan, or `None` if it must stay as it
    /// stands.
    fn expansion(&self, frame: &Frame, name: &[u8], env: &mut dyn Environment) -> Option<Frame> {
        let value = Frame::new(name, env.variable(name)?, self.encoding);
        if frame.name == name || self.values.iter().any(|f| f.name == name) {
            let text = [b"skipping recursive expansion of variable \"", name, b"\""].concat();
            env.complain(Complaint::Warning, &text);
            return None;
        }
        Some(value)
    }

    /// Follows the words of a statement to know when it is in a routine's body.
    fn note_word(&mut self, word: &[u8]) {
        if self.paren_depth > 0 || (self.head == Head::Other && self.body_depth == 0) {
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
        VariableForm::Literal | VariableForm::Identifier => {
            let value = value?.to_vec();
            env.quote(&value, form == VariableForm::Identifier)
        }
    }
}
