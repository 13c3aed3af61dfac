//! Arrays in PostgreSQL's text form (documentation, "Array Input and Output Syntax"): which types
//! are known to be arrays, and what is in them.

use crate::encoding::Encoding;

/// The most dimensions an array has.
const MOST_DIMENSIONS: usize = 6;

/// What an array's text consists of, in order.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A dimension begins.
    Open,
    /// It ends.
    Close,
    /// Another element, or dimension, follows.
    Next,
    /// An element that is NULL.
    Null,
    /// An element's text, without quotes and escapes.
    Element(&'a [u8]),
}

/// Array types of PostgreSQL's own whose elements are strings in JSON: of xml, xid8, line, cidr,
/// circle, macaddr8, money, bytea, "char", name, int2vector, regproc, text, tid, xid, cid,
/// oidvector, bpchar, varchar, point, lseg, path, polygon, aclitem, macaddr, inet, dates, times,
/// bit, varbit, refcursor, the reg types, uuid, pg_lsn, text search, ranges and multiranges.
#[rustfmt::skip]
const OF_STRINGS: [u32; 66] = [
    143, 271, 629, 651, 719, 775, 791, 1001, 1002, 1003, 1006, 1008, 1009, 1010, 1011, 1012, 1013,
    1014, 1015, 1017, 1018, 1019, 1027, 1034, 1040, 1041, 1115, 1182, 1183, 1185, 1187, 1263, 1270,
    1561, 1563, 2201, 2207, 2208, 2209, 2210, 2211, 2949, 2951, 3221, 3643, 3644, 3645, 3735, 3770,
    3905, 3907, 3909, 3911, 3913, 3927, 4073, 4090, 4097, 4192, 5039, 6150, 6151, 6152, 6153, 6155,
    6157,
];

const TEXT: u32 = 25;
const BOX: u32 = 603;

/// The type of the elements of an array type that comes with PostgreSQL, whose number is the same
/// everywhere (text for all that JSON has no more than strings for). Others are made with the
/// database, and only the server knows them.
pub fn element_type(array_oid: u32) -> Option<u32> {
    Some(match array_oid {
        199 => 114, // json
        1000 => 16, // bool
        1005 => 21, // int2
        1007 => 23, // int4
        1016 => 20, // int8
        1020 => BOX,
        1021 => 700,  // float4
        1022 => 701,  // float8
        1028 => 26,   // oid
        1231 => 1700, // numeric
        3807 => 3802, // jsonb
        other if OF_STRINGS.contains(&other) => TEXT,
        _ => return None,
    })
}

/// What stands between the elements of an array: boxes hold commas themselves.
pub fn delimiter(element_oid: u32) -> u8 {
    if element_oid == BOX { b';' } else { b',' }
}

