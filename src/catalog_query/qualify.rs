//! Gives the operators of a query their schema.
//!
//! All operators that are written `OPERATOR(pg_catalog.x)` bind alike, tighter than `IS`, NOT, AND
//! and OR: what bound otherwise before gets parentheses. What compares without showing its operator
//! (`IN`, `LIKE`, `CASE x WHEN`, `NULLIF`) is written so that it shows.

use super::token::{Kind, Token, tokens};
use crate::encoding::Encoding;

/// The operators of `sql`, which is plain SQL, with their schema.
pub fn qualify(sql: &[u8], encoding: Encoding) -> Vec<u8> {
    let tokens = tokens(sql, encoding);
    let mut parser = Parser { tokens: &tokens, at: 0 };
    let mut text = Vec::with_capacity(sql.len() * 2);
    loop {
        text.extend(parser.sequence());
        // Closed more often than opened: the server will say so.
        let Some(token) = parser.next() else { return text };
        text.extend([token.gap, token.text].concat());
    }
}

/// Words after which an expression begins, so that an operator is a prefix or a star.
const BEFORE_EXPRESSION: &[&str] = &[
    "SELECT", "DISTINCT", "ALL", "WHERE", "ON", "AND", "OR", "NOT", "HAVING", "BY", "LIMIT",
    "WHEN", "THEN", "ELSE", "AS", "IS",
];

/// Words that end a part of `CASE`.
const PARTS_OF_CASE: &[&str] = &["WHEN", "THEN", "ELSE", "END"];

/// How tight operators bind (PostgreSQL's documentation, "Operator Precedence").
fn precedence(operator: &[u8]) -> u8 {
    match operator {
        b"=" | b"<>" | b"<" | b">" | b"<=" | b">=" => 1,
        b"IN" | b"LIKE" => 2,
        b"+" | b"-" => 4,
        b"*" | b"/" | b"%" => 5,
        _ => 3,
    }
}

/// A written expression, without the blanks before it.
struct Expression {
    text: Vec<u8>,
    /// It is operands with operators between them.
    divided: bool,
}

impl Expression {
    fn operand(text: Vec<u8>) -> Expression {
        Expression { text, divided: false }
    }

    /// As the right operand of an operator.
    fn on_the_right(self) -> Vec<u8> {
        if self.divided { [b"(", &self.text[..], b")"].concat() } else { self.text }
    }
}

fn operator(name: &[u8]) -> Vec<u8> {
    [b"OPERATOR(pg_catalog.", name, b")"].concat()
}

