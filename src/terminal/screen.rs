//! Whether the standard streams are terminals, and the screen's size.

use std::io::IsTerminal;

/// Whether standard input is a terminal.
pub fn stdin_is_tty() -> bool {
    std::io::stdin().is_terminal()
}

/// Whether standard output is a terminal.
pub fn stdout_is_tty() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether standard error is a terminal.
pub fn stderr_is_tty() -> bool {
    std::io::stderr().is_terminal()
}

/// Whether a terminal named `term` (TERM) can move its cursor.
pub fn moves_cursor(term: Option<&str>) -> bool {
    !matches!(term, None | Some("" | "dumb" | "cons25" | "emacs" | "unknown"))
}

/// The screen's size as the kernel has it, `(columns, lines)`, if standard output is a terminal
/// and the size is known.
pub fn size() -> Option<(usize, usize)> {
    let (columns, lines) = (columns()?, window()?.ws_row);
    (lines > 0).then(|| (columns as usize, lines.into()))
}

/// The screen's width, if standard output is a terminal and its width is known.
pub fn columns() -> Option<u32> {
    window().map(|window| window.ws_col.into()).filter(|columns| *columns > 0)
}

fn window() -> Option<rustix::termios::Winsize> {
    rustix::termios::tcgetwinsize(std::io::stdout()).ok()
}
