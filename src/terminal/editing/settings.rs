//! The variables of inputrc.

use crate::sort::sort;

/// `editing-mode`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EditingMode {
    /// emacs' keys.
    #[default]
    Emacs,
    /// vi's keys.
    Vi,
}

/// `bell-style`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BellStyle {
    /// No bell.
    None,
    /// A flash, where the terminal can.
    Visible,
    /// A sound.
    #[default]
    Audible,
}

/// What inputrc sets, where the editor heeds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `editing-mode`.
    pub editing_mode: EditingMode,
    /// `bell-style`, `prefer-visible-bell`.
    pub bell_style: BellStyle,
    /// `show-all-if-ambiguous`.
    pub show_all_if_ambiguous: bool,
    /// `show-all-if-unmodified`.
    pub show_all_if_unmodified: bool,
    /// `completion-ignore-case`.
    pub completion_ignore_case: bool,
    /// `completion-query-items`: from how many on the list is asked about; negative: never.
    pub completion_query_items: i32,
    /// `disable-completion`: Tab types a tab.
    pub disable_completion: bool,
    /// `page-completions`.
    pub page_completions: bool,
    /// `skip-completed-text`.
    pub skip_completed_text: bool,
    /// `menu-complete-display-prefix`.
    pub menu_complete_display_prefix: bool,
    /// `expand-tilde`.
    pub expand_tilde: bool,
    /// `enable-bracketed-paste`.
    pub enable_bracketed_paste: bool,
    /// `show-mode-in-prompt`.
    pub show_mode_in_prompt: bool,
    /// `emacs-mode-string`.
    pub emacs_mode_string: String,
    /// `vi-ins-mode-string`.
    pub vi_ins_mode_string: String,
    /// `vi-cmd-mode-string`.
    pub vi_cmd_mode_string: String,
    /// `keyseq-timeout`, in milliseconds; 0 and less: for ever.
    pub keyseq_timeout: i32,
    /// `history-preserve-point`.
    pub history_preserve_point: bool,
    /// `mark-modified-lines`.
    pub mark_modified_lines: bool,
    /// `revert-all-at-newline`.
    pub revert_all_at_newline: bool,
    /// `echo-control-characters`: Ctrl-C shows as `^C`.
    pub echo_control_characters: bool,
    /// `colored-stats`.
    pub colored_stats: bool,
    /// `comment-begin`: what insert-comment puts before a line.
    pub comment_begin: String,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            editing_mode: EditingMode::Emacs,
            bell_style: BellStyle::Audible,
            show_all_if_ambiguous: false,
            show_all_if_unmodified: false,
            completion_ignore_case: false,
            completion_query_items: 100,
            disable_completion: false,
            page_completions: true,
            skip_completed_text: false,
            menu_complete_display_prefix: false,
            expand_tilde: false,
            enable_bracketed_paste: true,
            show_mode_in_prompt: false,
            emacs_mode_string: "@".to_owned(),
            vi_ins_mode_string: "(ins)".to_owned(),
            vi_cmd_mode_string: "(cmd)".to_owned(),
            keyseq_timeout: 500,
            history_preserve_point: false,
            mark_modified_lines: false,
            revert_all_at_newline: false,
            echo_control_characters: true,
            colored_stats: false,
            comment_begin: "-- ".to_owned(),
        }
    }
}

/// Variables of readline that mean nothing to this editor.
pub const IGNORED: &[&str] = &[
    "active-region-end-color",
    "active-region-start-color",
    "bind-tty-special-chars",
    "blink-matching-paren",
    "byte-oriented",
    "colored-completion-prefix",
    "completion-display-width",
    "completion-map-case",
    "completion-prefix-display-length",
    "convert-meta",
    "enable-active-region",
    "enable-keypad",
    "enable-meta-key",
    "history-size",
    "horizontal-scroll-mode",
    "input-meta",
    "isearch-terminators",
    "mark-directories",
    "mark-symlinked-directories",
    "match-hidden-files",
    "meta-flag",
    "output-meta",
    "print-completions-horizontally",
    "visible-stats",
];

