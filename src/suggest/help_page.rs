//! The page of `\h` for a word that is no command.

use super::alternatives::alternatives;
use super::closeness;
use crate::grammar::{self, SqlCommand};
use crate::sort::sort_by_key;
use std::collections::HashSet;

/// Where most people look first.
const FIRST: [&str; 7] =
    ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "CREATE TABLE", "ALTER TABLE"];
/// The most pages that are told.
const MOST: usize = 4;

/// What to say where `\h` has no page for a topic: the pages that speak of it, or the commands
/// whose names are close.
pub fn suggestion(topic: &str) -> Option<String> {
    let topic = topic.trim().trim_end_matches(';').trim_end().to_uppercase();
    if topic.is_empty() {
        return None;
    }
    let speaks = |command: &&SqlCommand| holds_words(command.synopsis, &topic);
    let mut commands: Vec<&SqlCommand> = grammar::sql_commands().iter().filter(speaks).collect();
    sort_by_key(&mut commands, |command| {
        FIRST.iter().position(|name| *name == command.name).unwrap_or(FIRST.len())
    });
    // Some share a page.
    let mut seen = HashSet::new();
    commands.retain(|command| seen.insert(command.page));
    let pages: Vec<String> =
        commands.iter().map(|command| format!("\\h {}", command.name)).take(MOST + 1).collect();
    if let Some(most) = pages.get(..MOST)
        && pages.len() > MOST
    {
        return Some(format!("{topic} is part of {}, ...", most.join(", ")));
    }
    if !pages.is_empty() {
        return Some(format!("{topic} is part of {}.", alternatives(&pages)));
    }
    let names = grammar::sql_commands().iter().map(|command| command.name);
    let close: Vec<String> =
        closeness::closest(&topic, names).into_iter().map(|name| format!("\\h {name}")).collect();
    (!close.is_empty()).then(|| format!("Perhaps you meant {}.", alternatives(&close)))
}

/// Whether a synopsis holds these words as they stand.
fn holds_words(synopsis: &str, words: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    synopsis.match_indices(words).any(|(at, _)| {
        !synopsis[..at].ends_with(is_part) && !synopsis[at + words.len()..].starts_with(is_part)
    })
}
