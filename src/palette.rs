//! Which colours what is shown has: on a dark background, a light one, or one that nobody knows.
//!
//! Owns the escape sequences and what the environment says of them. Never knows what is coloured.

/// What a text is that has a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Keyword,
    String,
    Number,
    Comment,
    Variable,
    MetaCommand,
    /// A bracket and its partner, one of them at the cursor.
    Bracket,
    Error,
    Warning,
    Hint,
    /// Where in a statement an error is.
    Place,
    Heading,
    Null,
}

/// The colour of the word of a class of servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassColor {
    Red,
    Yellow,
    Green,
    Blue,
    Magenta,
    Cyan,
}

/// What is behind the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Background {
    Dark,
    Light,
    #[default]
    Unknown,
}

/// The colours that a terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    background: Background,
}

/// What ends a colour.
pub const RESET: &str = "\x1b[0m";

/// All that begins one.
const ALL: [&str; 15] = [
    "\x1b[1m",
    "\x1b[2m",
    "\x1b[31m",
    "\x1b[32m",
    "\x1b[33m",
    "\x1b[34m",
    "\x1b[35m",
    "\x1b[36m",
    "\x1b[91m",
    "\x1b[92m",
    "\x1b[94m",
    "\x1b[95m",
    "\x1b[1;4m",
    "\x1b[4;31m",
    "\x1b[4;91m",
];

impl Palette {
    /// The colours to show, unless NO_COLOR is set to something or the terminal (TERM) has none.
    /// COLORFGBG, which some terminals set, tells the background; to ask the terminal itself might
    /// disturb what is typed ahead.
    pub fn from_environment(
        no_color: Option<&str>,
        term: Option<&str>,
        colorfgbg: Option<&str>,
    ) -> Option<Palette> {
        let refused = no_color.is_some_and(|value| !value.is_empty());
        if refused || matches!(term, None | Some("" | "dumb")) {
            return None;
        }
        let number = colorfgbg.and_then(|value| value.rsplit(';').next()?.parse::<u8>().ok());
        let background = match number {
            Some(0..=6 | 8) => Background::Dark,
            Some(7 | 9..=15) => Background::Light,
            _ => Background::Unknown,
        };
        Some(Palette { background })
    }

    /// The escape sequence that begins a role's colour; on an unknown background it is one that can
    /// be read on both.
    pub fn start(self, role: Role) -> &'static str {
        use Background::{Dark, Light, Unknown};
        match (role, self.background) {
            (Role::Keyword | Role::Heading, _) => "\x1b[1m",
            (Role::Comment | Role::Null, _) => "\x1b[2m",
            (Role::Bracket, _) => "\x1b[1;4m",
            (Role::String, Dark) => "\x1b[92m",
            (Role::String, Light | Unknown) => "\x1b[32m",
            (Role::Number | Role::Hint, Dark | Unknown) => "\x1b[36m",
            (Role::Number | Role::Hint | Role::MetaCommand, Light) => "\x1b[34m",
            (Role::Variable, Dark) => "\x1b[95m",
            (Role::Variable | Role::Warning, Light | Unknown) => "\x1b[35m",
            (Role::Warning, Dark) => "\x1b[33m",
            (Role::MetaCommand, Dark) => "\x1b[94m",
            (Role::MetaCommand, Unknown) => "\x1b[36m",
            (Role::Error, Dark) => "\x1b[91m",
            (Role::Error, Light | Unknown) => "\x1b[31m",
            (Role::Place, Dark) => "\x1b[4;91m",
            (Role::Place, Light | Unknown) => "\x1b[4;31m",
        }
    }

    /// The escape sequence that begins a class of servers' word: dark on light or light on dark,
    /// whatever the terminal's own background is.
    pub fn of_class(self, color: ClassColor) -> &'static str {
        match color {
            ClassColor::Red => "\x1b[1;37;41m",
            ClassColor::Yellow => "\x1b[30;43m",
            ClassColor::Green => "\x1b[30;42m",
            ClassColor::Blue => "\x1b[1;37;44m",
            ClassColor::Magenta => "\x1b[1;37;45m",
            ClassColor::Cyan => "\x1b[30;46m",
        }
    }

    /// The colours that tell the series of a chart apart: what begins each.
    pub fn of_series(self) -> &'static [&'static str] {
        match self.background {
            Background::Dark => {
                &["\x1b[36m", "\x1b[33m", "\x1b[95m", "\x1b[92m", "\x1b[91m", "\x1b[94m"]
            }
            Background::Light => &["\x1b[34m", "\x1b[31m", "\x1b[32m", "\x1b[35m", "\x1b[36m"],
            Background::Unknown => &["\x1b[36m", "\x1b[35m", "\x1b[32m", "\x1b[31m"],
        }
    }

    /// The colours of a table.
    pub fn of_tables(self) -> TableColors {
        TableColors { heading: self.start(Role::Heading), null: self.start(Role::Null) }
    }
}

