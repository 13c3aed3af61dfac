//! The user's readline settings, as far as the editor has them.
//!
//! Owns reading `set` and key bindings out of inputrc text. Never knows the editor: keys and
//! commands are rustyline's, unknown lines are ignored, as by readline.

use std::path::{Path, PathBuf};

use rustyline::{Anchor, At, Cmd, KeyCode, KeyEvent, Modifiers, Movement, Word};

/// The settings of an inputrc.
#[derive(Debug)]
pub struct Inputrc {
    /// `set editing-mode vi`.
    pub vi: bool,
    /// `set bell-style` other than `none`.
    pub bell: bool,
    /// `set show-all-if-ambiguous`.
    pub show_all_if_ambiguous: bool,
    /// `set enable-bracketed-paste`.
    pub bracketed_paste: bool,
    /// Key sequences bound to commands.
    pub bindings: Vec<(Vec<KeyEvent>, Cmd)>,
}

impl Default for Inputrc {
    fn default() -> Self {
        Inputrc {
            vi: false,
            bell: true,
            show_all_if_ambiguous: false,
            bracketed_paste: true,
            bindings: Vec::new(),
        }
    }
}

impl Inputrc {
    /// Reads the user's inputrc: `$INPUTRC`, else `~/.inputrc`, else `/etc/inputrc`.
    pub fn load(inputrc: Option<PathBuf>, home: Option<&Path>) -> Inputrc {
        let places = [
            inputrc.filter(|path| !path.as_os_str().is_empty()),
            home.map(|home| home.join(".inputrc")),
            Some(PathBuf::from("/etc/inputrc")),
        ];
        let text = places.into_iter().flatten().find_map(|path| std::fs::read(path).ok());
        Inputrc::parse(&String::from_utf8_lossy(&text.unwrap_or_default()))
    }

    /// Reads inputrc text. `$if` is true for the applications `psql` and `pgsh` and for the mode
    /// in force.
    pub fn parse(text: &str) -> Inputrc {
        let mut inputrc = Inputrc::default();
        let mut open: Vec<bool> = Vec::new();
        for line in text.lines().map(str::trim) {
            if let Some(directive) = line.strip_prefix('$') {
                let (word, rest) =
                    directive.split_once(char::is_whitespace).unwrap_or((directive, ""));
                match word {
                    "if" => open.push(inputrc.condition(rest.trim())),
                    "else" => {
                        if let Some(last) = open.last_mut() {
                            *last = !*last;
                        }
                    }
                    "endif" => drop(open.pop()),
                    _ => {}
                }
            } else if !line.starts_with('#') && open.iter().all(|active| *active) {
                inputrc.line(line);
            }
        }
        inputrc
    }

    fn condition(&self, test: &str) -> bool {
        match test.split_once('=') {
            Some(("mode", mode)) => (mode.trim() == "vi") == self.vi,
            Some(_) => false,
            None => test.eq_ignore_ascii_case("psql") || test.eq_ignore_ascii_case("pgsh"),
        }
    }

    fn line(&mut self, line: &str) {
        if let Some(setting) = line.strip_prefix("set ") {
            let (name, value) =
                setting.trim().split_once(char::is_whitespace).unwrap_or((setting, ""));
            let value = value.trim().to_ascii_lowercase();
            let on = matches!(value.as_str(), "on" | "1" | "");
            match name.to_ascii_lowercase().as_str() {
                "editing-mode" => self.vi = value == "vi",
                "bell-style" => self.bell = value != "none",
                "show-all-if-ambiguous" => self.show_all_if_ambiguous = on,
                "enable-bracketed-paste" => self.bracketed_paste = on,
                _ => {}
            }
        } else if let Some((keys, function)) = binding(line)
            && let Some(keys) = key_sequence(keys)
            && let Some(command) = command(function)
        {
            self.bindings.push((keys, command));
        }
    }
}

/// Splits `keys: function`.
fn binding(line: &str) -> Option<(&str, &str)> {
    let end = match line.strip_prefix('"') {
        Some(quoted) => {
            let mut escaped = false;
            let close = quoted.char_indices().find(|(_, c)| {
                let end = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                end
            });
            close?.0 + 2
        }
        None => line.find(':')?,
    };
    let (keys, rest) = line.split_at(end);
    Some((keys, rest.trim_start().strip_prefix(':')?.trim()))
}

