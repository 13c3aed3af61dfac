//! What is shown for a value: itself, the text for NULL, or a number with its digits grouped.

use super::Options;
use super::numeric::NumericLocale;
use crate::encoding::{Encoding, Glyph};
use std::borrow::Cow;

/// Finds the text to show for values; keeps a buffer for those that differ from the wire's.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    encoding: Encoding,
    null: Vec<u8>,
    numeric_locale: Option<NumericLocale>,
    changed: Vec<u8>,
}

impl Shown {
    pub fn new(options: &Options) -> Shown {
        Shown {
            encoding: options.encoding,
            null: clean(options.encoding, &options.null).into_owned(),
            numeric_locale: options.numeric_locale.then(|| options.locale.clone()),
            changed: Vec::new(),
        }
    }

    /// The text for a value, invalid bytes included; `right` tells that its column holds numbers.
    #[inline]
    pub fn raw<'s>(&'s mut self, value: Option<&'s [u8]>, right: bool) -> &'s [u8] {
        match (value, &self.numeric_locale) {
            (None, _) => &self.null,
            (Some(number), Some(locale)) if right => {
                locale.write(number, &mut self.changed);
                &self.changed
            }
            (Some(text), _) => text,
        }
    }

    /// The text for a value, without bytes that are no characters.
    #[inline]
    pub fn text<'s>(&'s mut self, value: Option<&'s [u8]>, right: bool) -> &'s [u8] {
        match value {
            Some(text) if self.encoding == Encoding::Utf8 && !text.is_ascii() => {
                if needs_cleaning(text) {
                    clean_into(text, &mut self.changed);
                    &self.changed
                } else {
                    text
                }
            }
            _ => self.raw(value, right),
        }
    }
}

/// A heading, title or footer without bytes that are no characters.
pub(super) fn clean(encoding: Encoding, text: &[u8]) -> Cow<'_, [u8]> {
    if encoding != Encoding::Utf8 || text.is_ascii() || !needs_cleaning(text) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = Vec::new();
    clean_into(text, &mut cleaned);
    Cow::Owned(cleaned)
}

/// Whether some of the bytes of `text`, taken as UTF-8, are not shown.
fn needs_cleaning(text: &[u8]) -> bool {
    // The code points beyond U+FFFF that psql drops end in one of these two bytes.
    let may_be_dropped = |text: &[u8]| text.iter().any(|&byte| byte == 0xbe || byte == 0xbf);
    std::str::from_utf8(text).is_err() || may_be_dropped(text)
}

fn clean_into(text: &[u8], to: &mut Vec<u8>) {
    to.clear();
    let mut rest = text;
    while !rest.is_empty() {
        let (len, glyph) = Encoding::Utf8.next_char(rest);
        if glyph != Glyph::Invalid {
            to.extend_from_slice(&rest[..len]);
        }
        rest = &rest[len..];
    }
}
