//! How much of the screen a text takes.

/// Whether a text, behind a prompt, may take more than the screen's lines.
pub(super) fn is_tall(text: &str, screen: Option<(usize, usize)>) -> bool {
    screen.is_some_and(|(columns, lines)| rows(text, columns) >= lines)
}

/// How many lines of the screen a text takes at most: a byte fills no more than a column.
pub(super) fn rows(text: &str, columns: usize) -> usize {
    text.split('\n').map(|line| 1 + line.len() / columns).sum()
}
