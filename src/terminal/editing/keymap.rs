//! Which keys mean what: keymaps and their defaults.
//!
//! Owns the default bindings, as data in inputrc's notation. Never knows what a function does.

use std::collections::HashMap;

use rustyline::{KeyCode, KeyEvent, Modifiers};

use super::function::Function;
use super::function::Function::*;
use super::notation;
use crate::sort::sort_by_key;

/// The keymap in force.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// emacs' keys.
    #[default]
    Emacs,
    /// vi's, while text is typed.
    ViInsert,
    /// vi's commands.
    ViCommand,
}

/// What keys are bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Binding {
    /// A function.
    Function(Function),
    /// Keys, played as if they were typed.
    Macro(Vec<KeyEvent>),
}

/// What a keymap says to keys.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// They are bound.
    Bound(&'a Binding),
    /// They are bound, and others that begin so: what follows, or a time without a key, decides.
    Ambiguous(&'a Binding),
    /// Others that begin so are bound.
    Prefix,
    /// Nothing is.
    Unbound,
}

/// The bindings of one mode.
#[derive(Debug, Clone, Default)]
pub struct Keymap {
    bindings: HashMap<Vec<KeyEvent>, Binding>,
}

const ESCAPE: KeyEvent = KeyEvent(KeyCode::Esc, Modifiers::NONE);

/// The same keys with each Escape before a key as that key with Alt, which terminals don't tell apart.
fn fold(keys: &[KeyEvent]) -> Vec<KeyEvent> {
    let mut folded: Vec<KeyEvent> = Vec::with_capacity(keys.len());
    for KeyEvent(code, modifiers) in keys.iter().copied() {
        match folded.last_mut() {
            Some(last) if *last == ESCAPE && !modifiers.contains(Modifiers::ALT) => {
                *last = KeyEvent(code, modifiers | Modifiers::ALT);
            }
            _ => folded.push(KeyEvent(code, modifiers)),
        }
    }
    folded
}

impl Keymap {
    fn from_rows(rows: &[(&str, Function)]) -> Keymap {
        let mut keymap = Keymap::default();
        for (keys, function) in rows {
            let keys = notation::keys(&notation::unescape(keys));
            keymap.bind(&keys, Some(Binding::Function(*function)));
        }
        keymap
    }

    /// Binds keys, or unbinds them.
    pub fn bind(&mut self, keys: &[KeyEvent], binding: Option<Binding>) {
        let keys = fold(keys);
        match binding {
            _ if keys.is_empty() => {}
            Some(binding) => drop(self.bindings.insert(keys, binding)),
            None => drop(self.bindings.remove(&keys)),
        }
    }

    /// What keys are bound to.
    pub fn find(&self, keys: &[KeyEvent]) -> Found<'_> {
        let keys = fold(keys);
        let bound = self.bindings.get(&keys);
        // Whoever sends the keys has decided already whether Escape stands alone, and if it is bound
        // that was the question.
        let is_prefix = self.bindings.keys().any(|other| begins(other, &keys, bound.is_none()));
        match (bound, is_prefix) {
            (Some(binding), true) => Found::Ambiguous(binding),
            (Some(binding), false) => Found::Bound(binding),
            (None, true) => Found::Prefix,
            (None, false) => Found::Unbound,
        }
    }

    /// How many of the last keys are bound to a function.
    pub fn longest_ending(&self, keys: &[KeyEvent], function: Function) -> usize {
        let is_bound = |start: &usize| {
            let binding = self.bindings.get(&fold(&keys[*start..]));
            binding == Some(&Binding::Function(function))
        };
        (0..keys.len()).find(is_bound).map_or(0, |start| keys.len() - start)
    }

    /// All bindings, in the order of their keys' notation.
    pub fn rows(&self) -> Vec<(&[KeyEvent], &Binding)> {
        let mut rows: Vec<_> =
            self.bindings.iter().map(|(keys, binding)| (keys.as_slice(), binding)).collect();
        sort_by_key(&mut rows, |(keys, _)| notation::escape(keys));
        rows
    }
}

