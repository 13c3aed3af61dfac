//! Keys in, text and effects out.
//!
//! Owns the way from a key to its command: keymaps, numbers, macros, what waits for a further key, and
//! what `.` repeats. The commands themselves are in emacs.rs, recall.rs and vi.rs.

use std::ops::Range;
use std::time::Duration;

use rustyline::{KeyCode, KeyEvent, Modifiers};

use super::argument::Argument;
use super::buffer::Draft;
use super::effect::{Dump, Effect};
use super::emacs;
use super::function::Function;
use super::inputrc::Inputrc;
use super::keymap::{Binding, Found, Keymap, Mode};
use super::keys::Input;
use super::listing;
use super::macros::Macros;
use super::query::{Answer, Query};
use super::recall;
use super::repeat::{Change, Repeat};
use super::resolver::{Resolved, Resolver};
use super::settings::EditingMode;
use super::state::{Call, Count, Last, Operator, Outcome, State, Wants};
use super::vi;
use super::vi_motion::Find;
use super::walk::Entries;
use crate::help::KeyRow;

/// The text being edited, and all that keys do to it.
#[derive(Debug)]
pub struct Editing {
    state: State,
    resolver: Resolver,
    argument: Option<Argument>,
    waiting: Option<Waiting>,
    query: Option<Query>,
    macros: Macros,
    repeat: Repeat,
    /// After [`Effect::AcceptAndNext`]: the entry to go on with, by place and text.
    next_entry: Option<(usize, Option<String>)>,
}

/// A command that waits for what belongs to it.
#[derive(Debug)]
enum Waiting {
    Character(Wants),
    Motion(Operator, Count),
}

impl Editing {
    /// An editor with the user's settings and keys.
    pub fn new(inputrc: &Inputrc) -> Editing {
        let mut editing = Editing {
            state: State::new(inputrc.settings.clone()),
            resolver: Resolver::new(inputrc.keymaps.clone()),
            argument: None,
            waiting: None,
            query: None,
            macros: Macros::default(),
            repeat: Repeat::default(),
            next_entry: None,
        };
        editing.state.mode = editing.first_mode();
        editing
    }

    /// Takes settings and keys read anew.
    pub fn configure(&mut self, inputrc: &Inputrc) {
        self.state.settings = inputrc.settings.clone();
        self.resolver = Resolver::new(inputrc.keymaps.clone());
        self.state.mode = self.first_mode();
    }

    /// Begins a text. After [`Effect::AcceptAndNext`] an empty one becomes the entry that is next.
    pub fn start(&mut self, text: &str, cursor: usize, history: &dyn Entries) {
        self.forget_pending();
        self.state.walk.clear();
        self.state.buffer.load(Draft::of(text));
        self.state.now = Last::Other;
        self.state.vi.was_in_command = false;
        self.state.vi.overstruck = None;
        self.state.vi.marks.clear();
        self.state.is_overwriting = false;
        self.state.mode = self.first_mode();
        if self.state.mode == Mode::ViInsert && !self.repeat.has_change() {
            // Until there is a change, `.` repeats what was typed first.
            self.begin_typing();
        }
        let next = self.next_entry.take().and_then(|next| find_again(next, history));
        match next.filter(|_| text.is_empty()) {
            Some(index) => self.recall(index, usize::MAX, history),
            None => self.set_cursor(cursor),
        }
    }

    fn first_mode(&self) -> Mode {
        match self.state.settings.editing_mode {
            EditingMode::Emacs => Mode::Emacs,
            EditingMode::Vi => Mode::ViInsert,
        }
    }

    /// What a key or a paste does.
    pub fn key(&mut self, input: Input, history: &dyn Entries) -> Effect {
        let key = match input {
            Input::Key(key) => key,
            Input::Paste(text) => return self.paste(text),
            Input::Mouse(_) => return Effect::Nothing,
            Input::Invalid(_) => return Effect::Bell,
        };
        self.macros.typed(key);
        let effect = self.signal_key(key).unwrap_or_else(|| self.step(key, history));
        self.play_on(effect, history)
    }

    /// Goes on with a macro after an effect that the loop had to see to; nothing if there is no more
    /// of it. To be called after every effect, until it gives nothing.
    pub fn resume(&mut self, history: &dyn Entries) -> Option<Effect> {
        self.macros.is_playing().then(|| self.play_on(Effect::Nothing, history))
    }

