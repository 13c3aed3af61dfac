//! Which key does what: one table, from which the help is written as well.

use rustyline::{KeyCode, KeyEvent, Modifiers};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A row, or line, down.
    Down,
    /// A row, or line, up.
    Up,
    /// A column to the left.
    Left,
    /// A column to the right.
    Right,
    /// A screen down.
    PageDown,
    /// A screen up.
    PageUp,
    /// Half a screen down.
    HalfDown,
    /// Half a screen up.
    HalfUp,
    /// To the first row, or the one of the number typed before.
    First,
    /// To the last row, or the one of the number typed before.
    Last,
    /// To the first column.
    FirstColumn,
    /// To the last column.
    LastColumn,
    /// A screen of columns to the right.
    NextColumns,
    /// A screen of columns to the left.
    PreviousColumns,
    /// To the last row, and on as rows come.
    Follow,
    /// Asks what to look for, forward.
    Search,
    /// Asks what to look for, backward.
    SearchBack,
    /// Looks for it again.
    Next,
    /// Looks for it again, the other way.
    Previous,
    /// Shows the cell whole.
    Open,
    /// Shows the row as a record, or the table again.
    Record,
    /// Freezes the columns up to this one, or as many as the number typed before; or none.
    Freeze,
    /// Narrows the column.
    Narrow,
    /// Widens the column.
    Widen,
    /// Makes the column as wide as its values seen so far.
    Fit,
    /// Hides the column.
    Hide,
    /// Shows the hidden columns.
    ShowAll,
    /// Moves the column to the left.
    MoveLeft,
    /// Moves the column to the right.
    MoveRight,
    /// Sorts by the column: rising, falling, as the rows came.
    Sort,
    /// Marks the row, or takes the mark away.
    Mark,
    /// Takes all marks away.
    Unmark,
    /// Copies.
    Copy,
    /// Stops what is under way.
    Stop,
    /// Leaves what is open, the table last.
    Leave,
    /// Closes what is open, but not the table.
    Close,
    /// Shows the keys.
    Help,
    /// Draws the screen anew.
    Redraw,
    /// Stops the process, as Ctrl-Z does elsewhere.
    Suspend,
    /// Ends the process, as Ctrl-\ does elsewhere.
    Quit,
}

/// A command, its keys, and what the help says of it; nothing where another one's text covers it.
type Binding = (Command, &'static [&'static str], &'static str);

/// All of them, by what they are about.
const SECTIONS: &[(&str, &[Binding])] = &[
    (
        "Moving",
        &[
            (Command::Up, &["k", "Up", "Ctrl-P", "Ctrl-K"], "row up; a number before it: so many"),
            (Command::Down, &["j", "Down", "Ctrl-N", "Ctrl-J"], "row down"),
            (Command::Left, &["h", "Left"], "column left"),
            (Command::Right, &["l", "Right"], "column right"),
            (Command::PageDown, &["Space", "Page Down", "Ctrl-F"], "screen down"),
            (Command::PageUp, &["b", "Page Up", "Ctrl-B"], "screen up"),
            (Command::HalfDown, &["d", "Ctrl-D"], "half a screen down"),
            (Command::HalfUp, &["u", "Ctrl-U"], "half a screen up"),
            (Command::First, &["g", "Ctrl-Home"], "first row; 500g: row 500"),
            (Command::Last, &["G", "Ctrl-End"], "last row"),
            (Command::FirstColumn, &["0", "^", "Home"], "first column"),
            (Command::LastColumn, &["$", "End"], "last column"),
            (Command::NextColumns, &["Tab", "Ctrl-Right"], "screen of columns to the right"),
            (
                Command::PreviousColumns,
                &["Shift-Tab", "Ctrl-Left"],
                "screen of columns to the left",
            ),
            (Command::Follow, &["F"], "last row, and on as rows come"),
        ],
    ),
    (
        "Looking for something",
        &[
            (Command::Search, &["/"], "look for a text or regular expression, forward"),
            (Command::SearchBack, &["?"], "the same, backward"),
            (Command::Next, &["n"], "the next place where it is"),
            (Command::Previous, &["N"], "the one before"),
        ],
    ),
    (
        "Looking at it",
        &[
            (Command::Open, &["Enter"], "the cell whole; there h and l: the next column's"),
            (Command::Record, &["x"], "the row as a record; there h, l: other rows; x: back"),
            (Command::Sort, &["s"], "sort by the column: rising, falling, as the rows came"),
            (Command::Freeze, &["f"], "freeze the columns up to this one, or none; 2f: two"),
            (Command::Narrow, &["<"], "narrow the column"),
            (Command::Widen, &[">"], "widen the column"),
            (Command::Fit, &["="], "as wide as what was seen of the column, or as before"),
            (Command::Hide, &["-"], "hide the column"),
            (Command::ShowAll, &["+"], "show all columns"),
            (Command::MoveLeft, &["{", "Shift-Left"], "move the column to the left"),
            (Command::MoveRight, &["}", "Shift-Right"], "move the column to the right"),
        ],
    ),
    (
        "Taking it along",
        &[
            (Command::Mark, &["m"], "mark the row, or take the mark away"),
            (Command::Unmark, &["M"], "take all marks away"),
            (Command::Copy, &["c", "y"], "copy marked rows, this row or this value; asks how"),
        ],
    ),
    (
        "The rest",
        &[
            (Command::Stop, &["Ctrl-C"], "stop what goes on: rows that come, a search, a sort"),
            (Command::Leave, &["q", "Q"], "leave; a query that only reads is cancelled then"),
            (Command::Close, &["Escape", "Ctrl-G"], "close what is open over the table"),
            (Command::Help, &["H", "F1"], "these keys"),
            (Command::Redraw, &["Ctrl-L", "r", "R"], "draw the screen anew"),
            (Command::Suspend, &["Ctrl-Z"], "stop pgsh; fg goes on"),
            (Command::Quit, &["Ctrl-\\"], ""),
        ],
    ),
];

