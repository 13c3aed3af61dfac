//! Ghost text: what the history suggests behind the text.

use super::line::Line;

impl Line<'_> {
    /// Finds what the history suggests: nothing unless the cursor is at the end of a text begun.
    pub fn find_ghost(&mut self) {
        let editing = &self.parts.editing;
        let text = editing.text();
        let is_wanted = !text.trim().is_empty() && editing.cursor() == text.len();
        self.ghost = match self.parts.ghost && is_wanted && self.earlier.is_empty() {
            true => {
                let here = self.host.context();
                let entry = self.parts.history.entries().ghost(text, &here);
                entry.and_then(|entry| entry.get(text.len()..)).unwrap_or_default().to_owned()
            }
            false => String::new(),
        };
    }
}

/// The bytes of the first word, with what stands before it.
pub fn first_word(text: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let start = text.find(is_part).unwrap_or(text.len());
    text[start..].find(|c| !is_part(c)).map_or(text.len(), |end| start + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (text, word) in [(" from t;", " from"), ("ect 1", "ect"), ("; ", "; "), ("", "")] {
            assert_eq!(&text[..first_word(text)], word);
        }
    }
}
