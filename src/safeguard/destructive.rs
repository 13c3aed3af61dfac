//! Which statements destroy something that a slip of the hand may not mean: DROP, TRUNCATE,
//! ALTER ... DROP, UPDATE and DELETE without WHERE, MERGE that deletes or updates what its source
//! lacks.
//!
//! Decides by the words. What a function, a procedure, a DO block or a prepared statement does can't
//! be seen; PREPARE and EXPLAIN ANALYZE are looked into.

use super::statements::{Statement, Word};

/// How something is destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// DROP of a table or what else has rows of its own.
    DropRows,
    /// DROP of anything else.
    Drop,
    /// TRUNCATE
    Truncate,
    /// ALTER ... DROP
    AlterDrop,
    /// DELETE without WHERE
    Delete,
    /// UPDATE without WHERE
    Update,
    /// MERGE ... WHEN NOT MATCHED BY SOURCE THEN DELETE or UPDATE
    Merge,
}

/// What a statement destroys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destruction<'a> {
    /// How.
    pub effect: Effect,
    /// Its words as written: `DROP TABLE a`, `DELETE FROM t`.
    pub words: &'a [u8],
    /// The names of the relations concerned, as written, where they are named in a row.
    pub relations: Vec<&'a [u8]>,
    /// The statement to ask the planner about, for one that has a plan.
    pub planned: Option<&'a [u8]>,
}

/// What has rows of its own, as DROP names it.
const HAS_ROWS: [&[&str]; 3] = [&["TABLE"], &["MATERIALIZED", "VIEW"], &["INDEX"]];

/// Words that may stand between a command and the names it is about.
const BEFORE_NAMES: [&str; 5] = ["IF", "EXISTS", "ONLY", "CONCURRENTLY", "TABLE"];

/// What the statements destroy.
pub fn destructions<'a>(statements: &[Statement<'a>]) -> Vec<Destruction<'a>> {
    statements.iter().flat_map(of_statement).collect()
}

fn of_statement<'a>(statement: &Statement<'a>) -> Vec<Destruction<'a>> {
    let (words, whole) = (statement.words(), statement.whole());
    let Some(start) = run_part(words) else { return Vec::new() };
    let part = &words[start..];
    let is = |keyword: &str| part.first().is_some_and(|first| first.is(keyword));
    let one = |found: Option<Destruction<'a>>| found.into_iter().collect();
    if is("DROP") {
        one(drop_of(part, whole))
    } else if is("TRUNCATE") {
        one(Some(Destruction {
            effect: Effect::Truncate,
            words: text_of(part, whole),
            relations: names(&part[1..], whole),
            planned: None,
        }))
    } else if is("ALTER") {
        one(alter_drop(part, whole))
    } else if is("CREATE") || is("DO") || is("GRANT") || is("REVOKE") || is("COMMENT") {
        // What they are made of runs later, if at all.
        Vec::new()
    } else {
        changes(part, whole)
    }
}

/// Where the part begins that runs: behind EXPLAIN with ANALYZE and behind PREPARE ... AS; `None` if
/// nothing runs.
fn run_part(words: &[Word<'_>]) -> Option<usize> {
    let mut at = 0;
    if words.first()?.is("EXPLAIN") {
        let mut analyze = false;
        at = 1;
        if words.get(at).is_some_and(|word| word.is_sign("(")) {
            let end = at + 1 + words[at + 1..].iter().position(|word| word.depth == 0)?;
            let options = &words[at + 1..end];
            let option = options.iter().position(|w| w.is("ANALYZE") || w.is("ANALYSE"));
            let off = |w: &Word<'_>| {
                ["off", "false", "0", "'off'", "'false'", "'0'"]
                    .iter()
                    .any(|no| w.text.eq_ignore_ascii_case(no.as_bytes()))
            };
            analyze = option.is_some_and(|option| !options.get(option + 1).is_some_and(off));
            at = end + 1;
        }
        while words.get(at).is_some_and(|w| w.is("ANALYZE") || w.is("ANALYSE") || w.is("VERBOSE")) {
            analyze |= !words[at].is("VERBOSE");
            at += 1;
        }
        if !analyze {
            return None;
        }
    }
    if words.get(at)?.is("PREPARE") {
        if words.get(at + 1)?.is("TRANSACTION") {
            return None;
        }
        at += 1 + words[at..].iter().position(|word| word.depth == 0 && word.is("AS"))?;
    }
    Some(at)
}

fn drop_of<'a>(part: &[Word<'a>], whole: &'a [u8]) -> Option<Destruction<'a>> {
    // DROP by itself is no command yet.
    part.get(1)?;
    let begins = |kind: &&&[&str]| {
        kind.iter().enumerate().all(|(i, word)| part.get(i + 1).is_some_and(|w| w.is(word)))
    };
    let kind = HAS_ROWS.iter().find(begins);
    Some(Destruction {
        effect: if kind.is_some() { Effect::DropRows } else { Effect::Drop },
        words: text_of(part, whole),
        relations: kind.map(|kind| names(&part[1 + kind.len()..], whole)).unwrap_or_default(),
        planned: None,
    })
}