    /// How long to wait for a further key before [`Editing::timed_out`] is called; nothing: for ever.
    pub fn key_timeout(&self) -> Option<Duration> {
        let milliseconds = u64::try_from(self.state.settings.keyseq_timeout).ok()?;
        let is_ambiguous = self.resolver.is_ambiguous(self.mode_of_keys());
        (is_ambiguous && milliseconds > 0).then(|| Duration::from_millis(milliseconds))
    }

    /// No key came within [`Editing::key_timeout`].
    pub fn timed_out(&mut self, history: &dyn Entries) -> Effect {
        let resolved = self.resolver.timed_out(self.mode_of_keys());
        let effect = self.take_up(resolved, history);
        self.play_on(effect, history)
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.state.buffer.text()
    }

    /// Where the cursor is, in bytes.
    pub fn cursor(&self) -> usize {
        self.state.buffer.cursor()
    }

    /// Moves the cursor.
    pub fn set_cursor(&mut self, cursor: usize) {
        self.state.now = Last::Other;
        self.state.buffer.set_cursor(cursor);
    }

    /// Replaces all of the text, as one change that can be undone.
    pub fn set(&mut self, text: &str, cursor: usize) {
        self.state.now = Last::Other;
        self.state.buffer.set(text, cursor);
    }

    /// Replaces a part of the text, and puts the cursor behind it.
    pub fn replace(&mut self, range: Range<usize>, text: &str) {
        self.state.now = Last::Other;
        self.state.buffer.replace(range, text);
    }

    /// Inserts at the cursor.
    pub fn insert(&mut self, text: &str) {
        self.state.now = Last::Other;
        self.state.buffer.insert(text);
    }

    /// Opens a line: Enter where the text is not whole. vi's commands go over to typing.
    pub fn open_line(&mut self) {
        if self.state.mode == Mode::ViCommand {
            let end = self.state.buffer.line_end();
            self.state.buffer.set_cursor(end);
            self.state.buffer.begin_group();
            self.state.mode = Mode::ViInsert;
        }
        self.insert("\n");
    }

    /// Shows an entry of the history: what a search has found. Up and Down go on from there.
    pub fn recall(&mut self, index: usize, cursor: usize, history: &dyn Entries) {
        self.state.now = Last::Other;
        self.state.buffer.end_groups();
        self.state.walk.go_to(index, &mut self.state.buffer, history);
        self.state.buffer.set_cursor(cursor);
        self.state.rest_on_character();
    }

    /// The history's entry that is shown; nothing if it is the text being written.
    pub fn history_index(&self) -> Option<usize> {
        self.state.walk.index()
    }

    /// The keys in force.
    pub fn mode(&self) -> Mode {
        self.state.mode
    }

    /// What stands before the prompt to show the mode; empty unless asked for. May hold marks
    /// `\x01` and `\x02` around escape sequences, as prompts do.
    pub fn mode_string(&self) -> &str {
        let settings = &self.state.settings;
        match self.state.mode {
            _ if !settings.show_mode_in_prompt => "",
            Mode::Emacs => &settings.emacs_mode_string,
            Mode::ViInsert => &settings.vi_ins_mode_string,
            Mode::ViCommand => &settings.vi_cmd_mode_string,
        }
    }

    /// A number typed before a key.
    pub fn argument(&self) -> Option<i64> {
        self.argument.map(|argument| argument.count().value)
    }

    /// While a text to search for is asked for (vi's `/`, Alt-P): what to show before it, the text, and
    /// the cursor in it.
    pub fn query(&self) -> Option<(&str, &str, usize)> {
        self.query.as_ref().map(Query::shown)
    }

    /// Whether an entry of the history is shown that was changed, and `mark-modified-lines` is on.
    pub fn is_modified_entry(&self, history: &dyn Entries) -> bool {
        let entry = self.state.walk.index().and_then(|index| history.get(index));
        self.state.settings.mark_modified_lines && entry.is_some_and(|entry| entry != self.text())
    }

