//! vi's commands.

use std::ops::Range;

use super::characters;
use super::effect::Effect;
use super::function::Function;
use super::keymap::Mode;
use super::kill_ring::Side;
use super::state::{Call, Count, Operator, Outcome, State, Wants, changed_or_bell, moved_or_bell};
use super::vi_motion::{self, Find, WordKind};

/// Runs a function that is one of these; a motion too.
pub fn run(state: &mut State, call: Call) -> Option<Outcome> {
    if let Some(outcome) = change(state, call) {
        return Some(outcome);
    }
    let is_motion_here = state.mode == Mode::ViCommand || is_of_vi(call.function);
    motion(state, call, None).filter(|_| is_motion_here).map(|motion| go(state, motion))
}

/// The changes that `.` repeats.
pub fn is_repeatable(function: Function) -> bool {
    matches!(
        function,
        Function::ViAppendEol
            | Function::ViAppendMode
            | Function::ViInsertBeg
            | Function::ViInsertionMode
            | Function::ViChangeTo
            | Function::ViDeleteTo
            | Function::ViYankTo
            | Function::ViPut
            | Function::ViReplace
            | Function::ViChangeChar
            | Function::ViSubst
            | Function::ViRubout
            | Function::ViDelete
            | Function::ViChangeCase
            | Function::ViYankArg
    )
}

/// Whether a function ends what `.` repeats of typing, which then begins anew: it leads elsewhere.
pub fn interrupts_typing(function: Function) -> bool {
    matches!(
        function,
        Function::ForwardChar
            | Function::BackwardChar
            | Function::ForwardWord
            | Function::BackwardWord
            | Function::BeginningOfLine
            | Function::EndOfLine
            | Function::BeginningOfText
            | Function::EndOfText
            | Function::PreviousHistory
            | Function::NextHistory
            | Function::HistorySearchBackward
            | Function::HistorySearchForward
            | Function::ReverseSearchHistory
            | Function::ForwardSearchHistory
    )
}

fn is_of_vi(function: Function) -> bool {
    function.name().starts_with("vi-")
}

fn change(state: &mut State, call: Call) -> Option<Outcome> {
    let count = call.count;
    let operator = match call.function {
        Function::ViDeleteTo => Operator::Delete,
        Function::ViChangeTo => Operator::Change,
        Function::ViYankTo => Operator::Yank,
        _ => return simple_change(state, call),
    };
    if call.is_capital() {
        let range = state.buffer.cursor()..state.buffer.line_end();
        return Some(operate(state, operator, range));
    }
    Some(Outcome::Motion(operator, count))
}

fn simple_change(state: &mut State, call: Call) -> Option<Outcome> {
    let count = call.count;
    let cursor = state.buffer.cursor();
    Some(match call.function {
        Function::ViMovementMode => {
            to_command_mode(state);
            Outcome::Done(Effect::Nothing)
        }
        Function::ViInsertionMode => begin_insertion(state, cursor),
        Function::ViInsertBeg => begin_insertion(state, state.buffer.line_start()),
        Function::ViAppendMode => begin_insertion(state, after_cursor(state)),
        Function::ViAppendEol => begin_insertion(state, state.buffer.line_end()),
        Function::ViReplace => {
            state.vi.overstruck = Some(Vec::new());
            begin_insertion(state, cursor)
        }
        Function::ViDelete => {
            let (end, _) = characters::forward(state.buffer.text(), cursor, count.times());
            let end = end.min(state.buffer.line_end());
            state.kill(cursor..end, Side::After);
            changed_or_bell(end > cursor)
        }
        Function::ViRubout => {
            let (start, _) = characters::backward(state.buffer.text(), cursor, count.times());
            let start = start.max(state.buffer.line_start());
            state.kill(start..cursor, Side::Before);
            changed_or_bell(start < cursor)
        }
        Function::ViSubst if call.is_capital() => operate(state, Operator::Change, line(state)),
        Function::ViSubst => {
            let (end, _) = characters::forward(state.buffer.text(), cursor, count.times());
            let end = end.min(state.buffer.line_end());
            operate(state, Operator::Change, cursor..end)
        }
        Function::ViPut => put(state, call.is_capital(), count),
        Function::ViChangeChar => Outcome::Character(Wants::Replacement(count)),
        Function::ViChangeCase => change_case(state, count),
        Function::ViSetMark => Outcome::Character(Wants::SetMark),
        Function::ViUnixWordRubout => {
            let start = rubout_start(state, count);
            state.kill(start..cursor, Side::Before);
            changed_or_bell(start < cursor)
        }
        Function::ViOverstrike => overstrike(state, call.letter()),
        Function::ViOverstrikeDelete => overstrike_delete(state),
        Function::ViEofMaybe if state.buffer.text().is_empty() => Outcome::Done(Effect::Eof),
        Function::ViEofMaybe => Outcome::Done(Effect::Accept),
        _ => return None,
    })
}