/// The keys of `"\C-x\e[A"` or `Control-x`.
fn key_sequence(text: &str) -> Option<Vec<KeyEvent>> {
    let Some(quoted) = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) else {
        return named_key(text).map(|key| vec![key]);
    };
    let mut keys = Vec::new();
    let mut rest = quoted;
    while !rest.is_empty() {
        let (key, after) = next_key(rest)?;
        keys.push(key);
        rest = after;
    }
    (!keys.is_empty()).then_some(keys)
}

/// Terminals' escape sequences, as rustyline names their keys.
const SEQUENCES: &[(&str, KeyCode, Modifiers)] = &[
    ("[1;5A", KeyCode::Up, Modifiers::CTRL),
    ("[1;5B", KeyCode::Down, Modifiers::CTRL),
    ("[1;5C", KeyCode::Right, Modifiers::CTRL),
    ("[1;5D", KeyCode::Left, Modifiers::CTRL),
    ("[1~", KeyCode::Home, Modifiers::NONE),
    ("[3~", KeyCode::Delete, Modifiers::NONE),
    ("[4~", KeyCode::End, Modifiers::NONE),
    ("[5~", KeyCode::PageUp, Modifiers::NONE),
    ("[6~", KeyCode::PageDown, Modifiers::NONE),
    ("[A", KeyCode::Up, Modifiers::NONE),
    ("[B", KeyCode::Down, Modifiers::NONE),
    ("[C", KeyCode::Right, Modifiers::NONE),
    ("[D", KeyCode::Left, Modifiers::NONE),
    ("[F", KeyCode::End, Modifiers::NONE),
    ("[H", KeyCode::Home, Modifiers::NONE),
    ("OA", KeyCode::Up, Modifiers::NONE),
    ("OB", KeyCode::Down, Modifiers::NONE),
    ("OC", KeyCode::Right, Modifiers::NONE),
    ("OD", KeyCode::Left, Modifiers::NONE),
    ("OF", KeyCode::End, Modifiers::NONE),
    ("OH", KeyCode::Home, Modifiers::NONE),
];

fn next_key(text: &str) -> Option<(KeyEvent, &str)> {
    if let Some(rest) = text.strip_prefix("\\e").or_else(|| text.strip_prefix("\\M-")) {
        for (sequence, code, modifiers) in SEQUENCES {
            if let Some(after) = rest.strip_prefix(sequence) {
                return Some((KeyEvent(*code, *modifiers), after));
            }
        }
        if rest.is_empty() {
            return Some((KeyEvent(KeyCode::Esc, Modifiers::NONE), rest));
        }
        let (KeyEvent(code, modifiers), after) = next_key(rest)?;
        return Some((KeyEvent(code, modifiers | Modifiers::ALT), after));
    }
    if let Some(rest) = text.strip_prefix("\\C-") {
        let c = rest.chars().next()?;
        let key = KeyEvent(KeyCode::Char(c.to_ascii_uppercase()), Modifiers::CTRL);
        return Some((key, &rest[c.len_utf8()..]));
    }
    if let Some(rest) = text.strip_prefix('\\') {
        let c = rest.chars().next()?;
        let code = match c {
            't' => KeyCode::Tab,
            'r' | 'n' => KeyCode::Enter,
            '\\' | '"' | '\'' => KeyCode::Char(c),
            _ => return None,
        };
        return Some((KeyEvent(code, Modifiers::NONE), &rest[c.len_utf8()..]));
    }
    let c = text.chars().next()?;
    Some((KeyEvent(KeyCode::Char(c), Modifiers::NONE), &text[c.len_utf8()..]))
}

/// `Control-u`, `Meta-Rubout`, `Tab`, ...
fn named_key(text: &str) -> Option<KeyEvent> {
    let mut modifiers = Modifiers::NONE;
    let mut rest = text;
    while let Some((prefix, after)) = rest.split_once('-').filter(|(_, after)| !after.is_empty()) {
        modifiers |= match prefix.to_ascii_lowercase().as_str() {
            "control" | "c" => Modifiers::CTRL,
            "meta" | "m" => Modifiers::ALT,
            _ => return None,
        };
        rest = after;
    }
    let mut characters = rest.chars();
    let code = match (characters.next()?, characters.next()) {
        (c, None) if modifiers.contains(Modifiers::CTRL) => KeyCode::Char(c.to_ascii_uppercase()),
        (c, None) => KeyCode::Char(c),
        _ => match rest.to_ascii_lowercase().as_str() {
            "tab" => KeyCode::Tab,
            "return" | "newline" => KeyCode::Enter,
            "rubout" => KeyCode::Backspace,
            "esc" | "escape" => KeyCode::Esc,
            "space" => KeyCode::Char(' '),
            _ => return None,
        },
    };
    Some(KeyEvent(code, modifiers))
}

