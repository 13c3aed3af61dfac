//! Patterns in which `*` stands for any text and `?` for one character.

/// A piece of a pattern over bytes or characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph<T> {
    /// `*`
    Any,
    /// `?`
    One,
    /// Itself.
    Literal(T),
}

impl<T: PartialEq + From<u8>> Glyph<T> {
    /// What a byte or character of a pattern stands for where nothing is quoted.
    pub fn of(letter: T) -> Glyph<T> {
        if letter == T::from(b'*') {
            Glyph::Any
        } else if letter == T::from(b'?') {
            Glyph::One
        } else {
            Glyph::Literal(letter)
        }
    }
}

/// Whether all of a text is what these glyphs stand for.
pub fn matches<T: PartialEq>(glyphs: &[Glyph<T>], text: &[T]) -> bool {
    let (mut at, mut glyph) = (0, 0);
    // Where the last `*` was, and from where on it is tried next.
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match glyphs.get(glyph) {
            Some(Glyph::Any) => {
                retry = Some((glyph, at));
                glyph += 1;
            }
            Some(Glyph::One) => (glyph, at) = (glyph + 1, at + 1),
            Some(Glyph::Literal(letter)) if *letter == text[at] => {
                (glyph, at) = (glyph + 1, at + 1);
            }
            _ => match retry {
                Some((star, from)) => {
                    retry = Some((star, from + 1));
                    (glyph, at) = (star + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    glyphs[glyph..].iter().all(|glyph| *glyph == Glyph::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits() {
        for (pattern, text, fits) in [
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a*b*c", "a12b3bc", true),
            ("a*b*c", "a12b3b", false),
            ("?", "", false),
            ("a?c", "abc", true),
            ("**a", "ba", true),
        ] {
            let glyphs: Vec<Glyph<u8>> = pattern.bytes().map(Glyph::of).collect();
            assert_eq!(matches(&glyphs, text.as_bytes()), fits, "{pattern} {text}");
        }
    }
}
