//! How the parts of a watched result look.

use crate::palette::{Palette, Role};
use crate::terminal::drawing::Style;

/// Styles and signs.
#[derive(Clone, Debug)]
pub(super) struct Looks {
    pub heading: Style,
    pub null: Style,
    /// A row that was not there before.
    pub came: Style,
    /// A cell that was another before.
    pub changed: Style,
    /// What is not looked at first.
    pub faint: Style,
    /// Stands before a cell that was another before, where there are no colours.
    pub changed_mark: char,
    pub bar: char,
    pub rule: char,
    pub cross: char,
}

impl Looks {
    pub fn new(palette: Option<Palette>) -> Looks {
        let style = |role| palette.map_or_else(Style::default, |p| Style::new(p.start(role)));
        let has_colors = palette.is_some();
        Looks {
            heading: style(Role::Heading),
            null: style(Role::Null),
            came: style(Role::String),
            changed: if has_colors { Style::new("\x1b[7m") } else { Style::default() },
            faint: style(Role::Comment),
            changed_mark: if has_colors { ' ' } else { '*' },
            bar: '|',
            rule: '-',
            cross: '+',
        }
    }
}
