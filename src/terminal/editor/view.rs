//! What is being typed, laid out for the screen: prompts, text with its colours, ghost text, and the
//! rows below it (a menu, a search).
//!
//! Owns which part of a tall text is seen. Never knows what is on the screen already, nor what the
//! text means.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::terminal::drawing::{Frame, Layout, Position, Row, Size, Style};

/// A part of the text and how it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// How it looks.
    pub style: Style,
}

/// What stands below the text.
#[derive(Clone, Debug, Default)]
pub struct Below {
    /// Each fits the screen's width.
    pub rows: Vec<Row>,
    /// Where the cursor is in them, if not in the text.
    pub cursor: Option<Position>,
}

/// What is to be seen.
#[derive(Debug)]
pub struct View<'a> {
    /// The prompt with its SGR sequences, without marks.
    pub prompt: &'a str,
    /// The prompts before the second and further lines.
    pub continuations: &'a [String],
    /// What is typed.
    pub text: &'a str,
    /// Its colours, in order.
    pub spans: &'a [Span],
    /// The cursor's byte in the text.
    pub cursor: usize,
    /// What might follow, behind the text.
    pub ghost: &'a str,
    /// How that looks.
    pub ghost_style: Style,
    /// What stands below.
    pub below: Below,
}

impl<'a> View<'a> {
    /// A prompt and a text, with the cursor behind it and nothing else.
    pub fn new(prompt: &'a str, text: &'a str) -> View<'a> {
        View {
            prompt,
            continuations: &[],
            text,
            spans: &[],
            cursor: text.len(),
            ghost: "",
            ghost_style: Style::default(),
            below: Below::default(),
        }
    }

    /// The rows of prompts and text, and the cursor in them.
    fn text_rows(&self, columns: usize) -> Frame {
        let mut layout = Layout::new(columns);
        layout.push_styled(self.prompt);
        let mut cursor = None;
        let mut spans = self.spans.iter().peekable();
        let mut line = 0;
        let plain = Style::default();
        for (at, grapheme) in self.text.grapheme_indices(true) {
            if cursor.is_none() && at >= self.cursor {
                cursor = Some(layout.position());
            }
            if matches!(grapheme, "\n" | "\r\n") {
                layout.break_line();
                layout.push_styled(self.continuations.get(line).map_or("", String::as_str));
                line += 1;
                continue;
            }
            while spans.next_if(|span| span.range.end <= at).is_some() {}
            let span = spans.peek().filter(|span| span.range.start <= at);
            layout.push_grapheme(grapheme, span.map_or(&plain, |span| &span.style));
        }
        let cursor = cursor.unwrap_or_else(|| layout.position());
        if !self.ghost.is_empty() {
            // Later lines of it stand without prompts: they are not typed yet.
            layout.push_text(self.ghost, &self.ghost_style);
        }
        Frame { rows: layout.into_rows(), cursor }
    }

    /// The frame for a screen of this size. `top` is the first row of the text that is seen, and
    /// moves only as far as the cursor needs.
    pub fn frame(self, size: Size, top: &mut usize) -> Frame {
        let mut frame = self.text_rows(size.columns);
        let height = size.rows.saturating_sub(self.below.rows.len()).max(1);
        let first = frame.cursor.row.saturating_sub(height - 1);
        let last = frame.rows.len().saturating_sub(height);
        *top = (*top).max(first).min(frame.cursor.row).min(last);
        frame.rows.drain(..*top);
        frame.rows.truncate(height);
        frame.cursor.row -= *top;
        if let Some(last) = frame.rows.last_mut() {
            last.wraps = false;
        }
        if let Some(position) = self.below.cursor {
            frame.cursor = Position { row: frame.rows.len() + position.row, ..position };
        }
        frame.rows.extend(self.below.rows);
        frame
    }

    /// All rows, however tall the screen: what stays once the text is accepted.
    pub fn whole(self, columns: usize) -> Frame {
        self.text_rows(columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view<'a>(text: &'a str, cursor: usize, continuations: &'a [String]) -> View<'a> {
        View { continuations, cursor, ..View::new("=# ", text) }
    }

    fn shown(frame: &Frame) -> Vec<String> {
        let text = |row: &Row| row.cells.iter().map(|cell| cell.character).collect();
        frame.rows.iter().map(text).collect()
    }

    #[test]
    fn continuation_prompts_stand_before_further_lines() {
        let prompts = ["-# ".to_owned()];
        let size = Size { columns: 20, rows: 5 };
        let frame = view("select\n1", 8, &prompts).frame(size, &mut 0);
        assert_eq!(shown(&frame), ["=# select", "-# 1"]);
        assert_eq!(frame.cursor, Position { row: 1, column: 4 });
    }

    #[test]
    fn the_cursor_of_a_tall_text_is_always_seen() {
        let text: String = (0..30).map(|n| format!("line {n}\n")).collect();
        let size = Size { columns: 20, rows: 5 };
        let mut top = 0;
        for (cursor, first, row) in [(text.len(), "", 4), (0, "=# line 0", 0), (14, "=# line 0", 2)]
        {
            let frame = view(&text, cursor, &[]).frame(size, &mut top);
            assert_eq!(frame.rows.len(), 5);
            assert_eq!(frame.cursor.row, row, "{cursor}");
            if !first.is_empty() {
                assert_eq!(shown(&frame)[0], first);
            }
        }
    }

    #[test]
    fn what_is_below_takes_from_the_text() {
        let below = Below { rows: vec![Row::default(); 3], cursor: None };
        let view = View { below, ..view("a\nb\nc\nd", 7, &[]) };
        let frame = view.frame(Size { columns: 20, rows: 5 }, &mut 0);
        assert_eq!(shown(&frame), ["c", "d", "", "", ""]);
        assert_eq!(frame.cursor, Position { row: 1, column: 1 });
    }

    #[test]
    fn colours_and_ghosts() {
        let green = Style::new("\x1b[32m");
        let spans = [Span { range: 1..2, style: green.clone() }];
        let dim = Style::new("\x1b[2m");
        let view =
            View { spans: &spans, ghost: "d", ghost_style: dim.clone(), ..view("abc", 3, &[]) };
        let frame = view.frame(Size { columns: 20, rows: 5 }, &mut 0);
        let styles: Vec<_> = frame.rows[0].cells[3..].iter().map(|cell| &cell.style).collect();
        assert_eq!(styles, [&Style::default(), &green, &Style::default(), &dim]);
        assert_eq!(frame.cursor.column, 6);
    }
}
