//! The entries of an archive that patterns choose: the objects, what is part of them, and what they need.

use super::toc::{Entry, Toc};
use crate::sort::sort;
use crate::wildcard::{Glyph, matches};
use std::collections::BTreeSet;

/// Kinds that are part of the object their name begins with, or of the one they depend on.
const PARTS: [&str; 21] = [
    "ACL",
    "CHECK CONSTRAINT",
    "COMMENT",
    "CONSTRAINT",
    "DEFAULT",
    "FK CONSTRAINT",
    "INDEX",
    "INDEX ATTACH",
    "MATERIALIZED VIEW DATA",
    "POLICY",
    "PUBLICATION TABLE",
    "ROW SECURITY",
    "RULE",
    "SECURITY LABEL",
    "SEQUENCE OWNED BY",
    "SEQUENCE SET",
    "STATISTICS",
    "STATISTICS DATA",
    "TABLE ATTACH",
    "TABLE DATA",
    "TRIGGER",
];

/// A pattern as psql has them: `orders`, `sales.*`, `"Odd Name"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    schema: Option<Vec<Glyph<u8>>>,
    name: Vec<Glyph<u8>>,
    text: String,
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Pattern {
    /// Reads a pattern: outside of double quotes letters are folded, `*` and `?` stand for others and a dot
    /// parts schema and name.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &[u8]) -> Result<Pattern, String> {
        let mut parts = vec![Vec::new()];
        let mut is_quoted = false;
        let mut at = 0;
        while at < text.len() {
            let byte = text[at];
            let glyph = match byte {
                b'"' if is_quoted && text.get(at + 1) == Some(&b'"') => {
                    at += 1;
                    Glyph::Literal(b'"')
                }
                b'"' => {
                    is_quoted = !is_quoted;
                    at += 1;
                    continue;
                }
                b'.' if !is_quoted => {
                    parts.push(Vec::new());
                    at += 1;
                    continue;
                }
                byte if is_quoted => Glyph::Literal(byte),
                byte => Glyph::of(byte.to_ascii_lowercase()),
            };
            parts.last_mut().unwrap_or(&mut Vec::new()).push(glyph);
            at += 1;
        }
        let shown = String::from_utf8_lossy(text);
        if is_quoted {
            return Err(format!("a double quote is left open in \"{shown}\""));
        }
        let name = parts.pop().unwrap_or_default();
        let schema = parts.pop();
        if !parts.is_empty() {
            return Err(format!("too many dots in \"{shown}\": a pattern is NAME or SCHEMA.NAME"));
        }
        if name.is_empty() {
            return Err(format!("no name in the pattern \"{shown}\""));
        }
        Ok(Pattern { schema, name, text: shown.into_owned() })
    }

    fn matches(&self, entry: &Entry) -> bool {
        // A function's name is followed by its arguments.
        let name = entry.name.split(|&byte| byte == b'(').next().unwrap_or_default();
        let is_whole =
            matches(&self.name, &entry.name) || entry.is_routine() && matches(&self.name, name);
        is_whole && self.schema.as_ref().is_none_or(|schema| matches(schema, &entry.schema))
    }
}

impl Entry {
    fn is_routine(&self) -> bool {
        matches!(self.kind.as_str(), "FUNCTION" | "PROCEDURE" | "AGGREGATE")
    }

    fn is_part(&self) -> bool {
        PARTS.contains(&self.kind.as_str())
    }
}

/// What patterns chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The numbers of all entries that are restored.
    pub chosen: BTreeSet<u32>,
    /// Those of the objects that a pattern named.
    pub named: Vec<u32>,
    /// Those of objects that the chosen ones need.
    pub needed: Vec<u32>,
    /// Those of other tables' foreign keys that refer to a chosen one.
    pub references: Vec<u32>,
    /// The patterns that found nothing, by their places.
    pub unused: Vec<usize>,
}

