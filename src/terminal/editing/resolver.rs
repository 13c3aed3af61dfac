//! From keys to what they are bound to.
//!
//! Owns the keys that came of a longer sequence. Never runs anything.

use rustyline::{KeyCode, KeyEvent, Modifiers};

use super::keymap::{Binding, Found, Keymap, Keymaps, Mode};

/// What a key comes to, with those before it.
#[derive(Debug, PartialEq, Eq)]
pub enum Resolved {
    /// It belongs to a sequence whose rest is awaited.
    Held,
    /// Keys and what they are bound to; `rest` is to be taken as if it were typed then.
    Bound { keys: Vec<KeyEvent>, binding: Binding, rest: Vec<KeyEvent> },
    /// It types itself.
    Types(KeyEvent),
    /// Nothing is bound to it; `rest` is to be taken as if it were typed then.
    Unbound { rest: Vec<KeyEvent> },
}

const ESCAPE: KeyEvent = KeyEvent(KeyCode::Esc, Modifiers::NONE);

/// The keymaps, and the keys held.
#[derive(Debug)]
pub struct Resolver {
    keymaps: Keymaps,
    held: Vec<KeyEvent>,
}

impl Resolver {
    /// A resolver that holds no keys.
    pub fn new(keymaps: Keymaps) -> Resolver {
        Resolver { keymaps, held: Vec::new() }
    }

    /// The keymap of a mode.
    pub fn keymap(&self, mode: Mode) -> &Keymap {
        self.keymaps.of(mode)
    }

    /// Whether keys are held.
    pub fn holds_keys(&self) -> bool {
        !self.held.is_empty()
    }

    /// Lets the keys held go.
    pub fn forget(&mut self) {
        self.held.clear();
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent, mode: Mode) -> Resolved {
        self.held.push(key);
        match self.keymaps.of(mode).find(&self.held) {
            Found::Bound(binding) => {
                let binding = binding.clone();
                let keys = std::mem::take(&mut self.held);
                Resolved::Bound { keys, binding, rest: Vec::new() }
            }
            Found::Ambiguous(_) | Found::Prefix => Resolved::Held,
            Found::Unbound => {
                let keys = std::mem::take(&mut self.held);
                unbound(keys, mode, self.keymaps.of(mode))
            }
        }
    }

    /// Whether the keys held are bound by themselves too, which a time without a key decides.
    pub fn is_ambiguous(&self, mode: Mode) -> bool {
        self.holds_keys() && matches!(self.keymaps.of(mode).find(&self.held), Found::Ambiguous(_))
    }

    /// No further key came: takes the keys held for what they are bound to by themselves.
    pub fn timed_out(&mut self, mode: Mode) -> Resolved {
        match self.keymaps.of(mode).find(&self.held) {
            Found::Ambiguous(binding) if !self.held.is_empty() => {
                let binding = binding.clone();
                let keys = std::mem::take(&mut self.held);
                Resolved::Bound { keys, binding, rest: Vec::new() }
            }
            _ => Resolved::Held,
        }
    }
}

/// Keys that nothing is bound to: those they begin with may be bound, or plainer ones in their place.
fn unbound(keys: Vec<KeyEvent>, mode: Mode, keymap: &Keymap) -> Resolved {
    let Some((&last, before)) = keys.split_last() else { return Resolved::Held };
    for length in (1..keys.len()).rev() {
        if let Found::Ambiguous(binding) = keymap.find(&keys[..length]) {
            let (keys, rest) = (keys[..length].to_vec(), keys[length..].to_vec());
            return Resolved::Bound { keys, binding: binding.clone(), rest };
        }
    }
    if let Some(plainer) = plainer(last, before.is_empty()) {
        let plainer = [before, &[plainer]].concat();
        if let Found::Bound(binding) = keymap.find(&plainer) {
            return Resolved::Bound { keys: plainer, binding: binding.clone(), rest: Vec::new() };
        }
    }
    let KeyEvent(code, modifiers) = last;
    if !before.is_empty() {
        return Resolved::Unbound { rest: Vec::new() };
    }
    if modifiers.contains(Modifiers::ALT) && mode != Mode::Emacs {
        // For vi a key with Alt is Escape, typed fast, and the key.
        let rest = vec![KeyEvent(code, modifiers.difference(Modifiers::ALT))];
        return match keymap.find(&[ESCAPE]) {
            Found::Bound(binding) | Found::Ambiguous(binding) => {
                Resolved::Bound { keys: vec![ESCAPE], binding: binding.clone(), rest }
            }
            Found::Prefix | Found::Unbound => Resolved::Unbound { rest },
        };
    }
    let is_text = matches!(code, KeyCode::Char(_) | KeyCode::Tab) && modifiers == Modifiers::NONE;
    if is_text && mode != Mode::ViCommand {
        return Resolved::Types(last);
    }
    Resolved::Unbound { rest: Vec::new() }
}