    /// What a dump function prints, with line ends.
    pub fn dump(&self, dump: Dump) -> String {
        match dump {
            Dump::Functions => listing::functions(self.keymap()),
            Dump::Variables => listing::variables(&self.state.settings),
            Dump::Macros => listing::macros(self.keymap()),
            Dump::LastMacro => listing::macro_row(self.macros.recorded()),
        }
    }

    /// The keys of a mode, for the help.
    pub fn key_rows(&self, mode: Mode) -> Vec<KeyRow> {
        listing::rows(self.resolver.keymap(mode))
    }

    /// The mode whose keys are in force: after an operator of vi's motions are commands.
    fn mode_of_keys(&self) -> Mode {
        match self.waiting {
            Some(Waiting::Motion(..)) => Mode::ViCommand,
            _ => self.state.mode,
        }
    }

    fn keymap(&self) -> &Keymap {
        self.resolver.keymap(self.mode_of_keys())
    }

    /// Forgets what waits for further keys.
    fn forget_pending(&mut self) {
        self.resolver.forget();
        self.argument = None;
        self.waiting = None;
        self.query = None;
        self.repeat.abandon();
        self.state.buffer.end_groups();
    }

    fn paste(&mut self, text: String) -> Effect {
        if let Some(query) = &mut self.query {
            query.insert(&text);
            return Effect::Changed;
        }
        self.repeat.note(Input::Paste(text.clone()));
        self.resolver.forget();
        self.argument = None;
        self.waiting = None;
        self.insert(&text);
        self.state.rest_on_character();
        Effect::Changed
    }

    /// Ctrl-C, Ctrl-Z and Ctrl-\ are obeyed whatever waits for a key, unless it is to be quoted.
    fn signal_key(&mut self, key: KeyEvent) -> Option<Effect> {
        if matches!(self.waiting, Some(Waiting::Character(Wants::Quoted(_)))) {
            return None;
        }
        match self.resolver.keymap(self.state.mode).find(&[key]) {
            Found::Bound(Binding::Function(Function::Interrupt)) => {
                self.forget_pending();
                self.macros.abandon();
                Some(Effect::Interrupt)
            }
            Found::Bound(Binding::Function(Function::Suspend)) => Some(Effect::Suspend),
            Found::Bound(Binding::Function(Function::Quit)) => Some(Effect::Quit),
            _ => None,
        }
    }

    /// Plays what is left of macros, until the loop has something to do.
    fn play_on(&mut self, first: Effect, history: &dyn Entries) -> Effect {
        let mut effect = first;
        while matches!(effect, Effect::Nothing | Effect::Changed | Effect::Bell) {
            let Some(key) = self.macros.next_key() else { break };
            let next = self.step(key, history);
            effect = match (effect, next) {
                (Effect::Bell, Effect::Nothing | Effect::Changed) => Effect::Bell,
                (Effect::Changed, Effect::Nothing) => Effect::Changed,
                (_, next) => next,
            };
        }
        effect
    }

    /// What one key does.
    fn step(&mut self, key: KeyEvent, history: &dyn Entries) -> Effect {
        let effect = self.dispatch(key, history);
        self.end_change();
        effect
    }

    /// Notes keys of the change that is being made.
    fn note(&mut self, keys: &[KeyEvent]) {
        for key in keys {
            self.repeat.note(Input::Key(*key));
        }
    }

    /// What one key does by what waits for it, or by the keymap.
    fn dispatch(&mut self, key: KeyEvent, history: &dyn Entries) -> Effect {
        if let Some(query) = &mut self.query {
            return match query.key(key) {
                Answer::Edited => Effect::Changed,
                Answer::Abandoned => {
                    self.query = None;
                    Effect::Bell
                }
                Answer::Whole(wanted) => {
                    let is_backward = query.is_backward;
                    self.query = None;
                    let outcome = recall::search_for(&mut self.state, wanted, is_backward, history);
                    self.settle(outcome)
                }
            };
        }
        if let Some(Waiting::Character(wants)) = self.waiting {
            self.waiting = None;
            self.note(&[key]);
            return self.character(key, wants);
        }
        if !self.resolver.holds_keys() && self.goes_on_with_number(key) {
            self.note(&[key]);
            return Effect::Nothing;
        }
        let resolved = self.resolver.key(key, self.mode_of_keys());
        self.take_up(resolved, history)
    }

