//! `\chart`: a result drawn.

use super::call::{Call, Outcome};
use crate::chart::Request;
use crate::console::Reported;
use crate::query::ResultPlan;

/// `\chart [N] [bar|hist|line|scatter] [X] [Y...] [|COMMAND]`
pub fn chart(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let mut plan = ResultPlan::default();
    let mut words = Vec::new();
    while let Some(word) = call.next_as_first().map(|argument| argument.value) {
        if word.first() == Some(&b'|') {
            plan.target = Some(word);
        } else if !word.is_empty() {
            words.push(word);
        }
    }
    let number = words.first().and_then(|word| count(word));
    if number.is_some() {
        words.remove(0);
    }
    let request = Request::read(&words);
    call.shell.queries().chart_kept(number.unwrap_or(1), &request, &plan)?;
    Ok(Outcome::Done)
}

/// The number of a result.
fn count(word: &[u8]) -> Option<usize> {
    std::str::from_utf8(word).ok()?.parse().ok().filter(|number| *number > 0)
}
