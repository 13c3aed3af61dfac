//! The commands on the text that emacs' keys are made of, many of which vi's use too.

use rustyline::{KeyCode, KeyEvent, Modifiers};

use super::characters;
use super::effect::Effect;
use super::function::Function;
use super::keymap::Mode;
use super::kill_ring::Side;
use super::notation;
use super::state::{Call, Count, Last, Outcome, State, Wants, changed_or_bell, moved_or_bell};

/// Runs a function that is one of these.
pub fn run(state: &mut State, call: Call) -> Option<Outcome> {
    movement(state, call).or_else(|| change(state, call)).or_else(|| killing(state, call))
}

fn movement(state: &mut State, call: Call) -> Option<Outcome> {
    let buffer = &mut state.buffer;
    let count = call.count;
    Some(match call.function {
        Function::BeginningOfLine => {
            let start = buffer.line_start();
            buffer.set_cursor(start);
            Outcome::Done(Effect::Nothing)
        }
        Function::EndOfLine => {
            let end = buffer.line_end();
            buffer.set_cursor(end);
            Outcome::Done(Effect::Nothing)
        }
        Function::BeginningOfText => {
            buffer.set_cursor(0);
            Outcome::Done(Effect::Nothing)
        }
        Function::EndOfText => {
            let end = buffer.text().len();
            buffer.set_cursor(end);
            Outcome::Done(Effect::Nothing)
        }
        Function::ForwardChar | Function::ForwardByte => {
            moved_or_bell(characters_moved(state, count.value))
        }
        Function::BackwardChar | Function::BackwardByte => {
            moved_or_bell(characters_moved(state, -count.value))
        }
        Function::ForwardWord => words_moved(state, count.value),
        Function::BackwardWord => words_moved(state, -count.value),
        Function::PreviousScreenLine => moved_or_bell(lines_moved(state, -count.value)),
        Function::NextScreenLine => moved_or_bell(lines_moved(state, count.value)),
        Function::CharacterSearch => find_character(count),
        Function::CharacterSearchBackward => find_character(count.reversed()),
        Function::SetMark => {
            let place = usize::try_from(count.value).ok().filter(|_| count.is_explicit);
            let place = place.filter(|place| *place <= buffer.text().len());
            let cursor = buffer.cursor();
            buffer.set_mark(place.unwrap_or(cursor));
            Outcome::Done(Effect::Nothing)
        }
        Function::ExchangePointAndMark => {
            let (mark, cursor) = (buffer.mark(), buffer.cursor());
            buffer.set_cursor(mark);
            buffer.set_mark(cursor);
            Outcome::Done(Effect::Nothing)
        }
        _ => return None,
    })
}

/// Moves by characters; in vi's command mode within the line.
fn characters_moved(state: &mut State, count: i64) -> bool {
    let before = state.buffer.cursor();
    if state.mode != Mode::ViCommand {
        return state.buffer.move_characters(count) || state.buffer.cursor() != before;
    }
    let (start, end) = (state.buffer.line_start(), state.buffer.line_end());
    state.buffer.move_characters(count);
    let place = state.buffer.cursor().clamp(start, end);
    state.buffer.set_cursor(place);
    state.rest_on_character();
    state.buffer.cursor() != before
}

fn words_moved(state: &mut State, count: i64) -> Outcome {
    let before = state.buffer.cursor();
    state.buffer.move_words(count);
    moved_or_bell(state.buffer.cursor() != before)
}

fn lines_moved(state: &mut State, count: i64) -> bool {
    (0..count.unsigned_abs())
        .all(|_| if count < 0 { state.buffer.up() } else { state.buffer.down() })
}

fn find_character(count: Count) -> Outcome {
    let is_forward = count.value >= 0;
    Outcome::Character(Wants::Find { is_forward, is_till: false, count, operator: None })
}

