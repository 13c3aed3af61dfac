//! The commands that bring back what was entered before.

use rustyline::KeyCode;

use super::characters;
use super::effect::Effect;
use super::function::Function;
use super::keymap::Mode;
use super::state::{Call, Count, Last, Outcome, State, changed_or_bell};
use super::walk::{Entries, Match, Walk, Way};

/// Runs a function that is one of these.
pub fn run(state: &mut State, call: Call, history: &dyn Entries) -> Option<Outcome> {
    let count = call.count;
    Some(match call.function {
        Function::PreviousHistory => step(state, -count.value, history),
        Function::NextHistory => step(state, count.value, history),
        Function::BeginningOfHistory => show(state, 0, history),
        Function::EndOfHistory => show(state, history.len(), history),
        Function::FetchHistory => fetch(state, count, history),
        Function::ViFetchHistory if !count.is_explicit => show(state, 0, history),
        Function::ViFetchHistory => fetch_number(state, count.value, history),
        Function::HistorySearchBackward => search(state, Way::Back, Match::Prefix, call, history),
        Function::HistorySearchForward => search(state, Way::On, Match::Prefix, call, history),
        Function::HistorySubstringSearchBackward => {
            search(state, Way::Back, Match::Anywhere, call, history)
        }
        Function::HistorySubstringSearchForward => {
            search(state, Way::On, Match::Anywhere, call, history)
        }
        Function::NonIncrementalReverseSearchHistory => {
            Outcome::Query { is_backward: true, prompt: ':' }
        }
        Function::NonIncrementalForwardSearchHistory => {
            Outcome::Query { is_backward: false, prompt: ':' }
        }
        Function::NonIncrementalReverseSearchHistoryAgain => search_again(state, true, history),
        Function::NonIncrementalForwardSearchHistoryAgain => search_again(state, false, history),
        Function::ViSearch => {
            // `/` looks for earlier entries, which are the ones that follow in vi's view.
            let is_backward = call.letter() != '?';
            state.vi.searched_on = !is_backward;
            Outcome::Query { is_backward, prompt: if is_backward { '/' } else { '?' } }
        }
        Function::ViSearchAgain => {
            let is_backward = state.vi.searched_on == call.is_capital();
            search_again(state, is_backward, history)
        }
        Function::YankNthArg => {
            let number = if count.is_explicit { count.value } else { 1 };
            changed_or_bell(insert_word(state, Some(number), history))
        }
        Function::YankLastArg => yank_last_arg(state, count, history),
        Function::ViYankArg => {
            let number = count.is_explicit.then(|| count.value - 1);
            vi_yank_arg(state, number, history)
        }
        _ => return None,
    })
}

/// Goes to the line above or below, at the text's edges to the entry before or after.
fn step(state: &mut State, count: i64, history: &dyn Entries) -> Outcome {
    let before = (state.walk.index(), state.buffer.cursor());
    for _ in 0..count.unsigned_abs() {
        let has_line = if count < 0 { state.buffer.up() } else { state.buffer.down() };
        if has_line {
            state.rest_on_character();
            continue;
        }
        let place = state.walk.place(history);
        let target = if count < 0 { place.checked_sub(1) } else { Some(place + 1) };
        match target.filter(|target| *target <= history.len()) {
            Some(target) => drop(show(state, target, history)),
            None => break,
        }
    }
    if (state.walk.index(), state.buffer.cursor()) == before {
        return Outcome::Done(Effect::Bell);
    }
    let is_same_entry = state.walk.index() == before.0;
    Outcome::Done(if is_same_entry { Effect::Nothing } else { Effect::Changed })
}

/// Shows an entry, or behind the last one the text being written.
fn show(state: &mut State, place: usize, history: &dyn Entries) -> Outcome {
    let before = state.walk.index();
    let cursor = state.buffer.cursor();
    state.buffer.end_groups();
    state.walk.go_to(place, &mut state.buffer, history);
    if state.walk.index() == before {
        return Outcome::Done(Effect::Nothing);
    }
    let text = state.buffer.text();
    let arrival = match state.mode {
        _ if state.settings.history_preserve_point => cursor,
        // In an entry vi's commands begin at the start of a line.
        Mode::ViCommand if state.walk.index().is_some() => characters::line_start(text, text.len()),
        _ => text.len(),
    };
    state.buffer.set_cursor(arrival);
    state.rest_on_character();
    Outcome::Done(Effect::Changed)
}

