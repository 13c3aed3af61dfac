//! The colours of what is typed, kept while it changes.
//!
//! Owns when colours are found anew: what is typed shows as plain text at once, as an expect script
//! waits for it, and gets its colours after a pause; what was there keeps the ones it had.

use super::view::Span;
use crate::terminal::drawing::Style;

/// A text and its colours.
#[derive(Debug, Default)]
pub struct Colours {
    text: String,
    spans: Vec<Span>,
}

impl Colours {
    /// The colours, in order.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Takes new colours for a text: byte ranges in order, and their escape sequences.
    pub fn set(&mut self, text: &str, spans: Vec<(std::ops::Range<usize>, &str)>) {
        text.clone_into(&mut self.text);
        let span = |(range, sequences)| Span { range, style: Style::new(sequences) };
        self.spans = spans.into_iter().map(span).collect();
    }

    /// Follows a change of the text: what is before and behind the change keeps its colours; so does
    /// what is changed within one colour.
    pub fn follow(&mut self, text: &str) {
        if self.text == text {
            return;
        }
        let (old, new) = (self.text.as_bytes(), text.as_bytes());
        let same = |(a, b): &(&u8, &u8)| a == b;
        let prefix = old.iter().zip(new).take_while(same).count();
        let most = old.len().min(new.len()) - prefix;
        let suffix = old.iter().rev().zip(new.iter().rev()).take(most).take_while(same).count();
        let (old_end, new_end) = (old.len() - suffix, new.len() - suffix);
        let place = |at: usize| match at {
            _ if at <= prefix => at,
            _ if at >= old_end => at - old_end + new_end,
            // It was in what went.
            _ => prefix,
        };
        for span in &mut self.spans {
            span.range = place(span.range.start)..place(span.range.end);
        }
        self.spans.retain(|span| !span.range.is_empty());
        text.clone_into(&mut self.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_follow_the_text() {
        for (old, new, span, expected) in [
            ("select", "select 1", 0..6, Some(0..6)),
            ("select 'a'", "select 'ab'", 7..10, Some(7..11)),
            ("a 'b'", "xa 'b'", 2..5, Some(3..6)),
            ("a 'b'", "'b'", 2..5, Some(0..3)),
            ("a 'b'", "a ", 2..5, None),
            ("abc", "", 0..3, None),
        ] {
            let mut colours = Colours::default();
            colours.set(old, vec![(span, "\x1b[1m")]);
            colours.follow(new);
            let ranges: Vec<_> = colours.spans().iter().map(|span| span.range.clone()).collect();
            assert_eq!(ranges, Vec::from_iter(expected), "{old:?} {new:?}");
        }
    }
}
