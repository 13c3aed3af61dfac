//! The source of a function or a view: `\sf`, `\sv`; found for `\ef` and `\ev` too.

use super::command::Command;
use super::host::{Answer, Context, Host};
use super::sql::with_catalog_first;
use crate::catalog_query::{CatalogQuery, literal};
use crate::reported::Reported;

/// What a definition is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A function or procedure: `name` or `name(argument types)`.
    Function,
    /// A view.
    View,
}

/// A function or a view as one would create it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definition {
    /// `CREATE OR REPLACE ...` with its last newline, without a semicolon; empty if the server
    /// gives none.
    pub text: Vec<u8>,
    /// How many lines come before the one that counts as the first: a function's body.
    pub header_lines: usize,
}

/// `\sf`
pub fn show_function(command: &mut Command) -> Result<(), Reported> {
    show(command, Kind::Function)
}

/// `\sv`
pub fn show_view(command: &mut Command) -> Result<(), Reported> {
    show(command, Kind::View)
}

fn show(command: &mut Command, kind: Kind) -> Result<(), Reported> {
    let name = command.pattern(0).map(trim).unwrap_or_default();
    if name.is_empty() {
        return Err(command.fail(match kind {
            Kind::Function => b"function name is required",
            Kind::View => b"view name is required",
        }));
    }
    let definition = find(kind, name, command.context, command.host())?;
    let text = definition.text.strip_suffix(b"\n").unwrap_or(&definition.text);
    if definition.text.is_empty() {
        return Ok(());
    }
    for (index, line) in text.split(|&c| c == b'\n').enumerate() {
        if !command.verbose {
            command.line(line);
        } else if index < definition.header_lines {
            command.line(&[b"        ", line].concat());
        } else {
            let number = format!("{:<7} ", index + 1 - definition.header_lines);
            command.line(&[number.as_bytes(), line].concat());
        }
    }
    Ok(())
}

/// Finds the function or view called `name` and gets its definition.
///
/// # Errors
/// [`Reported`] if there is none, or more than one; the host has reported it.
pub fn find(
    kind: Kind,
    name: &[u8],
    context: &Context,
    host: &mut dyn Host,
) -> Result<Definition, Reported> {
    let registered = match kind {
        // With its arguments, or a name that must be the only one.
        Kind::Function if name.contains(&b'(') => "regprocedure",
        Kind::Function => "regproc",
        Kind::View => "regclass",
    };
    let mut ask = |sql: &[u8]| host.query_briefly(&CatalogQuery::new(sql, context.encoding));
    let name = literal(name, context.encoding);
    let cast = format!("::pg_catalog.{registered}::pg_catalog.oid");
    let rows = ask(&[b"SELECT ", &name[..], cast.as_bytes()].concat())?.rows;
    let oid = if rows.is_empty() { None } else { rows.row(0).get(0) }.unwrap_or_default();
    match kind {
        Kind::Function => Ok(function(&ask(&function_query(oid))?)),
        Kind::View => {
            let answer = ask(view_query(oid).as_bytes())?;
            view(&answer).map_err(|text| {
                host.error(&text);
                Reported
            })
        }
    }
}

fn function_query(oid: &[u8]) -> Vec<u8> {
    [b"SELECT pg_catalog.pg_get_functiondef(", oid, b")"].concat()
}

fn function(Answer { rows, .. }: &Answer) -> Definition {
    let mut text =
        if rows.is_empty() { None } else { rows.row(0).get(0) }.unwrap_or_default().to_vec();
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    let header_lines = header_lines(&text);
    Definition { text, header_lines }
}

/// How many lines come before a function's body.
fn header_lines(function: &[u8]) -> usize {
    let starts_body =
        |line: &[u8]| [&b"AS "[..], b"BEGIN ", b"RETURN "].iter().any(|s| line.starts_with(s));
    function.split(|&c| c == b'\n').position(starts_body).unwrap_or(0)
}

fn view_query(oid: &[u8]) -> String {
    // CHECK OPTION has its own place in the statement; it is among the options since 9.4.
    format!(
        "SELECT n.nspname, c.relname, c.relkind,\n  \
         pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),\n  \
         (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(o.option_name) || '=' \
         || CASE WHEN pg_catalog.quote_ident(o.option_value) = o.option_value \
         THEN o.option_value ELSE pg_catalog.quote_literal(o.option_value) END, ', ') \
         FROM pg_catalog.pg_options_to_table(c.reloptions) o \
         WHERE o.option_name <> 'check_option'),\n  \
         {},\n  \
         (SELECT pg_catalog.upper(o.option_value) \
         FROM pg_catalog.pg_options_to_table(c.reloptions) o \
         WHERE o.option_name = 'check_option')\n\
         FROM pg_catalog.pg_class c\n  \
         LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n\
         WHERE c.oid = {}",
        with_catalog_first("pg_catalog.pg_get_viewdef(c.oid, true)"),
        String::from_utf8_lossy(oid),
    )
}

/// What `\sv` shows of the answer, or why it can't.
fn view(Answer { rows, .. }: &Answer) -> Result<Definition, Vec<u8>> {
    if rows.is_empty() {
        return Err(b"ERROR:  (not available)".to_vec());
    }
    let row = rows.row(0);
    let cell = |index| row.get(index).unwrap_or_default();
    if cell(2) != b"v" {
        return Err([b"\"", cell(0), b".", cell(1), b"\" is not a view"].concat());
    }
    let mut text = [b"CREATE OR REPLACE VIEW ", cell(3)].concat();
    if let Some(options) = row.get(4) {
        text.extend([b"\n WITH (", options, b")"].concat());
    }
    let query = cell(5);
    text.extend([b" AS\n", query.strip_suffix(b";").unwrap_or(query)].concat());
    if let Some(check) = row.get(6) {
        text.extend([b"\n WITH ", check, b" CHECK OPTION"].concat());
    }
    text.push(b'\n');
    Ok(Definition { text, header_lines: 0 })
}

/// Without the blanks and semicolons at its end, which are no part of a name.
fn trim(name: &[u8]) -> &[u8] {
    let mut name = name.trim_ascii();
    while let Some(shorter) = name.strip_suffix(b";") {
        name = shorter.trim_ascii_end();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies() {
        for (function, expected) in [
            ("CREATE f()\n LANGUAGE sql\nAS $function$\nBEGIN \n$function$\n", 2),
            ("CREATE f()\nRETURN (x + y)\n", 1),
            ("CREATE f()\n LANGUAGE sql\nBEGIN ATOMIC\n SELECT 1;\nEND\n", 2),
            ("", 0),
        ] {
            assert_eq!(header_lines(function.as_bytes()), expected, "{function}");
        }
    }

    #[test]
    fn names_as_typed() {
        for (typed, expected) in
            [("f", "f"), (" f(int) ;", "f(int)"), ("f; ;", "f"), (";", ""), ("a;b", "a;b")]
        {
            assert_eq!(trim(typed.as_bytes()), expected.as_bytes());
        }
    }
}