fn change(state: &mut State, call: Call) -> Option<Outcome> {
    let count = call.count;
    Some(match call.function {
        Function::SelfInsert => self_insert(state, call.key, count),
        Function::TabInsert if count.value == 1 => {
            state.buffer.type_character("\t");
            Outcome::Done(Effect::Changed)
        }
        Function::TabInsert if count.value > 1 => {
            changed_or_bell(state.insert_times("\t", count.times()))
        }
        Function::InsertLineBreak => {
            if state.mode == Mode::ViCommand {
                state.buffer.move_characters(1);
            }
            changed_or_bell(state.insert_times("\n", count.times()))
        }
        Function::QuotedInsert => Outcome::Character(Wants::Quoted(count)),
        Function::OverwriteMode => {
            state.is_overwriting = match count {
                Count { is_explicit: true, value } => value <= 0,
                _ => !state.is_overwriting,
            };
            Outcome::Done(Effect::Nothing)
        }
        Function::DeleteChar => delete_char(state, call),
        Function::DeleteCharOrList => {
            let is_at_end = state.buffer.cursor() == state.buffer.text().len();
            if is_at_end && !state.buffer.text().is_empty() {
                Outcome::Done(Effect::PossibleCompletions)
            } else {
                delete_char(state, call)
            }
        }
        Function::BackwardDeleteChar => delete_backward(state, count),
        Function::ForwardBackwardDeleteChar => {
            if state.buffer.cursor() == state.buffer.text().len() {
                delete_backward(state, count)
            } else {
                delete_forward(state, count)
            }
        }
        Function::DeleteHorizontalSpace => delete_horizontal_space(state),
        Function::TransposeChars => changed_or_bell(transpose_chars(state, count.value)),
        Function::TransposeWords => {
            let times = u16::try_from(count.value).unwrap_or(1);
            changed_or_bell(times > 0 && state.buffer.transpose_words(times))
        }
        Function::UpcaseWord => change_case(state, count, Case::Upper),
        Function::DowncaseWord => change_case(state, count, Case::Lower),
        Function::CapitalizeWord => change_case(state, count, Case::Capital),
        Function::Undo | Function::ViUndo => {
            let undone = (0..count.times()).take_while(|_| state.buffer.undo()).count();
            changed_or_bell(undone > 0)
        }
        Function::RevertLine => {
            let is_any = state.buffer.can_undo();
            while state.buffer.undo() {}
            if is_any && state.mode != Mode::Emacs {
                state.buffer.set_cursor(0);
            }
            changed_or_bell(is_any)
        }
        Function::InsertComment => {
            insert_comment(state, count);
            Outcome::Done(Effect::Accept)
        }
        Function::TildeExpand | Function::ViTildeExpand => Outcome::Done(Effect::ExpandTilde),
        _ => return None,
    })
}

fn self_insert(state: &mut State, key: KeyEvent, count: Count) -> Outcome {
    let text = typed_text(key);
    if text.is_empty() || count.value < 0 {
        return Outcome::Done(Effect::Bell);
    }
    insert_typed(state, &text, count.times())
}

/// What a key types.
fn typed_text(KeyEvent(code, modifiers): KeyEvent) -> String {
    match code {
        // A key that types itself where it is bound to nothing else.
        KeyCode::Char(c) if !modifiers.contains(Modifiers::CTRL) => c.to_string(),
        _ => notation::bytes_of(KeyEvent(code, modifiers)),
    }
}

/// Inserts or overwrites with what was typed.
pub fn insert_typed(state: &mut State, text: &str, times: usize) -> Outcome {
    if state.is_overwriting {
        let cursor = state.buffer.cursor();
        let (end, _) = characters::forward(state.buffer.text(), cursor, times);
        let end = end.min(state.buffer.line_end());
        state.buffer.begin_group();
        state.buffer.delete(cursor..end);
        let is_done = state.insert_times(text, times);
        state.buffer.end_group();
        return changed_or_bell(is_done);
    }
    if times == 1 {
        state.buffer.type_character(text);
        return Outcome::Done(Effect::Changed);
    }
    changed_or_bell(state.insert_times(text, times))
}

/// Inserts what a quoted key sends.
pub fn insert_quoted(state: &mut State, key: KeyEvent, count: Count) -> Outcome {
    let text = notation::bytes_of(key);
    if count.value < 0 {
        return Outcome::Done(Effect::Bell);
    }
    insert_typed(state, &text, count.times())
}

fn delete_char(state: &mut State, call: Call) -> Outcome {
    let is_end_key = call.key == KeyEvent(KeyCode::Char('D'), Modifiers::CTRL);
    if state.buffer.text().is_empty() && is_end_key && !call.count.is_explicit {
        return Outcome::Done(Effect::Eof);
    }
    delete_forward(state, call.count)
}

fn delete_forward(state: &mut State, count: Count) -> Outcome {
    if count.value < 0 {
        return delete_backward(state, count.reversed());
    }
    let cursor = state.buffer.cursor();
    let (end, done) = characters::forward(state.buffer.text(), cursor, count.times());
    delete_or_kill(state, cursor..end, Side::After, count);
    changed_or_bell(done > 0)
}

