//! The user's inputrc: settings and keymaps.
//!
//! Owns the language of the file. Lines that mean nothing are passed over, as by readline. Reads no file
//! but through the function it is given.

use std::path::{Path, PathBuf};

use super::function::Function;
use super::keymap::{Binding, Keymaps, Mode};
use super::notation;
use super::settings::{EditingMode, Settings};

/// What an inputrc says.
#[derive(Debug, Clone, Default)]
pub struct Inputrc {
    /// The variables.
    pub settings: Settings,
    /// What keys are bound to.
    pub keymaps: Keymaps,
}

/// Reads a file named in an inputrc; nothing if it can't be read.
pub type ReadFile<'a> = dyn FnMut(&str) -> Option<Vec<u8>> + 'a;

/// The deepest `$include`.
const DEEPEST: usize = 10;

/// The readline whose language this is, for `$if version`.
const VERSION: (u32, u32) = (8, 2);

impl Inputrc {
    /// Reads the user's inputrc: `$INPUTRC`, else `~/.inputrc`, else `/etc/inputrc`.
    pub fn load(inputrc: Option<PathBuf>, home: Option<&Path>, term: Option<&str>) -> Inputrc {
        let places = [
            inputrc.filter(|path| !path.as_os_str().is_empty()),
            home.map(|home| home.join(".inputrc")),
            Some(PathBuf::from("/etc/inputrc")),
        ];
        let text = places.into_iter().flatten().find_map(|path| std::fs::read(path).ok());
        let mut read = |name: &str| {
            let in_home = name.strip_prefix("~/").zip(home).map(|(rest, home)| home.join(rest));
            std::fs::read(in_home.unwrap_or_else(|| PathBuf::from(name))).ok()
        };
        Inputrc::parse(&text.unwrap_or_default(), term, &mut read)
    }

    /// Reads inputrc text, on the terminal `term` (TERM).
    pub fn parse(text: &[u8], term: Option<&str>, read: &mut ReadFile) -> Inputrc {
        let mut parser = Parser {
            inputrc: Inputrc::default(),
            term: term.unwrap_or("dumb"),
            target: Target { mode: Mode::Emacs, prefix: "" },
        };
        parser.text(text, 0, read);
        parser.inputrc
    }
}

/// The keymap that bindings go into: `emacs-ctlx` is what follows Ctrl-X in `emacs`.
#[derive(Clone, Copy)]
struct Target {
    mode: Mode,
    prefix: &'static str,
}

/// readline's names of keymaps.
const KEYMAPS: &[(&str, Mode, &str)] = &[
    ("emacs", Mode::Emacs, ""),
    ("emacs-standard", Mode::Emacs, ""),
    ("emacs-meta", Mode::Emacs, "\x1b"),
    ("emacs-ctlx", Mode::Emacs, "\x18"),
    ("vi", Mode::ViCommand, ""),
    ("vi-command", Mode::ViCommand, ""),
    ("vi-move", Mode::ViCommand, ""),
    ("vi-insert", Mode::ViInsert, ""),
];

struct Parser<'a> {
    inputrc: Inputrc,
    term: &'a str,
    target: Target,
}