/// Tells the pieces of an array's text; `None` if it is none. Lower bounds (`[2:3]={...}`) are
/// passed over.
pub fn pieces(
    text: &[u8],
    delimiter: u8,
    encoding: Encoding,
    mut tell: impl FnMut(Piece<'_>),
) -> Option<()> {
    let mut at = bounds_end(text)?;
    let mut depth = 0;
    let mut unescaped = Vec::new();
    // Each turn reads what may stand where an element may begin, and what ends it.
    loop {
        match *text.get(at)? {
            b'{' => {
                depth += 1;
                if depth > MOST_DIMENSIONS {
                    return None;
                }
                tell(Piece::Open);
                at += 1;
                if text.get(at) != Some(&b'}') {
                    continue;
                }
            }
            _ if depth == 0 => return None,
            b'"' => {
                at = quoted(text, at + 1, encoding, &mut unescaped)?;
                tell(Piece::Element(&unescaped));
            }
            _ => {
                let end = unquoted_end(text, at, delimiter, encoding)?;
                match &text[at..end] {
                    b"" => return None,
                    null if null.eq_ignore_ascii_case(b"NULL") => tell(Piece::Null),
                    element => tell(Piece::Element(element)),
                }
                at = end;
            }
        }
        while text.get(at) == Some(&b'}') {
            depth = usize::checked_sub(depth, 1)?;
            tell(Piece::Close);
            at += 1;
            if depth == 0 {
                return (at == text.len()).then_some(());
            }
        }
        if text.get(at) != Some(&delimiter) {
            return None;
        }
        tell(Piece::Next);
        at += 1;
    }
}

/// Where the lower bounds end, if there are any.
fn bounds_end(text: &[u8]) -> Option<usize> {
    if text.first() != Some(&b'[') {
        return Some(0);
    }
    let end = memchr::memchr(b'=', text)?;
    let bound = |b: &u8| b.is_ascii_digit() || b"[]:-+".contains(b);
    text[..end].iter().all(bound).then_some(end + 1)
}

/// Reads a quoted element up to behind its closing quote.
fn quoted(text: &[u8], mut at: usize, encoding: Encoding, out: &mut Vec<u8>) -> Option<usize> {
    out.clear();
    loop {
        match *text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 1,
            _ => {}
        }
        let length = encoding.char_len(text.get(at..).filter(|rest| !rest.is_empty())?);
        out.extend_from_slice(&text[at..at + length]);
        at += length;
    }
}

fn unquoted_end(text: &[u8], mut at: usize, delimiter: u8, encoding: Encoding) -> Option<usize> {
    loop {
        match *text.get(at)? {
            b'}' => return Some(at),
            byte if byte == delimiter => return Some(at),
            b'{' | b'"' | b'\\' => return None,
            _ => at += encoding.char_len(&text[at..]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], delimiter: u8, encoding: Encoding) -> Option<String> {
        let mut out = String::new();
        pieces(text, delimiter, encoding, |piece| match piece {
            Piece::Open => out.push('('),
            Piece::Close => out.push(')'),
            Piece::Next => out.push(' '),
            Piece::Null => out.push('-'),
            Piece::Element(text) => out.push_str(&format!("<{}>", String::from_utf8_lossy(text))),
        })?;
        Some(out)
    }

    #[test]
    fn texts() {
        for (text, expected) in [
            ("{}", Some("()")),
            ("{1,2}", Some("(<1> <2>)")),
            ("{{1,2},{3,4}}", Some("((<1> <2>) (<3> <4>))")),
            ("{NULL,\"NULL\",null}", Some("(- <NULL> -)")),
            ("{\"\",\" a\",\"b\\\"c\\\\d\",\"{,}\"}", Some("(<> < a> <b\"c\\d> <{,}>)")),
            ("[2:3]={1,2}", Some("(<1> <2>)")),
            ("[-1:0][0:0]={{1},{2}}", Some("((<1>) (<2>))")),
            ("{{{{{{1}}}}}}", Some("((((((<1>))))))")),
            ("{{{{{{{1}}}}}}}", None),
            ("", None),
            ("1", None),
            ("{", None),
            ("{1", None),
            ("{1,", None),
            ("{1,}", None),
            ("{,}", None),
            ("{1}}", None),
            ("{1}x", None),
            ("{a\"b}", None),
            ("{\"a", None),
            ("{\"a\\", None),
            ("{\"a\"b}", None),
            ("[2:3]", None),
            ("[x]={1}", None),
            ("{1{2}}", None),
        ] {
            assert_eq!(read(text.as_bytes(), b',', Encoding::Utf8).as_deref(), expected, "{text}");
        }
        let boxes = read(b"{(1,1),(0,0);(2,2),(1,1)}", b';', Encoding::Utf8);
        assert_eq!(boxes.as_deref(), Some("(<(1,1),(0,0)> <(2,2),(1,1)>)"));
        // The second byte of a character may look like a backslash.
        assert!(read(b"{\"\x95\x5c\",\x95\x5c}", b',', Encoding::Sjis).is_some());
    }
}
