//! JSON as data: read from what a server or a file says, written for other tools. Numbers stay as they
//! are written.

use crate::encoding::json_string::put_json_string;
use std::fmt::Write;

/// The deepest nesting that is read: more is no plan, and no stack is endless.
const DEEPEST: usize = 1200;

/// A value of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object, its members in their order.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// The value that a text begins with, and what follows it; `None` if it begins with none.
    pub fn read(text: &str) -> Option<(Value, &str)> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        Some((value, &text[reader.at..]))
    }

    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let Value::Object(members) = self else { return None };
        members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// As text, each member on a line of its own as EXPLAIN writes them.
    pub fn pretty(&self) -> String {
        let mut text = String::new();
        self.write(0, &mut text);
        text
    }

    fn write(&self, depth: usize, out: &mut String) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => drop(write!(out, "{value}")),
            Value::Number(number) => out.push_str(number),
            Value::Text(text) => put_json_string(text, out),
            Value::List(values) if values.iter().all(Value::is_simple) => {
                out.push('[');
                for (at, value) in values.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    value.write(depth, out);
                }
                out.push(']');
            }
            Value::List(values) => {
                let write = |value: &Value, out: &mut String| value.write(depth + 1, out);
                write_lines(depth, ['[', ']'], values.iter(), write, out);
            }
            Value::Object(members) => {
                let write = |(key, value): &(String, Value), out: &mut String| {
                    put_json_string(key, out);
                    out.push_str(": ");
                    value.write(depth + 1, out);
                };
                write_lines(depth, ['{', '}'], members.iter(), write, out);
            }
        }
    }

    fn is_simple(&self) -> bool {
        !matches!(self, Value::List(_) | Value::Object(_))
    }
}

/// Writes each item on a line, between brackets.
fn write_lines<'v, T: 'v>(
    depth: usize,
    brackets: [char; 2],
    items: impl Iterator<Item = &'v T>,
    write: impl Fn(&T, &mut String),
    out: &mut String,
) {
    out.push(brackets[0]);
    for (at, item) in items.enumerate() {
        out.push_str(if at > 0 { ",\n" } else { "\n" });
        out.extend(std::iter::repeat_n("  ", depth + 1));
        write(item, out);
    }
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
    out.push(brackets[1]);
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    /// Takes a text if it is next.
    fn takes(&mut self, text: &str) -> bool {
        let is_next = self.rest().starts_with(text);
        self.at += if is_next { text.len() } else { 0 };
        is_next
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip_space();
        if depth > DEEPEST {
            return None;
        }
        match self.rest().bytes().next()? {
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b'"' => self.string().map(Value::Text),
            b'-' | b'0'..=b'9' => self.number(),
            _ if self.takes("null") => Some(Value::Null),
            _ if self.takes("true") => Some(Value::Bool(true)),
            _ if self.takes("false") => Some(Value::Bool(false)),
            _ => None,
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        let mut members = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.takes("}") {
            return Some(Value::Object(members));
        }
        loop {
            self.skip_space();
            let key = self.rest().starts_with('"').then(|| self.string())??;
            self.skip_space();
            self.takes(":").then_some(())?;
            members.push((key, self.value(depth + 1)?));
            self.skip_space();
            if self.takes("}") {
                return Some(Value::Object(members));
            }
            self.takes(",").then_some(())?;
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        let mut values = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.takes("]") {
            return Some(Value::List(values));
        }
        loop {
            let mut value = self.value(depth + 1)?;
            self.skip_space();
            // Servers up to 18 have counters in a list for MERGE on a partitioned table.
            if let Value::Text(name) = &value
                && self.takes(":")
            {
                let name = name.clone();
                value = Value::Object(vec![(name, self.value(depth + 1)?)]);
                self.skip_space();
            }
            values.push(value);
            if self.takes("]") {
                return Some(Value::List(values));
            }
            self.takes(",").then_some(())?;
        }
    }

    fn number(&mut self) -> Option<Value> {
        let is_part = |b: &u8| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let length = self.rest().bytes().take_while(|byte| is_part(byte)).count();
        let number = self.rest()[..length].to_owned();
        number.parse::<f64>().ok()?;
        self.at += length;
        Some(Value::Number(number))
    }

    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        self.at += 1;
        loop {
            let end = self.rest().find(['"', '\\'])?;
            text.push_str(&self.rest()[..end]);
            self.at += end;
            if self.takes("\"") {
                return Some(text);
            }
            self.at += 1;
            text.push(self.escaped()?);
        }
    }

    /// The character behind a backslash.
    fn escaped(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        Some(match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                let high = self.hexadecimal()?;
                if (0xd800..0xdc00).contains(&high) && self.takes("\\u") {
                    let low = self.hexadecimal()?;
                    let code = 0x10000 + ((high - 0xd800) << 10) + (low & 0x3ff);
                    return Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            '"' | '\\' | '/' => c,
            _ => return None,
        })
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        let code = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_written() {
        for text in [
            "null",
            "-1.50e+3",
            "[]",
            "[1, \"a\\\"\\\\\\n\\u001b\", true]",
            "{\n  \"a\": {\n    \"b\": [\n      {\n        \"c\": 1.00\n      }\n    ]\n  }\n}",
        ] {
            let (value, rest) = Value::read(text).expect("a value");
            assert_eq!(rest, "");
            assert_eq!(value.pretty(), text);
        }
        let (value, rest) = Value::read(" {\"a\":[1,2]} more").expect("a value");
        assert_eq!((value.get("a").is_some(), rest), (true, " more"));
        let (value, _) = Value::read("[{}, \"Tuples\": 0]").expect("what servers take for JSON");
        assert_eq!(value.pretty(), "[\n  {\n  },\n  {\n    \"Tuples\": 0\n  }\n]");
        let strings = r#""\u00e4\ud83d\ude00\ud800\/\b""#;
        assert_eq!(Value::read(strings), Some((Value::Text("ä😀\u{fffd}/\u{8}".into()), "")));
    }

    #[test]
    fn what_is_none() {
        for text in [
            "",
            "{",
            "[1",
            "[1,]",
            "{\"a\" 1}",
            "{a: 1}",
            "\"a",
            "\"\\",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\uä123\"",
            "nul",
            "1e",
            "--1",
            "{\"a\":1,}",
        ] {
            assert_eq!(Value::read(text), None, "{text}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(Value::read(&deep), None);
    }
}
