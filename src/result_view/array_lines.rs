//! An array with a line for each element: its subscripts, and the value without quotes and escapes.

use crate::encoding::Encoding;
use crate::print::array::{self, Piece};
use std::io::Write;

/// From here on types are not the system's, and only the server knows which of them are arrays.
const FIRST_NORMAL_OID: u32 = 16_384;

/// The lines of an array; `None` if it is none, or is cut off.
pub(super) fn lines(value: &[u8], type_oid: u32, encoding: Encoding) -> Option<Vec<u8>> {
    let element = match array::element_type(type_oid) {
        Some(element) => element,
        None if type_oid >= FIRST_NORMAL_OID => 0,
        None => return None,
    };
    let lower = lower_bounds(value);
    let mut subscripts: Vec<i64> = Vec::new();
    let mut out = Vec::new();
    array::pieces(value, array::delimiter(element), encoding, |piece| {
        match piece {
            Piece::Open => subscripts.push(lower.get(subscripts.len()).copied().unwrap_or(1)),
            Piece::Close => drop(subscripts.pop()),
            Piece::Next => {
                if let Some(last) = subscripts.last_mut() {
                    *last = last.saturating_add(1);
                }
            }
            Piece::Null => write_line(&subscripts, b"NULL", &mut out),
            Piece::Element(text) => write_line(&subscripts, text, &mut out),
        };
    })?;
    if out.is_empty() { None } else { Some(out) }
}

/// The lower bounds of an array that has others than 1: `[0:1][-2:0]={...}`.
fn lower_bounds(value: &[u8]) -> Vec<i64> {
    let Some(end) = value.iter().position(|byte| *byte == b'=').filter(|_| value[0] == b'[') else {
        return Vec::new();
    };
    let bounds = String::from_utf8_lossy(&value[..end]).into_owned();
    bounds.split('[').skip(1).filter_map(|bound| bound.split(':').next()?.parse().ok()).collect()
}

fn write_line(subscripts: &[i64], text: &[u8], out: &mut Vec<u8>) {
    if !out.is_empty() {
        out.push(b'\n');
    }
    for subscript in subscripts {
        // Nothing that is written to a Vec fails.
        let _ = write!(out, "[{subscript}]");
    }
    out.extend_from_slice(b" ");
    out.extend_from_slice(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays() {
        for (value, type_oid, expected) in [
            ("{1,NULL,3}", 1007, Some("[1] 1\n[2] NULL\n[3] 3")),
            ("{\"a,b\",\"c\\\"d\"}", 1009, Some("[1] a,b\n[2] c\"d")),
            ("{{1,2},{3,4}}", 1007, Some("[1][1] 1\n[1][2] 2\n[2][1] 3\n[2][2] 4")),
            ("[0:1]={x,y}", 1009, Some("[0] x\n[1] y")),
            ("[-1:0][5:5]={{x},{y}}", 1009, Some("[-1][5] x\n[0][5] y")),
            ("{}", 1007, None),
            ("{1,2", 1007, None),
            ("{on,off}", 20_000, Some("[1] on\n[2] off")),
            ("{not an array}", 25, None),
            ("", 20_000, None),
        ] {
            let shown = lines(value.as_bytes(), type_oid, Encoding::Utf8);
            let shown = shown.map(|text| String::from_utf8(text).unwrap());
            assert_eq!(shown.as_deref(), expected, "{value}");
        }
    }
}
