//! What the server is told: its settings, its rules of access, its WAL.

use super::call::{Call, Outcome};
use super::informational::context;
use super::operators_desk::{OperatorsDesk, layout};
use crate::administration::{self, Candidate, Chosen, SettingsRequest};
use crate::console::Reported;

/// `\settings[x+] [-changed|-pending] [PATTERN]`
pub fn settings(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let words = call.values();
    let mut request = SettingsRequest { layout: layout(call), ..SettingsRequest::default() };
    for word in &words {
        match word.as_slice() {
            b"-changed" => request.chosen = Chosen::Changed,
            b"-pending" => request.chosen = Chosen::Pending,
            [b'-', ..] => {
                let text = [b"no option \"", &word[..], b"\": -changed or -pending"].concat();
                return call.fail(text);
            }
            _ if request.pattern.is_some() => {
                return call.fail([b"one pattern is enough: \"", &word[..], b"\""].concat());
            }
            pattern => request.pattern = Some(pattern),
        }
    }
    let context = context(call.shell);
    let (mut desk, place) = OperatorsDesk::open(call.shell, context)?;
    administration::settings(&mut desk, &place, &request)?;
    Ok(Outcome::Done)
}

/// `\hba[x] [USER DATABASE ADDRESS]`
pub fn hba(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let words = call.values();
    let words: Vec<String> =
        words.iter().map(|word| String::from_utf8_lossy(word).into_owned()).collect();
    let candidate = match words.as_slice() {
        [] => None,
        [user, database, address] => {
            match Candidate::new(user.clone(), database.clone(), address) {
                Ok(candidate) => Some(candidate),
                Err(text) => return call.fail(text),
            }
        }
        _ => return call.fail("USER, DATABASE and ADDRESS are wanted, or nothing"),
    };
    let layout = layout(call);
    let context = context(call.shell);
    let (mut desk, place) = OperatorsDesk::open(call.shell, context)?;
    administration::hba(&mut desk, &place, candidate.as_ref(), layout)?;
    Ok(Outcome::Done)
}

/// `\wal`
pub fn wal(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let layout = layout(call);
    let context = context(call.shell);
    let (mut desk, place) = OperatorsDesk::open(call.shell, context)?;
    administration::wal(&mut desk, &place, layout)?;
    Ok(Outcome::Done)
}
