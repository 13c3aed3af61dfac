//! Client encodings: how many bytes a character takes and how many columns it fills.
//!
//! Owns the rules per encoding, from PostgreSQL's documentation (chapter "Character Set
//! Support") and from what psql shows. Knows nothing of sessions or printing.

/// A client encoding PostgreSQL knows, by its canonical name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// `UTF8`
    #[default]
    Utf8,
    /// `SQL_ASCII` and every single-byte encoding (`LATIN1`, `WIN1252`, `KOI8R`, ...).
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
            _ => Encoding::SingleByte,
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
        let first = text[0];
        let second = text.get(1).copied().unwrap_or(0);
        let len =
            match self {
                Encoding::SingleByte => 1,
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
                Encoding::EucCn | Encoding::Big5 | Encoding::Gbk | Encoding::Uhc => {
                    if first >= 0x80 { 2 } else { 1 }
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
            };
        len.min(text.len())
    }
}
