//! Client encodings: how many bytes a character takes and how many columns it fills.
//!
//! Owns the rules per encoding, from PostgreSQL's documentation (chapter "Character Set
//! Support") and from what psql shows. Knows nothing of sessions or printing.

pub mod as_text;
mod charset;
pub mod fold;
pub mod json_string;
pub mod terminal_safe;
mod width;
mod width_table;

pub use charset::Charset;

use std::borrow::Cow;

/// What a screen shows of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// Fills this many columns: 0 (combining), 1 or 2.
    Columns(u8),
    /// A control character; psql prints it as an escape.
    Control,
    /// Bytes that are no character; psql leaves them out of tables.
    Invalid,
}

/// A client encoding PostgreSQL knows, by its canonical name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// `UTF8`
    #[default]
    Utf8,
    /// `LATIN1`, `WIN1252`, `KOI8R`, ...
    Charset(Charset),
    /// `SQL_ASCII`, and what nobody here knows.
    SingleByte,
    /// `EUC_JP`, `EUC_JIS_2004`
    EucJp,
    /// `EUC_CN`
    EucCn,
    /// `EUC_KR`
    EucKr,
    /// `EUC_TW`
    EucTw,
    /// `SJIS`, `SHIFT_JIS_2004`: second bytes may look like ASCII.
    Sjis,
    /// `BIG5`: second bytes may look like ASCII.
    Big5,
    /// `GBK`: second bytes may look like ASCII.
    Gbk,
    /// `UHC`: second bytes may look like ASCII.
    Uhc,
    /// `JOHAB`: second bytes may look like ASCII.
    Johab,
    /// `GB18030`: second to fourth bytes may look like ASCII.
    Gb18030,
    /// `MULE_INTERNAL`
    MuleInternal,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Encoding; 13] = [
        Encoding::Utf8,
        Encoding::SingleByte,
        Encoding::EucJp,
        Encoding::EucCn,
        Encoding::EucKr,
        Encoding::EucTw,
        Encoding::Sjis,
        Encoding::Big5,
        Encoding::Gbk,
        Encoding::Uhc,
        Encoding::Johab,
        Encoding::Gb18030,
        Encoding::MuleInternal,
    ];

    /// Finds the encoding by the name in the server's `client_encoding` parameter; an unknown
    /// name is treated as a single-byte encoding.
    pub fn from_name(name: &[u8]) -> Encoding {
        let upper = name.to_ascii_uppercase();
        match upper.as_slice() {
            b"UTF8" | b"UNICODE" | b"UTF-8" => Encoding::Utf8,
            b"EUC_JP" | b"EUC_JIS_2004" => Encoding::EucJp,
            b"EUC_CN" => Encoding::EucCn,
            b"EUC_KR" => Encoding::EucKr,
            b"EUC_TW" => Encoding::EucTw,
            b"SJIS" | b"SHIFT_JIS_2004" | b"SHIFTJIS" | b"MSKANJI" | b"WIN932" => Encoding::Sjis,
            b"BIG5" | b"WIN950" => Encoding::Big5,
            b"GBK" | b"WIN936" => Encoding::Gbk,
            b"UHC" | b"WIN949" => Encoding::Uhc,
            b"JOHAB" => Encoding::Johab,
            b"GB18030" => Encoding::Gb18030,
            b"MULE_INTERNAL" => Encoding::MuleInternal,
            name => std::str::from_utf8(name)
                .ok()
                .and_then(Charset::from_name)
                .map_or(Encoding::SingleByte, Encoding::Charset),
        }
    }

    /// Whether each byte is a character, those from 0x80 on too.
    pub fn is_single_byte(self) -> bool {
        matches!(self, Encoding::SingleByte | Encoding::Charset(_))
    }

    /// A text in UTF-8; `None` if it is none of this encoding, or nobody here knows its characters: those of
    /// SQL_ASCII are anybody's, and of the encodings of several bytes only ASCII is known.
    pub fn to_utf8(self, text: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Encoding::Charset(charset) if !text.is_ascii() => charset.to_utf8(text).map(Cow::Owned),
            _ if self == Encoding::Utf8 || text.is_ascii() => {
                std::str::from_utf8(text).ok().map(Cow::Borrowed)
            }
            _ => None,
        }
    }

    /// A text as a screen of UTF-8 is to show it: converted where all of the encoding's characters
    /// are known, else as it is.
    pub fn for_display<'t>(self, text: &'t [u8]) -> Cow<'t, [u8]> {
        match self {
            Encoding::Charset(charset) if !text.is_ascii() => {
                charset.to_utf8_for_display(text).into()
            }
            _ => text.into(),
        }
    }

    /// Whether every byte of a multi-byte character has its high bit set, so that a scanner may
    /// look at bytes one by one.
    pub fn is_ascii_safe(self) -> bool {
        !matches!(
            self,
            Encoding::Sjis
                | Encoding::Big5
                | Encoding::Gbk
                | Encoding::Uhc
                | Encoding::Johab
                | Encoding::Gb18030
        )
    }

    /// Length in bytes of the character at the start of `text`, at least 1 and at most
    /// `text.len()`; `text` must not be empty. A truncated character is as long as what is left.
    pub fn char_len(self, text: &[u8]) -> usize {
        self.whole_len(text).min(text.len())
    }

    /// The length that the first bytes of `text` tell, however long it is.
    fn whole_len(self, text: &[u8]) -> usize {
        let first = text[0];
        let second = text.get(1).copied().unwrap_or(0);
        match self {
            Encoding::SingleByte | Encoding::Charset(_) => 1,
            Encoding::Utf8 => match first {
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf7 => 4,
                _ => 1,
            },
            Encoding::EucJp | Encoding::EucKr | Encoding::Johab => match first {
                0x8f => 3,
                0x80..=0xff => 2,
                _ => 1,
            },
            Encoding::EucTw => match first {
                0x8e => 4,
                0x8f => 3,
                0x80..=0xff => 2,
                _ => 1,
            },
            Encoding::Sjis => match first {
                0xa1..=0xdf => 1,
                0x80..=0xff => 2,
                _ => 1,
            },
            Encoding::EucCn => match first {
                0x8e | 0x8f => 3,
                0x80..=0xff => 2,
                _ => 1,
            },
            Encoding::Big5 | Encoding::Gbk | Encoding::Uhc => {
                if first >= 0x80 {
                    2
                } else {
                    1
                }
            }
            Encoding::Gb18030 => match (first, second) {
                (0..=0x7f, _) => 1,
                (_, 0x30..=0x39) => 4,
                _ => 2,
            },
            Encoding::MuleInternal => match first {
                0x81..=0x8d => 2,
                0x90..=0x9b => 3,
                0x9c..=0x9d => 4,
                _ => 1,
            },
        }
    }

    /// Whether `character`, of the length [`Encoding::char_len`] tells, is one and not truncated.
    pub fn is_valid(self, character: &[u8]) -> bool {
        if character.is_empty() || character.len() < self.whole_len(character) {
            return false;
        }
        let high = |b: &u8| (0xa1..=0xfe).contains(b);
        match (self, character) {
            (_, [0]) => false,
            (_, [0..0x80]) | (Encoding::SingleByte | Encoding::Charset(_), _) => true,
            (Encoding::Utf8, _) => std::str::from_utf8(character).is_ok(),
            (Encoding::EucJp, [0x8e, second]) => (0xa1..=0xdf).contains(second),
            (Encoding::EucJp, [0x8f, rest @ ..]) => rest.iter().all(high),
            (Encoding::EucJp | Encoding::EucKr | Encoding::EucCn, _) => character.iter().all(high),
            (Encoding::EucTw, [0x8e, plane, rest @ ..]) => {
                (0xa1..=0xa7).contains(plane) && rest.iter().all(high)
            }
            (Encoding::EucTw, [0x8f, ..]) => false,
            (Encoding::EucTw | Encoding::Johab, [_, rest @ ..]) => {
                !rest.is_empty() && rest.iter().all(high)
            }
            (Encoding::Sjis, [first]) => (0xa1..=0xdf).contains(first),
            (Encoding::Sjis, [first, second, ..]) => {
                matches!(first, 0x81..=0x9f | 0xe0..=0xfc)
                    && matches!(second, 0x40..=0x7e | 0x80..=0xfc)
            }
            // the pair psql itself uses as never valid
            (Encoding::Big5 | Encoding::Gbk | Encoding::Uhc, [0x8d, 0x20]) => false,
            (Encoding::Big5 | Encoding::Gbk | Encoding::Uhc, [_, second, ..]) => *second != 0,
            (Encoding::Gb18030, [first, second]) => {
                matches!(first, 0x81..=0xfe) && matches!(second, 0x40..=0x7e | 0x80..=0xfe)
            }
            (Encoding::Gb18030, [first, second, third, fourth]) => {
                [first, third].iter().all(|b| matches!(b, 0x81..=0xfe))
                    && [second, fourth].iter().all(|b| b.is_ascii_digit())
            }
            (Encoding::MuleInternal, [_, rest @ ..]) => {
                !rest.is_empty() && rest.iter().all(|b| *b >= 0x80)
            }
            _ => false,
        }
    }

    /// The character at the start of `text`, which must not be empty: its length in bytes (at
    /// least 1, at most `text.len()`) and what a screen shows of it.
    pub fn next_char(self, text: &[u8]) -> (usize, Glyph) {
        match text[0] {
            0x20..=0x7e => (1, Glyph::Columns(1)),
            0..=0x1f | 0x7f => (1, Glyph::Control),
            _ if self == Encoding::Utf8 => next_utf8(text),
            first => match self.whole_char_len(text) {
                Some(len) => (len, Glyph::Columns(self.high_columns(first))),
                None => (text.len(), Glyph::Invalid),
            },
        }
    }

    /// As [`Encoding::next_char`], for a text whose characters nobody looks at twice: UTF-8 is
    /// decoded whatever its bytes are. `None` if the character is cut.
    pub fn next_unchecked(self, text: &[u8]) -> Option<(usize, Glyph)> {
        if self != Encoding::Utf8 || text[0] < 0x80 {
            return Some(self.next_char(text)).filter(|(_, glyph)| *glyph != Glyph::Invalid);
        }
        let len = self.whole_char_len(text)?;
        let lead = u32::from(text[0]) & (0xff >> (len + 1));
        let code_point = text[1..len].iter().fold(lead, |high, b| high << 6 | u32::from(b & 0x3f));
        let glyph = match code_point {
            _ if len == 1 => Glyph::Control,
            0 => Glyph::Columns(0),
            1..=0x1f | 0x7f..=0x9f | 0x11_0000.. => Glyph::Control,
            _ => match columns(code_point) {
                Glyph::Invalid => Glyph::Columns(1),
                glyph => glyph,
            },
        };
        Some((len, glyph))
    }

    /// Length of the character at the start of `text`; `None` if it is cut.
    fn whole_char_len(self, text: &[u8]) -> Option<usize> {
        let second = text.get(1).copied().unwrap_or(0);
        let len = self.char_len(&[text[0], second, 0, 0]);
        (len <= text.len()).then_some(len)
    }

    /// Columns the characters of `text` fill; control characters and invalid bytes fill none.
    pub fn display_width(self, text: &[u8]) -> usize {
        let mut rest = text;
        let mut width = 0;
        while !rest.is_empty() {
            let (len, glyph) = self.next_char(rest);
            if let Glyph::Columns(columns) = glyph {
                width += usize::from(columns);
            }
            rest = &rest[len..];
        }
        width
    }

    /// Columns a character fills that begins with the byte `first` above ASCII, outside UTF-8.
    fn high_columns(self, first: u8) -> u8 {
        match (self, first) {
            (Encoding::SingleByte | Encoding::Charset(_), _) => 1,
            (Encoding::EucJp, 0x8e) => 1,
            (Encoding::Sjis, 0xa1..=0xdf) => 1,
            (Encoding::MuleInternal, 0x90..=0x99 | 0x9c..=0x9d) => 2,
            (Encoding::MuleInternal, _) => 1,
            _ => 2,
        }
    }
}