/// A number goes to that entry, a negative one so many back.
fn fetch(state: &mut State, count: Count, history: &dyn Entries) -> Outcome {
    match count {
        Count { is_explicit: false, .. } => show(state, 0, history),
        Count { value, .. } if value >= 0 => fetch_number(state, value, history),
        Count { value, .. } => {
            let back = usize::try_from(value.unsigned_abs()).unwrap_or(usize::MAX);
            let place = state.walk.place(history).saturating_sub(back);
            show(state, place, history)
        }
    }
}

/// Goes to the entry of this number, as `\s` would count them.
fn fetch_number(state: &mut State, number: i64, history: &dyn Entries) -> Outcome {
    let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    match place.filter(|place| *place < history.len()) {
        Some(place) => show(state, place, history),
        None if state.mode == Mode::Emacs => show(state, 0, history),
        None => Outcome::Done(Effect::Bell),
    }
}

/// Looks for what stands before the cursor; again and again for the same.
fn search(state: &mut State, way: Way, how: Match, call: Call, history: &dyn Entries) -> Outcome {
    let count = call.count;
    if let Some(outcome) = arrow_within_text(state, call) {
        return outcome;
    }
    let wanted = match &state.last {
        Last::Search { how: last_how, wanted } if *last_how == how => wanted.clone(),
        _ => state.buffer.text()[..state.buffer.cursor()].to_owned(),
    };
    let way = match (way, count.value < 0) {
        (Way::Back, false) | (Way::On, true) => Way::Back,
        _ => Way::On,
    };
    if wanted.is_empty() {
        let before = state.walk.index();
        step_entries(state, way, count.times(), history);
        state.now = Last::Search { how, wanted };
        return changed_or_bell(state.walk.index() != before);
    }
    let mut place = state.walk.place(history);
    let mut found = None;
    let mut shown = Some(state.buffer.text().to_owned());
    for _ in 0..count.times() {
        let Some(index) = Walk::find(place, way, how, &wanted, shown.as_deref(), history) else {
            break;
        };
        place = index;
        found = Some(index);
        shown = history.get(index).map(str::to_owned);
    }
    state.now = Last::Search { how, wanted: wanted.clone() };
    let Some(index) = found else { return Outcome::Done(Effect::Bell) };
    show(state, index, history);
    let at = match how {
        Match::Prefix => Some(0),
        Match::Anywhere => state.buffer.text().find(&wanted),
    };
    state.buffer.set_cursor(at.map_or(0, |at| at + wanted.len()));
    let end = state.buffer.text().len();
    state.buffer.set_mark(end);
    Outcome::Done(Effect::Changed)
}

/// Arrow keys that are bound to a search move in the text first, unless one goes on searching.
fn arrow_within_text(state: &mut State, call: Call) -> Option<Outcome> {
    let is_done = match call.key.0 {
        _ if matches!(state.last, Last::Search { .. }) => false,
        KeyCode::Up => state.buffer.up(),
        KeyCode::Down => state.buffer.down(),
        _ => false,
    };
    is_done.then_some(Outcome::Done(Effect::Nothing))
}

fn step_entries(state: &mut State, way: Way, times: usize, history: &dyn Entries) {
    let place = state.walk.place(history);
    let target = match way {
        Way::Back => place.saturating_sub(times),
        Way::On => place.saturating_add(times).min(history.len()),
    };
    show(state, target, history);
}

/// Looks for the text that was asked for; an empty one stands for the one before.
pub fn search_for(
    state: &mut State,
    wanted: String,
    is_backward: bool,
    history: &dyn Entries,
) -> Outcome {
    if !wanted.is_empty() {
        state.wanted = wanted;
    }
    search_again(state, is_backward, history)
}

