//! What the table of options knows of an option.

use super::options::Options;
use clap::builder::PossibleValue;
use clap::{Arg, ArgAction};

/// An option.
pub(super) struct OptionSpec {
    /// The letter, if it has one.
    pub short: Option<char>,
    /// The long names, at least one.
    pub long: &'static [&'static str],
    /// Where `--help` names it.
    pub section: Section,
    /// What it takes, and what it does.
    pub effect: Effect,
    /// What `--help` says of it, in lines.
    pub help: &'static str,
}

/// What an option takes, and what it does.
pub(super) enum Effect {
    /// It takes no value.
    Flag(fn(&mut Options)),
    /// It takes a value, which has this name in `--help`.
    Value(&'static str, fn(&mut Options, Vec<u8>)),
    /// It takes a value of this name, but only behind `=`.
    OptionalValue(&'static str, fn(&mut Options, Option<Vec<u8>>)),
    /// The version is printed instead of running.
    Version,
    /// One of [`HELP_TOPICS`] is printed instead of running, the first if none is named behind `=`.
    Help,
}

/// A section of `--help`, in its order: psql's first, those that are unknown to psql last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    General,
    InputOutput,
    Format,
    Connection,
    Scratch,
    Completion,
    Installation,
}

/// Something to be helped with.
pub(super) struct Topic {
    pub name: &'static str,
    pub text: HelpText,
    help: &'static str,
}

/// A text of help.
pub(super) enum HelpText {
    Options,
    Commands,
    Variables,
}

/// What `--help=` may name, the default first.
pub(super) static HELP_TOPICS: [Topic; 3] = [
    Topic { name: "options", text: HelpText::Options, help: "show this help, then exit" },
    Topic {
        name: "commands",
        text: HelpText::Commands,
        help: "list backslash commands, then exit",
    },
    Topic {
        name: "variables",
        text: HelpText::Variables,
        help: "list special variables, then exit",
    },
];

impl Section {
    fn title(self) -> &'static str {
        match self {
            Section::General => "General options",
            Section::InputOutput => "Input and output options",
            Section::Format => "Output format options",
            Section::Connection => "Connection options",
            Section::Scratch => "Scratch server options",
            Section::Completion => "Completion options",
            Section::Installation => "Installation options",
        }
    }
}

impl OptionSpec {
    /// Whether psql has it, and so the program when it is called psql.
    pub fn is_psqls(&self) -> bool {
        self.section < Section::Scratch
    }

    pub fn needs_value(&self) -> bool {
        matches!(self.effect, Effect::Value(..))
    }

    pub fn allows_value(&self) -> bool {
        !matches!(self.effect, Effect::Flag(_) | Effect::Version)
    }

    /// What `--help` sorts by: section, then letter, digits and signs last.
    pub fn place(&self) -> impl Ord + use<> {
        let letter = self.short.or_else(|| self.long[0].chars().next()).unwrap_or_default();
        let is_letter = letter.is_ascii_alphabetic();
        (self.section, !is_letter, letter.to_ascii_lowercase(), letter.is_ascii_uppercase())
    }

    /// The option in clap's terms.
    pub fn arg(&self) -> Arg {
        let arg = Arg::new(self.long[0])
            .short(self.short)
            .long(self.long[0])
            .visible_aliases(&self.long[1..])
            .help_heading(self.section.title())
            .help(self.help);
        let optional = |arg: Arg| arg.num_args(0..=1).require_equals(true);
        match self.effect {
            Effect::Flag(_) | Effect::Version => arg.action(ArgAction::SetTrue),
            Effect::Value(name, _) => arg.value_name(name).action(ArgAction::Append),
            Effect::OptionalValue(name, _) => optional(arg.value_name(name)),
            Effect::Help => {
                let topic = |topic: &Topic| PossibleValue::new(topic.name).help(topic.help);
                optional(arg.value_parser(HELP_TOPICS.iter().map(topic).collect::<Vec<_>>()))
            }
        }
    }
}