impl Parser<'_> {
    fn text(&mut self, text: &[u8], depth: usize, read: &mut ReadFile) {
        let text = String::from_utf8_lossy(text);
        // Whether the lines of each open $if count.
        let mut open: Vec<bool> = Vec::new();
        for line in text.lines().map(str::trim) {
            let is_active = open.iter().all(|active| *active);
            if let Some(directive) = line.strip_prefix('$') {
                let (word, rest) = split_word(directive);
                match word.to_ascii_lowercase().as_str() {
                    "if" => open.push(is_active && self.condition(rest)),
                    "else" => {
                        if let Some(last) = open.last_mut() {
                            *last = !*last;
                        }
                    }
                    "endif" => drop(open.pop()),
                    "include" if is_active && depth < DEEPEST => {
                        if let Some(included) = read(rest) {
                            self.text(&included, depth + 1, read);
                        }
                    }
                    _ => {}
                }
            } else if is_active && !line.starts_with('#') {
                self.line(line);
            }
        }
    }

    fn condition(&self, test: &str) -> bool {
        let test = test.trim();
        let begins =
            |word: &str| test.get(..word.len()).is_some_and(|t| t.eq_ignore_ascii_case(word));
        if begins("version") {
            return version_matches(&test["version".len()..]);
        }
        if let Some(mode) = test.strip_prefix("mode=") {
            let is_vi = self.inputrc.settings.editing_mode == EditingMode::Vi;
            return match mode.trim().to_ascii_lowercase().as_str() {
                "vi" => is_vi,
                "emacs" => !is_vi,
                _ => false,
            };
        }
        if let Some(term) = test.strip_prefix("term=") {
            let term = term.trim();
            let family = self.term.split('-').next().unwrap_or_default();
            return term.eq_ignore_ascii_case(self.term) || term.eq_ignore_ascii_case(family);
        }
        if let Some((name, is_equal, value)) = comparison(test) {
            let rows = self.inputrc.settings.rows();
            return rows
                .iter()
                .find(|(own, _)| own.eq_ignore_ascii_case(name))
                .is_some_and(|(_, own)| own.eq_ignore_ascii_case(value) == is_equal);
        }
        test.eq_ignore_ascii_case("psql") || test.eq_ignore_ascii_case("pgsh")
    }

    fn line(&mut self, line: &str) {
        let (word, rest) = split_word(line);
        if word.eq_ignore_ascii_case("set") {
            let (name, value) = split_word(rest);
            self.set(name, value);
        } else if let Some((keys, meaning)) = binding(line) {
            self.bind(keys, meaning);
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        if name.eq_ignore_ascii_case("keymap") {
            let row = KEYMAPS.iter().find(|(own, ..)| own.eq_ignore_ascii_case(value));
            if let Some((_, mode, prefix)) = row {
                self.target = Target { mode: *mode, prefix };
            }
            return;
        }
        let value = match value.strip_prefix('"') {
            Some(quoted) => {
                let quoted = quoted.strip_suffix('"').unwrap_or(quoted);
                String::from_utf8_lossy(&notation::unescape(quoted)).into_owned()
            }
            None if is_text(name) => {
                String::from_utf8_lossy(&notation::unescape(value)).into_owned()
            }
            None => split_word(value).0.to_owned(),
        };
        self.inputrc.settings.set(name, &value);
        if name.eq_ignore_ascii_case("editing-mode") {
            let mode = match self.inputrc.settings.editing_mode {
                EditingMode::Emacs => Mode::Emacs,
                EditingMode::Vi => Mode::ViInsert,
            };
            self.target = Target { mode, prefix: "" };
        }
    }

    fn bind(&mut self, keys: &str, meaning: &str) {
        let bytes = match quoted(keys) {
            Some(text) => notation::unescape(text),
            None => notation::named(keys).unwrap_or_default(),
        };
        if bytes.is_empty() {
            return;
        }
        let mut sequence = self.target.prefix.as_bytes().to_vec();
        sequence.extend(bytes);
        let binding = if meaning.starts_with(['"', '\'']) {
            let text = quoted(meaning).unwrap_or(&meaning[1..]);
            Some(Binding::Macro(notation::keys(&notation::unescape(text))))
        } else {
            // A name that is none takes the binding away.
            Function::named(split_word(meaning).0).map(Binding::Function)
        };
        self.inputrc.keymaps.of_mut(self.target.mode).bind(&notation::keys(&sequence), binding);
    }
}

/// Variables whose value is all of the line.
fn is_text(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("-mode-string") || name == "comment-begin"
}

fn split_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim())
}

