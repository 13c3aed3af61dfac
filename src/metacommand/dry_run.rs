//! `\dryrun`: what a statement would do.

use super::call::{Call, Outcome};
use crate::console::Reported;
use crate::describe::Host;
use crate::dry_run::{caution, objection, table};
use crate::query::DryRun;
use crate::safeguard::statements;

/// `\dryrun [STATEMENT]`: of the query buffer without one.
pub fn dry_run(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let given = call.value().unwrap_or_default();
    // What the lexer would take for a comment.
    if let Some(option) = option(&given) {
        return call.fail(
            [b"there is no option \"", option, b"\"; a dry run is here, in a transaction"].concat(),
        );
    }
    let sql = match given.trim_ascii() {
        b"" => take_query_buffer(call)?,
        given => given.to_vec(),
    };
    let encoding = call.shell.console.encoding();
    let statements = statements(&sql, encoding);
    if statements.is_empty() {
        return call.fail("there is no statement to try");
    }
    // Where one statement ends and the next begins is seen only where backslashes are ordinary.
    if !call.shell.connection.standard_strings() {
        return call.fail("standard_conforming_strings is off: SET it on first");
    }
    for statement in &statements {
        if let Some(reason) = objection(statement, encoding) {
            return call.fail(format!("this can't be tried: {reason}"));
        }
    }
    let dry_run = call.shell.queries().dry_run(&sql)?;
    tell(call, &dry_run)?;
    if let Some(caution) = statements.iter().find_map(caution) {
        call.shell.line(caution.as_bytes());
    }
    Ok(Outcome::Done)
}

/// The option that a text begins with: two dashes and a letter behind them.
fn option(given: &[u8]) -> Option<&[u8]> {
    let word = given.trim_ascii_start().split(u8::is_ascii_whitespace).next()?;
    let name = word.strip_prefix(b"--")?;
    name.first()?.is_ascii_alphabetic().then_some(word)
}

/// Takes the query buffer, as what sends it does.
fn take_query_buffer(call: &mut Call<'_>) -> Result<Vec<u8>, Reported> {
    call.require_query_buffer()?;
    call.recall_query();
    let sql = std::mem::take(&mut call.scope.query);
    call.scope.previous.clone_from(&sql);
    call.scope.lexer.reset();
    Ok(sql)
}

/// Says what was done, and that it was taken back.
fn tell(call: &mut Call<'_>, dry_run: &DryRun) -> Result<(), Reported> {
    let mut done = dry_run.tally.in_words();
    if done.is_empty() {
        done = "nothing changed".to_owned();
    }
    match dry_run.returned {
        0 => {}
        1 => done += ", 1 row returned",
        rows => done = format!("{done}, {rows} rows returned"),
    }
    let time = dry_run.elapsed.as_secs_f64() * 1000.0;
    let text = format!("{done}; {time:.3} ms. It was rolled back.");
    call.shell.line(text.as_bytes());
    if dry_run.touched.is_empty() {
        return Ok(());
    }
    call.shell.show(table(&dry_run.touched))
}
