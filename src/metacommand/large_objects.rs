//! The Large Objects section of `\?`; `\lo_list` is one of the informational commands.

use super::call::{Call, Outcome};
use crate::console::Reported;
use crate::console::path::expand_tilde;

/// `\lo_import FILE [COMMENT]`
pub fn import(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let name = call.required()?;
    let comment = call.value();
    call.shell.queries().import_large_object(&expand_tilde(&name), comment.as_deref())?;
    Ok(Outcome::Done)
}

/// `\lo_export LOBOID FILE`
pub fn export(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let oid = call.required()?;
    let name = call.required()?;
    call.shell.queries().export_large_object(oid_of(&oid), &expand_tilde(&name))?;
    Ok(Outcome::Done)
}

/// `\lo_unlink LOBOID`
pub fn unlink(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let oid = call.value();
    // psql reads one more argument than it uses.
    call.argument();
    let Some(oid) = oid else { return call.fail("missing required argument") };
    call.shell.queries().unlink_large_object(oid_of(&oid))?;
    Ok(Outcome::Done)
}

/// The number a text begins with, 0 if with none; of one too large the low bits remain.
fn oid_of(text: &[u8]) -> u32 {
    let text = text.trim_ascii_start();
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let number = digits
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .fold(0u64, |n, digit| n.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    let number = if negative { number.wrapping_neg() } else { number };
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oids() {
        let cases = [
            ("123", 123),
            (" 12abc", 12),
            ("abc", 0),
            ("", 0),
            ("-1", u32::MAX),
            ("99999999999", 1_215_752_191),
        ];
        for (text, expected) in cases {
            assert_eq!(oid_of(text.as_bytes()), expected, "{text}");
        }
    }
}