/// What a key does, if anything.
pub fn command(key: KeyEvent) -> Option<Command> {
    let name = name(key)?;
    let bindings = SECTIONS.iter().flat_map(|(_, bindings)| bindings.iter());
    bindings.into_iter().find(|(_, keys, _)| keys.contains(&name.as_str())).map(|(c, ..)| *c)
}

/// A key as the table names it.
fn name(KeyEvent(code, modifiers): KeyEvent) -> Option<String> {
    let code = match code {
        KeyCode::Char(' ') => "Space".to_owned(),
        KeyCode::Char(c) => c.to_string(),
        KeyCode::Up => "Up".to_owned(),
        KeyCode::Down => "Down".to_owned(),
        KeyCode::Left => "Left".to_owned(),
        KeyCode::Right => "Right".to_owned(),
        KeyCode::PageUp => "Page Up".to_owned(),
        KeyCode::PageDown => "Page Down".to_owned(),
        KeyCode::Home => "Home".to_owned(),
        KeyCode::End => "End".to_owned(),
        KeyCode::Tab => "Tab".to_owned(),
        KeyCode::BackTab => "Shift-Tab".to_owned(),
        KeyCode::Enter => "Enter".to_owned(),
        KeyCode::Esc => "Escape".to_owned(),
        KeyCode::F(number) => format!("F{number}"),
        _ => return None,
    };
    match modifiers {
        Modifiers::NONE => Some(code),
        Modifiers::CTRL => Some(format!("Ctrl-{code}")),
        Modifiers::SHIFT => Some(format!("Shift-{code}")),
        _ => None,
    }
}

/// What the help says.
pub fn help() -> String {
    let mut text = String::new();
    for (title, bindings) in SECTIONS {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(title);
        text.push('\n');
        for (_, keys, what) in bindings.iter().filter(|(.., what)| !what.is_empty()) {
            text.push_str(&format!("  {:<24} {what}\n", keys.join(", ")));
        }
    }
    text.push_str(
        "  mouse                    the wheel turns rows, with Shift columns; a click\n\
         \x20                          chooses a cell, another one opens it; a click on a\n\
         \x20                          name sorts by it\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_bound_once_and_found() {
        let bindings = SECTIONS.iter().flat_map(|(_, bindings)| bindings.iter());
        let mut seen = std::collections::HashSet::new();
        for (_, keys, _) in bindings {
            assert!(keys.iter().all(|key| seen.insert(*key)), "{keys:?}");
        }
        for (key, expected) in [
            (KeyEvent::from('j'), Some(Command::Down)),
            (KeyEvent::from(' '), Some(Command::PageDown)),
            (KeyEvent::ctrl('F'), Some(Command::PageDown)),
            (KeyEvent(KeyCode::Home, Modifiers::CTRL), Some(Command::First)),
            (KeyEvent(KeyCode::BackTab, Modifiers::NONE), Some(Command::PreviousColumns)),
            (KeyEvent(KeyCode::F(1), Modifiers::NONE), Some(Command::Help)),
            (KeyEvent::alt('j'), None),
            (KeyEvent::from('Z'), None),
        ] {
            assert_eq!(command(key), expected, "{key:?}");
        }
    }

    #[test]
    fn the_help_fits_an_ordinary_screen() {
        assert!(help().lines().all(|line| line.chars().count() <= 80), "{}", help());
        assert!(help().contains(
            "  /                        look for a text or regular expression, forward\n"
        ));
    }
}
