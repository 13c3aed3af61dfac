//! Which entries `\history PATTERN` lists.

/// A text that an entry is to hold, in any case; `*` stands for anything, `?` for a character.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// What stands between the stars, in lower case.
    parts: Vec<Vec<char>>,
}

impl Pattern {
    /// The pattern as it was typed; an empty one is held by everything.
    pub fn new(text: &str) -> Pattern {
        let parts = text.split('*').map(|part| lower(part).collect());
        Pattern { parts: parts.collect() }
    }

    /// Whether a text holds it.
    pub fn is_held_by(&self, text: &str) -> bool {
        let text: Vec<char> = lower(text).collect();
        let mut rest = &text[..];
        self.parts.iter().all(|part| {
            let fits = |window: &[char]| {
                part.iter().zip(window).all(|(wanted, c)| *wanted == '?' || wanted == c)
            };
            if part.is_empty() {
                return true;
            }
            let at = rest.windows(part.len()).position(fits);
            rest = at.map_or(&[], |at| &rest[at + part.len()..]);
            at.is_some()
        })
    }
}

fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns() {
        for (pattern, text, holds) in [
            ("", "select 1", true),
            ("*", "", true),
            ("SELECT", "select 1", true),
            ("from*where", "select * from a where b", true),
            ("where*from", "select * from a where b", false),
            ("a?c", "xabcx", true),
            ("a?c", "xacx", false),
            ("äpfel", "select ÄPFEL", true),
            ("1**1", "11", true),
            ("aa*aa", "aaa", false),
            ("select 1;", "select 1", false),
        ] {
            assert_eq!(Pattern::new(pattern).is_held_by(text), holds, "{pattern} {text}");
        }
    }
}