/// What a screen shows of a code point from U+00A0 on.
fn columns(code_point: u32) -> Glyph {
    width::columns(code_point).map_or(Glyph::Invalid, Glyph::Columns)
}

/// The UTF-8 character at the start of `text`, whose first byte is not ASCII.
fn next_utf8(text: &[u8]) -> (usize, Glyph) {
    let continuation = |at: usize, low: u8, high: u8| match text.get(at) {
        Some(&byte) if (low..=high).contains(&byte) => Some(u32::from(byte & 0x3f)),
        _ => None,
    };
    let first = text[0];
    let lead = u32::from(first);
    let decoded = match first {
        0xc2..=0xdf => continuation(1, 0x80, 0xbf).map(|b| (2, (lead & 0x1f) << 6 | b)),
        0xe0..=0xef => {
            let low = if first == 0xe0 { 0xa0 } else { 0x80 };
            let high = if first == 0xed { 0x9f } else { 0xbf };
            continuation(1, low, high)
                .zip(continuation(2, 0x80, 0xbf))
                .map(|(b, c)| (3, (lead & 0x0f) << 12 | b << 6 | c))
        }
        0xf0..=0xf4 => {
            let low = if first == 0xf0 { 0x90 } else { 0x80 };
            let high = if first == 0xf4 { 0x8f } else { 0xbf };
            continuation(1, low, high)
                .zip(continuation(2, 0x80, 0xbf))
                .zip(continuation(3, 0x80, 0xbf))
                .map(|((b, c), d)| (4, (lead & 0x07) << 18 | b << 12 | c << 6 | d))
        }
        _ => None,
    };
    match decoded {
        None => (1, Glyph::Invalid),
        Some((len, 0x80..=0x9f)) => (len, Glyph::Control),
        Some((len, code_point)) => (len, columns(code_point)),
    }
}

#[cfg(test)]
mod tests;