/// What these patterns choose.
pub fn select(toc: &Toc, patterns: &[Pattern]) -> Selection {
    let mut selection = Selection::default();
    let mut used = vec![false; patterns.len()];
    for entry in toc.entries.iter().filter(|entry| !entry.is_part() && entry.kind != "EXTENSION") {
        let found: Vec<usize> =
            (0..patterns.len()).filter(|&at| patterns[at].matches(entry)).collect();
        if !found.is_empty() {
            found.into_iter().for_each(|at| used[at] = true);
            selection.named.push(entry.id);
            selection.chosen.insert(entry.id);
        }
    }
    selection.unused = (0..patterns.len()).filter(|&at| !used[at]).collect();
    add_parts(toc, &mut selection);
    add_needs(toc, &mut selection);
    selection
}

/// Kinds that are part of the first that they depend on, whatever their names.
const PARTS_OF_FIRST: [&str; 9] = [
    "ACL",
    "COMMENT",
    "INDEX",
    "MATERIALIZED VIEW DATA",
    "SECURITY LABEL",
    "SEQUENCE OWNED BY",
    "SEQUENCE SET",
    "STATISTICS DATA",
    "TABLE DATA",
];

/// Adds what is part of chosen objects, and what is part of that in turn.
fn add_parts(toc: &Toc, selection: &mut Selection) {
    loop {
        let before = selection.chosen.len();
        for entry in &toc.entries {
            if !selection.chosen.contains(&entry.id) && is_part_of(entry, toc, &selection.chosen) {
                selection.chosen.insert(entry.id);
                if entry.kind == "TABLE ATTACH" {
                    selection.chosen.extend(entry.needs.first());
                }
            }
        }
        if selection.chosen.len() == before {
            break;
        }
    }
    selection.references.clear();
    for entry in toc.entries.iter().filter(|entry| entry.kind == "FK CONSTRAINT") {
        let refers = entry.needs.iter().any(|id| selection.named.contains(id));
        if refers && !selection.chosen.contains(&entry.id) {
            selection.references.push(entry.id);
        }
    }
}

/// Whether an entry is part of one that is chosen.
fn is_part_of(entry: &Entry, toc: &Toc, chosen: &BTreeSet<u32>) -> bool {
    let is_chosen = |id: &u32| chosen.contains(id);
    match entry.kind.as_str() {
        // A sequence depends on a table only if that owns it.
        "SEQUENCE" => entry
            .needs
            .iter()
            .any(|id| is_chosen(id) && toc.entry(*id).is_some_and(|owner| owner.kind == "TABLE")),
        // A partitioned table comes with its partitions, a partition goes back to its table.
        "TABLE ATTACH" => entry.needs.iter().any(is_chosen),
        "INDEX ATTACH" => entry.needs.iter().all(is_chosen),
        kind if PARTS_OF_FIRST.contains(&kind) => entry.needs.first().is_some_and(is_chosen),
        // What depends on several is part of the one whose name stands before its own.
        _ if entry.is_part() => entry.needs.iter().filter(|id| is_chosen(id)).any(|id| {
            toc.entry(*id).is_some_and(|owner| {
                let rest = entry.name.strip_prefix(&owner.name[..]);
                let is_named = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b" "));
                owner.schema == entry.schema && is_named
                    || entry.kind != "FK CONSTRAINT" && entry.needs.len() == 1
            })
        }),
        _ => false,
    }
}

/// Chooses also what the chosen objects need, with its parts.
pub fn complete(toc: &Toc, selection: &mut Selection) {
    let told = selection.needed.clone();
    while !selection.needed.is_empty() {
        selection.chosen.extend(std::mem::take(&mut selection.needed));
        add_parts(toc, selection);
        add_needs(toc, selection);
    }
    selection.needed = told;
}

/// Finds what chosen objects need, and what that needs in turn.
fn add_needs(toc: &Toc, selection: &mut Selection) {
    let mut open: Vec<u32> = selection.chosen.iter().copied().collect();
    let mut seen = selection.chosen.clone();
    while let Some(id) = open.pop() {
        let Some(entry) = toc.entry(id) else { continue };
        let mut needs = entry.needs.clone();
        let schema =
            toc.entries.iter().find(|one| one.kind == "SCHEMA" && one.name == entry.schema);
        needs.extend(schema.map(|schema| schema.id));
        for need in needs {
            if toc.entry(need).is_some() && seen.insert(need) {
                open.push(need);
                selection.needed.push(need);
            }
        }
    }
    sort(&mut selection.needed);
}

