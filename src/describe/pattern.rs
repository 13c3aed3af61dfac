//! Name patterns: from what was typed to conditions on catalog columns.
//!
//! Owns psql's rules (its documentation, "Patterns"): quotes, case folding, `*`, `?`, regular
//! expressions, dots. Knows no catalog: the columns to compare come in as [`Names`].

use super::host::Context;
use crate::catalog_query::literal;

/// What may stand before the name, separated by dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Qualifier {
    /// Nothing: roles, databases and other objects shared by all databases.
    None,
    /// A database, which is always refused: schemas, languages.
    Database,
    /// A schema, and a database before it if it is the current one.
    Schema,
    /// As `Schema`, but dots don't divide the name, and a second one is always refused.
    Undivided,
    /// Anything; dots don't divide the name.
    Any,
}

/// The catalog columns that a pattern is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    qualifier: Qualifier,
    schema: &'a str,
    name: &'a str,
    alternative: Option<&'a str>,
    visible: &'a str,
    operator: bool,
}

impl<'a> Names<'a> {
    const fn new(qualifier: Qualifier, name: &'a str) -> Names<'a> {
        Names { qualifier, schema: "", name, alternative: None, visible: "", operator: false }
    }

    /// Objects that live in no schema, such as roles; a dot in the pattern is an error.
    pub const fn plain(name: &'a str) -> Names<'a> {
        Names::new(Qualifier::None, name)
    }

    /// Objects directly in a database (schemas, languages); psql refuses any `database.` prefix.
    pub const fn in_database(name: &'a str) -> Names<'a> {
        Names::new(Qualifier::Database, name)
    }

    /// Objects in schemas. `visible` is the condition that holds for objects that can be named
    /// without their schema; it applies when the pattern names none.
    pub const fn in_schema(schema: &'a str, name: &'a str, visible: &'a str) -> Names<'a> {
        Names { schema, visible, ..Names::new(Qualifier::Schema, name) }
    }

    /// Names that may hold dots (settings): dots don't divide the pattern.
    pub const fn dotted(name: &'a str) -> Names<'a> {
        Names::new(Qualifier::Any, name)
    }

    /// psql's `\ddp`: dots don't divide the pattern, but two of them are refused.
    pub const fn undivided(name: &'a str) -> Names<'a> {
        Names::new(Qualifier::Undivided, name)
    }

    /// A second expression that may match the name instead.
    pub const fn or(self, alternative: &'a str) -> Names<'a> {
        Names { alternative: Some(alternative), ..self }
    }

    /// Operators: but for `*`, `?` and the dot, the characters of their names stand for themselves.
    pub const fn of_operators(self) -> Names<'a> {
        Names { operator: true, ..self }
    }

    /// The conditions that `pattern` (or its absence) puts on a query's rows.
    ///
    /// # Errors
    /// psql's words for a name with too many dots or with another database's name.
    pub fn conditions(
        &self,
        pattern: Option<&[u8]>,
        context: &Context,
    ) -> Result<Vec<Vec<u8>>, Vec<u8>> {
        let mut conditions = Vec::new();
        let mut schema_given = false;
        if let Some(pattern) = pattern {
            let (schema, name) = self.split(pattern, context)?;
            schema_given = schema.is_some();
            let mut names = matches(self.name, &name.regex, context);
            if let (Some(first), Some(alternative)) = (&names, self.alternative) {
                let mut either = b"(".to_vec();
                either.extend_from_slice(first);
                either.extend_from_slice(b" OR ");
                either.extend(matches(alternative, &name.regex, context).unwrap_or_default());
                either.push(b')');
                names = Some(either);
            }
            conditions.extend(names);
            conditions.extend(schema.and_then(|s| matches(self.schema, &s.regex, context)));
        }
        if !schema_given && !self.visible.is_empty() {
            conditions.push(self.visible.into());
        }
        Ok(conditions)
    }

    /// Checks the number of dots; gives schema and name.
    fn split(&self, pattern: &[u8], context: &Context) -> Result<(Option<Part>, Part), Vec<u8>> {
        let refuse = |reason: &str| Err([reason.as_bytes(), b": ", pattern].concat());
        let mut parts = parts(pattern, self.operator, context);
        let dots = parts.len() - 1;
        let most = match self.qualifier {
            Qualifier::None => 0,
            Qualifier::Database => 1,
            Qualifier::Schema | Qualifier::Undivided => 2,
            Qualifier::Any => usize::MAX,
        };
        if dots > most {
            return refuse("improper qualified name (too many dotted names)");
        }
        let foreign = match self.qualifier {
            Qualifier::None | Qualifier::Any => false,
            Qualifier::Database => dots == 1,
            Qualifier::Schema => dots == 2 && parts[0].text != context.database,
            Qualifier::Undivided => dots == 2,
        };
        if foreign {
            return refuse("cross-database references are not implemented");
        }
        if matches!(self.qualifier, Qualifier::Undivided | Qualifier::Any) {
            let regex = parts.into_iter().map(|p| p.regex).collect::<Vec<_>>().join(&b'.');
            return Ok((None, Part { regex, text: Vec::new() }));
        }
        let name = parts.pop().unwrap_or_default();
        let schema = parts.pop();
        Ok((schema, name))
    }
}

/// One of a pattern's names between dots.
#[derive(Debug, Default, PartialEq, Eq)]
struct Part {
    /// As a regular expression without anchors.
    regex: Vec<u8>,
    /// As a plain name: folded, without quotes.
    text: Vec<u8>,
}

/// Splits a pattern at its unquoted dots; at least one part. Other special characters of regular
/// expressions are ordinary ones between quotes, and all along if `ordinary`.
fn parts(pattern: &[u8], ordinary: bool, context: &Context) -> Vec<Part> {
    let mut parts = vec![Part::default()];
    let mut quoted = false;
    let mut rest = pattern;
    while !rest.is_empty() {
        let (character, after) = rest.split_at(context.encoding.char_len(rest));
        rest = after;
        let (regex, text): (&[u8], &[u8]) = match character {
            b"\"" if quoted && rest.starts_with(b"\"") => {
                rest = &rest[1..];
                (b"\"", b"\"")
            }
            b"\"" => {
                quoted = !quoted;
                continue;
            }
            b"." if !quoted => {
                parts.push(Part::default());
                continue;
            }
            b"*" if !quoted => (b".*", b"*"),
            b"?" if !quoted => (b".", b"?"),
            b"$" => (b"\\$", b"$"),
            // The name of an array type rather than an empty set of characters.
            b"[" if !quoted && rest.starts_with(b"]") => (b"\\[", b"["),
            [special] if (quoted || ordinary) && b"|*+?()[]{}.^\\".contains(special) => {
                (&[b'\\', *special], character)
            }
            [upper] if !quoted && upper.is_ascii_uppercase() => {
                let lower = [upper.to_ascii_lowercase()];
                push(&mut parts, &lower, &lower);
                continue;
            }
            _ => (character, character),
        };
        push(&mut parts, regex, text);
    }
    parts
}

fn push(parts: &mut [Part], regex: &[u8], text: &[u8]) {
    if let Some(part) = parts.last_mut() {
        part.regex.extend_from_slice(regex);
        part.text.extend_from_slice(text);
    }
}

/// `expression` matches `regex` as a whole; `None` if everything does.
fn matches(expression: &str, regex: &[u8], context: &Context) -> Option<Vec<u8>> {
    if regex == b".*" {
        return None;
    }
    let mut condition = format!("{expression} ~ ").into_bytes();
    condition.extend(literal(&[b"^(", regex, b")$"].concat(), context.encoding));
    // From 12 on, names have a collation that regular expressions would follow.
    if context.version >= 120_000 {
        condition.extend_from_slice(b" COLLATE pg_catalog.default");
    }
    Some(condition)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::Encoding;

    const CONTEXT: Context = Context {
        version: 180_006,
        database: Vec::new(),
        encoding: Encoding::Utf8,
        hide_table_am: false,
        hide_toast_compression: false,
        quiet: false,
    };

    fn check(names: Names, pattern: &str, expected: &str) {
        let context = Context { database: b"dsc".to_vec(), ..CONTEXT };
        let found = match names.conditions(Some(pattern.as_bytes()), &context) {
            Ok(conditions) => conditions
                .iter()
                .map(|c| String::from_utf8_lossy(c).into_owned())
                .collect::<Vec<_>>()
                .join(" & ")
                .replace(" ~ ", "~")
                .replace(" COLLATE pg_catalog.default", ""),
            Err(text) => String::from_utf8_lossy(&text).into_owned(),
        };
        assert_eq!(found, expected, "{pattern}");
    }

    /// Each line seen in psql 18.6 (`\dt PATTERN` under -E).
    #[test]
    fn in_schema() {
        for (pattern, expected) in [
            ("foo", "r~'^(foo)$' & v"),
            ("FoO", "r~'^(foo)$' & v"),
            ("\"FoO\"", "r~'^(FoO)$' & v"),
            ("A\"B\"C", "r~'^(aBc)$' & v"),
            ("\"Fo\"\"o\"", "r~'^(Fo\"o)$' & v"),
            ("fo*", "r~'^(fo.*)$' & v"),
            ("fo?", "r~'^(fo.)$' & v"),
            ("**", "r~'^(.*.*)$' & v"),
            ("\"fo*?.|\"", "r~E'^(fo\\\\*\\\\?\\\\.\\\\|)$' & v"),
            ("\"{-}^\"", "r~E'^(\\\\{-\\\\}\\\\^)$' & v"),
            ("fo$", "r~E'^(fo\\\\$)$' & v"),
            ("a\"$\"", "r~E'^(a\\\\$)$' & v"),
            ("a.b", "r~'^(b)$' & n~'^(a)$'"),
            ("a\"b.c\"d", "r~E'^(ab\\\\.cd)$' & v"),
            (".a", "r~'^(a)$' & n~'^()$'"),
            ("a.", "r~'^()$' & n~'^(a)$'"),
            ("\"\"", "r~'^()$' & v"),
            ("*", "v"),
            ("*.*", ""),
            ("a.*", "n~'^(a)$'"),
            ("*.a", "r~'^(a)$'"),
            ("a|b", "r~'^(a|b)$' & v"),
            ("[a-z]*", "r~'^([a-z].*)$' & v"),
            ("[*]", "r~'^([.*])$' & v"),
            ("a[]", "r~E'^(a\\\\[])$' & v"),
            ("\"[]\"", "r~E'^(\\\\[\\\\])$' & v"),
            ("a[b.c]d", "r~'^(c]d)$' & n~'^(a[b)$'"),
            ("it's", "r~'^(it''s)$' & v"),
            ("a\\b", "r~E'^(a\\\\b)$' & v"),
            ("\"a\\b\"", "r~E'^(a\\\\\\\\b)$' & v"),
            ("É", "r~'^(É)$' & v"),
            ("DSC.a.b", "r~'^(b)$' & n~'^(a)$'"),
            ("\"dsc\".a.b", "r~'^(b)$' & n~'^(a)$'"),
            ("dsc.*.*", ""),
            ("\"DSC\".a.b", "cross-database references are not implemented: \"DSC\".a.b"),
            ("ds?.a.b", "cross-database references are not implemented: ds?.a.b"),
            ("..", "cross-database references are not implemented: .."),
            ("a.b.c.d", "improper qualified name (too many dotted names): a.b.c.d"),
            ("...", "improper qualified name (too many dotted names): ..."),
        ] {
            check(Names::in_schema("n", "r", "v"), pattern, expected);
        }
    }

    #[test]
    fn elsewhere() {
        let operators = Names::in_schema("n", "r", "v").of_operators();
        for (pattern, expected) in [
            ("||", "r~E'^(\\\\|\\\\|)$' & v"),
            ("a.+*", "r~E'^(\\\\+.*)$' & n~'^(a)$'"),
            ("<[]?", "r~E'^(<\\\\[\\\\].)$' & v"),
            ("@#$", "r~E'^(@#\\\\$)$' & v"),
        ] {
            check(operators, pattern, expected);
        }
        check(Names::plain("r"), "A*", "r~'^(a.*)$'");
        check(Names::plain("r"), "a.b", "improper qualified name (too many dotted names): a.b");
        check(Names::in_database("r"), "a", "r~'^(a)$'");
        check(
            Names::in_database("r"),
            "dsc.a",
            "cross-database references are not implemented: dsc.a",
        );
        check(
            Names::in_database("r"),
            "a.b.c",
            "improper qualified name (too many dotted names): a.b.c",
        );
        check(
            Names::undivided("r"),
            "dsc.b.c",
            "cross-database references are not implemented: dsc.b.c",
        );
        check(Names::undivided("r"), "a.\"B\"", "r~'^(a.B)$'");
        check(Names::dotted("r"), "a.b.c.d*", "r~'^(a.b.c.d.*)$'");
        check(Names::in_schema("n", "r", "v").or("f"), "a", "(r~'^(a)$' OR f~'^(a)$') & v");
        check(Names::in_schema("n", "r", "v").or("f"), "*", "v");
    }

    /// SJIS: the second byte of a character may look like a quote or a dot's neighbour.
    #[test]
    fn encodings() {
        let context = Context { encoding: Encoding::Sjis, version: 110_000, ..CONTEXT };
        let found = Names::plain("r").conditions(Some(b"\x83\x5cA"), &context);
        assert_eq!(found, Ok(vec![b"r ~ '^(\x83\x5ca)$'".to_vec()]));
    }

    #[test]
    fn no_pattern() {
        let names = Names::in_schema("n", "r", "v");
        assert_eq!(names.conditions(None, &CONTEXT), Ok(vec![b"v".to_vec()]));
    }
}
