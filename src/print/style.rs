//! The characters tables are drawn with: `\pset linestyle` and the `unicode_*_linestyle` options.

use super::options::{LineStyle, Options, UnicodeStyle};

/// The characters of a horizontal rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub left: &'static str,
    pub line: &'static str,
    pub cross: &'static str,
    pub right: &'static str,
}

/// The characters of one line style. Marks take one column each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub top: Rule,
    pub middle: Rule,
    pub bottom: Rule,
    /// At both sides of the table.
    pub border: &'static str,
    /// Between columns.
    pub column: &'static str,
    /// Between columns, before a line that follows a newline.
    pub column_newline: &'static str,
    /// Between columns, before a line that follows a wrap.
    pub column_wrap: &'static str,
    /// Between columns, before a cell that has no more lines.
    pub column_blank: &'static str,
    /// Right of a heading's line that a newline ends; a newline ends.
    pub heading_newline_right: &'static str,
    /// Left of a heading's further lines.
    pub heading_newline_left: &'static str,
    /// Right of a value's line that a newline ends.
    pub newline_right: &'static str,
    /// Right of a value's line that is wrapped.
    pub wrap_right: &'static str,
    /// Left of a value's line that follows a wrap.
    pub wrap_left: &'static str,
    /// Whether wrapping is marked at the right, so that border 0 keeps a column for it there.
    pub marks_right: bool,
}

const ASCII_RULE: Rule = Rule { left: "+", line: "-", cross: "+", right: "+" };

const ASCII: Style = Style {
    top: ASCII_RULE,
    middle: ASCII_RULE,
    bottom: ASCII_RULE,
    border: "|",
    column: "|",
    column_newline: "|",
    column_wrap: "|",
    column_blank: "|",
    heading_newline_right: "+",
    heading_newline_left: " ",
    newline_right: "+",
    wrap_right: ".",
    wrap_left: ".",
    marks_right: true,
};

const OLD_ASCII: Style = Style {
    column_newline: ":",
    column_wrap: ";",
    column_blank: " ",
    heading_newline_right: " ",
    heading_newline_left: "+",
    newline_right: " ",
    wrap_right: " ",
    wrap_left: " ",
    marks_right: false,
    ..ASCII
};

impl Style {
    /// The line style the options ask for.
    pub fn of(options: &Options) -> Style {
        match options.line_style {
            LineStyle::Ascii => ASCII,
            LineStyle::OldAscii => OLD_ASCII,
            LineStyle::Unicode => unicode(options),
        }
    }
}

fn unicode(options: &Options) -> Style {
    use UnicodeStyle::{Double, Single};
    let line = |style| if style == Single { "─" } else { "═" };
    let bar = |style| if style == Single { "│" } else { "║" };
    let (border, column, header) =
        (options.unicode_border, options.unicode_column, options.unicode_header);
    let (top_left, top_right, bottom_left, bottom_right) = match border {
        Single => ("┌", "┐", "└", "┘"),
        Double => ("╔", "╗", "╚", "╝"),
    };
    let (top_cross, bottom_cross) = match (border, column) {
        (Single, Single) => ("┬", "┴"),
        (Single, Double) => ("╥", "╨"),
        (Double, Single) => ("╤", "╧"),
        (Double, Double) => ("╦", "╩"),
    };
    let (left, right) = match (border, header) {
        (Single, Single) => ("├", "┤"),
        (Single, Double) => ("╞", "╡"),
        (Double, Single) => ("╟", "╢"),
        (Double, Double) => ("╠", "╣"),
    };
    let cross = match (column, header) {
        (Single, Single) => "┼",
        (Single, Double) => "╪",
        (Double, Single) => "╫",
        (Double, Double) => "╬",
    };
    Style {
        top: Rule { left: top_left, line: line(border), cross: top_cross, right: top_right },
        middle: Rule { left, line: line(header), cross, right },
        bottom: Rule {
            left: bottom_left,
            line: line(border),
            cross: bottom_cross,
            right: bottom_right,
        },
        border: bar(border),
        column: bar(column),
        column_newline: bar(column),
        column_wrap: bar(column),
        column_blank: bar(column),
        heading_newline_right: "↵",
        heading_newline_left: " ",
        newline_right: "↵",
        wrap_right: "…",
        wrap_left: "…",
        marks_right: true,
    }
}