fn delete_backward(state: &mut State, count: Count) -> Outcome {
    if count.value < 0 {
        return delete_forward(state, count.reversed());
    }
    let cursor = state.buffer.cursor();
    let (start, done) = characters::backward(state.buffer.text(), cursor, count.times());
    if state.is_overwriting && cursor < state.buffer.line_end() {
        state.buffer.begin_group();
        delete_or_kill(state, start..cursor, Side::Before, count);
        state.buffer.insert(&" ".repeat(done));
        state.buffer.end_group();
        state.buffer.set_cursor(start);
    } else {
        delete_or_kill(state, start..cursor, Side::Before, count);
    }
    changed_or_bell(done > 0)
}

/// With a number, what is deleted is killed.
fn delete_or_kill(state: &mut State, range: std::ops::Range<usize>, side: Side, count: Count) {
    if count.is_explicit {
        state.kill(range, side);
    } else {
        state.buffer.delete(range);
    }
}

fn delete_horizontal_space(state: &mut State) -> Outcome {
    let (text, cursor) = (state.buffer.text(), state.buffer.cursor());
    let is_blank = |c: char| matches!(c, ' ' | '\t');
    let start = text[..cursor].trim_end_matches(is_blank).len();
    let end = text.len() - text[cursor..].trim_start_matches(is_blank).len();
    state.buffer.delete(start..end);
    Outcome::Done(if start == end { Effect::Nothing } else { Effect::Changed })
}

/// Drags the character before the cursor over so many others.
fn transpose_chars(state: &mut State, count: i64) -> bool {
    let text = state.buffer.text();
    // At the end the last two are exchanged, whatever the number.
    let (cursor, times) = match state.buffer.cursor() {
        end if end == text.len() => (characters::previous(text, end), 1),
        cursor => (cursor, usize::try_from(count).unwrap_or(0)),
    };
    if cursor == 0 || times == 0 {
        return false;
    }
    let start = characters::previous(text, cursor);
    let (target, _) = characters::forward(text, cursor, times);
    let moved = format!("{}{}", &text[cursor..target], &text[start..cursor]);
    state.buffer.replace(start..target, &moved);
    true
}

#[derive(Clone, Copy)]
enum Case {
    Upper,
    Lower,
    Capital,
}

fn change_case(state: &mut State, count: Count, case: Case) -> Outcome {
    let cursor = state.buffer.cursor();
    let there = state.buffer.peek(|buffer| buffer.move_words(count.value));
    let range = cursor.min(there)..cursor.max(there);
    let mut is_in_word = false;
    let mut changed = String::new();
    for c in state.buffer.text()[range.clone()].chars() {
        match case {
            _ if !c.is_alphanumeric() => changed.push(c),
            Case::Upper => changed.extend(c.to_uppercase()),
            Case::Capital if !is_in_word => changed.extend(c.to_uppercase()),
            Case::Lower | Case::Capital => changed.extend(c.to_lowercase()),
        }
        is_in_word = c.is_alphanumeric();
    }
    let is_any = !range.is_empty();
    if is_any {
        state.buffer.replace(range, &changed);
    }
    changed_or_bell(is_any)
}

/// Makes each line a comment; with a number, takes that back where they all are.
fn insert_comment(state: &mut State, count: Count) {
    let begin = state.settings.comment_begin.clone();
    let text = state.buffer.text();
    let uncommented: Option<Vec<&str>> = text.split('\n').map(|l| l.strip_prefix(&begin)).collect();
    let changed = match uncommented.filter(|_| count.is_explicit) {
        Some(lines) => lines.join("\n"),
        None => {
            text.split('\n').map(|line| format!("{begin}{line}")).collect::<Vec<_>>().join("\n")
        }
    };
    let end = changed.len();
    state.buffer.set(&changed, end);
}

fn killing(state: &mut State, call: Call) -> Option<Outcome> {
    let outcome = kill(state, call)?;
    let is_yank = matches!(call.function, Function::Yank | Function::YankPop);
    if state.mode == Mode::Emacs && !is_yank {
        state.buffer.set_mark(state.buffer.cursor());
    }
    Some(outcome)
}