/// Where a variable's value is.
enum Slot<'a> {
    Switch(&'a mut bool),
    Number(&'a mut i32),
    Text(&'a mut String),
}

impl Settings {
    /// Sets a variable from text, as inputrc has it. Returns whether there is such a variable.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "editing-mode" => self.editing_mode = editing_mode(value).unwrap_or(self.editing_mode),
            "bell-style" => self.bell_style = bell_style(value),
            "prefer-visible-bell" => {
                if is_on(value) && self.bell_style == BellStyle::Audible {
                    self.bell_style = BellStyle::Visible;
                }
            }
            _ => match self.slots().into_iter().find(|(own, _)| *own == name) {
                Some((_, Slot::Switch(switch))) => *switch = is_on(value),
                // readline takes what is no number for 0.
                Some((_, Slot::Number(number))) => {
                    *number = leading_number(value);
                }
                Some((_, Slot::Text(text))) => *text = value.to_owned(),
                None => return IGNORED.contains(&name.as_str()),
            },
        }
        true
    }

    /// The variables with their values, for dump-variables.
    pub fn rows(&self) -> Vec<(&'static str, String)> {
        let mut rows: Vec<_> = self
            .clone()
            .slots()
            .into_iter()
            .map(|(name, slot)| {
                let value = match slot {
                    Slot::Switch(switch) => if *switch { "on" } else { "off" }.to_owned(),
                    Slot::Number(number) => number.to_string(),
                    Slot::Text(text) => text.clone(),
                };
                (name, value)
            })
            .collect();
        let mode = match self.editing_mode {
            EditingMode::Emacs => "emacs",
            EditingMode::Vi => "vi",
        };
        let bell = match self.bell_style {
            BellStyle::None => "none",
            BellStyle::Visible => "visible",
            BellStyle::Audible => "audible",
        };
        rows.push(("editing-mode", mode.to_owned()));
        rows.push(("bell-style", bell.to_owned()));
        sort(&mut rows);
        rows
    }

    fn slots(&mut self) -> [(&'static str, Slot<'_>); 21] {
        use Slot::{Number, Switch, Text};
        [
            ("show-all-if-ambiguous", Switch(&mut self.show_all_if_ambiguous)),
            ("show-all-if-unmodified", Switch(&mut self.show_all_if_unmodified)),
            ("completion-ignore-case", Switch(&mut self.completion_ignore_case)),
            ("completion-query-items", Number(&mut self.completion_query_items)),
            ("disable-completion", Switch(&mut self.disable_completion)),
            ("page-completions", Switch(&mut self.page_completions)),
            ("skip-completed-text", Switch(&mut self.skip_completed_text)),
            ("menu-complete-display-prefix", Switch(&mut self.menu_complete_display_prefix)),
            ("expand-tilde", Switch(&mut self.expand_tilde)),
            ("enable-bracketed-paste", Switch(&mut self.enable_bracketed_paste)),
            ("show-mode-in-prompt", Switch(&mut self.show_mode_in_prompt)),
            ("emacs-mode-string", Text(&mut self.emacs_mode_string)),
            ("vi-ins-mode-string", Text(&mut self.vi_ins_mode_string)),
            ("vi-cmd-mode-string", Text(&mut self.vi_cmd_mode_string)),
            ("keyseq-timeout", Number(&mut self.keyseq_timeout)),
            ("history-preserve-point", Switch(&mut self.history_preserve_point)),
            ("mark-modified-lines", Switch(&mut self.mark_modified_lines)),
            ("revert-all-at-newline", Switch(&mut self.revert_all_at_newline)),
            ("echo-control-characters", Switch(&mut self.echo_control_characters)),
            ("colored-stats", Switch(&mut self.colored_stats)),
            ("comment-begin", Text(&mut self.comment_begin)),
        ]
    }
}

/// Whether a switch is on: `on`, `1` or nothing, as readline takes it.
fn is_on(value: &str) -> bool {
    value.is_empty() || value.eq_ignore_ascii_case("on") || value == "1"
}

fn editing_mode(value: &str) -> Option<EditingMode> {
    let begins = |word: &str| value.get(..word.len()).is_some_and(|v| v.eq_ignore_ascii_case(word));
    match () {
        () if begins("vi") => Some(EditingMode::Vi),
        () if begins("emacs") => Some(EditingMode::Emacs),
        () => None,
    }
}

fn bell_style(value: &str) -> BellStyle {
    match value.to_ascii_lowercase().as_str() {
        "none" | "off" => BellStyle::None,
        "visible" => BellStyle::Visible,
        _ => BellStyle::Audible,
    }
}

fn leading_number(value: &str) -> i32 {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let number = digits[..end].parse().unwrap_or(0);
    if digits.len() < value.len() { -number } else { number }
}
