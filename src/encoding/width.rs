//! How many columns of a screen a character fills, per client encoding; the ranges are `width_table`'s.

use super::{Encoding, Glyph, width_table};

impl Encoding {
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
    pub(super) fn high_columns(self, first: u8) -> u8 {
        match (self, first) {
            (Encoding::SingleByte, _) => 1,
            (Encoding::EucJp, 0x8e) => 1,
            (Encoding::Sjis, 0xa1..=0xdf) => 1,
            (Encoding::MuleInternal, 0x90..=0x99 | 0x9c..=0x9d) => 2,
            (Encoding::MuleInternal, _) => 1,
            _ => 2,
        }
    }
}

/// What a screen shows of a code point from U+00A0 on.
pub(super) fn code_point_columns(code_point: u32) -> Glyph {
    let within = |table: &[(u32, u32)]| {
        let after = table.partition_point(|range| range.0 <= code_point);
        after > 0 && code_point <= table[after - 1].1
    };
    if code_point < 0x300 && code_point != 0xad {
        Glyph::Columns(1)
    } else if within(width_table::TWO) {
        Glyph::Columns(2)
    } else if within(width_table::ZERO) {
        Glyph::Columns(0)
    } else if code_point > 0xffff && code_point & 0xfffe == 0xfffe {
        // The last two code points of every plane but the first: psql drops them.
        Glyph::Invalid
    } else {
        Glyph::Columns(1)
    }
}
