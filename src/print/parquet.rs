//! The parquet format, which is not psql's: a file of Apache Parquet, with typed columns.
//!
//! A column whose type has no counterpart is text as PostgreSQL writes it, and so is one of which a value
//! does not fit its counterpart (`infinity`, 24:00, NaN among decimals, another DateStyle): that is found
//! in a first pass over the rows, and told. Nothing of `\pset` but the format matters.

use super::not_utf8::{not_utf8, place};
use super::output::Output;
use super::row_format::Context;
use super::table::{Column, Rows};
use crate::encoding::Encoding;
use crate::export::parquet::{self, Kind, Writer};
use std::borrow::Cow;
use std::collections::HashSet;
use std::io;

/// Bytes of a type modifier before what it says.
const MODIFIER_HEADER: i32 = 4;

/// Prints a table, whole.
pub(super) fn print(
    context: &Context<'_>,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    let encoding = context.options.encoding;
    let mut kinds: Vec<Kind> = context.columns.iter().map(kind).collect();
    let misfits = find_misfits(&mut kinds, rows)?;
    let names = names(context.columns, encoding, out)?;
    for (at, value) in misfits {
        let (name, value) = (&names[at], String::from_utf8_lossy(&value).into_owned());
        let type_name = type_name(context.columns[at].type_oid);
        out.remark(format!("column \"{name}\" is text: Parquet's {type_name} holds no {value}"));
    }
    let columns = names
        .iter()
        .zip(&kinds)
        .map(|(name, kind)| parquet::Column { name: name.clone().into_bytes(), kind: *kind });
    let mut writer = Writer::new(columns.collect(), &mut |bytes| out.put(bytes));
    let mut number = 0_u64;
    // The texts of a row that are not in UTF-8 as they came.
    let mut converted = vec![None; kinds.len()];
    rows.rewind()?;
    while let Some(row) = rows.next()? {
        number += 1;
        for (at, (kind, value)) in kinds.iter().zip(row.cells()).enumerate() {
            let Some(value) = value.filter(|_| kind.is_text()) else { continue };
            let text = encoding.to_utf8(value);
            let text = text.ok_or_else(|| not_utf8(&place(number, &names[at])))?;
            if let Cow::Owned(text) = text {
                converted[at] = Some(text);
            }
        }
        let cells = row.cells().zip(&converted);
        let cells = cells.map(|(cell, text)| text.as_deref().map(str::as_bytes).or(cell));
        writer.push(cells, &mut |bytes| out.put(bytes)).map_err(|at| {
            io::Error::other(format!("{}: not of its type", place(number, &names[at])))
        })?;
        converted.fill(None);
        out.flush_if_full()?;
    }
    writer.finish(&mut |bytes| out.put(bytes));
    out.flush_if_full()
}

/// Makes text of the columns of which a value does not fit the type; tells which and the first of those
/// values.
fn find_misfits(kinds: &mut [Kind], rows: &mut dyn Rows) -> io::Result<Vec<(usize, Vec<u8>)>> {
    let mut misfits = Vec::new();
    if kinds.iter().all(|kind| kind.is_text()) {
        return Ok(misfits);
    }
    let mut scratch = Vec::new();
    rows.rewind()?;
    while let Some(row) = rows.next()? {
        for (at, (kind, value)) in kinds.iter_mut().zip(row.cells()).enumerate() {
            let Some(value) = value.filter(|_| !kind.is_text()) else { continue };
            scratch.clear();
            if kind.encode(value, &mut scratch).is_none() {
                *kind = Kind::Text;
                misfits.push((at, value.to_vec()));
            }
        }
    }
    Ok(misfits)
}

/// The columns' names in UTF-8, each only once, as many readers want it.
fn names(columns: &[Column], encoding: Encoding, out: &mut Output<'_>) -> io::Result<Vec<String>> {
    let mut taken = HashSet::new();
    let mut names = Vec::with_capacity(columns.len());
    for column in columns {
        let own = encoding.to_utf8(&column.name).ok_or_else(|| {
            not_utf8(&format!("the name \"{}\"", String::from_utf8_lossy(&column.name)))
        })?;
        let others = (2..).map(|number| format!("{own}_{number}"));
        let all = std::iter::once(own.clone().into_owned()).chain(others);
        let name = all.into_iter().find(|name| !taken.contains(name)).unwrap_or_default();
        if name != own {
            out.remark(format!("another column \"{own}\" is called \"{name}\""));
        }
        taken.insert(name.clone());
        names.push(name);
    }
    Ok(names)
}

/// The type of a column, unless a value does not fit.
fn kind(column: &Column) -> Kind {
    match column.type_oid {
        16 => Kind::Boolean,
        17 => Kind::Bytes,
        20 => Kind::Int64,
        21 => Kind::Int16,
        23 => Kind::Int32,
        26 => Kind::Unsigned,
        114 | 3802 => Kind::Json,
        700 => Kind::Float,
        701 => Kind::Double,
        1082 => Kind::Date,
        1083 => Kind::Time,
        1114 => Kind::Timestamp,
        1184 => Kind::Instant,
        1700 => decimal(column.type_modifier).unwrap_or(Kind::Text),
        2950 => Kind::Uuid,
        _ => Kind::Text,
    }
}

/// What a `numeric(PRECISION, SCALE)` is; `None` for one that says neither, or too much.
fn decimal(modifier: i32) -> Option<Kind> {
    /// Bits of the scale, whose highest is its sign.
    const SCALE: i32 = 0x7ff;
    const SIGN: i32 = 0x400;
    let said = modifier.checked_sub(MODIFIER_HEADER).filter(|said| *said >= 0)?;
    let precision = said >> 16 & 0xffff;
    let scale = ((said & SCALE) ^ SIGN) - SIGN;
    // Digits before the decimal point may have to be 0, or behind the last that counts.
    let precision = precision.max(scale).max(precision - scale);
    let (precision, scale) = (precision.cast_unsigned(), scale.max(0).cast_unsigned());
    (1..=parquet::MOST_DIGITS).contains(&precision).then_some(Kind::Decimal { precision, scale })
}

fn type_name(type_oid: u32) -> &'static str {
    match type_oid {
        16 => "boolean",
        17 => "binary",
        26 => "unsigned integer",
        20 | 21 | 23 => "integer",
        700 | 701 => "float",
        1082 => "date",
        1083 => "time",
        1114 | 1184 => "timestamp",
        1700 => "decimal",
        2950 => "UUID",
        _ => "type",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_by_their_modifiers() {
        let modifier = |precision: i32, scale: i32| (precision << 16 | scale & 0x7ff) + 4;
        for (modifier, expected) in [
            (-1, None),
            (0, None),
            (modifier(10, 2), Some((10, 2))),
            (modifier(38, 10), Some((38, 10))),
            (modifier(39, 0), None),
            (modifier(3, 5), Some((5, 5))),
            (modifier(2, -3), Some((5, 0))),
            (modifier(1000, 1000), None),
        ] {
            let expected = expected.map(|(precision, scale)| Kind::Decimal { precision, scale });
            assert_eq!(decimal(modifier), expected, "{modifier}");
        }
    }
}