/// ALTER with a DROP that loses more than a default or NOT NULL.
fn alter_drop<'a>(part: &[Word<'a>], whole: &'a [u8]) -> Option<Destruction<'a>> {
    let drops = |at: usize| {
        let harmless = part.get(at + 1).is_some_and(|next| next.is("DEFAULT") || next.is("NOT"));
        part[at].is("DROP") && !harmless
    };
    (1..part.len()).find(|at| drops(*at))?;
    Some(Destruction {
        effect: Effect::AlterDrop,
        words: text_of(part, whole),
        relations: Vec::new(),
        planned: None,
    })
}

/// DELETE, UPDATE and MERGE, alone, behind WITH and in brackets.
fn changes<'a>(part: &[Word<'a>], whole: &'a [u8]) -> Vec<Destruction<'a>> {
    let planned = Some(text_of(part, whole));
    let mut found = Vec::new();
    for at in 0..part.len() {
        let effect = if part[at].is("DELETE") && is_next(part, at, "FROM") {
            Effect::Delete
        } else if part[at].is("UPDATE") && begins_update(part, at) {
            Effect::Update
        } else if part[at].is("MERGE") && is_next(part, at, "INTO") {
            Effect::Merge
        } else {
            continue;
        };
        let group = group_from(part, at);
        let is_safe = match effect {
            Effect::Merge => !loses_unmatched(group),
            _ => group.iter().any(|word| word.depth == part[at].depth && word.is("WHERE")),
        };
        if !is_safe {
            let to_name = if effect == Effect::Update { 1 } else { 2 };
            let relations = names(&group[to_name.min(group.len())..], whole);
            let words = head(group, to_name, whole);
            let relations = relations.into_iter().take(1).collect();
            found.push(Destruction { effect, words, relations, planned });
        }
    }
    found
}

fn is_next(part: &[Word<'_>], at: usize, keyword: &str) -> bool {
    part.get(at + 1).is_some_and(|next| next.is(keyword))
}

/// Whether an UPDATE is a command: at the beginning, in a bracket, behind WITH's last one; not FOR
/// UPDATE, ON CONFLICT DO UPDATE, MERGE's THEN UPDATE.
fn begins_update(part: &[Word<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| &part[before]);
    let may_begin = before.is_none_or(|before| {
        !["FOR", "KEY", "DO", "THEN", "ON", "OR", "AS", ".", ","]
            .iter()
            .any(|word| before.is(word) || before.is_sign(word))
    });
    let names_relation = part.get(at + 1).is_some_and(Word::is_name);
    let sets = group_from(part, at).iter().any(|w| w.depth == part[at].depth && w.is("SET"));
    may_begin && names_relation && sets
}

/// The words from `at` to the end of the bracket it stands in.
fn group_from<'p, 'a>(part: &'p [Word<'a>], at: usize) -> &'p [Word<'a>] {
    let depth = part[at].depth;
    let end = part[at..].iter().position(|word| word.depth < depth);
    &part[at..end.map_or(part.len(), |end| at + end)]
}

/// Whether a MERGE deletes or updates every row that its source lacks.
fn loses_unmatched(group: &[Word<'_>]) -> bool {
    let words = ["BY", "SOURCE", "THEN"];
    group.windows(4).any(|window| {
        window.iter().zip(words).all(|(word, wanted)| word.is(wanted))
            && (window[3].is("DELETE") || window[3].is("UPDATE"))
    })
}

/// The command with the name it is about: `DELETE FROM ONLY t`.
fn head<'a>(group: &[Word<'a>], to_name: usize, whole: &'a [u8]) -> &'a [u8] {
    let mut end = to_name.min(group.len());
    while group.get(end).is_some_and(|word| word.is("ONLY")) {
        end += 1;
    }
    end += 1;
    while group.get(end).is_some_and(|word| word.is_sign(".")) {
        end += 2;
    }
    text_of(&group[..end.min(group.len())], whole)
}

/// The text from the first of the words to the last.
fn text_of<'a>(words: &[Word<'a>], whole: &'a [u8]) -> &'a [u8] {
    match (words.first(), words.last()) {
        (Some(first), Some(last)) => &whole[first.range.start..last.range.end],
        _ => b"",
    }
}

/// The names at the beginning of the words, as a list with commas has them.
fn names<'a>(words: &[Word<'a>], whole: &'a [u8]) -> Vec<&'a [u8]> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        while words.get(at).is_some_and(|w| BEFORE_NAMES.iter().any(|word| w.is(word))) {
            at += 1;
        }
        let start = at;
        if !words.get(at).is_some_and(Word::is_name) {
            return found;
        }
        at += 1;
        while words.get(at).is_some_and(|w| w.is_sign("."))
            && words.get(at + 1).is_some_and(Word::is_name)
        {
            at += 2;
        }
        found.push(text_of(&words[start..at], whole));
        at += usize::from(words.get(at).is_some_and(|w| w.text == b"*"));
        if !words.get(at).is_some_and(|w| w.is_sign(",")) {
            return found;
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests;