/// The command a readline function's name stands for.
fn command(name: &str) -> Option<Cmd> {
    Some(match name.to_ascii_lowercase().as_str() {
        "history-search-backward" => Cmd::HistorySearchBackward,
        "history-search-forward" => Cmd::HistorySearchForward,
        "previous-history" => Cmd::PreviousHistory,
        "next-history" => Cmd::NextHistory,
        "beginning-of-history" => Cmd::BeginningOfHistory,
        "end-of-history" => Cmd::EndOfHistory,
        "reverse-search-history" => Cmd::ReverseSearchHistory,
        "beginning-of-line" => Cmd::Move(Movement::BeginningOfLine),
        "end-of-line" => Cmd::Move(Movement::EndOfLine),
        "forward-char" => Cmd::Move(Movement::ForwardChar(1)),
        "backward-char" => Cmd::Move(Movement::BackwardChar(1)),
        "forward-word" => Cmd::Move(Movement::ForwardWord(1, At::AfterEnd, Word::Emacs)),
        "backward-word" => Cmd::Move(Movement::BackwardWord(1, Word::Emacs)),
        "kill-line" => Cmd::Kill(Movement::EndOfLine),
        "unix-line-discard" | "backward-kill-line" => Cmd::Kill(Movement::BeginningOfLine),
        "kill-whole-line" => Cmd::Kill(Movement::WholeLine),
        "kill-word" => Cmd::Kill(Movement::ForwardWord(1, At::AfterEnd, Word::Emacs)),
        "backward-kill-word" => Cmd::Kill(Movement::BackwardWord(1, Word::Emacs)),
        "unix-word-rubout" => Cmd::Kill(Movement::BackwardWord(1, Word::Big)),
        "delete-char" => Cmd::Kill(Movement::ForwardChar(1)),
        "backward-delete-char" => Cmd::Kill(Movement::BackwardChar(1)),
        "yank" => Cmd::Yank(1, Anchor::Before),
        "undo" => Cmd::Undo(1),
        "clear-screen" => Cmd::ClearScreen,
        "complete" => Cmd::Complete,
        "accept-line" => Cmd::AcceptLine,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings() {
        let inputrc = Inputrc::parse(
            "# mine\nset editing-mode vi\nset bell-style none\nset show-all-if-ambiguous On\n",
        );
        assert!(inputrc.vi && !inputrc.bell && inputrc.show_all_if_ambiguous);
        assert!(inputrc.bracketed_paste);
        let nothing = Inputrc::parse("nonsense\nset\n\"unclosed: x\n\"\\q\": undo\nset x y z\n$");
        assert!(!nothing.vi && nothing.bell && nothing.bindings.is_empty());
    }

    #[test]
    fn conditions() {
        for (text, vi) in [
            ("$if psql\nset editing-mode vi\n$endif", true),
            ("$if bash\nset editing-mode vi\n$endif", false),
            ("$if bash\n$else\nset editing-mode vi\n$endif", true),
            ("$if bash\n$if psql\nset editing-mode vi\n$endif\n$endif", false),
            ("$if mode=emacs\nset editing-mode vi\n$endif", true),
            ("$if mode=vi\nset editing-mode vi\n$endif", false),
        ] {
            assert_eq!(Inputrc::parse(text).vi, vi, "{text}");
        }
    }

    #[test]
    fn bindings() {
        let key = |code, modifiers| KeyEvent(code, modifiers);
        for (line, keys, command) in [
            (
                r#""\e[A": history-search-backward"#,
                vec![key(KeyCode::Up, Modifiers::NONE)],
                Cmd::HistorySearchBackward,
            ),
            (
                r#"Control-p: previous-history"#,
                vec![key(KeyCode::Char('P'), Modifiers::CTRL)],
                Cmd::PreviousHistory,
            ),
            (
                r#""\C-x\C-u": undo"#,
                vec![
                    key(KeyCode::Char('X'), Modifiers::CTRL),
                    key(KeyCode::Char('U'), Modifiers::CTRL),
                ],
                Cmd::Undo(1),
            ),
            (
                r#""\M-z" : clear-screen"#,
                vec![key(KeyCode::Char('z'), Modifiers::ALT)],
                Cmd::ClearScreen,
            ),
        ] {
            assert_eq!(Inputrc::parse(line).bindings, [(keys, command)], "{line}");
        }
    }
}
