//! The grammar of SQL as completion walks it: the synopses of `grammar/sql`, and `grammar/prose.txt`.
//!
//! Owns where a placeholder's definition is found. It accepts more than the server does: what a
//! placeholder stands for is any plausible run of tokens.

use std::sync::OnceLock;

use super::item::Item;
use super::notation::{Definitions, Node, parse, parse_synopsis};
use crate::grammar;

/// A command's synopsis.
pub(super) struct Synopsis {
    /// The command's first word.
    pub verb: &'static str,
    pub forms: Node,
    /// What its placeholders are defined as below it.
    pub definitions: Definitions,
}

impl Synopsis {
    fn is_query(&self) -> bool {
        matches!(
            self.verb,
            "SELECT" | "VALUES" | "TABLE" | "INSERT" | "UPDATE" | "DELETE" | "MERGE"
        )
    }

    /// Whether a statement that begins with `item` may be this one. Most may not: they need not
    /// be walked.
    pub fn may_begin(&self, item: Option<&Item<'_>>) -> bool {
        item.is_none_or(|item| {
            item.is(self.verb) || self.is_query() && (item.is("WITH") || item.is_symbol("("))
        })
    }
}

/// Every synopsis, and behind them the forms that the documentation tells in prose.
pub(super) fn synopses() -> &'static [Synopsis] {
    static SYNOPSES: OnceLock<Vec<Synopsis>> = OnceLock::new();
    SYNOPSES.get_or_init(|| {
        let parse = |command: &grammar::SqlCommand| {
            let verb = command.name.split(' ').next().unwrap_or_default();
            let (forms, definitions) = parse_synopsis(command.synopsis, verb);
            Synopsis { verb, forms, definitions }
        };
        let further =
            grammar::prose().iter().filter(|(name, _)| is_command(name)).map(|(verb, text)| {
                Synopsis { verb, forms: self::parse(text), definitions: Definitions::new() }
            });
        grammar::sql_commands().iter().map(parse).chain(further).collect()
    })
}

/// The commands that only a replication connection takes.
pub(super) fn replication_commands() -> &'static [Synopsis] {
    static COMMANDS: OnceLock<Vec<Synopsis>> = OnceLock::new();
    COMMANDS.get_or_init(|| {
        let (commands, definitions): (Vec<_>, Vec<_>) =
            grammar::replication().iter().partition(|(name, _)| is_command(name));
        let definitions = || definitions.iter().map(|(name, text)| (*name, parse(text))).collect();
        let synopsis = |(verb, text): &(&'static str, &'static str)| Synopsis {
            verb,
            forms: parse(text),
            definitions: definitions(),
        };
        commands.iter().map(synopsis).collect()
    })
}

fn is_command(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The definitions of `grammar/prose.txt`.
struct Prose {
    definitions: Definitions,
    /// What is added to commands' own definitions: `name+`.
    further: Definitions,
}

fn prose() -> &'static Prose {
    static PROSE: OnceLock<Prose> = OnceLock::new();
    PROSE.get_or_init(|| {
        let mut prose = Prose { definitions: Definitions::new(), further: Definitions::new() };
        for (name, text) in grammar::prose().iter().filter(|(name, _)| !is_command(name)) {
            match name.strip_suffix('+') {
                Some(name) => prose.further.insert(name, parse(text)),
                None => prose.definitions.insert(name, parse(text)),
            };
        }
        prose
    })
}

/// What SELECT defines, and other commands speak of as well.
fn of_select() -> &'static Definitions {
    static OTHER: Definitions = Definitions::new();
    static SELECT: OnceLock<&Definitions> = OnceLock::new();
    SELECT.get_or_init(|| {
        let select = synopses().iter().find(|synopsis| synopsis.verb == "SELECT");
        select.map_or(&OTHER, |select| &select.definitions)
    })
}

/// What a placeholder is defined as, and the definitions that hold there. A command's own go
/// first.
pub(super) fn definition<'d>(
    name: &str,
    own: &'d Definitions,
) -> Option<(&'d Node, &'d Definitions)> {
    [own, &prose().definitions, of_select()]
        .into_iter()
        .find_map(|definitions| definitions.get(name).map(|node| (node, definitions)))
}

/// What `grammar/prose.txt` adds to commands' own definition of a placeholder.
pub(super) fn further_ways(name: &str) -> Option<(&'static Node, &'static Definitions)> {
    prose().further.get(name).map(|node| (node, &prose().definitions))
}
