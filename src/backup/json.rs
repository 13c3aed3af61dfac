//! A line of JSON.

use crate::encoding::json_string::put_json_string;
use std::fmt::Write;

/// A value of JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// A string.
    Text(String),
    /// A number.
    Number(u64),
    /// A number of seconds, to the millisecond.
    Seconds(f64),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    /// As text on one line.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) {
        match self {
            Json::Text(text) => put_json_string(text, out),
            Json::Number(number) => drop(write!(out, "{number}")),
            Json::Seconds(seconds) => drop(write!(out, "{seconds:.3}")),
            Json::List(values) => {
                out.push('[');
                for (at, value) in values.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    value.write(out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (at, (key, value)) in members.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    put_json_string(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let value = Json::Object(vec![
            ("a", Json::Text("x\"\\\n\u{1b}é".to_owned())),
            ("b", Json::List(vec![Json::Number(1), Json::Seconds(0.5)])),
            ("c", Json::Object(Vec::new())),
        ]);
        let expected = r#"{"a":"x\"\\\n\u001bé","b":[1,0.500],"c":{}}"#;
        assert_eq!(value.text(), expected);
    }
}
