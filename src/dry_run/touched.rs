//! What the locks of the session, before and after, say of what the statement did.

use super::lock::{MODES, Mode, strength};
use crate::sort::sort_by;
use std::collections::{BTreeMap, BTreeSet};

/// A value that the server sent.
type Cell = Option<Vec<u8>>;

/// The kinds of relations, as pg_class has them, in words.
const KINDS: [(&[u8], &str); 9] = [
    (b"r", "table"),
    (b"p", "partitioned table"),
    (b"i", "index"),
    (b"I", "partitioned index"),
    (b"S", "sequence"),
    (b"v", "view"),
    (b"m", "materialized view"),
    (b"f", "foreign table"),
    (b"c", "type"),
];

/// What there was before.
#[derive(Debug, Default)]
pub struct Before {
    /// The relations by OID.
    relations: BTreeMap<Vec<u8>, Relation>,
    /// The locks that were held already.
    held: BTreeSet<(Vec<u8>, Vec<u8>)>,
}

#[derive(Debug)]
struct Relation {
    /// Where its rows were.
    storage: Vec<u8>,
    name: Vec<u8>,
    kind: Vec<u8>,
}

/// What the statement locked or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    name: Vec<u8>,
    kind: Vec<u8>,
    /// How strong its strongest lock is, if that is known.
    strength: Option<usize>,
    happened: Happened,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Happened {
    Nothing,
    Created(Vec<u8>),
    Rewritten(Vec<u8>),
    Dropped,
    /// A sequence gave numbers, which are not given again.
    GaveNumbers,
}

impl Before {
    /// From the rows of both queries.
    pub fn new(relations: Vec<Vec<Cell>>, locks: Vec<Vec<Cell>>) -> Before {
        let relation = |row: Vec<Cell>| {
            let [oid, storage, name, kind] = row.try_into().ok()?;
            Some((oid?, Relation { storage: storage?, name: name?, kind: kind? }))
        };
        let lock = |row: Vec<Cell>| {
            let mut cells = row.into_iter();
            Some((cells.next()??, cells.next()??))
        };
        Before {
            relations: relations.into_iter().filter_map(relation).collect(),
            held: locks.into_iter().filter_map(lock).collect(),
        }
    }
}

/// What was locked or changed, from the rows of the query for locks.
pub fn touched(before: &Before, locks: Vec<Vec<Cell>>) -> Vec<Touched> {
    let mut found: Vec<(Vec<u8>, Touched)> = Vec::new();
    for row in locks {
        let Ok([Some(oid), Some(mode), storage, name, kind, size]) = <[Cell; 6]>::try_from(row)
        else {
            continue;
        };
        let Some(strength) = strength(&mode) else { continue };
        if before.held.contains(&(oid.clone(), mode)) {
            continue;
        }
        if let Some((_, known)) = found.iter_mut().find(|(known, _)| *known == oid) {
            known.strength = known.strength.max(Some(strength));
            known.happened.note_strength(&known.kind, strength);
            continue;
        }
        let size = size.unwrap_or_default();
        let (name, kind, happened) = match (name, kind, before.relations.get(&oid)) {
            (Some(name), Some(kind), None) => (name, kind, Happened::Created(size)),
            (Some(name), Some(kind), Some(before)) => {
                let same = storage.as_deref() == Some(before.storage.as_slice());
                let happened = if same { Happened::Nothing } else { Happened::Rewritten(size) };
                (name, kind, happened)
            }
            (_, _, Some(before)) => (before.name.clone(), before.kind.clone(), Happened::Dropped),
            // Of the system's own relations nothing is told.
            (_, _, None) => continue,
        };
        let mut touched = Touched { name, kind, strength: Some(strength), happened };
        touched.happened.note_strength(&touched.kind, strength);
        found.push((oid, touched));
    }
    let found = found.into_iter().map(|(_, touched)| touched).filter(Touched::is_told);
    join_replaced(found.collect())
}

/// What was created, rewritten or dropped meanwhile, from the relations there are now.
pub fn changed(before: &Before, relations: Vec<Vec<Cell>>) -> Vec<Touched> {
    let now = Before::new(relations, Vec::new()).relations;
    let touched = |relation: &Relation, happened| Touched {
        name: relation.name.clone(),
        kind: relation.kind.clone(),
        strength: None,
        happened,
    };
    let there = now.iter().filter_map(|(oid, relation)| match before.relations.get(oid) {
        None => Some(touched(relation, Happened::Created(Vec::new()))),
        Some(old) if old.storage != relation.storage => {
            Some(touched(relation, Happened::Rewritten(Vec::new())))
        }
        Some(_) => None,
    });
    let gone = before.relations.iter().filter(|(oid, _)| !now.contains_key(*oid));
    let gone = gone.map(|(_, relation)| touched(relation, Happened::Dropped));
    let mut found: Vec<Touched> = there.chain(gone).collect();
    sort_by(&mut found, |a, b| a.name.cmp(&b.name));
    join_replaced(found)
}

