//! The call the cursor is in: what it takes, and which argument is being typed.
//!
//! Owns which of a function's signatures is shown. Besides calls it knows VALUES of INSERT, whose
//! arguments are the table's columns.

use std::ops::Range;

use super::catalog::{Catalog, Name, Object, Wanted};
use super::columns;
use super::item::{self, Item, ItemKind};
use super::name::{Typed, quoted};
use super::scope::scope_at;
use super::source::{Clause, Scope};
use super::sql::{behind, statement_start};
use super::token::{Kind, tokens};

/// What a call takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// `lpad(string text, length integer) -> text`, harmless to a terminal.
    pub text: String,
    /// Which part of the text is the argument at the cursor, in bytes.
    pub argument: Option<Range<usize>>,
}

/// The signature of the call that the cursor is in; `None` if it is in none that is known.
pub fn signature(text: &[u8], cursor: usize, catalog: &mut dyn Catalog) -> Option<Signature> {
    let cursor = cursor.min(text.len());
    let tokens = tokens(&text[..cursor]);
    let line = memchr::memrchr(b'\n', &text[..cursor]).map_or(0, |at| at + 1);
    let last = tokens.last()?;
    let in_command = tokens.iter().any(|t| t.kind == Kind::MetaCommand && t.start >= line);
    if in_command || last.open && last.kind == Kind::Comment {
        return None;
    }
    let before = &tokens[statement_start(text, &tokens)..];
    let items = item::items(text, before, cursor);
    let open = innermost_call(&items)?;
    catalog.begin();
    match open.checked_sub(1).map(|at| &items[at])? {
        before if before.is("VALUES") || before.is_symbol(",") => {
            let whole = [items.clone(), behind(text, cursor)].concat();
            of_values(&scope_at(&whole, items.len()), &items, catalog)
        }
        name => of_function(name, &items[open + 1..], catalog),
    }
}

