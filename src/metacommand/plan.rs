//! `\plan`: how the server would carry out a statement, or did.

use super::call::{Call, Outcome};
use crate::connection::protocol::Protocol;
use crate::console::path::{bytes_to_os, expand_tilde};
use crate::console::{Reported, os_error, write_whole};
use crate::dry_run::{caution, objection};
use crate::encoding::Encoding;
use crate::encoding::as_text::{from_text, to_text};
use crate::palette::Palette;
use crate::plan::{self, Charset, Explained, How, Look, Plan, Plans, Values, without_explain};
use crate::print::LineStyle;
use crate::query::MOST_PLAN_BYTES;
use crate::safeguard::{Statement, statements};
use crate::terminal::interruptible::{Interruptible, is_interrupt};
use std::io::Read;

/// Characters of a statement that name it.
const SHORT: usize = 60;

/// `\plan[x+] [QUERY | last | diff | save FILE | < [FILE]]`
pub fn plan(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let given = call.value().unwrap_or_default();
    let given = given.trim_ascii();
    match words(given)[..] {
        [b"last"] => show_last(call)?,
        [b"diff"] => compare(call)?,
        [b"save"] => return call.fail("the file's name is missing after save"),
        [b"save", name] => save(call, name)?,
        [b"<"] => {
            let text = call.shell.queries().read_pasted()?;
            read(call, "what was pasted", &text)?;
        }
        [b"<", name] => read_file(call, name)?,
        _ => explain(call, given)?,
    }
    Ok(Outcome::Done)
}

/// One of our own words, or `<`, and the rest of the line; nothing if it is a statement.
fn words(given: &[u8]) -> Vec<&[u8]> {
    let given = given.strip_suffix(b";").unwrap_or(given).trim_ascii_end();
    if let Some(name) = given.strip_prefix(b"<") {
        let name = name.trim_ascii();
        return if name.is_empty() { vec![b"<"] } else { vec![b"<", name] };
    }
    let end = given.iter().position(u8::is_ascii_whitespace).unwrap_or(given.len());
    let (word, rest) = (&given[..end], given[end..].trim_ascii());
    match (word, rest) {
        (b"save", b"") => vec![b"save"],
        (b"save", name) => vec![b"save", name],
        (b"last" | b"diff", b"") => vec![word],
        _ => Vec::new(),
    }
}

/// A name of a file: quotes around it are not part of it.
fn file_name(name: &[u8]) -> Vec<u8> {
    let inner = name.strip_prefix(b"'").and_then(|name| name.strip_suffix(b"'"));
    inner.map_or_else(|| expand_tilde(name), <[u8]>::to_vec)
}

/// Asks the server for the plans of statements, and shows them.
fn explain(call: &mut Call<'_>, given: &[u8]) -> Result<(), Reported> {
    let how = if call.name.contains(&b'+') { How::Run } else { How::Planned };
    let protocol = std::mem::take(&mut call.shell.next_query.protocol);
    let values = match protocol {
        Protocol::Simple => Values::None,
        Protocol::Bind(_) => Values::Bound,
        _ => return call.fail("a prepared statement is explained by its EXECUTE"),
    };
    let sql = match given {
        b"" => call.take_query_buffer()?,
        given => given.to_vec(),
    };
    // So that \plan+ without a statement runs what \plan has explained.
    call.scope.previous.clone_from(&sql);
    let encoding = call.shell.console.encoding();
    // An EXPLAIN of the user's asks for the same.
    let asked = statements(&sql, encoding);
    let sources: Vec<&[u8]> = asked.iter().map(|asked| without_explain(asked.text())).collect();
    let statements: Vec<Statement<'_>> =
        sources.iter().flat_map(|source| statements(source, encoding)).collect();
    if statements.is_empty() {
        return call
            .fail("there is no statement to explain: write it behind \\plan, or run it first");
    }
    // Where one statement ends and the next begins is seen only where backslashes are ordinary.
    if !call.shell.connection.standard_strings() {
        return call.fail("standard_conforming_strings is off: SET it on first");
    }
    call.shell.connection.require(&mut call.shell.console)?;
    let version = call.shell.connection.session().map_or(0, |session| session.server_version());
    let explained: Result<Vec<Explained<'_>>, _> = statements
        .iter()
        .map(|statement| Explained::new(statement, how, version, values))
        .collect();
    let explained = match explained {
        Ok(explained) => explained,
        Err(reason) => return call.fail(reason.in_words()),
    };
    if how == How::Run {
        for statement in &statements {
            if let Some(reason) = objection(statement, encoding) {
                return call.fail(format!("this can't be run for its plan: {reason}"));
            }
        }
    }
    let answer = call.shell.queries().explain(&explained, how, &protocol)?;
    let title = beginning(&to_text(&sql, encoding));
    let Some(plans) = Plans::read(title, &to_text(&answer.json, encoding)) else {
        return call.fail("the server's answer is no plan");
    };
    let changed = answer.changed || how == How::Run && plans.plans().iter().any(Plan::changes_rows);
    let mut notes = Vec::new();
    if changed {
        notes.push("It ran in a transaction that was rolled back: nothing of it stays.");
    }
    if how == How::Run {
        notes.extend(statements.iter().find_map(caution));
    }
    show(call, &plans, &notes);
    call.shell.last_plans.keep(plans);
    Ok(())
}

/// The beginning of a statement in one line.
fn beginning(statement: &str) -> String {
    let line = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHORT) {
        Some((end, _)) => format!("{}...", line[..end].trim_end()),
        None => line,
    }
}