    /// Does what keys came to.
    fn take_up(&mut self, resolved: Resolved, history: &dyn Entries) -> Effect {
        match resolved {
            Resolved::Held => Effect::Nothing,
            Resolved::Bound { keys, binding, rest } => {
                self.macros.play(&rest);
                self.run(binding, &keys, history)
            }
            Resolved::Types(key) => {
                self.note(&[key]);
                self.call(Function::SelfInsert, key, history)
            }
            Resolved::Unbound { rest } => {
                self.macros.play(&rest);
                self.waiting = None;
                self.argument = None;
                Effect::Bell
            }
        }
    }

    /// A digit after others, or after the number's sign.
    fn goes_on_with_number(&mut self, KeyEvent(code, modifiers): KeyEvent) -> bool {
        match (&mut self.argument, code) {
            (Some(argument), KeyCode::Char(c)) if !modifiers.contains(Modifiers::CTRL) => {
                argument.push(c)
            }
            _ => false,
        }
    }

    fn run(&mut self, binding: Binding, keys: &[KeyEvent], history: &dyn Entries) -> Effect {
        match (binding, keys.last()) {
            (Binding::Function(function), Some(key)) => {
                self.note(keys);
                self.call(function, *key, history)
            }
            (Binding::Macro(keys), _) => {
                self.macros.play(&keys);
                Effect::Nothing
            }
            (Binding::Function(_), None) => Effect::Nothing,
        }
    }

    /// Calls a function with the number typed before.
    fn call(&mut self, function: Function, key: KeyEvent, history: &dyn Entries) -> Effect {
        if let Some(effect) = self.number_function(function, key) {
            return effect;
        }
        let count = self.argument.take().map_or(Count::NONE, Argument::count);
        let call = Call { function, count, key };
        if let Some(Waiting::Motion(operator, first)) = self.waiting.take() {
            return self.motion(call, operator, first);
        }
        if function == Function::ViRedo {
            return self.redo(count, history);
        }
        self.begin_change(call);
        self.state.last = std::mem::take(&mut self.state.now);
        if let Some(effect) = self.own_function(call, history) {
            return effect;
        }
        let state = &mut self.state;
        let outcome = overstruck(state, call)
            .or_else(|| vi::run(state, call))
            .or_else(|| recall::run(state, call, history))
            .or_else(|| emacs::run(state, call));
        self.settle(outcome.unwrap_or(Outcome::Done(Effect::Bell)))
    }

    /// The functions that make up a number.
    fn number_function(&mut self, function: Function, key: KeyEvent) -> Option<Effect> {
        match (function, key.0) {
            (Function::UniversalArgument, _) => {
                self.argument = Some(Argument::universal(self.argument));
            }
            (Function::DigitArgument | Function::ViArgDigit, KeyCode::Char(c)) => {
                let goes_on = self.argument.as_mut().is_some_and(|argument| argument.push(c));
                if !goes_on {
                    self.argument = Some(Argument::starting_with(c));
                }
            }
            _ => return None,
        }
        Some(Effect::Nothing)
    }

