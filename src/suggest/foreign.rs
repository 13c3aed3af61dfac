//! psql's words for those of other shells.

/// A beginning of a statement that other shells know, and what psql has for it; `…` in both is the
/// word that follows.
const STATEMENTS: &[(&str, &str)] = &[
    ("show columns from …", "\\d …"),
    ("show columns in …", "\\d …"),
    ("show create table …", "\\d …"),
    ("show create view …", "\\sv …"),
    ("show create function …", "\\sf …"),
    ("show fields from …", "\\d …"),
    ("show index from …", "\\d …"),
    ("show indexes from …", "\\d …"),
    ("show full tables", "\\dt+"),
    ("show tables", "\\dt"),
    ("show databases", "\\l"),
    ("show schemas", "\\dn"),
    ("show views", "\\dv"),
    ("show indexes", "\\di"),
    ("show sequences", "\\ds"),
    ("show functions", "\\df"),
    ("show procedures", "\\dfp"),
    ("show types", "\\dT"),
    ("show triggers", "\\d TABLE"),
    ("show users", "\\du"),
    ("show roles", "\\du"),
    ("show extensions", "\\dx"),
    ("show grants", "\\dp"),
    ("show privileges", "\\dp"),
    ("show tablespaces", "\\db"),
    ("show processlist", "SELECT * FROM pg_stat_activity;"),
    ("show full processlist", "SELECT * FROM pg_stat_activity;"),
    ("show variables", "SHOW ALL;"),
    ("show status", "\\conninfo"),
    ("show errors", "\\errverbose"),
    ("show warnings", "\\errverbose"),
    ("show engines", "\\dA"),
    ("list tables", "\\dt"),
    ("list databases", "\\l"),
    ("use …", "\\c …"),
    ("describe …", "\\d …"),
    ("desc …", "\\d …"),
    ("connect to …", "\\c …"),
    ("connect …", "\\c …"),
    ("source …", "\\i …"),
    ("help …", "\\h …"),
    ("exit", "\\q"),
    ("quit", "\\q"),
    ("bye", "\\q"),
    ("logout", "\\q"),
    ("clear", "\\! clear"),
    ("cls", "\\! clear"),
    ("history", "\\s"),
    ("go", "\\g"),
    ("status", "\\conninfo"),
];

/// Names of commands that other shells know, and psql's.
const COMMANDS: &[(&str, &str)] = &[
    ("bye", "\\q"),
    ("clear", "\\! clear"),
    ("cls", "\\! clear"),
    ("databases", "\\l"),
    ("dbs", "\\l"),
    ("desc", "\\d"),
    ("describe", "\\d"),
    ("exit", "\\q"),
    ("go", "\\g"),
    ("indexes", "\\di"),
    ("logout", "\\q"),
    ("ls", "\\d"),
    ("roles", "\\du"),
    ("run", "\\i"),
    ("schema", "\\dn"),
    ("schemas", "\\dn"),
    ("show", "\\d"),
    ("source", "\\i"),
    ("status", "\\conninfo"),
    ("tables", "\\dt"),
    ("use", "\\c"),
    ("users", "\\du"),
    ("vars", "\\set"),
    ("views", "\\dv"),
];

/// What psql has for a statement that the server does not understand.
pub fn statement(text: &str) -> Option<String> {
    let words: Vec<&str> = text.trim_end_matches([';', ' ', '\n']).split_whitespace().collect();
    STATEMENTS.iter().find_map(|(pattern, psqls)| {
        let pattern: Vec<&str> = pattern.split(' ').collect();
        let mut name = None;
        let begins = pattern.iter().enumerate().all(|(at, wanted)| match words.get(at) {
            Some(word) if *wanted == "…" => {
                name = Some(word.trim_matches([';', '`']));
                true
            }
            Some(word) => word.eq_ignore_ascii_case(wanted),
            None => false,
        });
        // Further words make it another statement.
        let fits = begins && (words.len() == pattern.len() || pattern.len() > 2);
        fits.then(|| psqls.replace('…', name.unwrap_or_default()))
    })
}

/// What psql has for a command of other shells.
pub fn command(name: &str) -> Option<&'static str> {
    COMMANDS.iter().find(|(foreign, _)| *foreign == name).map(|(_, psqls)| *psqls)
}