/// The list that `pg_restore --use-list` takes: the lines of these entries in the archive's order.
pub fn list(toc: &Toc, ids: &BTreeSet<u32>) -> Vec<u8> {
    let chosen = toc.entries.iter().filter(|entry| ids.contains(&entry.id));
    chosen.flat_map(|entry| entry.line.iter().copied().chain([b'\n'])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\
1; 2615 1 SCHEMA - sales bob
2; 1247 2 TYPE sales mood bob
3; 1259 3 TABLE sales orders bob
;	depends on: 1 2
4; 1259 4 TABLE sales items bob
;	depends on: 1
5; 1259 5 SEQUENCE sales orders_id_seq bob
;	depends on: 3
6; 0 0 SEQUENCE OWNED BY sales orders_id_seq bob
;	depends on: 5
7; 2604 7 DEFAULT sales orders id bob
;	depends on: 5 3 3
8; 0 3 TABLE DATA sales orders bob
;	depends on: 3
9; 0 4 TABLE DATA sales items bob
;	depends on: 4
10; 2606 10 CONSTRAINT sales orders orders_pkey bob
;	depends on: 3
11; 2606 11 FK CONSTRAINT sales items items_order_fkey bob
;	depends on: 10 3 4
12; 0 0 ACL sales TABLE orders bob
;	depends on: 3
13; 1259 13 VIEW sales late bob
;	depends on: 3
14; 1255 14 FUNCTION sales f(integer) bob
;	depends on: 1
";

    fn patterns(text: &str) -> Vec<Pattern> {
        text.split(' ').map(|one| Pattern::parse(one.as_bytes()).expect("a pattern")).collect()
    }

    #[test]
    fn objects_with_their_parts_and_needs() {
        let toc = Toc::parse(LIST.as_bytes());
        for (text, chosen, needed, references) in [
            ("orders", &[3, 5, 6, 7, 8, 10, 12][..], &[1, 2][..], &[11][..]),
            ("sales.items", &[4, 9, 11], &[1, 2, 3, 10], &[]),
            ("f mood", &[2, 14], &[1], &[]),
            ("late", &[13], &[1, 2, 3], &[]),
            ("sales.*", &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], &[1], &[]),
        ] {
            let found = select(&toc, &patterns(text));
            assert_eq!(found.chosen.iter().copied().collect::<Vec<_>>(), chosen, "{text}");
            assert_eq!((&found.needed[..], &found.references[..]), (needed, references), "{text}");
            assert!(found.unused.is_empty());
        }
        let mut found = select(&toc, &patterns("items"));
        complete(&toc, &mut found);
        assert_eq!(found.chosen.len(), 12, "{found:?}");
        assert_eq!(select(&toc, &patterns("late Orders nothing \"Orders\"")).unused, [2, 3]);
        let ids = BTreeSet::from([9, 4]);
        assert_eq!(
            list(&toc, &ids),
            b"4; 1259 4 TABLE sales items bob\n9; 0 4 TABLE DATA sales items bob\n"
        );
    }

    #[test]
    fn what_patterns_stand_for() {
        for (pattern, name, expected) in [
            ("orders", "orders", true),
            ("Orders", "orders", true),
            ("\"Orders\"", "orders", false),
            ("o*s", "orders", true),
            ("o*r", "orders", false),
            ("*", "", true),
            ("o?ders", "orders", true),
            ("\"a*b?.c\"\"\"", "a*b?.c\"", true),
            ("\"a*\"", "ab", false),
            ("a*b*c", "a.b.b.c", true),
            ("[a]", "[a]", true),
        ] {
            let pattern = Pattern::parse(pattern.as_bytes()).expect("a pattern");
            assert_eq!(matches(&pattern.name, name.as_bytes()), expected, "{pattern:?} {name}");
        }
        for pattern in ["", "a.", "a.b.c", "\"a"] {
            assert!(Pattern::parse(pattern.as_bytes()).is_err(), "{pattern}");
        }
    }
}