    /// The functions that are the loop's to see to, and those on keys themselves.
    fn own_function(&mut self, call: Call, history: &dyn Entries) -> Option<Effect> {
        let effect = match call.function {
            Function::AcceptLine => Effect::Accept,
            Function::OperateAndGetNext => {
                self.next_entry = self
                    .state
                    .walk
                    .index()
                    .map(|index| (index + 1, history.get(index + 1).map(str::to_owned)));
                Effect::AcceptAndNext
            }
            Function::Interrupt => Effect::Interrupt,
            Function::Suspend => Effect::Suspend,
            Function::Quit => Effect::Quit,
            Function::ClearScreen => Effect::ClearScreen,
            Function::ClearDisplay => Effect::ClearDisplay,
            Function::RedrawCurrentLine => Effect::Redraw,
            Function::Complete if self.state.settings.disable_completion => {
                return Some(self.call(Function::SelfInsert, call.key, history));
            }
            Function::Complete => Effect::Complete,
            Function::MenuComplete | Function::OldMenuComplete => Effect::MenuComplete,
            Function::MenuCompleteBackward => Effect::MenuCompleteBackward,
            Function::PossibleCompletions => Effect::PossibleCompletions,
            Function::InsertCompletions => Effect::InsertCompletions,
            Function::ViComplete => match call.letter() {
                '=' => Effect::PossibleCompletions,
                '*' => Effect::InsertCompletions,
                _ => Effect::Complete,
            },
            Function::ReverseSearchHistory => Effect::SearchBackward,
            Function::ForwardSearchHistory => Effect::SearchForward,
            Function::EditAndExecuteCommand => Effect::EditExternally,
            Function::ReReadInitFile => Effect::ReReadInit,
            Function::DumpFunctions => Effect::Print(Dump::Functions),
            Function::DumpVariables => Effect::Print(Dump::Variables),
            Function::DumpMacros => Effect::Print(Dump::Macros),
            Function::PrintLastKbdMacro => Effect::Print(Dump::LastMacro),
            Function::StartKbdMacro => {
                self.macros.start_recording(call.count.is_explicit);
                Effect::Nothing
            }
            Function::EndKbdMacro => self.end_recording(call.count),
            Function::CallLastKbdMacro if self.macros.play_recorded(call.count.times()) => {
                Effect::Nothing
            }
            Function::CallLastKbdMacro => Effect::Bell,
            Function::EmacsEditingMode => self.set_editing_mode(EditingMode::Emacs),
            Function::ViEditingMode => self.set_editing_mode(EditingMode::Vi),
            Function::Abort => {
                self.forget_pending();
                Effect::Bell
            }
            Function::DoLowercaseVersion
            | Function::SkipCsiSequence
            | Function::ArrowKeyPrefix
            | Function::BracketedPasteBegin
            | Function::TtyStatus => Effect::Nothing,
            _ => return None,
        };
        Some(effect)
    }

    fn set_editing_mode(&mut self, mode: EditingMode) -> Effect {
        self.state.settings.editing_mode = mode;
        self.state.buffer.end_groups();
        self.state.mode = self.first_mode();
        Effect::Nothing
    }

    /// Ends the recording, without the keys that ended it; with a number it is played so often.
    fn end_recording(&mut self, count: Count) -> Effect {
        let keys = self.macros.recording().unwrap_or_default();
        let ending = self.keymap().longest_ending(keys, Function::EndKbdMacro);
        if !self.macros.end_recording(ending) {
            return Effect::Bell;
        }
        if count.is_explicit {
            self.macros.play_recorded(count.times());
        }
        Effect::Nothing
    }

    /// Takes up what a command came to.
    fn settle(&mut self, outcome: Outcome) -> Effect {
        match outcome {
            Outcome::Done(effect) => {
                self.state.rest_on_character();
                effect
            }
            Outcome::Character(wants) => {
                self.waiting = Some(Waiting::Character(wants));
                Effect::Nothing
            }
            Outcome::Motion(operator, count) => {
                self.waiting = Some(Waiting::Motion(operator, count));
                Effect::Nothing
            }
            Outcome::Query { is_backward, prompt } => {
                self.query = Some(Query::new(prompt, is_backward));
                Effect::Changed
            }
        }
    }

    /// The function called after an operator: a motion, or the operator again for the line.
    fn motion(&mut self, call: Call, operator: Operator, first: Count) -> Effect {
        self.state.last = std::mem::take(&mut self.state.now);
        let repeated = match operator {
            Operator::Delete => Function::ViDeleteTo,
            Operator::Change => Function::ViChangeTo,
            Operator::Yank => Function::ViYankTo,
        };
        let count = Count {
            is_explicit: first.is_explicit || call.count.is_explicit,
            value: first.value.saturating_mul(call.count.value),
        };
        if call.function == repeated && !call.is_capital() {
            let outcome = vi::operate_on_lines(&mut self.state, operator, count.times());
            return self.settle(outcome);
        }
        let call = Call { count, ..call };
        let outcome = match vi::motion(&mut self.state, call, Some((operator, count))) {
            Some(motion) => vi::operate_on(&mut self.state, operator, motion),
            None => Outcome::Done(Effect::Bell),
        };
        self.settle(outcome)
    }