/// Splits `keys: meaning`.
fn binding(line: &str) -> Option<(&str, &str)> {
    let end = match line.strip_prefix('"') {
        Some(text) => closing_quote(text, '"')? + 2,
        None => line.find(':')?,
    };
    let (keys, rest) = line.split_at(end);
    Some((keys, rest.trim_start().strip_prefix(':')?.trim()))
}

/// The text between a quote and its like.
fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = &text[1..];
    closing_quote(inner, quote).map(|end| &inner[..end])
}

fn closing_quote(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices()
        .find(|(_, c)| {
            let is_end = *c == quote && !is_escaped;
            is_escaped = *c == '\\' && !is_escaped;
            is_end
        })
        .map(|(at, _)| at)
}

/// `name = value`, `name == value` or `name != value`; whether they are to be equal.
fn comparison(test: &str) -> Option<(&str, bool, &str)> {
    let at = test.find(['=', '!'])?;
    let (name, rest) = test.split_at(at);
    let (is_equal, value) = match rest {
        _ if rest.starts_with("==") => (true, &rest[2..]),
        _ if rest.starts_with("!=") => (false, &rest[2..]),
        _ if rest.starts_with('=') => (true, &rest[1..]),
        _ => return None,
    };
    Some((name.trim(), is_equal, value.trim()))
}