/// Shows plans that a file holds.
fn read_file(call: &mut Call<'_>, name: &[u8]) -> Result<(), Reported> {
    let name = file_name(name);
    let mut text = Vec::new();
    let most = MOST_PLAN_BYTES as u64;
    call.shell.console.interrupts.begin_command();
    let interrupts = call.shell.console.interrupts.signal();
    let read = Interruptible::open(bytes_to_os(&name), interrupts)
        .and_then(|file| file.take(most + 1).read_to_end(&mut text))
        .map_err(|error| match is_interrupt(&error) {
            true => Reported,
            false => call.shell.console.error(os_error(&name, &error)),
        })?;
    if read > MOST_PLAN_BYTES {
        return call.fail([b"\"", &name[..], b"\" is too long for a plan"].concat());
    }
    read_named(call, &name, &text)
}

fn read_named(call: &mut Call<'_>, name: &[u8], text: &[u8]) -> Result<(), Reported> {
    let name = String::from_utf8_lossy(name).into_owned();
    read(call, &name, text)
}

fn read(call: &mut Call<'_>, name: &str, text: &[u8]) -> Result<(), Reported> {
    let text = to_text(text, call.shell.console.encoding());
    let Some(plans) = Plans::read(name.to_owned(), &text) else {
        return call.fail(format!("{name} holds no plan in EXPLAIN's text or JSON"));
    };
    show(call, &plans, &[]);
    call.shell.last_plans.keep(plans);
    Ok(())
}

fn show_last(call: &mut Call<'_>) -> Result<(), Reported> {
    let Some(plans) = call.shell.last_plans.last().cloned() else {
        return call.fail("there is no plan yet");
    };
    show(call, &plans, &[]);
    Ok(())
}

/// The last two plans, side by side.
fn compare(call: &mut Call<'_>) -> Result<(), Reported> {
    let Some((before, after)) = call.shell.last_plans.last_two() else {
        return call.fail("two plans are compared: ask for them by \\plan first");
    };
    let (before, after) = (before.clone(), after.clone());
    let draw = |look: &Look| {
        let mut text = String::new();
        if before.title() != after.title() {
            text += &look.prose("before: ", before.title());
            text += &look.prose("after: ", after.title());
        }
        let count = before.plans().len().max(after.plans().len());
        for at in 0..count {
            let heading = |what: &str| match count {
                1 => String::new(),
                _ => format!("{}Plan {}{what}\n", if at > 0 { "\n" } else { "" }, at + 1),
            };
            text += &match (before.plans().get(at), after.plans().get(at)) {
                (Some(before), Some(after)) => heading("") + &plan::compare(before, after, look),
                (Some(before), None) => heading(", only before") + &plan::draw(before, look),
                (None, Some(after)) => heading(", only after") + &plan::draw(after, look),
                (None, None) => String::new(),
            };
        }
        text
    };
    print(call, draw);
    Ok(())
}

/// Writes the last plans for other programs.
fn save(call: &mut Call<'_>, name: &[u8]) -> Result<(), Reported> {
    let name = file_name(name);
    let Some(plans) = call.shell.last_plans.last() else {
        return call.fail("there is no plan yet");
    };
    let json = from_text(&plans.json(), call.shell.console.encoding());
    write_whole(&name, &json).map_err(|error| call.shell.console.error(os_error(&name, &error)))?;
    let text = [b"Wrote the plan to \"", &name[..], b"\"."].concat();
    call.shell.console.println_unless_quiet(text);
    Ok(())
}

fn show(call: &mut Call<'_>, plans: &Plans, notes: &[&str]) {
    let draw = |look: &Look| {
        let mut text = String::new();
        let count = plans.plans().len();
        for (at, plan) in plans.plans().iter().enumerate() {
            if count > 1 {
                let line = format!("{}Plan {} of {count}", if at > 0 { "\n" } else { "" }, at + 1);
                text += &(line + "\n");
            }
            text += &plan::draw(plan, look);
        }
        for note in notes {
            text += &look.prose("", note);
        }
        text
    };
    print(call, draw);
}

/// Prints what is drawn for the screen, or for where results go.
fn print(call: &mut Call<'_>, draw: impl Fn(&Look) -> String) {
    let whole = call.name.contains(&b'x');
    let console = &call.shell.console;
    let encoding = console.encoding();
    let style = console.print.line_style;
    let is_unicode = match style {
        LineStyle::Unicode => true,
        LineStyle::Ascii => console.is_interactive(),
        LineStyle::OldAscii => false,
    };
    let charset = match is_unicode && encoding == Encoding::Utf8 {
        true => Charset::Unicode,
        false => Charset::Ascii,
    };
    let screen = call.shell.interactive.screen(console, false);
    let columns = usize::try_from(screen.columns).ok().filter(|columns| *columns > 0);
    let draw = |palette: Option<Palette>| {
        from_text(&draw(&Look { columns, charset, palette, whole }), encoding)
    };
    call.shell.interactive.page_drawing(&mut call.shell.console, &draw);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_words() {
        let texts: [(&str, &[&str]); 9] = [
            ("diff", &["diff"]),
            ("last;", &["last"]),
            ("save  a b.json ", &["save", "a b.json"]),
            ("save", &["save"]),
            ("<", &["<"]),
            ("<a.txt", &["<", "a.txt"]),
            ("< 'a b'", &["<", "'a b'"]),
            ("select 1", &[]),
            ("last one", &[]),
        ];
        for (text, expected) in texts {
            let expected: Vec<&[u8]> = expected.iter().map(|word| word.as_bytes()).collect();
            assert_eq!(words(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(file_name(b"'a b'"), b"a b");
    }
}