    /// A character that a command waited for.
    fn character(&mut self, key: KeyEvent, wants: Wants) -> Effect {
        if let Wants::Quoted(count) = wants {
            let outcome = emacs::insert_quoted(&mut self.state, key, count);
            return self.settle(outcome);
        }
        let KeyEvent(code, modifiers) = key;
        let c = match code {
            KeyCode::Char(c) if !modifiers.intersects(Modifiers::CTRL | Modifiers::ALT) => c,
            KeyCode::Tab => '\t',
            // Escape gives it up; what was typed with it is a command again.
            _ if modifiers.contains(Modifiers::ALT) => {
                let plain = KeyEvent(code, modifiers.difference(Modifiers::ALT));
                self.macros.play(&[plain]);
                return Effect::Bell;
            }
            _ => return Effect::Bell,
        };
        let state = &mut self.state;
        let outcome = match wants {
            Wants::Replacement(count) => vi::replace_characters(state, c, count),
            Wants::SetMark => {
                let cursor = state.buffer.cursor();
                state.vi.marks.insert(c, cursor);
                Outcome::Done(Effect::Nothing)
            }
            Wants::GotoMark(operator) => {
                let motion = vi::to_mark(state, c);
                moved(state, motion, operator)
            }
            Wants::Find { is_forward, is_till, count, operator } => {
                let find = Find { is_forward, is_till, wanted: c };
                state.vi.find = Some(find);
                let motion = vi::found(state, find, count);
                moved(state, motion, operator)
            }
            Wants::Quoted(_) => Outcome::Done(Effect::Bell),
        };
        self.settle(outcome)
    }

    /// Begins to note the keys of a change that `.` repeats.
    fn begin_change(&mut self, call: Call) {
        if self.state.mode == Mode::ViInsert && vi::interrupts_typing(call.function) {
            self.begin_typing();
        }
        if self.state.mode != Mode::ViCommand || !vi::is_repeatable(call.function) {
            return;
        }
        self.repeat.begin(match call.function {
            Function::ViInsertionMode
            | Function::ViInsertBeg
            | Function::ViAppendMode
            | Function::ViAppendEol => Change::typing(call.key, call.count),
            _ => Change::command(call.key, call.count),
        });
    }

    /// Begins to note what is typed, without a command before it.
    fn begin_typing(&mut self) {
        let key = KeyEvent(KeyCode::Char('i'), Modifiers::NONE);
        self.repeat.begin(Change::typing(key, Count::NONE));
    }

    /// A change ends with the command, or with what is typed in it.
    fn end_change(&mut self) {
        let is_whole = self.state.mode == Mode::ViCommand
            && self.waiting.is_none()
            && self.argument.is_none()
            && !self.resolver.holds_keys();
        if is_whole {
            self.repeat.end();
        }
    }

    /// `.`: the last change again.
    fn redo(&mut self, count: Count, history: &dyn Entries) -> Effect {
        let Some((inputs, number)) = self.repeat.start_again(count) else { return Effect::Bell };
        self.argument = number.is_explicit.then(|| Argument::of(number));
        for input in inputs {
            match input {
                Input::Key(key) => drop(self.step(key, history)),
                Input::Paste(text) => self.insert(&text),
                Input::Mouse(_) | Input::Invalid(_) => {}
            }
        }
        self.repeat.finish_again();
        Effect::Changed
    }
}

/// Goes where a motion leads, or does what an operator does on the way.
fn moved(state: &mut State, motion: vi::Motion, operator: Option<(Operator, Count)>) -> Outcome {
    match operator {
        Some((operator, _)) => vi::operate_on(state, operator, motion),
        None => vi::go(state, motion),
    }
}

/// What is typed, and taken back, while vi's `R` overwrites.
fn overstruck(state: &mut State, call: Call) -> Option<Outcome> {
    state.vi.overstruck.as_ref().filter(|_| state.mode == Mode::ViInsert)?;
    match (call.function, call.key.0) {
        (Function::SelfInsert, KeyCode::Char(c)) => Some(vi::overstrike(state, c)),
        (Function::BackwardDeleteChar, _) => Some(vi::overstrike_delete(state)),
        _ => None,
    }
}

/// Where an entry is after others were added, and perhaps the oldest dropped.
fn find_again((index, text): (usize, Option<String>), history: &dyn Entries) -> Option<usize> {
    let Some(text) = text else { return (index < history.len()).then_some(index) };
    let is_there = |place: &usize| history.get(*place) == Some(&text);
    (0..=index.min(history.len())).rev().take(8).find(is_there)
}