/// The key that stands in for one that is not bound: in lower case after others or with Alt, and
/// without Shift.
fn plainer(KeyEvent(code, modifiers): KeyEvent, is_only: bool) -> Option<KeyEvent> {
    match code {
        KeyCode::Char(c)
            if c.is_ascii_uppercase()
                && !modifiers.contains(Modifiers::CTRL)
                && (!is_only || modifiers.contains(Modifiers::ALT)) =>
        {
            Some(KeyEvent(KeyCode::Char(c.to_ascii_lowercase()), modifiers))
        }
        _ if modifiers.contains(Modifiers::SHIFT) => {
            Some(KeyEvent(code, modifiers.difference(Modifiers::SHIFT)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::editing::function::Function;
    use crate::terminal::editing::notation;

    fn bound(keys: &str, function: Function, rest: &str) -> Resolved {
        let binding = Binding::Function(function);
        Resolved::Bound { keys: typed(keys), binding, rest: typed(rest) }
    }

    fn typed(text: &str) -> Vec<KeyEvent> {
        notation::keys(&notation::unescape(text))
    }

    #[test]
    fn keys_find_their_bindings() {
        let mut keymaps = Keymaps::default();
        let undo = Some(Binding::Function(Function::Undo));
        keymaps.of_mut(Mode::Emacs).bind(&typed("\\C-x"), undo.clone());
        keymaps.of_mut(Mode::ViInsert).bind(&typed("jk"), undo);
        let jk = Some(Binding::Function(Function::SelfInsert));
        keymaps.of_mut(Mode::ViInsert).bind(&typed("j"), jk);
        let mut resolver = Resolver::new(keymaps);
        let unbound = |rest: &str| Resolved::Unbound { rest: typed(rest) };
        for (mode, keys, expected) in [
            (Mode::Emacs, "a", Resolved::Types(typed("a")[0])),
            (Mode::Emacs, "\\C-a", bound("\\C-a", Function::BeginningOfLine, "")),
            (Mode::Emacs, "\\e", Resolved::Held),
            (Mode::Emacs, "\\ef", bound("\\ef", Function::ForwardWord, "")),
            (Mode::Emacs, "\\eF", bound("\\ef", Function::ForwardWord, "")),
            (Mode::Emacs, "\\eq", unbound("")),
            (Mode::Emacs, "\\C-x", Resolved::Held),
            (Mode::Emacs, "\\C-x\\C-u", bound("\\C-x\\C-u", Function::Undo, "")),
            (Mode::Emacs, "\\C-xq", bound("\\C-x", Function::Undo, "q")),
            (Mode::Emacs, "\\e[1;2D", bound("\\e[D", Function::BackwardChar, "")),
            (Mode::ViInsert, "\\ek", bound("\\e", Function::ViMovementMode, "k")),
            (Mode::ViInsert, "jk", bound("jk", Function::Undo, "")),
            (Mode::ViInsert, "jl", bound("j", Function::SelfInsert, "l")),
            (Mode::ViCommand, "q", unbound("")),
            (Mode::ViCommand, "x", bound("x", Function::ViDelete, "")),
            (Mode::ViCommand, "\\ex", bound("\\e", Function::ViMovementMode, "x")),
        ] {
            let mut resolved = Resolved::Held;
            for key in typed(keys) {
                resolved = resolver.key(key, mode);
            }
            assert_eq!(resolved, expected, "{mode:?} {keys}");
            resolver.forget();
        }
    }

    #[test]
    fn escape_and_a_key_are_the_key_with_alt() {
        let mut resolver = Resolver::new(Keymaps::default());
        assert_eq!(resolver.key(ESCAPE, Mode::Emacs), Resolved::Held);
        let f = KeyEvent(KeyCode::Char('f'), Modifiers::NONE);
        let Resolved::Bound { binding, .. } = resolver.key(f, Mode::Emacs) else {
            panic!("not bound")
        };
        assert_eq!(binding, Binding::Function(Function::ForwardWord));
    }

    #[test]
    fn a_time_without_a_key_decides() {
        let mut keymaps = Keymaps::default();
        let undo = Some(Binding::Function(Function::Undo));
        keymaps.of_mut(Mode::Emacs).bind(&typed("\\C-x"), undo);
        let mut resolver = Resolver::new(keymaps);
        assert_eq!(resolver.timed_out(Mode::Emacs), Resolved::Held);
        resolver.key(typed("\\C-x")[0], Mode::Emacs);
        assert!(resolver.is_ambiguous(Mode::Emacs));
        assert_eq!(resolver.timed_out(Mode::Emacs), bound("\\C-x", Function::Undo, ""));
        assert!(!resolver.holds_keys());
    }
}
