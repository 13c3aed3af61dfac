//! The types of columns: how Parquet stores them and what it calls them, and what a value's text
//! becomes.

use super::thrift::Struct;
use crate::export::{binary, date_time, number};

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Boolean,
    Int16,
    Int32,
    Int64,
    /// An `oid`.
    Unsigned,
    Float,
    Double,
    /// A `numeric` of so many digits, so many of them decimal places.
    Decimal {
        precision: u32,
        scale: u32,
    },
    Date,
    Time,
    Timestamp,
    /// A `timestamptz`.
    Instant,
    Uuid,
    Json,
    Bytes,
    Text,
}

/// How Parquet stores values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Physical {
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Float = 4,
    Double = 5,
    Bytes = 6,
    Fixed = 7,
}

/// The most digits of a decimal that 32 bits, 64 bits and 16 bytes hold.
const DIGITS_32: u32 = 9;
const DIGITS_64: u32 = 18;
/// The most that any column can have.
pub const MOST_DIGITS: u32 = 38;

const UUID_BYTES: i32 = 16;
const DECIMAL_BYTES: i32 = 16;

impl Kind {
    pub(super) fn physical(self) -> Physical {
        match self {
            Kind::Boolean => Physical::Boolean,
            Kind::Int16 | Kind::Int32 | Kind::Unsigned | Kind::Date => Physical::Int32,
            Kind::Int64 | Kind::Time | Kind::Timestamp | Kind::Instant => Physical::Int64,
            Kind::Float => Physical::Float,
            Kind::Double => Physical::Double,
            Kind::Decimal { precision: ..=DIGITS_32, .. } => Physical::Int32,
            Kind::Decimal { precision: ..=DIGITS_64, .. } => Physical::Int64,
            Kind::Decimal { .. } | Kind::Uuid => Physical::Fixed,
            Kind::Json | Kind::Bytes | Kind::Text => Physical::Bytes,
        }
    }

    /// Whether values are text, and so must be UTF-8.
    pub fn is_text(self) -> bool {
        matches!(self, Kind::Json | Kind::Text)
    }

    /// Whether least and greatest values are worth telling: those of integers that have a sign.
    pub(super) fn has_bounds(self) -> bool {
        matches!(self.physical(), Physical::Int32 | Physical::Int64) && self != Kind::Unsigned
    }

    /// Writes what the schema says of a column's type, around its name.
    pub(super) fn describe(self, name: &[u8], element: &mut Struct) {
        /// `REPETITION_TYPE OPTIONAL`
        const OPTIONAL: i32 = 1;
        element.i32(1, self.physical() as i32);
        if self.physical() == Physical::Fixed {
            element.i32(2, if self == Kind::Uuid { UUID_BYTES } else { DECIMAL_BYTES });
        }
        element.i32(3, OPTIONAL).binary(4, name);
        if let Some(converted) = self.converted() {
            element.i32(6, converted);
        }
        if let Kind::Decimal { precision, scale } = self {
            element.i32(7, scale as i32).i32(8, precision as i32);
        }
        if let Some((field, write)) = self.logical() {
            element.nested(10, |union| {
                union.nested(field, write);
            });
        }
    }

    /// The older name of the type, for readers that know no other.
    fn converted(self) -> Option<i32> {
        Some(match self {
            Kind::Text => 0,
            Kind::Decimal { .. } => 5,
            Kind::Date => 6,
            Kind::Instant => 10,
            Kind::Unsigned => 13,
            Kind::Int16 => 16,
            Kind::Json => 19,
            _ => return None,
        })
    }

    /// The field of the union of logical types, and what is in it.
    fn logical(self) -> Option<(u8, impl FnOnce(&mut Struct))> {
        let field = match self {
            Kind::Text => 1,
            Kind::Decimal { .. } => 5,
            Kind::Date => 6,
            Kind::Time => 7,
            Kind::Timestamp | Kind::Instant => 8,
            Kind::Int16 | Kind::Unsigned => 10,
            Kind::Json => 12,
            Kind::Uuid => 14,
            _ => return None,
        };
        Some((field, move |logical: &mut Struct| match self {
            Kind::Decimal { precision, scale } => {
                logical.i32(1, scale as i32).i32(2, precision as i32);
            }
            Kind::Time | Kind::Timestamp | Kind::Instant => {
                // In microseconds.
                logical.flag(1, self == Kind::Instant).nested(2, |unit| {
                    unit.nested(2, |_| {});
                });
            }
            Kind::Int16 => drop(logical.byte(1, 16).flag(2, true)),
            Kind::Unsigned => drop(logical.byte(1, 32).flag(2, false)),
            _ => {}
        }))
    }

    /// Adds a value as it stands in a page; `None`, and nothing added, if the type doesn't hold it. A
    /// yes or no is a byte here.
    pub fn encode(self, text: &[u8], to: &mut Vec<u8>) -> Option<()> {
        match self {
            Kind::Boolean => to.push(match text {
                b"t" => 1,
                b"f" => 0,
                _ => return None,
            }),
            Kind::Int16 => put(&i32::from(number::integer::<i16>(text)?).to_le_bytes(), to),
            Kind::Int32 => put(&number::integer::<i32>(text)?.to_le_bytes(), to),
            Kind::Int64 => put(&number::integer::<i64>(text)?.to_le_bytes(), to),
            Kind::Unsigned => put(&number::integer::<u32>(text)?.to_le_bytes(), to),
            Kind::Float => put(&number::float::<f32>(text)?.to_le_bytes(), to),
            Kind::Double => put(&number::float::<f64>(text)?.to_le_bytes(), to),
            Kind::Decimal { precision, scale } => {
                let number = number::decimal(text, scale)?;
                match self.physical() {
                    Physical::Int32 => put(&i32::try_from(number).ok()?.to_le_bytes(), to),
                    Physical::Int64 => put(&i64::try_from(number).ok()?.to_le_bytes(), to),
                    _ if number.unsigned_abs() >= 10_u128.pow(precision.min(MOST_DIGITS)) => {
                        return None;
                    }
                    _ => put(&number.to_be_bytes(), to),
                }
            }
            Kind::Date => put(&i32::try_from(date_time::date(text)?).ok()?.to_le_bytes(), to),
            Kind::Time => put(&date_time::time(text)?.to_le_bytes(), to),
            Kind::Timestamp => put(&date_time::timestamp(text)?.to_le_bytes(), to),
            Kind::Instant => put(&date_time::timestamp_with_zone(text)?.to_le_bytes(), to),
            Kind::Uuid => put(&binary::uuid(text)?, to),
            Kind::Bytes => {
                let start = to.len();
                to.extend_from_slice(&[0; 4]);
                if binary::bytea(text, to).is_none() {
                    to.truncate(start);
                    return None;
                }
                let length = (to.len() - start - 4) as u32;
                to[start..start + 4].copy_from_slice(&length.to_le_bytes());
            }
            Kind::Json | Kind::Text => {
                put(&u32::try_from(text.len()).ok()?.to_le_bytes(), to);
                put(text, to);
            }
        }
        Some(())
    }
}

fn put(bytes: &[u8], to: &mut Vec<u8>) {
    to.extend_from_slice(bytes);
}
