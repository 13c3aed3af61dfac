//! How the parts of the viewer look: styles and signs.
//!
//! Owns both. Never knows what is shown.

use crate::palette::{Palette, Role};
use crate::terminal::drawing::Style;

/// What the terminal selects for what is chosen: no colour, and so there without colours too.
const REVERSE: &str = "\x1b[7m";
const BOLD: &str = "\x1b[1m";

/// Signs that a table is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signs {
    /// Between columns, and behind the frozen ones.
    pub bar: &'static str,
    /// Behind the frozen columns.
    pub frozen_bar: &'static str,
    /// Below the header.
    pub rule: &'static str,
    /// Where that meets what is between columns.
    pub cross: &'static str,
    /// Where that meets what is behind the frozen ones.
    pub frozen_cross: &'static str,
    /// For the end of a line within a value.
    pub line_end: &'static str,
    /// For a tab.
    pub tab: &'static str,
    /// Behind what is cut.
    pub cut: char,
    /// Behind the name of a column whose values rise, or fall.
    pub rising: &'static str,
    /// The same, falling.
    pub falling: &'static str,
    /// Between the parts of the last row.
    pub between: &'static str,
}

/// For terminals that show UTF-8.
const UNICODE: Signs = Signs {
    bar: "│",
    frozen_bar: "║",
    rule: "─",
    cross: "┼",
    frozen_cross: "╫",
    line_end: "↵",
    tab: "→",
    cut: '…',
    rising: "↑",
    falling: "↓",
    between: " · ",
};

/// For others.
const ASCII: Signs = Signs {
    bar: "|",
    frozen_bar: "#",
    rule: "-",
    cross: "+",
    frozen_cross: "+",
    line_end: "\\n",
    tab: "\\t",
    cut: '>',
    rising: "^",
    falling: "v",
    between: ", ",
};

/// Styles and signs.
#[derive(Clone, Debug)]
pub struct Looks {
    /// The signs.
    pub signs: Signs,
    /// Values.
    pub plain: Style,
    /// Names of columns.
    pub header: Style,
    /// The name of the column that the cursor is in.
    pub header_chosen: Style,
    /// What the cursor is on.
    pub chosen: Style,
    /// NULL.
    pub null: Style,
    /// Rules, and what is said by the way.
    pub faint: Style,
    /// What stands for characters.
    pub mark: Style,
    /// Marked rows.
    pub marked: Style,
    /// What was looked for.
    pub found: Style,
    /// What went wrong.
    pub error: Style,
    /// The last row.
    pub status: Style,
}

impl Looks {
    /// With a palette's colours, or none.
    pub fn new(palette: Option<Palette>, is_utf8: bool) -> Looks {
        let role = |role| Style::new(palette.map_or("", |palette| palette.start(role)));
        let heading = palette.map_or("", |palette| palette.start(Role::Heading));
        Looks {
            signs: if is_utf8 { UNICODE } else { ASCII },
            plain: Style::default(),
            header: Style::new(heading),
            header_chosen: Style::new(&format!("{heading}{REVERSE}")),
            chosen: Style::new(REVERSE),
            null: role(Role::Null),
            faint: role(Role::Comment),
            mark: role(Role::Comment),
            marked: role(Role::Warning),
            found: role(Role::Bracket),
            error: role(Role::Error),
            status: Style::new(if palette.is_some() { BOLD } else { "" }),
        }
    }

    /// Without colours.
    #[cfg(test)]
    pub fn plain(is_utf8: bool) -> Looks {
        Looks::new(None, is_utf8)
    }
}