/// What was dropped and created anew under its name was rewritten.
fn join_replaced(mut found: Vec<Touched>) -> Vec<Touched> {
    let dropped: Vec<Vec<u8>> = found
        .iter()
        .filter(|touched| touched.happened == Happened::Dropped)
        .map(|touched| touched.name.clone())
        .collect();
    let mut replaced = BTreeSet::new();
    for touched in &mut found {
        if let Happened::Created(size) = &touched.happened
            && dropped.contains(&touched.name)
        {
            touched.happened = Happened::Rewritten(size.clone());
            replaced.insert(touched.name.clone());
        }
    }
    found.retain(|touched| {
        touched.happened != Happened::Dropped || !replaced.contains(&touched.name)
    });
    found
}

impl Happened {
    /// nextval takes a lock for writing, which nothing but it takes on a sequence.
    fn note_strength(&mut self, kind: &[u8], strength: usize) {
        if kind == b"S" && strength == 2 && *self == Happened::Nothing {
            *self = Happened::GaveNumbers;
        }
    }

    fn in_words(&self) -> Vec<u8> {
        match self {
            Happened::Nothing => Vec::new(),
            Happened::Created(size) if size.is_empty() => b"created".to_vec(),
            Happened::Created(size) => [b"created, ", &size[..]].concat(),
            Happened::Rewritten(size) if size.is_empty() => b"rewritten".to_vec(),
            Happened::Rewritten(size) => [b"rewritten, ", &size[..]].concat(),
            Happened::Dropped => b"dropped".to_vec(),
            Happened::GaveNumbers => b"gave numbers, which are gone".to_vec(),
        }
    }
}

impl Touched {
    /// Whether it is worth a line: an index that is read or written with its table is not.
    fn is_told(&self) -> bool {
        let is_index = matches!(self.kind.as_slice(), b"i" | b"I");
        !is_index || self.strength > Some(2) || self.happened != Happened::Nothing
    }

    pub(super) fn name(&self) -> &[u8] {
        &self.name
    }

    pub(super) fn kind(&self) -> &'static str {
        let kind = KINDS.iter().find(|(kind, _)| *kind == self.kind);
        kind.map_or("relation", |(_, word)| word)
    }

    pub(super) fn lock(&self) -> Option<&'static Mode> {
        self.strength.map(|strength| &MODES[strength])
    }

    /// What happened to it; with its size, unless that is one of a copy without rows.
    pub(super) fn what_happened(&self, with_size: bool) -> Vec<u8> {
        match &self.happened {
            Happened::Created(_) if !with_size => b"created".to_vec(),
            Happened::Rewritten(_) if !with_size => b"rewritten".to_vec(),
            happened => happened.in_words(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<Cell>> {
        let cell = |cell: &str| (cell != "-").then(|| cell.as_bytes().to_vec());
        text.lines().map(|line| line.split('|').map(cell).collect()).collect()
    }

    #[test]
    fn what_locks_tell() {
        let before = Before::new(
            rows("1|10|s.t|r\n2|20|s.i|i\n3|30|s.gone|r\n4|40|s.seq|S\n5|0|s.v|v"),
            rows("5|AccessShareLock|0|s.v|v|-"),
        );
        for (locks, expected) in [
            ("1|RowExclusiveLock|10|s.t|r|8 kB\n2|RowExclusiveLock|20|s.i|i|8 kB", "s.t 2 "),
            (
                "1|AccessShareLock|11|s.t|r|16 kB\n1|AccessExclusiveLock|11|s.t|r|16 kB",
                "s.t 7 rewritten, 16 kB",
            ),
            ("2|AccessExclusiveLock|21|s.i|i|8 kB", "s.i 7 rewritten, 8 kB"),
            ("3|AccessExclusiveLock|-|-|-|-", "s.gone 7 dropped"),
            (
                "3|AccessExclusiveLock|-|-|-|-\n7|ShareLock|70|s.gone|r|8 kB",
                "s.gone 4 rewritten, 8 kB",
            ),
            ("9|AccessExclusiveLock|-|-|-|-", ""),
            ("8|ShareLock|80|s.new|r|0 bytes", "s.new 4 created, 0 bytes"),
            ("4|RowExclusiveLock|40|s.seq|S|-", "s.seq 2 gave numbers, which are gone"),
            ("5|AccessShareLock|0|s.v|v|-", ""),
            ("1|SIReadLock|10|s.t|r|8 kB", ""),
        ] {
            let found = touched(&before, rows(locks));
            let told = |t: &Touched| {
                let happened = t.happened.in_words();
                let [name, happened] = [&t.name, &happened].map(|b| String::from_utf8_lossy(b));
                format!("{name} {} {happened}", t.strength.unwrap_or(9))
            };
            assert_eq!(found.iter().map(told).collect::<Vec<_>>().join("\n"), expected, "{locks}");
        }
    }

    #[test]
    fn what_relations_tell() {
        let before =
            Before::new(rows("1|10|s.t|r\n2|20|s.i|i\n3|30|s.gone|r\n4|40|s.anew|r"), Vec::new());
        let now = rows("1|10|s.t|r\n2|21|s.i|i\n5|50|s.new|i\n6|60|s.anew|r");
        let told = changed(&before, now);
        let told = told.iter().map(|t| {
            let words = [&t.name[..], b" ", &t.what_happened(false)].concat();
            String::from_utf8_lossy(&words).into_owned()
        });
        let expected = ["s.anew rewritten", "s.gone dropped", "s.i rewritten", "s.new created"];
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }
}