/// Ends typing: the cursor rests on the character typed last.
pub fn to_command_mode(state: &mut State) {
    if state.mode == Mode::ViInsert {
        if state.buffer.cursor() > state.buffer.line_start() {
            state.buffer.move_characters(-1);
        }
        state.buffer.end_groups();
        state.vi.overstruck = None;
    }
    if !state.vi.was_in_command {
        // What was typed before the first command is not undone, as POSIX has it.
        state.vi.was_in_command = true;
        state.buffer.forget_changes();
    }
    state.mode = Mode::ViCommand;
}

/// Where what is appended goes.
fn after_cursor(state: &State) -> usize {
    let cursor = state.buffer.cursor();
    characters::next(state.buffer.text(), cursor).min(state.buffer.line_end())
}

/// Begins typing there. All that is typed is undone as one.
fn begin_insertion(state: &mut State, place: usize) -> Outcome {
    state.buffer.set_cursor(place);
    state.buffer.begin_group();
    state.mode = Mode::ViInsert;
    Outcome::Done(Effect::Nothing)
}

fn line(state: &State) -> Range<usize> {
    state.buffer.line_start()..state.buffer.line_end()
}

/// Puts what was killed behind the cursor or before it; whole lines below or above.
fn put(state: &mut State, is_before: bool, count: Count) -> Outcome {
    let Some(text) = state.kills.last().map(str::to_owned) else {
        return Outcome::Done(Effect::Bell);
    };
    let is_lines = text.ends_with('\n');
    let place = match (is_lines, is_before) {
        (false, true) => state.buffer.cursor(),
        (false, false) => after_cursor(state),
        (true, true) => state.buffer.line_start(),
        (true, false) => state.buffer.line_end(),
    };
    let text = match text.strip_suffix('\n').filter(|_| is_lines && !is_before) {
        Some(lines) => format!("\n{lines}"),
        None => text,
    };
    state.buffer.set_cursor(place);
    state.buffer.begin_group();
    let is_done = state.insert_times(&text, count.times());
    state.buffer.end_group();
    if is_lines {
        // On the first of them.
        state.buffer.set_cursor(if is_before { place } else { place + 1 });
    } else {
        state.buffer.move_characters(-1);
    }
    changed_or_bell(is_done)
}

fn change_case(state: &mut State, count: Count) -> Outcome {
    let cursor = state.buffer.cursor();
    let (end, _) = characters::forward(state.buffer.text(), cursor, count.times());
    let end = end.min(state.buffer.line_end());
    let mut changed = String::new();
    for c in state.buffer.text()[cursor..end].chars() {
        if c.is_uppercase() {
            changed.extend(c.to_lowercase());
        } else {
            changed.extend(c.to_uppercase());
        }
    }
    state.buffer.replace(cursor..end, &changed);
    changed_or_bell(end > cursor)
}

/// `r`: puts a character in the place of others.
pub fn replace_characters(state: &mut State, c: char, count: Count) -> Outcome {
    let cursor = state.buffer.cursor();
    let (end, _) = characters::forward(state.buffer.text(), cursor, count.times());
    let end = end.min(state.buffer.line_end());
    let replaced = characters::steps_between(state.buffer.text(), cursor, end);
    if replaced == 0 {
        return Outcome::Done(Effect::Bell);
    }
    state.buffer.replace(cursor..end, &c.to_string().repeat(replaced));
    state.buffer.move_characters(-1);
    Outcome::Done(Effect::Changed)
}

/// A character typed while `R` overwrites.
pub fn overstrike(state: &mut State, c: char) -> Outcome {
    let cursor = state.buffer.cursor();
    let end = after_cursor(state);
    let old = state.buffer.text()[cursor..end].to_owned();
    state.buffer.replace(cursor..end, &c.to_string());
    if let Some(overstruck) = &mut state.vi.overstruck {
        overstruck.push(Some(old).filter(|old| !old.is_empty()));
    }
    Outcome::Done(Effect::Changed)
}

/// Takes a character back that was overwritten.
pub fn overstrike_delete(state: &mut State) -> Outcome {
    let Some(old) = state.vi.overstruck.as_mut().and_then(Vec::pop) else {
        return Outcome::Done(Effect::Bell);
    };
    let cursor = state.buffer.cursor();
    let start = characters::previous(state.buffer.text(), cursor);
    state.buffer.replace(start..cursor, &old.unwrap_or_default());
    state.buffer.set_cursor(start);
    Outcome::Done(Effect::Changed)
}

