//! The colours of the pictures: dark, and set off from pages that are dark as well.

/// Behind everything.
pub const BACKGROUND: &str = "#1d2129";
/// Text without a colour of its own.
pub const FOREGROUND: &str = "#d7dae0";
/// The window's upper edge, its border, and the words there.
pub const BAR: &str = "#2a2f3a";
pub const BORDER: &str = "#454c5b";
pub const TITLE: &str = "#a3abb8";

/// The sixteen colours that have names.
const NAMED: [&str; 16] = [
    "#3b4252", "#e05561", "#98c379", "#e2b86b", "#6cb0f2", "#c98be0", "#5cc2cc", "#c8ccd4",
    "#7b8494", "#ff8f98", "#b4dc95", "#f3d08c", "#8fc7ff", "#dda8f0", "#7fdbe4", "#ffffff",
];

/// A colour of the terminal as SVG has it; `None` is the default.
pub fn color(color: vt100::Color) -> Option<String> {
    match color {
        vt100::Color::Default => None,
        vt100::Color::Idx(index) => Some(indexed(index)),
        vt100::Color::Rgb(red, green, blue) => Some(hex(red, green, blue)),
    }
}

/// The sixteen, a cube of 6 by 6 by 6, and greys.
fn indexed(index: u8) -> String {
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    match index {
        0..=15 => NAMED[usize::from(index)].to_owned(),
        16..=231 => {
            let at = index - 16;
            hex(level(at / 36), level(at / 6 % 6), level(at % 6))
        }
        232..=255 => {
            let grey = 8 + 10 * (index - 232);
            hex(grey, grey, grey)
        }
    }
}

fn hex(red: u8, green: u8, blue: u8) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