/// Whether `keys` begin with `start` and go on; `escape` says whether its last Escape may be Alt.
fn begins(keys: &[KeyEvent], start: &[KeyEvent], escape: bool) -> bool {
    if keys.len() > start.len() && keys.starts_with(start) {
        return true;
    }
    match start.split_last() {
        Some((last, before)) if escape && *last == ESCAPE => {
            keys.starts_with(before)
                && keys.get(before.len()).is_some_and(|key| key.1.contains(Modifiers::ALT))
        }
        _ => false,
    }
}

/// The keymaps of all modes.
#[derive(Debug, Clone)]
pub struct Keymaps {
    emacs: Keymap,
    vi_insert: Keymap,
    vi_command: Keymap,
}

impl Default for Keymaps {
    fn default() -> Keymaps {
        Keymaps {
            emacs: Keymap::from_rows(EMACS),
            vi_insert: Keymap::from_rows(VI_INSERT),
            vi_command: Keymap::from_rows(VI_COMMAND),
        }
    }
}

impl Keymaps {
    /// The keymap of a mode.
    pub fn of(&self, mode: Mode) -> &Keymap {
        match mode {
            Mode::Emacs => &self.emacs,
            Mode::ViInsert => &self.vi_insert,
            Mode::ViCommand => &self.vi_command,
        }
    }

    /// The keymap of a mode, to bind keys.
    pub fn of_mut(&mut self, mode: Mode) -> &mut Keymap {
        match mode {
            Mode::Emacs => &mut self.emacs,
            Mode::ViInsert => &mut self.vi_insert,
            Mode::ViCommand => &mut self.vi_command,
        }
    }
}

/// readline 8.2's bindings: emacs' keys. What types itself is not listed. Then ours.
const EMACS: &[(&str, Function)] = &[
    ("\\C-g", Abort),
    ("\\C-x\\C-g", Abort),
    ("\\e\\C-g", Abort),
    ("\\C-j", AcceptLine),
    ("\\C-m", AcceptLine),
    ("\\C-b", BackwardChar),
    ("\\e[D", BackwardChar),
    ("\\C-h", BackwardDeleteChar),
    ("\\C-?", BackwardDeleteChar),
    ("\\C-x\\C-?", BackwardKillLine),
    ("\\e\\C-h", BackwardKillWord),
    ("\\e\\C-?", BackwardKillWord),
    ("\\e[1;3D", BackwardWord),
    ("\\e[1;5D", BackwardWord),
    ("\\eb", BackwardWord),
    ("\\e<", BeginningOfHistory),
    ("\\C-a", BeginningOfLine),
    ("\\e[H", BeginningOfLine),
    ("\\C-xe", CallLastKbdMacro),
    ("\\ec", CapitalizeWord),
    ("\\C-]", CharacterSearch),
    ("\\e\\C-]", CharacterSearchBackward),
    ("\\e\\C-l", ClearDisplay),
    ("\\C-l", ClearScreen),
    ("\\C-i", Complete),
    ("\\e\\e", Complete),
    ("\\C-d", DeleteChar),
    ("\\e[3~", DeleteChar),
    ("\\e\\\\", DeleteHorizontalSpace),
    ("\\e-", DigitArgument),
    ("\\e0", DigitArgument),
    ("\\e1", DigitArgument),
    ("\\e2", DigitArgument),
    ("\\e3", DigitArgument),
    ("\\e4", DigitArgument),
    ("\\e5", DigitArgument),
    ("\\e6", DigitArgument),
    ("\\e7", DigitArgument),
    ("\\e8", DigitArgument),
    ("\\e9", DigitArgument),
    ("\\el", DowncaseWord),
    ("\\C-x)", EndKbdMacro),
    ("\\e>", EndOfHistory),
    ("\\C-e", EndOfLine),
    ("\\e[F", EndOfLine),
    ("\\C-x\\C-x", ExchangePointAndMark),
    ("\\C-f", ForwardChar),
    ("\\e[C", ForwardChar),
    ("\\C-s", ForwardSearchHistory),
    ("\\e[1;3C", ForwardWord),
    ("\\e[1;5C", ForwardWord),
    ("\\ef", ForwardWord),
    ("\\e[5~", HistorySearchBackward),
    ("\\e[6~", HistorySearchForward),
    ("\\e#", InsertComment),
    ("\\e*", InsertCompletions),
    ("\\C-k", KillLine),
    ("\\e[3;5~", KillWord),
    ("\\ed", KillWord),
    ("\\C-n", NextHistory),
    ("\\e[B", NextHistory),
    ("\\en", NonIncrementalForwardSearchHistory),
    ("\\ep", NonIncrementalReverseSearchHistory),
    ("\\C-o", OperateAndGetNext),
    ("\\e[2~", OverwriteMode),
    ("\\e=", PossibleCompletions),
    ("\\e?", PossibleCompletions),
    ("\\C-p", PreviousHistory),
    ("\\e[A", PreviousHistory),
    ("\\C-q", QuotedInsert),
    ("\\C-v", QuotedInsert),
    ("\\C-x\\C-r", ReReadInitFile),
    ("\\C-r", ReverseSearchHistory),
    ("\\e\\C-r", RevertLine),
    ("\\er", RevertLine),
    ("\\C-@", SetMark),
    ("\\e ", SetMark),
    ("\\C-x(", StartKbdMacro),
    ("\\e\\C-i", TabInsert),
    ("\\e&", TildeExpand),
    ("\\e~", TildeExpand),
    ("\\C-t", TransposeChars),
    ("\\et", TransposeWords),
    ("\\C-x\\C-u", Undo),
    ("\\C-_", Undo),
    ("\\C-u", UnixLineDiscard),
    ("\\C-w", UnixWordRubout),
    ("\\eu", UpcaseWord),
    ("\\C-y", Yank),
    ("\\e.", YankLastArg),
    ("\\e_", YankLastArg),
    ("\\e\\C-y", YankNthArg),
    ("\\ey", YankPop),
    // Ours.
    ("\\e[Z", MenuCompleteBackward),
    ("\\e\\C-m", InsertLineBreak),
    ("\\e\\C-j", InsertLineBreak),
    ("\\e[13;2u", InsertLineBreak),
    ("\\e[127;5u", BackwardKillWord),
    ("\\e[1;5H", BeginningOfText),
    ("\\e[1;5F", EndOfText),
    ("\\C-x\\C-e", EditAndExecuteCommand),
    ("\\C-c", Interrupt),
    ("\\C-z", Suspend),
    ("\\C-\\\\", Quit),
];