/// Back over a word, or, where one begins, over what separates it from the one before.
fn rubout_start(state: &State, count: Count) -> usize {
    let text = state.buffer.text();
    let separates = |c: char| c.is_whitespace() || c.is_ascii_punctuation();
    let mut start = state.buffer.cursor();
    // White space at the end of the text goes with the word before it.
    if start == text.len() {
        start = text.trim_end().len();
    }
    for _ in 0..count.times() {
        let before = &text[..start];
        let Some(last) = before.chars().next_back() else { break };
        start = if separates(last) {
            before.trim_end_matches(separates).len()
        } else {
            before.trim_end_matches(|c| !separates(c)).len()
        };
    }
    start
}

/// Where a motion leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    To {
        place: usize,
        /// Whether an operator takes the character there too.
        is_inclusive: bool,
    },
    /// It can't be made.
    Fails,
    /// The next character belongs to it.
    Character(Wants),
}

fn exclusive(place: usize) -> Motion {
    Motion::To { place, is_inclusive: false }
}

fn inclusive(place: usize) -> Motion {
    Motion::To { place, is_inclusive: true }
}

/// The motion a function is, if it is one. `operator` is what is done on the way.
pub fn motion(
    state: &mut State,
    call: Call,
    operator: Option<(Operator, Count)>,
) -> Option<Motion> {
    let Call { function, count, .. } = call;
    let (text, cursor) = (state.buffer.text(), state.buffer.cursor());
    let (line_start, line_end) = (state.buffer.line_start(), state.buffer.line_end());
    let times = count.times();
    let capital = if call.is_capital() { WordKind::Big } else { WordKind::Small };
    Some(match function {
        Function::ForwardChar | Function::BackwardChar => {
            let is_forward = (function == Function::ForwardChar) == (count.value >= 0);
            exclusive(if is_forward {
                characters::forward(text, cursor, times).0.min(line_end)
            } else {
                characters::backward(text, cursor, times).0.max(line_start)
            })
        }
        Function::BeginningOfLine => exclusive(line_start),
        Function::EndOfLine => exclusive(line_end),
        Function::BeginningOfText => exclusive(0),
        Function::EndOfText => exclusive(text.len()),
        Function::ForwardWord => {
            exclusive(state.buffer.peek(|buffer| buffer.move_words(count.value)))
        }
        Function::BackwardWord => {
            exclusive(state.buffer.peek(|buffer| buffer.move_words(-count.value)))
        }
        Function::ViFirstPrint | Function::ViBackToIndent => {
            exclusive(vi_motion::first_print(text, cursor))
        }
        Function::ViColumn => {
            let (place, _) = characters::forward(text, line_start, times.saturating_sub(1));
            exclusive(place.min(line_end))
        }
        Function::ViNextWord => next_word(text, cursor, capital, times, operator),
        Function::ViForwardWord | Function::ViFword => {
            next_word(text, cursor, WordKind::Small, times, operator)
        }
        Function::ViForwardBigword | Function::ViFWordBig => {
            next_word(text, cursor, WordKind::Big, times, operator)
        }
        Function::ViPrevWord => exclusive(vi_motion::previous_word(text, cursor, capital, times)),
        Function::ViBackwardWord | Function::ViBword => {
            exclusive(vi_motion::previous_word(text, cursor, WordKind::Small, times))
        }
        Function::ViBackwardBigword | Function::ViBWordBig => {
            exclusive(vi_motion::previous_word(text, cursor, WordKind::Big, times))
        }
        Function::ViEndWord => word_end(text, cursor, capital, times),
        Function::ViEword => word_end(text, cursor, WordKind::Small, times),
        Function::ViEndBigword | Function::ViEWordBig => {
            word_end(text, cursor, WordKind::Big, times)
        }
        Function::ViMatch => {
            vi_motion::matching_bracket(text, cursor).map_or(Motion::Fails, inclusive)
        }
        Function::ViCharSearch => character_search(state, call, operator),
        Function::ViGotoMark => Motion::Character(Wants::GotoMark(operator)),
        _ => return None,
    })
}

/// `w`; after `c` it ends with the word rather than behind the white space.
fn next_word(
    text: &str,
    cursor: usize,
    kind: WordKind,
    times: usize,
    operator: Option<(Operator, Count)>,
) -> Motion {
    let place = vi_motion::next_word(text, cursor, kind, times);
    if !matches!(operator, Some((Operator::Change, _))) {
        return exclusive(place);
    }
    let end = cursor + text[cursor..place].trim_end().len();
    exclusive(if end == cursor { characters::next(text, cursor) } else { end })
}

