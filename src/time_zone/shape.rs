//! Where in the text of a value timestamps with time zone stand: what its type is made of.

use crate::catalog_query::CatalogQuery;
use crate::encoding::Encoding;
use std::collections::HashMap;

const TIMESTAMPTZ: u32 = 1184;
/// Of values whose columns nobody described.
const RECORD: u32 = 2249;
/// Types from here on are not those that every server has under the same number.
const FIRST_ASSIGNED: u32 = 10_000;
/// Deeper types are left alone.
const DEPTH: usize = 16;

/// What a type is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// No timestamp with time zone is in it.
    Other,
    /// It is one.
    Timestamp,
    /// An array of such.
    Array(Box<Shape>),
    /// A range of such.
    Range(Box<Shape>),
    /// A multirange of such ranges.
    Multirange(Box<Shape>),
    /// A row of these columns.
    Row(Vec<Shape>),
    /// Nobody can tell what is in it.
    Unknown,
}

impl Shape {
    /// The shape of a type that every server has; `None` for one that must be looked up.
    fn built_in(type_oid: u32) -> Option<Shape> {
        let range = || Shape::Range(Box::new(Shape::Timestamp));
        Some(match type_oid {
            TIMESTAMPTZ => Shape::Timestamp,
            1185 => Shape::Array(Box::new(Shape::Timestamp)),
            3910 => range(),
            3911 => Shape::Array(Box::new(range())),
            4534 => Shape::Multirange(Box::new(range())),
            6153 => Shape::Array(Box::new(Shape::Multirange(Box::new(range())))),
            RECORD | 2287 => Shape::Unknown,
            FIRST_ASSIGNED.. => return None,
            _ => Shape::Other,
        })
    }

    /// Whether values are shown in other zones than they came in.
    pub fn is_shown_in_zones(&self) -> bool {
        *self != Shape::Other && !self.holds_unknown()
    }

    /// Whether there is a part that nobody can tell the content of.
    pub fn holds_unknown(&self) -> bool {
        match self {
            Shape::Unknown => true,
            Shape::Other | Shape::Timestamp => false,
            Shape::Array(part) | Shape::Range(part) | Shape::Multirange(part) => {
                part.holds_unknown()
            }
            Shape::Row(columns) => columns.iter().any(Shape::holds_unknown),
        }
    }

    /// [`Shape::Other`] if nothing in it is anything else.
    fn simplified(self) -> Shape {
        match &self {
            Shape::Array(part) | Shape::Range(part) | Shape::Multirange(part)
                if **part == Shape::Other =>
            {
                Shape::Other
            }
            Shape::Row(columns) if columns.iter().all(|column| *column == Shape::Other) => {
                Shape::Other
            }
            _ => self,
        }
    }
}

/// The shapes of a server's types that were looked up.
#[derive(Clone, Debug, Default)]
pub struct TypeShapes {
    parts: HashMap<u32, Vec<(Kind, u32)>>,
}

/// How a type is made of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Array,
    Domain,
    Range,
    Multirange,
    Column,
}

impl TypeShapes {
    /// The shape of a type; `None` if it must be looked up.
    pub fn shape(&self, type_oid: u32) -> Option<Shape> {
        self.shape_within(type_oid, DEPTH)
    }

    fn shape_within(&self, type_oid: u32, depth: usize) -> Option<Shape> {
        if let Some(shape) = Shape::built_in(type_oid) {
            return Some(shape);
        }
        let parts = self.parts.get(&type_oid)?;
        let Some(depth) = depth.checked_sub(1) else { return Some(Shape::Unknown) };
        let shape = |part: u32| self.shape_within(part, depth);
        let shape = match *parts.as_slice() {
            [(Kind::Array, part)] => Shape::Array(Box::new(shape(part)?)),
            [(Kind::Range, part)] => Shape::Range(Box::new(shape(part)?)),
            [(Kind::Multirange, part)] => Shape::Multirange(Box::new(shape(part)?)),
            [(Kind::Domain, part)] => shape(part)?,
            [] => Shape::Other,
            ref columns => {
                Shape::Row(columns.iter().map(|(_, part)| shape(*part)).collect::<Option<_>>()?)
            }
        };
        Some(shape.simplified())
    }

    /// Asks what these types, and those they are made of, are made of. `version` is the server's.
    pub fn query(type_oids: &[u32], version: i32, encoding: Encoding) -> CatalogQuery {
        let oids: Vec<String> = type_oids.iter().map(u32::to_string).collect();
        let oids = oids.join(",");
        let multiranges = if version >= 140_000 {
            "UNION ALL SELECT 'm', r.rngtypid, 0 FROM pg_catalog.pg_range AS r \
             WHERE r.rngmultitypid = $oid "
        } else {
            ""
        };
        // An array's elements, and not those of a point or a name.
        let parts = format!(
            "SELECT 'a' AS kind, t.typelem AS part, 0 AS place FROM pg_catalog.pg_type AS t \
               WHERE t.oid = $oid AND t.typcategory = 'A' AND t.typelem <> 0 \
             UNION ALL SELECT 'd', t.typbasetype, 0 FROM pg_catalog.pg_type AS t \
               WHERE t.oid = $oid AND t.typtype = 'd' \
             UNION ALL SELECT 'r', r.rngsubtype, 0 FROM pg_catalog.pg_range AS r \
               WHERE r.rngtypid = $oid {multiranges}\
             UNION ALL SELECT 'c', a.atttypid, a.attnum FROM pg_catalog.pg_type AS t \
               JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.typrelid \
               WHERE t.oid = $oid AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped"
        );
        let sql = format!(
            "WITH RECURSIVE nested AS (\
               SELECT t.oid FROM pg_catalog.pg_type AS t WHERE t.oid IN ({oids}) \
               UNION SELECT p.part FROM nested AS h CROSS JOIN LATERAL ({}) AS p) \
             SELECT h.oid, p.kind, p.part FROM nested AS h LEFT JOIN LATERAL ({}) AS p ON true \
             ORDER BY h.oid, p.place",
            parts.replace("$oid", "h.oid"),
            parts.replace("$oid", "h.oid"),
        );
        CatalogQuery::new(sql, encoding)
    }

    /// Takes in the rows of the answer.
    pub fn learn(&mut self, row: [Option<&[u8]>; 3]) {
        let number = |cell: Option<&[u8]>| std::str::from_utf8(cell?).ok()?.parse::<u32>().ok();
        let [Some(whole), part] = [number(row[0]), number(row[2])] else { return };
        let parts = self.parts.entry(whole).or_default();
        let kind = match row[1] {
            Some(b"a") => Kind::Array,
            Some(b"d") => Kind::Domain,
            Some(b"r") => Kind::Range,
            Some(b"m") => Kind::Multirange,
            Some(b"c") => Kind::Column,
            _ => return,
        };
        parts.extend(part.map(|part| (kind, part)));
    }
}
