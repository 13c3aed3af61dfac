//! `\dryrun`: what a statement would do.

use super::call::{Call, Outcome};
use crate::backup;
use crate::console::Reported;
use crate::describe::Host;
use crate::dry_run::{Manner, Sizes, caution, objection, on_scratch, table};
use crate::query::{DryRun, QueryRunner};
use crate::safeguard::{Statement, statements};
use crate::schema_copy::SchemaCopy;
use crate::shell::Shell;

/// The option that leads to a scratch copy.
const ON_SCRATCH: &[u8] = b"--on-scratch";

/// `\dryrun [--on-scratch] [STATEMENT]`: of the query buffer without one.
pub fn dry_run(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let given = call.value().unwrap_or_default();
    let (is_on_scratch, given) = match option(&given) {
        Some(ON_SCRATCH) => (true, &given.trim_ascii_start()[ON_SCRATCH.len()..]),
        // What the lexer would take for a comment.
        Some(other) => {
            let text = [b"there is no option \"", other, b"\", only --on-scratch"].concat();
            return call.fail(text);
        }
        None => (false, &given[..]),
    };
    let sql = match given.trim_ascii() {
        b"" => call.take_query_buffer()?,
        given => given.to_vec(),
    };
    let statements = statements(&sql, call.shell.console.encoding());
    if statements.is_empty() {
        return call
            .fail("there is no statement to try: write it behind \\dryrun, or run it first");
    }
    // Where one statement ends and the next begins is seen only where backslashes are ordinary.
    if !call.shell.connection.standard_strings() {
        return call.fail("standard_conforming_strings is off: SET it on first");
    }
    match is_on_scratch {
        true => try_on_scratch(call, &sql, &statements)?,
        false => try_here(call, &sql, &statements)?,
    }
    Ok(Outcome::Done)
}

/// In a transaction on the server at hand.
fn try_here(call: &mut Call<'_>, sql: &[u8], statements: &[Statement<'_>]) -> Result<(), Reported> {
    let encoding = call.shell.console.encoding();
    for statement in statements {
        if let Some(reason) = objection(statement, encoding) {
            let hint = match on_scratch(statement, encoding) {
                Ok(_) => "; --on-scratch tries it on a copy of the schema",
                Err(_) => "",
            };
            return call.fail(format!("this can't be tried: {reason}{hint}"));
        }
    }
    let dry_run = call.shell.queries().dry_run(sql)?;
    tell(call, &dry_run, "It was rolled back.", None)?;
    if let Some(caution) = statements.iter().find_map(caution) {
        let text = call.shell.console.folded(caution.as_bytes()).into_owned();
        call.shell.line(&text);
    }
    Ok(())
}

/// On a scratch copy of the schema.
fn try_on_scratch(
    call: &mut Call<'_>,
    sql: &[u8],
    statements: &[Statement<'_>],
) -> Result<(), Reported> {
    let encoding = call.shell.console.encoding();
    let mut is_alone = false;
    for statement in statements {
        match on_scratch(statement, encoding) {
            Ok(manner) => is_alone |= manner == Manner::Alone,
            Err(reason) => return call.fail(format!("this can't be tried: {reason}")),
        }
    }
    let Shell { console, connection, interactive, kept_results, .. } = &mut *call.shell;
    connection.require(console)?;
    connection.refuse_in_pipeline(console)?;
    let mut copy = SchemaCopy::make(console, connection, interactive)
        .map_err(|failure| backup::report(console, call.name, &failure))?;
    copy.tell(console);
    let mut runner =
        QueryRunner { console, connection: copy.connection(), interactive, kept: kept_results };
    let done = match is_alone {
        true => runner.run_alone(&statements.iter().map(Statement::text).collect::<Vec<_>>()),
        false => runner.dry_run(sql),
    };
    let done = done.and_then(|dry_run| {
        let original = Some((copy.database(), copy.sizes()));
        tell(call, &dry_run, "It was done on the copy, which is dropped.", original)
    });
    copy.end(&mut call.shell.console);
    done
}

/// The option that a text begins with: two dashes and a letter behind them.
fn option(given: &[u8]) -> Option<&[u8]> {
    let word = given.trim_ascii_start().split(u8::is_ascii_whitespace).next()?;
    let name = word.strip_prefix(b"--")?;
    name.first()?.is_ascii_alphabetic().then_some(word)
}

/// Says what was done, and what became of it.
fn tell(
    call: &mut Call<'_>,
    dry_run: &DryRun,
    end: &str,
    original: Option<(&str, &Sizes)>,
) -> Result<(), Reported> {
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
    let text = format!("{done}; {time:.3} ms. {end}");
    let text = call.shell.console.folded(text.as_bytes()).into_owned();
    call.shell.line(&text);
    if dry_run.touched.is_empty() {
        return Ok(());
    }
    call.shell.show_with_sentences(table(&dry_run.touched, original))
}