/// The colours of a table's parts: what begins them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableColors {
    /// Of its headings.
    pub heading: &'static str,
    /// Of the text for NULL.
    pub null: &'static str,
}

/// The length of the sequence of ours that the text begins with, if it does; `None` also where
/// that can't be told as the text ends before.
pub fn sequence_length(text: &[u8]) -> Option<usize> {
    let found = ALL.iter().chain([&RESET]).find(|sequence| text.starts_with(sequence.as_bytes()));
    found.map(|sequence| sequence.len())
}

/// How many bytes at the end of the text begin a sequence of ours that isn't whole.
pub fn unfinished_sequence(text: &[u8]) -> usize {
    let Some(at) = memchr::memrchr(0x1b, text) else { return 0 };
    let end = &text[at..];
    let mut sequences = ALL.iter().chain([&RESET]);
    let is_cut = sequences.any(|s| s.len() > end.len() && s.as_bytes().starts_with(end));
    if is_cut { end.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 13] = [
        Role::Keyword,
        Role::String,
        Role::Number,
        Role::Comment,
        Role::Variable,
        Role::MetaCommand,
        Role::Bracket,
        Role::Error,
        Role::Warning,
        Role::Hint,
        Role::Place,
        Role::Heading,
        Role::Null,
    ];

    #[test]
    fn environment() {
        let palette = |background| Some(Palette { background });
        for (no_color, term, colorfgbg, expected) in [
            (None, Some("xterm"), None, palette(Background::Unknown)),
            (Some(""), Some("xterm"), Some("0;15"), palette(Background::Light)),
            (None, Some("xterm"), Some("15;0"), palette(Background::Dark)),
            (None, Some("xterm"), Some("15;default;0"), palette(Background::Dark)),
            (None, Some("xterm"), Some("12;8"), palette(Background::Dark)),
            (None, Some("xterm"), Some("0;7"), palette(Background::Light)),
            (None, Some("xterm"), Some("0;default"), palette(Background::Unknown)),
            (None, Some("xterm"), Some("0;99"), palette(Background::Unknown)),
            (Some("1"), Some("xterm"), None, None),
            (None, Some("dumb"), None, None),
            (None, Some(""), None, None),
            (None, None, Some("0;15"), None),
        ] {
            assert_eq!(Palette::from_environment(no_color, term, colorfgbg), expected);
        }
    }

    /// Neither yellow on white nor blue on black, and neither where the background isn't known.
    #[test]
    fn what_can_be_read() {
        let used = |background| {
            let palette = Palette { background };
            let roles = ROLES.map(|role| palette.start(role));
            [&roles[..], palette.of_series()].concat()
        };
        for background in [Background::Light, Background::Unknown] {
            assert!(
                !used(background).iter().any(|start| start.contains('3') && start.contains("33"))
            );
            assert!(!used(background).iter().any(|start| start.contains("[9")));
        }
        for background in [Background::Dark, Background::Unknown] {
            assert!(!used(background).contains(&"\x1b[34m"));
        }
    }

    #[test]
    fn sequences_of_ours_are_known() {
        for background in [Background::Dark, Background::Light, Background::Unknown] {
            let palette = Palette { background };
            let roles = ROLES.map(|role| palette.start(role));
            for start in roles.iter().chain(palette.of_series()) {
                assert_eq!(sequence_length(format!("{start}x").as_bytes()), Some(start.len()));
                for cut in 1..start.len() {
                    let text = format!("a\x1b[0m{}", &start[..cut]);
                    assert_eq!(unfinished_sequence(text.as_bytes()), cut, "{cut}");
                }
            }
        }
        assert_eq!(sequence_length(b"\x1b[2J"), None);
        assert_eq!(unfinished_sequence(b"\x1b[0m"), 0);
        assert_eq!(unfinished_sequence(b"\x1b[2J"), 0);
        assert_eq!(unfinished_sequence(b"x"), 0);
    }
}