/// readline 8.2's bindings: vi's keys while text is typed. What types itself is not listed. Then ours.
const VI_INSERT: &[(&str, Function)] = &[
    ("\\C-j", AcceptLine),
    ("\\C-m", AcceptLine),
    ("\\e[D", BackwardChar),
    ("\\C-h", BackwardDeleteChar),
    ("\\C-?", BackwardDeleteChar),
    ("\\e[1;3D", BackwardWord),
    ("\\e[1;5D", BackwardWord),
    ("\\e[H", BeginningOfLine),
    ("\\C-i", Complete),
    ("\\e[3~", DeleteChar),
    ("\\e[F", EndOfLine),
    ("\\e[C", ForwardChar),
    ("\\C-s", ForwardSearchHistory),
    ("\\e[1;3C", ForwardWord),
    ("\\e[1;5C", ForwardWord),
    ("\\e[5~", HistorySearchBackward),
    ("\\e[6~", HistorySearchForward),
    ("\\e[3;5~", KillWord),
    ("\\C-n", MenuComplete),
    ("\\C-p", MenuCompleteBackward),
    ("\\e[B", NextHistory),
    ("\\e[2~", OverwriteMode),
    ("\\e[A", PreviousHistory),
    ("\\C-v", QuotedInsert),
    ("\\C-r", ReverseSearchHistory),
    ("\\C-t", TransposeChars),
    ("\\C-u", UnixLineDiscard),
    ("\\C-d", ViEofMaybe),
    ("\\e", ViMovementMode),
    ("\\C-_", ViUndo),
    ("\\C-w", ViUnixWordRubout),
    ("\\C-y", Yank),
    // Ours.
    ("\\e[Z", MenuCompleteBackward),
    ("\\e\\C-m", InsertLineBreak),
    ("\\e\\C-j", InsertLineBreak),
    ("\\e[13;2u", InsertLineBreak),
    ("\\e[127;5u", BackwardKillWord),
    ("\\e[1;5H", BeginningOfText),
    ("\\e[1;5F", EndOfText),
    ("\\C-l", ClearScreen),
    ("\\C-c", Interrupt),
    ("\\C-z", Suspend),
    ("\\C-\\\\", Quit),
];

