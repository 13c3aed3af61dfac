//! Where in the text of a value timestamps with time zone stand: what its type is made of.

use crate::type_parts::{FIRST_ASSIGNED, Kind, Part, TypeParts};

const TIMESTAMPTZ: u32 = 1184;
/// Of values whose columns nobody described.
const RECORD: u32 = 2249;
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
    /// The shape of a type; `None` if it must be looked up.
    pub fn of(type_oid: u32, parts: &TypeParts) -> Option<Shape> {
        Shape::within(type_oid, parts, DEPTH)
    }

    fn within(type_oid: u32, types: &TypeParts, depth: usize) -> Option<Shape> {
        if let Some(shape) = Shape::built_in(type_oid) {
            return Some(shape);
        }
        let parts = types.of(type_oid)?;
        let Some(depth) = depth.checked_sub(1) else { return Some(Shape::Unknown) };
        let shape = |part: &Part| Shape::within(part.type_oid, types, depth);
        let shape = match parts {
            [] => Shape::Other,
            [part] if part.kind == Kind::Array => Shape::Array(Box::new(shape(part)?)),
            [part] if part.kind == Kind::Range => Shape::Range(Box::new(shape(part)?)),
            [part] if part.kind == Kind::Multirange => Shape::Multirange(Box::new(shape(part)?)),
            [part] if part.kind == Kind::Domain => shape(part)?,
            columns => Shape::Row(columns.iter().map(shape).collect::<Option<_>>()?),
        };
        Some(shape.simplified())
    }

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