fn search_again(state: &mut State, is_backward: bool, history: &dyn Entries) -> Outcome {
    let wanted = state.wanted.clone();
    let (how, wanted) = match wanted.strip_prefix('^') {
        Some(prefix) => (Match::Prefix, prefix),
        None => (Match::Anywhere, wanted.as_str()),
    };
    let way = if is_backward { Way::Back } else { Way::On };
    let place = state.walk.place(history);
    let found = match wanted.is_empty() {
        true => None,
        false => Walk::find(place, way, how, wanted, None, history),
    };
    let Some(index) = found else { return Outcome::Done(Effect::Bell) };
    show(state, index, history);
    let match_start = match how {
        Match::Anywhere if state.mode == Mode::Emacs => state.buffer.text().find(wanted),
        _ => None,
    };
    state.buffer.set_cursor(match_start.unwrap_or(0));
    let end = state.buffer.text().len();
    state.buffer.set_mark(end);
    Outcome::Done(Effect::Changed)
}

/// The words of an entry: what white space separates, quotes keep together. The `;` at its end is none.
fn words(entry: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    for (at, c) in entry.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, _) => {}
        }
        if c.is_whitespace() && quote.is_none() {
            words.extend(start.take().map(|start| &entry[start..at]));
        } else if start.is_none() {
            start = Some(at);
        }
    }
    words.extend(start.map(|start| &entry[start..]));
    if let Some(last) = words.pop() {
        let last = last.trim_end_matches(';');
        words.extend(Some(last).filter(|last| !last.is_empty()));
    }
    words
}

/// A word of an entry: the last, or by its number, from the end if that is negative.
fn word(entry: &str, number: Option<i64>) -> Option<&str> {
    let words = words(entry);
    let index = match number {
        None => words.len().checked_sub(1)?,
        Some(number) if number < 0 => {
            words.len().checked_sub(number.unsigned_abs() as usize + 1)?
        }
        Some(number) => usize::try_from(number).ok()?,
    };
    words.get(index).copied()
}

fn insert_word(state: &mut State, number: Option<i64>, history: &dyn Entries) -> bool {
    let entry = state.walk.place(history).checked_sub(1).and_then(|place| history.get(place));
    let Some(text) = entry.and_then(|entry| word(entry, number)) else { return false };
    let start = state.buffer.cursor();
    state.buffer.set_mark(start);
    state.buffer.insert(text);
    true
}

fn vi_yank_arg(state: &mut State, number: Option<i64>, history: &dyn Entries) -> Outcome {
    state.buffer.begin_group();
    if state.mode == Mode::ViCommand {
        state.buffer.move_characters(1);
        state.mode = Mode::ViInsert;
    }
    state.buffer.insert(" ");
    changed_or_bell(insert_word(state, number, history))
}

/// The last word of the entry before, then of the one before that, and so on.
fn yank_last_arg(state: &mut State, count: Count, history: &dyn Entries) -> Outcome {
    let here = state.walk.place(history);
    let (mut place, start, number, mut goes_back) = match state.last.clone() {
        Last::EntryWord { place, start, word, goes_back } => (place, start, word, goes_back),
        _ => (here, state.buffer.cursor(), count.is_explicit.then_some(count.value), true),
    };
    let is_again = matches!(state.last, Last::EntryWord { .. });
    if is_again && count.is_explicit && count.value < 0 {
        goes_back = !goes_back;
    }
    let next = if goes_back { place.checked_sub(1) } else { Some(place + 1) };
    let entry = next.filter(|next| *next < here).and_then(|next| Some((next, history.get(next)?)));
    let Some((next, entry)) = entry else {
        state.now = state.last.clone();
        return Outcome::Done(Effect::Bell);
    };
    place = next;
    let cursor = state.buffer.cursor();
    let text = word(entry, number).unwrap_or_default().to_owned();
    state.buffer.set_mark(start);
    state.buffer.replace(start..cursor, &text);
    state.now = Last::EntryWord { place, start, word: number, goes_back };
    changed_or_bell(!text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_an_entry() {
        for (entry, number, expected) in [
            ("select * from t;", None, Some("t")),
            ("select * from t ;", None, Some("t")),
            ("select 'a b' , \"c d\"", None, Some("\"c d\"")),
            ("select 'a b'", Some(1), Some("'a b'")),
            ("a b c", Some(0), Some("a")),
            ("a b c", Some(-1), Some("b")),
            ("a b c", Some(3), None),
            ("", None, None),
            (";", None, None),
        ] {
            assert_eq!(word(entry, number), expected, "{entry}, {number:?}");
        }
    }
}