struct Parser<'t> {
    tokens: &'t [Token<'t>],
    at: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Token<'t> {
        self.ahead(0)
    }

    fn ahead(&self, by: usize) -> Token<'t> {
        let end = Token { kind: Kind::Mark, gap: b"", text: b"" };
        self.tokens.get(self.at + by).copied().unwrap_or(end)
    }

    fn next(&mut self) -> Option<Token<'t>> {
        let token = self.tokens.get(self.at).copied()?;
        self.at += 1;
        Some(token)
    }

    /// The next token with the blanks before it.
    fn take(&mut self) -> Vec<u8> {
        self.next().map(|token| [token.gap, token.text].concat()).unwrap_or_default()
    }

    /// Everything up to a closing bracket, a part of the CASE around it, or the end.
    fn sequence(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        loop {
            let token = self.peek();
            if token.text.is_empty()
                || token.is_mark(")")
                || token.is_mark("]")
                || token.is_word(PARTS_OF_CASE)
            {
                return text;
            }
            text.extend(self.spaced_expression());
        }
    }

    /// An expression (or a token that is none), with the blanks before it.
    fn spaced_expression(&mut self) -> Vec<u8> {
        let gap = self.peek().gap;
        [gap, &self.expression(0).text].concat()
    }

    /// An expression of operators that bind at least so tight.
    fn expression(&mut self, least: u8) -> Expression {
        let first = self.peek();
        // After a comma, as after those words, an expression of its own begins.
        let before_expression = first.is_word(BEFORE_EXPRESSION)
            || first.kind == Kind::Mark && !first.is_mark("(") && !first.is_mark("[");
        let mut left = self.operand();
        if before_expression {
            return left;
        }
        loop {
            let (negated, token) = match self.peek() {
                not if not.is_word(&["NOT"]) && self.ahead(1).is_word(&["IN", "LIKE"]) => {
                    (true, self.ahead(1))
                }
                token => (false, token),
            };
            let between = token.kind == Kind::Operator || token.is_word(&["IN", "LIKE"]);
            if !between || precedence(token.text) < least {
                return left;
            }
            let gap = self.peek().gap;
            self.at += 1 + usize::from(negated);
            let right = match token.text {
                b"IN" => self.members(negated),
                b"LIKE" if negated => [&operator(b"!~~")[..], &self.right(token.text)].concat(),
                b"LIKE" => [&operator(b"~~")[..], &self.right(token.text)].concat(),
                name => [&operator(name)[..], &self.right(token.text)].concat(),
            };
            left = Expression { text: [&left.text, gap, &right].concat(), divided: true };
        }
    }

    /// What stands to the right of an operator, with the blanks before it.
    fn right(&mut self, operator: &[u8]) -> Vec<u8> {
        let gap = self.peek().gap;
        let right = self.expression(precedence(operator) + 1);
        [gap, &right.on_the_right()].concat()
    }

    /// What stands to the right of `IN`: with `= ANY` or `<> ALL`, a query or an array.
    fn members(&mut self, negated: bool) -> Vec<u8> {
        let (name, of) = if negated { ("<>", "ALL") } else { ("=", "ANY") };
        let start = [&operator(name.as_bytes())[..], b" ", of.as_bytes()].concat();
        if self.ahead(1).is_word(&["SELECT"]) {
            return [&start[..], &self.group()].concat();
        }
        let first = self.at;
        let list = self.group();
        let members: Vec<&Token> = self.tokens[first..self.at]
            .iter()
            .filter(|token| !matches!(token.text, b"(" | b")" | b","))
            .collect();
        // Of literals the array is one as well, which takes the type of what it is compared with.
        let plain = |token: &&Token| token.text.starts_with(b"'") && !token.text.contains(&b'\\');
        let array = if members.iter().all(plain) {
            let inner = |token: &&Token| token.text[1..token.text.len().max(2) - 1].to_vec();
            let quoted = |member: Vec<u8>| match &member[..] {
                b"" => b"\"\"".to_vec(),
                m if m.iter().any(|c| b" ,{}\"".contains(c)) => [b"\"", m, b"\""].concat(),
                m => m.to_vec(),
            };
            let members: Vec<Vec<u8>> = members.iter().map(inner).map(quoted).collect();
            [b"'{", &members.join(&b","[..])[..], b"}'"].concat()
        } else {
            let list = list.trim_ascii();
            let inner = list.strip_prefix(b"(").and_then(|l| l.strip_suffix(b")"));
            [b"ARRAY[", inner.unwrap_or(list), b"]"].concat()
        };
        [&start[..], b" (", &array, b")"].concat()
    }

    /// An operand, without the blanks before it.
    fn operand(&mut self) -> Expression {
        let Some(token) = self.next() else { return Expression::operand(Vec::new()) };
        let mut text = token.text.to_vec();
        match token.kind {
            Kind::Mark if token.text == b"(" || token.text == b"[" => {
                self.at -= 1;
                text = self.group().trim_ascii_start().to_vec();
            }
            // Only what can begin no expression is left.
            Kind::Mark => return Expression::operand(text),
            // The star of `count(*)`, the sign of a number, or an operator with one operand.
            Kind::Operator if token.text == b"*" => return Expression::operand(text),
            Kind::Operator if token.text == b"-" && self.peek().text.starts_with_digit() => {
                text.extend(self.take());
            }
            Kind::Operator => {
                let operand = self.operand().text;
                let text = [&operator(token.text)[..], b" ", &operand].concat();
                return Expression { text, divided: true };
            }
            Kind::Word if token.text == b"CASE" => text = self.case(),
            Kind::Word if token.text == b"NULLIF" && self.peek().is_mark("(") => {
                text = self.null_if();
            }
            Kind::Word | Kind::Quoted | Kind::String => {}
        }
        self.suffixes(&mut text);
        Expression::operand(text)
    }

    /// What follows an operand and belongs to it: `.name`, `(arguments)`, `[subscript]`, `::type`,
    /// `COLLATE name`.
    fn suffixes(&mut self, text: &mut Vec<u8>) {
        loop {
            let token = self.peek();
            if token.is_mark("(") || token.is_mark("[") {
                text.extend(self.group());
            } else if token.is_mark(".") || token.is_mark("::") || token.is_word(&["COLLATE"]) {
                text.extend(self.take());
                text.extend(self.take());
            } else {
                return;
            }
        }
    }

    /// A bracket, what it holds and its end, with the blanks before it.
    fn group(&mut self) -> Vec<u8> {
        let mut text = self.take();
        loop {
            text.extend(self.sequence());
            let token = self.peek();
            let done = token.text.is_empty() || token.is_mark(")") || token.is_mark("]");
            text.extend(self.take());
            if done {
                return text;
            }
        }
    }

    /// The rest of a CASE; one that compares an expression does so in every WHEN.
    fn case(&mut self) -> Vec<u8> {
        let mut text = b"CASE".to_vec();
        let subject = (!self.peek().is_word(&["WHEN"])).then(|| self.expression(0).text);
        loop {
            let token = self.peek();
            if !token.is_word(PARTS_OF_CASE) {
                return text;
            }
            text.extend(self.take());
            match (&subject, token.text) {
                (_, b"END") => return text,
                (Some(subject), b"WHEN") => {
                    text.extend([b" ", &subject[..], b" ", &operator(b"=")].concat());
                    text.extend(self.right(b"="));
                }
                _ => text.extend(self.sequence()),
            }
        }
    }

    /// `NULLIF(a, b)`, which compares without an operator.
    fn null_if(&mut self) -> Vec<u8> {
        self.at += 1;
        let first = self.expression(0).text;
        self.at += 1;
        let second = self.right(b"=");
        self.at += 1;
        let equal = operator(b"=");
        [b"CASE WHEN ", &first[..], b" ", &equal, &second, b" THEN NULL ELSE ", &first, b" END"]
            .concat()
    }
}

trait StartsWithDigit {
    fn starts_with_digit(&self) -> bool;
}

impl StartsWithDigit for [u8] {
    fn starts_with_digit(&self) -> bool {
        self.first().is_some_and(u8::is_ascii_digit)
    }
}
