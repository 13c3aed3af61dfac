//! How many columns of a screen a character fills: the ranges are `width_table`'s.

use super::width_table;

/// The columns that a code point from U+00A0 on fills; `None` if it is none.
pub(super) fn columns(code_point: u32) -> Option<u8> {
    let within = |table: &[(u32, u32)]| {
        let after = table.partition_point(|range| range.0 <= code_point);
        after > 0 && code_point <= table[after - 1].1
    };
    if code_point < 0x300 && code_point != 0xad {
        Some(1)
    } else if within(width_table::TWO) {
        Some(2)
    } else if within(width_table::ZERO) {
        Some(0)
    } else if code_point > 0xffff && code_point & 0xfffe == 0xfffe {
        // The last two code points of every plane but the first: psql drops them.
        None
    } else {
        Some(1)
    }
}