fn kill(state: &mut State, call: Call) -> Option<Outcome> {
    let count = call.count;
    let cursor = state.buffer.cursor();
    let is_back = count.value < 0;
    Some(match call.function {
        Function::KillLine if is_back => kill_to_line_start(state),
        Function::KillLine => kill_to_line_end(state),
        Function::BackwardKillLine if is_back => kill_to_line_end(state),
        Function::BackwardKillLine | Function::UnixLineDiscard => kill_to_line_start(state),
        Function::KillWholeLine => kill_whole_line(state),
        Function::KillWord => kill_words(state, count.value),
        Function::BackwardKillWord => kill_words(state, -count.value),
        Function::UnixWordRubout => {
            let start = rubout_start(state, count, char::is_whitespace);
            kill_back_to(state, start)
        }
        Function::UnixFilenameRubout => {
            let start = rubout_start(state, count, |c| c.is_whitespace() || c == '/');
            kill_back_to(state, start)
        }
        Function::KillRegion => {
            let region = state.buffer.region();
            let is_any = !region.is_empty();
            state.kill(region, Side::After);
            changed_or_bell(is_any)
        }
        Function::CopyRegionAsKill => {
            state.keep(state.buffer.region(), Side::After);
            Outcome::Done(Effect::Nothing)
        }
        Function::CopyForwardWord => {
            let end = state.buffer.peek(|buffer| buffer.move_words(count.value));
            state.keep(cursor.min(end)..cursor.max(end), Side::After);
            Outcome::Done(Effect::Nothing)
        }
        Function::CopyBackwardWord => {
            let start = state.buffer.peek(|buffer| buffer.move_words(-count.value));
            state.keep(cursor.min(start)..cursor.max(start), Side::Before);
            Outcome::Done(Effect::Nothing)
        }
        Function::Yank => changed_or_bell(yank(state)),
        Function::YankPop | Function::ViYankPop => changed_or_bell(yank_pop(state)),
        _ => return None,
    })
}

/// Kills to the end of the line; there, the line's end.
fn kill_to_line_end(state: &mut State) -> Outcome {
    let (cursor, end) = (state.buffer.cursor(), state.buffer.line_end());
    let end = if cursor == end { (end + 1).min(state.buffer.text().len()) } else { end };
    state.kill(cursor..end, Side::After);
    Outcome::Done(if cursor == end { Effect::Nothing } else { Effect::Changed })
}

/// Kills to the start of the line; there, the end of the line above.
fn kill_to_line_start(state: &mut State) -> Outcome {
    let (cursor, start) = (state.buffer.cursor(), state.buffer.line_start());
    let start = if cursor == start { start.saturating_sub(1) } else { start };
    kill_back_to(state, start)
}

/// Kills the line with its end.
fn kill_whole_line(state: &mut State) -> Outcome {
    let (start, end) = (state.buffer.line_start(), state.buffer.line_end());
    let range = match end < state.buffer.text().len() {
        true => start..end + 1,
        false => start.saturating_sub(1)..end,
    };
    let is_any = !range.is_empty();
    state.kill(range, Side::After);
    changed_or_bell(is_any)
}

fn kill_words(state: &mut State, count: i64) -> Outcome {
    let cursor = state.buffer.cursor();
    let there = state.buffer.peek(|buffer| buffer.move_words(count));
    let side = if there < cursor { Side::Before } else { Side::After };
    state.kill(cursor.min(there)..cursor.max(there), side);
    Outcome::Done(if there == cursor { Effect::Nothing } else { Effect::Changed })
}

fn kill_back_to(state: &mut State, start: usize) -> Outcome {
    let cursor = state.buffer.cursor();
    state.kill(start..cursor, Side::Before);
    changed_or_bell(start < cursor)
}

/// Back over what separates words, then over the word.
fn rubout_start(state: &State, count: Count, separates: impl Fn(char) -> bool) -> usize {
    let mut rest = &state.buffer.text()[..state.buffer.cursor()];
    for _ in 0..count.times() {
        let word = rest.trim_end_matches(&separates);
        rest = word.trim_end_matches(|c| !separates(c));
        if rest.is_empty() {
            break;
        }
    }
    rest.len()
}

fn yank(state: &mut State) -> bool {
    let Some(text) = state.kills.last().map(str::to_owned) else { return false };
    let start = state.buffer.cursor();
    state.buffer.set_mark(start);
    state.buffer.insert(&text);
    state.now = Last::Yank { start };
    true
}

fn yank_pop(state: &mut State) -> bool {
    let Last::Yank { start } = state.last else { return false };
    state.kills.rotate();
    let Some(text) = state.kills.last().map(str::to_owned) else { return false };
    let cursor = state.buffer.cursor();
    state.buffer.replace(start..cursor, &text);
    state.now = Last::Yank { start };
    true
}
