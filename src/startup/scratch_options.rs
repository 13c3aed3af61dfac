//! Which options may stand beside those for throwaway databases: what was asked for on the command line
//! is not passed over. The environment may well lead to another server.

use crate::cli::{Options, PasswordPrompt};
use crate::conninfo;

/// Why the options for throwaway databases make no sense, if they don't, and what to do instead.
pub(super) fn conflict(options: &Options) -> Option<String> {
    let task = match (options.scratch_list, options.scratch_drop.is_empty()) {
        (false, true) => return server_conflict(options),
        (true, true) => "--scratch-list",
        (_, false) => "--scratch-drop",
    };
    let others = [
        ("--scratch-list", options.scratch_list && task != "--scratch-list"),
        ("--scratch", options.scratch.is_some() && !options.tour),
        ("--scratch-install", options.scratch_install),
        ("-c/--command or -f/--file", !options.actions.is_empty()),
        ("-l/--list", options.list),
        ("-1/--single-transaction", options.single_transaction),
        ("--complete", options.complete),
        ("--tour", options.tour),
    ];
    let given = [given(&others), elsewhere(options)].concat();
    (!given.is_empty()).then(|| {
        format!(
            "{task} can't be used with {}: it does its work and ends\n\
             HINT:  Use it alone.",
            given.join(", ")
        )
    })
}

/// Why a throwaway server can't be had with these options.
fn server_conflict(options: &Options) -> Option<String> {
    if options.scratch.is_none() {
        let text = "--scratch-install does nothing alone: it lets --scratch install its server\n\
                    HINT:  For a scratch database:  pgsh --scratch --scratch-install";
        return options.scratch_install.then(|| text.to_owned());
    }
    let given = elsewhere(options).join(", ");
    let own = "a scratch server has a host, a port, a user and a database of its own";
    match (given.is_empty(), options.tour) {
        (true, _) => None,
        (false, true) => Some(format!(
            "--tour can't be used with {given}: it is on a scratch database, and {own}\n\
             HINT:  Use it alone:  pgsh --tour"
        )),
        (false, false) => Some(format!(
            "--scratch can't be used with {given}: {own}\n{}",
            way_out(options.database.as_deref())
        )),
    }
}

/// What of the command line leads to some server.
fn elsewhere(options: &Options) -> Vec<&'static str> {
    let is_string = options.database.as_deref().is_some_and(conninfo::looks_like_conninfo);
    given(&[
        ("-h/--host", options.host.is_some()),
        ("-p/--port", options.port.is_some()),
        ("-U/--username", options.user.is_some()),
        ("a connection string", is_string),
        ("a database", options.database.is_some() && !is_string),
        ("-W/--password", options.password_prompt == PasswordPrompt::Always),
    ])
}

fn given(options: &[(&'static str, bool)]) -> Vec<&'static str> {
    options.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect()
}

/// What to do; a database of a plain name may have been meant for the scratch one's.
fn way_out(database: Option<&[u8]>) -> String {
    let is_plain = |name: &&str| {
        let is_letter = |c: char| c.is_alphanumeric() || c == '_';
        !name.is_empty() && name.chars().all(is_letter)
    };
    let name = database.and_then(|name| std::str::from_utf8(name).ok()).filter(is_plain);
    let scratch = match name {
        Some(name) => format!("that is kept as {name}:  pgsh --scratch={name}"),
        None => "alone:  pgsh --scratch".to_owned(),
    };
    format!(
        "HINT:  For a scratch database {scratch}\n\
         \x20      For the server that you named, leave --scratch out."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    #[test]
    fn contradictions_say_what_to_do() {
        let rows = "
--scratch|
--scratch -w -l|
--scratch=shop --scratch-install -c x|
--scratch-list|
--scratch-list --csv -q|
--scratch-drop a --scratch-drop=b|
--scratch-install|pgsh --scratch --scratch-install
--scratch -h localhost|can't be used with -h/--host: |pgsh --scratch
--scratch -h localhost -p 5433 -U joe|with -h/--host, -p/--port, -U/--username: 
--scratch=name -U joe|with -U/--username: 
--scratch shop|with a database: |pgsh --scratch=shop
--scratch -d shop|pgsh --scratch=shop
--scratch shop joe|with -U/--username, a database: 
--scratch service=prod|with a connection string: |alone:  pgsh --scratch\n
--scratch postgresql://joe:secret@db/shop|with a connection string: |alone:  pgsh --scratch\n
--scratch a'b|with a database: |alone:  pgsh --scratch\n
--scratch -W|with -W/--password: 
--scratch-list --scratch|--scratch-list can't be used with --scratch: 
--scratch-list -h db -c x|with -c/--command or -f/--file, -h/--host: 
--scratch-drop x --scratch-list|--scratch-drop can't be used with --scratch-list: 
--scratch-drop x --tour|with --tour: it does its work and ends
--scratch-drop x -1|with -1/--single-transaction: 
";
        for row in rows.trim_matches('\n').lines() {
            let mut columns = row.split('|');
            let line = columns.next().expect("a line");
            let words = ["pgsh"].into_iter().chain(line.split(' '));
            let options = cli::parse(words.map(Into::into), true).expect(line);
            let text = conflict(&options).unwrap_or_default();
            let parts: Vec<String> = columns.map(|part| part.replace("\\n", "\n")).collect();
            assert_eq!(text.is_empty(), parts.concat().is_empty(), "{line}: {text}");
            assert!(parts.iter().all(|part| text.contains(part)), "{line}: {text}");
            assert!(!text.contains("secret"), "{line}: {text}");
        }
    }
}