/// Whether readline's version is as ` >= 8.1` wants it.
fn version_matches(test: &str) -> bool {
    let test = test.trim();
    let end = test.find(|c: char| c.is_ascii_digit()).unwrap_or(test.len());
    let (operator, wanted) = test.split_at(end);
    let mut parts = wanted.split('.').map(|part| part.trim().parse::<u32>().ok());
    let Some(Some(major)) = parts.next() else { return false };
    let wanted = (major, parts.next().flatten().unwrap_or(0));
    match operator.trim() {
        "=" | "==" => VERSION == wanted,
        "!=" => VERSION != wanted,
        "<" => VERSION < wanted,
        ">" => VERSION > wanted,
        "<=" => VERSION <= wanted,
        ">=" => VERSION >= wanted,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::editing::keymap::Found;
    use crate::terminal::editing::settings::BellStyle;

    fn parse(text: &str) -> Inputrc {
        Inputrc::parse(text.as_bytes(), Some("xterm-256color"), &mut |_| None)
    }

    fn found(inputrc: &Inputrc, mode: Mode, keys: &str) -> Option<Binding> {
        let keys = notation::keys(&notation::unescape(keys));
        match inputrc.keymaps.of(mode).find(&keys) {
            Found::Bound(binding) | Found::Ambiguous(binding) => Some(binding.clone()),
            Found::Prefix | Found::Unbound => None,
        }
    }

    #[test]
    fn variables() {
        let settings = parse(
            "# mine\n  set editing-mode vi\nset bell-style none\nSET Show-All-If-Ambiguous On\n\
             set completion-query-items 7 # items\nset disable-completion 1\n\
             set enable-bracketed-paste off\nset keyseq-timeout -1\n\
             set vi-ins-mode-string \"\\1\\e[6 q\\2+\"\nset vi-cmd-mode-string : \n\
             set comment-begin --\nset no-such thing\nset\nset x\nset history-size 3\n",
        )
        .settings;
        assert_eq!(settings.editing_mode, EditingMode::Vi);
        assert_eq!(settings.bell_style, BellStyle::None);
        assert!(settings.show_all_if_ambiguous && settings.disable_completion);
        assert!(!settings.enable_bracketed_paste);
        assert_eq!((settings.completion_query_items, settings.keyseq_timeout), (7, -1));
        assert_eq!(settings.vi_ins_mode_string, "\x01\x1b[6 q\x02+");
        assert_eq!(settings.vi_cmd_mode_string, ":");
        assert_eq!(settings.comment_begin, "--");
    }

    #[test]
    fn what_means_nothing_is_passed_over() {
        let nothing =
            parse("nonsense\nset\n\"unclosed: x\nset x y z\n$\n$else\n$endif\n$if\n:\n\"\": undo");
        assert_eq!(nothing.settings, Settings::default());
    }

    #[test]
    fn conditions() {
        for (test, is_true) in [
            ("psql", true),
            ("Pgsh", true),
            ("bash", false),
            ("mode=emacs", true),
            ("mode=vi", false),
            ("term=xterm", true),
            ("term=xterm-256color", true),
            ("term=screen", false),
            ("version >= 8.0", true),
            ("version == 8.2", true),
            ("version > 8.2", false),
            ("version != 7.0", true),
            ("version < 7", false),
            ("version", false),
            ("bell-style == audible", true),
            ("bell-style != audible", false),
            ("comment-begin=x", false),
            ("no-such == x", false),
            ("", false),
        ] {
            let text =
                format!("$if {test}\nset bell-style none\n$else\nset bell-style visible\n$endif");
            let expected = if is_true { BellStyle::None } else { BellStyle::Visible };
            assert_eq!(parse(&text).settings.bell_style, expected, "{test}");
        }
        let nested =
            "$if bash\n$if psql\nset bell-style none\n$else\nset bell-style none\n$endif\n$endif";
        assert_eq!(parse(nested).settings.bell_style, BellStyle::Audible);
    }

    #[test]
    fn bindings() {
        for (text, mode, keys, expected) in [
            (r#""\e[A": history-search-backward"#, Mode::Emacs, r"\e[A", "history-search-backward"),
            (r#""\eOA": history-search-backward"#, Mode::Emacs, r"\e[A", "history-search-backward"),
            ("Control-p: upcase-word", Mode::Emacs, r"\C-p", "upcase-word"),
            (r#""\C-x\C-z" : Clear-Screen"#, Mode::Emacs, r"\C-x\C-z", "clear-screen"),
            (r#""\C-h": backward-kill-word"#, Mode::Emacs, r"\C-h", "backward-kill-word"),
            (
                "set keymap vi-insert\n\"jk\": vi-movement-mode",
                Mode::ViInsert,
                "jk",
                "vi-movement-mode",
            ),
            ("set keymap vi\nQ: upcase-word", Mode::ViCommand, "Q", "upcase-word"),
            ("set keymap emacs-ctlx\nq: upcase-word", Mode::Emacs, r"\C-xq", "upcase-word"),
            ("set keymap emacs-meta\nq: upcase-word", Mode::Emacs, r"\eq", "upcase-word"),
            ("set editing-mode vi\nTAB: upcase-word", Mode::ViInsert, r"\C-i", "upcase-word"),
        ] {
            let expected = Function::named(expected).map(Binding::Function);
            assert!(expected.is_some(), "{text}");
            assert_eq!(found(&parse(text), mode, keys), expected, "{text}");
        }
        assert_eq!(found(&parse(r#""\C-a": no-such-function"#), Mode::Emacs, r"\C-a"), None);
    }

    #[test]
    fn macros() {
        for text in [r#""\C-xs": "select \"x\"\e[D""#, r#""\C-xs" : 'select "x"\e[D' "#] {
            let played = notation::keys(b"select \"x\"\x1b[D");
            assert_eq!(
                found(&parse(text), Mode::Emacs, r"\C-xs"),
                Some(Binding::Macro(played)),
                "{text}"
            );
        }
    }

    #[test]
    fn included_files() {
        let mut asked = Vec::new();
        let mut read = |name: &str| {
            asked.push(name.to_owned());
            match name {
                "~/more" => Some(b"set bell-style none\n$include ~/more".to_vec()),
                _ => None,
            }
        };
        let text = "$include /no/such\n$if bash\n$include ~/bash\n$endif\n$include ~/more\n";
        let inputrc = Inputrc::parse(text.as_bytes(), None, &mut read);
        assert_eq!(inputrc.settings.bell_style, BellStyle::None);
        assert_eq!(asked[0], "/no/such");
        assert_eq!(asked.iter().filter(|name| *name == "~/more").count(), DEEPEST);
        assert!(!asked.contains(&"~/bash".to_owned()));
    }
}
