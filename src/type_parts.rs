//! What types are made of, as far as only the server knows: elements of arrays, bases of domains, columns
//! of rows, subtypes of ranges.

use crate::catalog_query::CatalogQuery;
use crate::encoding::Encoding;
use std::collections::HashMap;

/// Types from here on are not those that every server has under the same number.
pub const FIRST_ASSIGNED: u32 = 10_000;

/// How deep a type may be made of others, and of how many in all: a server that says more makes them up.
const MOST_LEVELS: usize = 64;
const MOST_PARTS: usize = 100_000;

/// The parts of types that were looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeParts {
    parts: HashMap<u32, Vec<Part>>,
}

/// A type that another is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// In which way.
    pub kind: Kind,
    /// The type.
    pub type_oid: u32,
    /// A column's name; what stands between an array's elements.
    pub detail: Vec<u8>,
}

/// How a type is made of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is an array of such.
    Array,
    /// It is such, restricted.
    Domain,
    /// It is a range of such.
    Range,
    /// It is a multirange of such ranges.
    Multirange,
    /// It has a column of it.
    Column,
}

impl TypeParts {
    /// The parts of a type, none if it has none; `None` if it was not looked up.
    pub fn of(&self, type_oid: u32) -> Option<&[Part]> {
        self.parts.get(&type_oid).map(Vec::as_slice)
    }

    /// Whether a type and all that it is made of was looked up, or is one that every server has.
    pub fn knows(&self, type_oid: u32) -> bool {
        self.unfolds(type_oid, |parts| {
            parts.is_some_and(|parts| parts.iter().all(|part| part.kind != Kind::Column))
        })
    }

    /// Whether a type and all that it is made of was looked up.
    pub fn has_whole(&self, type_oid: u32) -> bool {
        self.unfolds(type_oid, |parts| parts.is_some())
    }

    /// Forgets a type that is made of more than a server would have.
    pub fn forget_if_endless(&mut self, type_oid: u32) {
        if !self.unfolds(type_oid, |_| true) {
            self.parts.remove(&type_oid);
        }
    }

    /// Whether a type, unfolded, comes to an end, and this holds of the parts of each within.
    fn unfolds(&self, type_oid: u32, holds: fn(Option<&[Part]>) -> bool) -> bool {
        let mut left = MOST_PARTS;
        self.unfolds_within(type_oid, holds, MOST_LEVELS, &mut left)
    }

    fn unfolds_within(
        &self,
        type_oid: u32,
        holds: fn(Option<&[Part]>) -> bool,
        levels: usize,
        left: &mut usize,
    ) -> bool {
        let (Some(levels), Some(fewer)) = (levels.checked_sub(1), left.checked_sub(1)) else {
            return false;
        };
        *left = fewer;
        if type_oid < FIRST_ASSIGNED {
            return true;
        }
        let parts = self.of(type_oid);
        let mut within = parts.unwrap_or_default().iter();
        holds(parts) && within.all(|part| self.unfolds_within(part.type_oid, holds, levels, left))
    }

    /// Adds what `other` knows.
    pub fn extend(&mut self, other: &TypeParts) {
        self.parts.extend(other.parts.iter().map(|(oid, parts)| (*oid, parts.clone())));
    }

    /// Forgets the types that may be altered while they are there: what is left holds as long as the
    /// connection does.
    pub fn forget_rows(&mut self) {
        self.parts.retain(|_, parts| parts.iter().all(|part| part.kind != Kind::Column));
    }

    /// Asks what these types, and those they are made of, are made of. `version` is the server's.
    pub fn query(type_oids: &[u32], version: i32, encoding: Encoding) -> CatalogQuery {
        let oids: Vec<String> = type_oids.iter().map(u32::to_string).collect();
        let oids = oids.join(",");
        let multiranges = if version >= 140_000 {
            "UNION ALL SELECT 'm', r.rngtypid, 0, NULL FROM pg_catalog.pg_range AS r \
             WHERE r.rngmultitypid = $oid "
        } else {
            ""
        };
        // An array's elements, and not those of a point or a name.
        let parts = format!(
            "SELECT 'a' AS kind, t.typelem AS part, 0 AS place, e.typdelim::pg_catalog.text AS detail \
               FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem \
               WHERE t.oid = $oid AND t.typcategory = 'A' \
             UNION ALL SELECT 'd', t.typbasetype, 0, NULL FROM pg_catalog.pg_type AS t \
               WHERE t.oid = $oid AND t.typtype = 'd' \
             UNION ALL SELECT 'r', r.rngsubtype, 0, NULL FROM pg_catalog.pg_range AS r \
               WHERE r.rngtypid = $oid {multiranges}\
             UNION ALL SELECT 'c', a.atttypid, a.attnum, a.attname::pg_catalog.text \
               FROM pg_catalog.pg_type AS t \
               JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.typrelid \
               WHERE t.oid = $oid AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped"
        );
        let sql = format!(
            "WITH RECURSIVE nested AS (\
               SELECT t.oid FROM pg_catalog.pg_type AS t WHERE t.oid IN ({oids}) \
               UNION SELECT p.part FROM nested AS h CROSS JOIN LATERAL ({}) AS p) \
             SELECT h.oid, p.kind, p.part, p.detail \
             FROM nested AS h LEFT JOIN LATERAL ({}) AS p ON true ORDER BY h.oid, p.place",
            parts.replace("$oid", "h.oid"),
            parts.replace("$oid", "h.oid"),
        );
        CatalogQuery::new(sql, encoding)
    }

    /// Takes in a row of the answer.
    pub fn learn(&mut self, row: [Option<&[u8]>; 4]) {
        let number = |cell: Option<&[u8]>| std::str::from_utf8(cell?).ok()?.parse::<u32>().ok();
        let Some(whole) = number(row[0]) else { return };
        let parts = self.parts.entry(whole).or_default();
        let kind = match row[1] {
            Some(b"a") => Kind::Array,
            Some(b"d") => Kind::Domain,
            Some(b"r") => Kind::Range,
            Some(b"m") => Kind::Multirange,
            Some(b"c") => Kind::Column,
            _ => return,
        };
        let detail = row[3].unwrap_or_default().to_vec();
        parts.extend(number(row[2]).map(|type_oid| Part { kind, type_oid, detail }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server may say that a type is made of itself.
    #[test]
    fn types_without_end() {
        let (array, row, domain) = (20_000_u32, 20_001_u32, 20_002_u32);
        let mut types = TypeParts::default();
        let mut learn = |of: u32, kind: &str, part: u32| {
            let [of, part] = [of, part].map(|oid| oid.to_string());
            types.learn([Some(of.as_bytes()), Some(kind.as_bytes()), Some(part.as_bytes()), None]);
        };
        learn(array, "a", array);
        (0..1600).for_each(|_| learn(row, "c", row));
        learn(domain, "d", 1184);
        for (type_oid, is_known, stays) in [
            (array, false, false),
            (row, false, false),
            (domain, true, true),
            (20_003, false, false),
        ] {
            assert_eq!(types.knows(type_oid), is_known, "{type_oid}");
            types.forget_if_endless(type_oid);
            assert_eq!(types.of(type_oid).is_some(), stays, "{type_oid}");
        }
    }
}