/// readline 8.2's bindings: vi's commands. What types itself is not listed. Then ours.
const VI_COMMAND: &[(&str, Function)] = &[
    ("\\C-g", Abort),
    ("\\C-j", AcceptLine),
    ("\\C-m", AcceptLine),
    ("\\C-h", BackwardChar),
    ("\\e[D", BackwardChar),
    ("h", BackwardChar),
    ("\\e[1;3D", BackwardWord),
    ("\\e[1;5D", BackwardWord),
    ("\\e[H", BeginningOfLine),
    ("0", BeginningOfLine),
    ("\\C-l", ClearScreen),
    ("\\e[3~", DeleteChar),
    ("\\C-e", EmacsEditingMode),
    ("\\e[F", EndOfLine),
    ("$", EndOfLine),
    ("\\e[C", ForwardChar),
    (" ", ForwardChar),
    ("l", ForwardChar),
    ("\\C-s", ForwardSearchHistory),
    ("\\e[1;3C", ForwardWord),
    ("\\e[1;5C", ForwardWord),
    ("\\e[5~", HistorySearchBackward),
    ("\\e[6~", HistorySearchForward),
    ("#", InsertComment),
    ("\\C-k", KillLine),
    ("\\e[3;5~", KillWord),
    ("\\C-n", NextHistory),
    ("\\e[B", NextHistory),
    ("+", NextHistory),
    ("j", NextHistory),
    ("\\e[2~", OverwriteMode),
    ("\\C-p", PreviousHistory),
    ("\\e[A", PreviousHistory),
    ("-", PreviousHistory),
    ("k", PreviousHistory),
    ("\\C-q", QuotedInsert),
    ("\\C-v", QuotedInsert),
    ("\\C-r", ReverseSearchHistory),
    ("U", RevertLine),
    ("\\C-t", TransposeChars),
    ("\\C-u", UnixLineDiscard),
    ("A", ViAppendEol),
    ("a", ViAppendMode),
    ("1", ViArgDigit),
    ("2", ViArgDigit),
    ("3", ViArgDigit),
    ("4", ViArgDigit),
    ("5", ViArgDigit),
    ("6", ViArgDigit),
    ("7", ViArgDigit),
    ("8", ViArgDigit),
    ("9", ViArgDigit),
    ("~", ViChangeCase),
    ("r", ViChangeChar),
    ("C", ViChangeTo),
    ("c", ViChangeTo),
    (",", ViCharSearch),
    (";", ViCharSearch),
    ("F", ViCharSearch),
    ("T", ViCharSearch),
    ("f", ViCharSearch),
    ("t", ViCharSearch),
    ("|", ViColumn),
    ("*", ViComplete),
    ("=", ViComplete),
    ("\\\\", ViComplete),
    ("x", ViDelete),
    ("D", ViDeleteTo),
    ("d", ViDeleteTo),
    ("E", ViEndWord),
    ("e", ViEndWord),
    ("\\C-d", ViEofMaybe),
    ("G", ViFetchHistory),
    ("^", ViFirstPrint),
    ("`", ViGotoMark),
    ("I", ViInsertBeg),
    ("i", ViInsertionMode),
    ("%", ViMatch),
    ("W", ViNextWord),
    ("w", ViNextWord),
    ("B", ViPrevWord),
    ("b", ViPrevWord),
    ("P", ViPut),
    ("p", ViPut),
    (".", ViRedo),
    ("R", ViReplace),
    ("X", ViRubout),
    ("/", ViSearch),
    ("?", ViSearch),
    ("N", ViSearchAgain),
    ("n", ViSearchAgain),
    ("m", ViSetMark),
    ("S", ViSubst),
    ("s", ViSubst),
    ("&", ViTildeExpand),
    ("\\C-_", ViUndo),
    ("u", ViUndo),
    ("\\C-w", ViUnixWordRubout),
    ("_", ViYankArg),
    ("Y", ViYankTo),
    ("y", ViYankTo),
    ("\\C-y", Yank),
    // Ours.
    ("\\e[1;5H", BeginningOfText),
    ("\\e[1;5F", EndOfText),
    ("\\e", ViMovementMode),
    ("v", EditAndExecuteCommand),
    ("\\C-c", Interrupt),
    ("\\C-z", Suspend),
    ("\\C-\\\\", Quit),
];