/// `e`; an operator takes the last character too, even where there is no further word.
fn word_end(text: &str, cursor: usize, kind: WordKind, times: usize) -> Motion {
    match vi_motion::word_end(text, cursor, kind, times) {
        place if place == cursor => exclusive(characters::next(text, cursor)),
        place => inclusive(place),
    }
}

/// `f F t T`, and `;` and `,` for the last of them.
fn character_search(state: &State, call: Call, operator: Option<(Operator, Count)>) -> Motion {
    let letter = call.letter();
    if matches!(letter, ';' | ',') {
        let Some(find) = state.vi.find else { return Motion::Fails };
        let is_forward = find.is_forward == (letter == ';');
        return found(state, Find { is_forward, ..find }, call.count);
    }
    let is_forward = letter.is_ascii_lowercase();
    let is_till = letter.eq_ignore_ascii_case(&'t');
    Motion::Character(Wants::Find { is_forward, is_till, count: call.count, operator })
}

/// The motion to a character.
pub fn found(state: &State, find: Find, count: Count) -> Motion {
    let (text, cursor) = (state.buffer.text(), state.buffer.cursor());
    match vi_motion::find(text, cursor, find, count.times()) {
        Some(place) if find.is_forward => inclusive(place),
        Some(place) => exclusive(place),
        None => Motion::Fails,
    }
}

/// The motion to a mark.
pub fn to_mark(state: &State, name: char) -> Motion {
    let place = state.vi.marks.get(&name).filter(|place| **place <= state.buffer.text().len());
    place.map_or(Motion::Fails, |place| exclusive(characters::floor(state.buffer.text(), *place)))
}

/// Makes a motion.
pub fn go(state: &mut State, motion: Motion) -> Outcome {
    let before = state.buffer.cursor();
    match motion {
        Motion::Character(wants) => Outcome::Character(wants),
        Motion::Fails => Outcome::Done(Effect::Bell),
        Motion::To { place, .. } => {
            state.buffer.set_cursor(place);
            state.rest_on_character();
            moved_or_bell(state.buffer.cursor() != before)
        }
    }
}

/// Does what an operator does on the way of a motion.
pub fn operate_on(state: &mut State, operator: Operator, motion: Motion) -> Outcome {
    let cursor = state.buffer.cursor();
    match motion {
        Motion::Character(wants) => Outcome::Character(wants),
        Motion::Fails => Outcome::Done(Effect::Bell),
        Motion::To { place, is_inclusive } => {
            let (start, mut end) = (cursor.min(place), cursor.max(place));
            // A motion that leads nowhere takes nothing, even if it takes its end.
            if is_inclusive && start != end {
                end = characters::next(state.buffer.text(), end);
            }
            operate(state, operator, start..end)
        }
    }
}

/// Does what an operator typed twice does: with so many lines. Of several they are taken whole, with
/// their ends; where there is but one, or it is changed, its text is.
pub fn operate_on_lines(state: &mut State, operator: Operator, times: usize) -> Outcome {
    let mut range = line(state);
    if operator == Operator::Change || !state.buffer.text().contains('\n') {
        return operate(state, operator, range);
    }
    for _ in 1..times {
        if range.end == state.buffer.text().len() {
            break;
        }
        range.end = characters::line_end(state.buffer.text(), range.end + 1);
    }
    let taken = format!("{}\n", &state.buffer.text()[range.clone()]);
    state.keep_text(&taken, Side::After);
    if operator == Operator::Yank {
        return Outcome::Done(Effect::Nothing);
    }
    state.buffer.delete(match range.end < state.buffer.text().len() {
        true => range.start..range.end + 1,
        false => range.start.saturating_sub(1)..range.end,
    });
    let start = state.buffer.line_start();
    state.buffer.set_cursor(start);
    Outcome::Done(Effect::Changed)
}

fn operate(state: &mut State, operator: Operator, range: Range<usize>) -> Outcome {
    let is_any = !range.is_empty();
    match operator {
        Operator::Yank => {
            state.keep(range, Side::After);
            moved_or_bell(is_any)
        }
        Operator::Delete => {
            let start = range.start;
            state.kill(range, Side::After);
            state.buffer.set_cursor(start);
            changed_or_bell(is_any)
        }
        Operator::Change => {
            let start = range.start;
            state.buffer.begin_group();
            state.kill(range, Side::After);
            begin_insertion(state, start);
            Outcome::Done(if is_any { Effect::Changed } else { Effect::Nothing })
        }
    }
}
