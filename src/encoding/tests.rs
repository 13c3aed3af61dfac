use super::*;

/// Columns of text in an encoding, as psql pads it.
#[test]
fn widths_of_text() {
    let check = |encoding: Encoding, text: &[u8], columns: usize| {
        assert_eq!(encoding.display_width(text), columns, "{encoding:?} {}", text.escape_ascii());
    };
    check(Encoding::Utf8, "plain".as_bytes(), 5);
    check(Encoding::Utf8, "漢字".as_bytes(), 4);
    check(Encoding::Utf8, "e\u{301}".as_bytes(), 1);
    check(Encoding::Utf8, "\u{ad}\u{200b}\u{feff}".as_bytes(), 0);
    check(Encoding::Utf8, "😀".as_bytes(), 2);
    check(Encoding::Utf8, b"a\xffb\xe2\x82", 2);
    check(Encoding::SingleByte, b"caf\xe9\x80", 5);
    check(Encoding::EucJp, b"\xb4\xc1\xbb\xfa\x8e\xb1\x8f\xb0\xa1", 7);
    check(Encoding::Sjis, b"\x95\x5c\xb1", 3);
    check(Encoding::Gb18030, b"\xba\xba\x81\x30\x81\x30x", 5);
    check(Encoding::Gb18030, b"ab\x81\x30", 2);
}

/// The recorded ranges are ordered and apart, so that they can be searched.
#[test]
fn tables_are_ordered() {
    for table in [width_table::ZERO, width_table::TWO] {
        assert!(table.iter().all(|&(first, last)| first <= last));
        assert!(table.windows(2).all(|pair| pair[0].1 + 1 < pair[1].0));
    }
}

/// How many code points fill how many columns in psql 18; the shortcuts before the tables must
/// not change that.
#[test]
fn every_code_point() {
    let mut counts = [0; 4];
    for code_point in 0..0x11_0000 {
        let Some(char) = char::from_u32(code_point) else { continue };
        let mut buffer = [0; 4];
        let text = char.encode_utf8(&mut buffer).as_bytes();
        let (len, glyph) = Encoding::Utf8.next_char(text);
        let expected = match code_point {
            0..=0x1f | 0x7f..=0x9f => Glyph::Control,
            _ if code_point > 0xffff && code_point & 0xfffe == 0xfffe => Glyph::Invalid,
            _ => {
                let within = |table: &[(u32, u32)]| {
                    let after = table.partition_point(|range| range.0 <= code_point);
                    table[..after].last().is_some_and(|range| code_point <= range.1)
                };
                let two = u8::from(within(width_table::TWO));
                Glyph::Columns(1 + two - u8::from(within(width_table::ZERO)))
            }
        };
        assert_eq!(glyph, expected, "{code_point:#x}");
        assert!(len == text.len() || glyph == Glyph::Invalid, "{code_point:#x}");
        counts[match glyph {
            Glyph::Columns(columns) => usize::from(columns),
            Glyph::Control | Glyph::Invalid => 3,
        }] += 1;
    }
    assert_eq!(counts, [2488, 926_767, 182_712, 97]);
}

/// No byte string makes a character longer than what is left, or empty.
#[test]
fn lengths_stay_within_the_text() {
    for encoding in Encoding::ALL {
        for first in 0..=255 {
            for second in [0, b'0', b'A', 0x80, 0xa1, 0xff] {
                let text = [first, second, 0x81, 0xbf];
                for end in 1..=text.len() {
                    let (len, _) = encoding.next_char(&text[..end]);
                    assert!((1..=end).contains(&len), "{encoding:?} {text:x?} {end}");
                }
            }
        }
    }
}

#[test]
fn text_in_utf8() {
    for (name, text, expected) in [
        ("UTF8", "Zürich €".as_bytes(), Some("Zürich €")),
        ("UTF8", b"\xff", None),
        ("LATIN1", b"Z\xfcrich \xa4", Some("Zürich ¤")),
        ("LATIN9", b"Z\xfcrich \xa4", Some("Zürich €")),
        ("LATIN3", b"\xa5", None),
        ("WIN1252", b"\x80 \x93q\x94", Some("€ “q”")),
        ("WIN1252", b"\x81", None),
        ("WIN1251", b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("Привет")),
        ("KOI8R", b"\xf0\xd2\xc9\xd7\xc5\xd4", Some("Привет")),
        ("SQL_ASCII", b"plain", Some("plain")),
        ("SQL_ASCII", "ü".as_bytes(), None),
        ("SJIS", b"plain", Some("plain")),
        ("SJIS", b"\x95\x5c", None),
    ] {
        let found = Encoding::from_name(name.as_bytes()).to_utf8(text);
        assert_eq!(found.as_deref(), expected, "{name}");
    }
}