/// Where the bracket opens that is a call's, or a row's of VALUES, around the end of the items.
fn innermost_call(items: &[Item<'_>]) -> Option<usize> {
    let mut depth = 0;
    for (at, item) in items.iter().enumerate().rev() {
        if item.closes() {
            depth += 1;
        } else if item.opens() && depth > 0 {
            depth -= 1;
        } else if item.opens() {
            let before = at.checked_sub(1).map(|at| &items[at])?;
            let query = items.get(at + 1).is_some_and(|item| item.is_any(&["SELECT", "WITH"]));
            if query {
                return None;
            }
            let row = before.is("VALUES") || before.is_symbol(",") && is_row(&items[..at]);
            if item.is_symbol("(") && (row || is_called(before)) {
                return Some(at);
            }
        }
    }
    None
}

/// Whether what follows the items is another row of VALUES.
fn is_row(items: &[Item<'_>]) -> bool {
    let values = items.iter().rposition(|item| item.is("VALUES"));
    values.is_some_and(|at| {
        let opened = items[at..].iter().filter(|item| item.opens()).count();
        opened == items[at..].iter().filter(|item| item.closes()).count()
    })
}

fn is_called(item: &Item<'_>) -> bool {
    matches!(item.kind, ItemKind::Word | ItemKind::Name)
        && (item.is_name() || item.is_any(super::walk::CALLABLE))
        && !item.is_any(&["OVER", "FILTER", "KEY", "INDEX", "INCLUDE", "ROLLUP", "CUBE", "SETS"])
}

fn of_values(scope: &Scope, items: &[Item<'_>], catalog: &mut dyn Catalog) -> Option<Signature> {
    if scope.clause != Clause::Values || !items.iter().any(|item| item.is("INSERT")) {
        return None;
    }
    let (columns, at) = columns::of_values(scope, items, catalog)?;
    let written = |column: &Name| {
        let data_type = memchr::memmem::find(&column.note, b", ").unwrap_or(column.note.len());
        let name = String::from_utf8_lossy(&quoted(&column.name, false)).into_owned();
        format!("{name} {}", String::from_utf8_lossy(&column.note[..data_type]))
    };
    let columns: Vec<String> = columns.iter().map(|c| written(c).trim_end().to_owned()).collect();
    let table = String::from_utf8_lossy(&scope.sources.first()?.name.name).into_owned();
    Some(Signature::new(&table, &columns, Some(at), ""))
}

fn of_function(
    name: &Item<'_>,
    inside: &[Item<'_>],
    catalog: &mut dyn Catalog,
) -> Option<Signature> {
    let given = Given::read(inside);
    let called = Typed::parse(name.text).qualified();
    let wanted = Wanted { object: Object::Signature, schema: None, of: Some(&called) };
    let forms = catalog.look_up(&wanted, b"");
    let read = |form: &Name| -> (Vec<String>, Name) {
        (arguments(&String::from_utf8_lossy(&form.name)), form.clone())
    };
    let forms: Vec<(Vec<String>, Name)> = forms.iter().map(read).collect();
    // The first that has an argument here, if one has.
    let (arguments, form) = forms
        .iter()
        .find(|(arguments, _)| given.place(arguments).is_some())
        .or_else(|| forms.last())?;
    let result = String::from_utf8_lossy(&form.note);
    let name = String::from_utf8_lossy(name.text);
    Some(Signature::new(&name, arguments, given.place(arguments), &result))
}

/// What of the arguments is typed.
struct Given<'t> {
    /// How many commas precede the cursor.
    commas: usize,
    /// The name before `=>`, for the argument at the cursor.
    name: Option<&'t [u8]>,
}

impl<'t> Given<'t> {
    fn read(inside: &[Item<'t>]) -> Given<'t> {
        let mut given = Given { commas: 0, name: None };
        let mut depth = 0;
        for (at, item) in inside.iter().enumerate() {
            if item.opens() {
                depth += 1;
            } else if item.closes() {
                depth -= 1;
            } else if depth == 0 && item.is_symbol(",") {
                given.commas += 1;
                given.name = None;
            } else if depth == 0 && at > 0 && (item.is_symbol("=>") || item.is_symbol(":=")) {
                given.name = Some(inside[at - 1].text);
            }
        }
        given
    }

    /// Which of these arguments is at the cursor.
    fn place(&self, arguments: &[String]) -> Option<usize> {
        let words = |at: usize| arguments[at].split(' ');
        if let Some(name) = self.name {
            let name = Typed::parse(name).name;
            return (0..arguments.len()).find(|at| words(*at).any(|w| w.as_bytes() == name));
        }
        let taken = arguments.iter().position(|argument| argument.starts_with("OUT "));
        let count = taken.unwrap_or(arguments.len());
        if self.commas < count {
            return Some(self.commas);
        }
        count.checked_sub(1).filter(|last| arguments[*last].starts_with("VARIADIC "))
    }
}

/// The parts of `a integer, b text DEFAULT 'x, y'::text`.
fn arguments(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    let mut quote = None;
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None => match c {
                '\'' | '"' => quote = Some(c),
                '(' | '[' => depth += 1,
                ')' | ']' => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(String::new());
                    continue;
                }
                _ => {}
            },
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

impl Signature {
    fn new(name: &str, arguments: &[String], at: Option<usize>, result: &str) -> Signature {
        let mut signature = Signature { text: format!("{}(", harmless(name)), argument: None };
        for (number, argument) in arguments.iter().enumerate() {
            if number > 0 {
                signature.text.push_str(", ");
            }
            let start = signature.text.len();
            signature.text.push_str(&harmless(argument));
            if at == Some(number) {
                signature.argument = Some(start..signature.text.len());
            }
        }
        signature.text.push(')');
        if !result.is_empty() {
            signature.text.push_str(&format!(" -> {}", harmless(result)));
        }
        signature
    }
}

/// What a terminal would obey becomes blank.
fn harmless(text: &str) -> String {
    let blank = |c: char| c.is_control() || crate::encoding::terminal_safe::is_unsafe(c);
    text.chars().map(|c| if blank(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variables::KeywordCase;

    struct Functions;

    impl Catalog for Functions {
        fn look_up(&mut self, wanted: &Wanted<'_>, _: &[u8]) -> Vec<Name> {
            let of = wanted.of.map_or(&b""[..], |of| &of.name);
            let rows: &[(&str, &str)] = match (wanted.object, of) {
                (Object::Signature, b"lpad") => {
                    &[("text, integer", "text"), ("text, integer, text", "text")]
                }
                (Object::Signature, b"format") => &[("text, VARIADIC \"any\"", "text")],
                (Object::Signature, b"tax") => {
                    &[("amount numeric, rate numeric DEFAULT f('a, b', 2)", "numeric")]
                }
                (Object::Column, b"t") => &[("id", "integer, pk"), ("Name", "numeric(10,2)")],
                _ => &[],
            };
            let name = |(name, note): &(&str, &str)| Name {
                note: note.as_bytes().to_vec(),
                ..Name::from(*name)
            };
            rows.iter().map(name).collect()
        }

        fn keyword_case(&self) -> KeywordCase {
            KeywordCase::PreserveUpper
        }
    }

    /// The signature at `|`, the argument in braces.
    #[track_caller]
    fn check(line: &str, expected: &str) {
        let cursor = line.find('|').unwrap();
        let text = line.replacen('|', "", 1);
        let found = signature(text.as_bytes(), cursor, &mut Functions).map(|mut found| {
            if let Some(argument) = &found.argument {
                found.text.insert(argument.end, '}');
                found.text.insert(argument.start, '{');
            }
            found.text
        });
        assert_eq!(found.unwrap_or_default(), expected, "{line}");
    }

    #[test]
    fn calls() {
        check("select lpad(|", "lpad({text}, integer) -> text");
        check("select lpad('a, b', |", "lpad(text, {integer}) -> text");
        check("select lpad('a', f(1, 2), |", "lpad(text, integer, {text}) -> text");
        check("select lpad((a || |", "lpad({text}, integer) -> text");
        check("select lpad(a, 1, 2, 3|", "lpad(text, integer, text) -> text");
        check("select lpad(|) from t", "lpad({text}, integer) -> text");
        check("select format('%s', 1, 2, |", "format(text, {VARIADIC \"any\"}) -> text");
        check(
            "select tax(rate => |",
            "tax(amount numeric, {rate numeric DEFAULT f('a, b', 2)}) -> numeric",
        );
        check("select tax(1) |", "");
        check("select |", "");
        check("select lpad((select |", "");
        check("select coalesce(lpad('a', |", "lpad(text, {integer}) -> text");
        check("select 'lpad(|", "");
        check("\\d lpad(|", "");
        check("select unknown(|", "");
    }

    #[test]
    fn values() {
        check("insert into t values (|", "t({id integer}, \"Name\" numeric(10,2))");
        check("insert into t values (1, |", "t(id integer, {\"Name\" numeric(10,2)})");
        check(
            "insert into t (\"Name\", id) values (1, |",
            "t(\"Name\" numeric(10,2), {id integer})",
        );
        check("insert into t values (1, 2), (3, |)", "t(id integer, {\"Name\" numeric(10,2)})");
        check("insert into t values (lpad(|", "lpad({text}, integer) -> text");
        check("values (1, |", "");
    }
}
