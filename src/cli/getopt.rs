//! Reads the command line by the rules of `getopt_long`, which scripts written for psql rely on and
//! clap does not have: options and operands mixed, `-qAtFx`, abbreviated long options with getopt's
//! idea of ambiguity, and an error only after the options before it have had their effect.

use super::help_text;
use super::options::{Options, Setting, split_at_equals};
use super::spec::{Effect, HELP_TOPICS, HelpText, OptionSpec, Topic};
use super::table::OPTIONS;
use crate::help;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use zeroize::Zeroize;

/// The command line asks for nothing more than a text, or is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// What came before: where one of these fails, that is the outcome instead.
    pub settings: Vec<Setting>,
    /// What else there is to do.
    pub ending: Ending,
}

/// What remains to be done instead of running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// This text is printed.
    Text(Vec<u8>),
    /// The command line is wrong: getopt's message, a line or nothing, and the [`hint`] follow.
    Invalid(Vec<u8>),
}

/// How to do better after an error on the command line.
pub fn hint(program: &[u8]) -> Vec<u8> {
    [b"Try \"", program, b" --help\" for more information."].concat()
}

/// Reads the command line, the program's name first. `mixed`: whether options may follow operands,
/// as getopt lets them unless POSIXLY_CORRECT is set.
///
/// # Errors
/// What to do instead of running, for `--help`, `--version` and wrong options.
pub fn parse(args: impl IntoIterator<Item = OsString>, mixed: bool) -> Result<Options, Exit> {
    let mut words = args.into_iter().map(OsString::into_vec);
    let name = words.next().unwrap_or_else(|| b"pgsh".to_vec());
    let mut options = Options::default();
    match (Reader { name: &name, options: &mut options }).read(words, mixed) {
        Ok(()) => Ok(options),
        Err(ending) => Err(Exit { settings: options.settings, ending }),
    }
}

struct Reader<'a> {
    /// The program's name as called, which getopt's messages begin with.
    name: &'a [u8],
    options: &'a mut Options,
}

impl Reader<'_> {
    fn read(
        &mut self,
        mut words: impl Iterator<Item = Vec<u8>>,
        mixed: bool,
    ) -> Result<(), Ending> {
        let mut operands = Vec::new();
        while let Some(mut word) = words.next() {
            match word.as_slice() {
                b"--" => {
                    operands.extend(words);
                    break;
                }
                [b'-', b'-', ..] => self.long(&word, &mut words)?,
                [b'-', _, ..] => self.cluster(&word, &mut words)?,
                _ => {
                    operands.push(std::mem::take(&mut word));
                    if !mixed {
                        operands.extend(words);
                        break;
                    }
                }
            }
            // A password may have been in it: -dpassword=...
            word.zeroize();
        }
        for operand in operands {
            self.options.add_operand(operand);
        }
        Ok(())
    }

    /// A long option: `--name`, `--name=value`, `--name value`.
    fn long(
        &mut self,
        word: &[u8],
        words: &mut impl Iterator<Item = Vec<u8>>,
    ) -> Result<(), Ending> {
        let (typed, mut value) = split_at_equals(&word[2..]);
        let (option, name) = match self.candidates(typed).as_slice() {
            [] => return Err(self.invalid(&[b"unrecognized option '", word, b"'"])),
            [found] => *found,
            several => {
                let mut text = [b"option '", word, b"' is ambiguous; possibilities:"].concat();
                for (_, name) in several {
                    text.extend_from_slice(format!(" '--{name}'").as_bytes());
                }
                return Err(self.invalid(&[&text]));
            }
        };
        let about = |what: &str| format!("option '--{name}' {what}");
        if value.is_some() && !option.allows_value() {
            return Err(self.invalid(&[about("doesn't allow an argument").as_bytes()]));
        }
        if value.is_none() && option.needs_value() {
            value = words.next();
            if value.is_none() {
                return Err(self.invalid(&[about("requires an argument").as_bytes()]));
            }
        }
        self.apply(option, value)
    }

    /// Short options, several in a word perhaps: `-qAtFx`.
    fn cluster(
        &mut self,
        word: &[u8],
        words: &mut impl Iterator<Item = Vec<u8>>,
    ) -> Result<(), Ending> {
        for (at, &letter) in word.iter().enumerate().skip(1) {
            let is_it = |option: &&OptionSpec| option.short == Some(char::from(letter));
            let Some(option) = OPTIONS.iter().find(is_it) else {
                return Err(self.invalid(&[b"invalid option -- '", &[letter], b"'"]));
            };
            if letter == b'?' && word != b"-?" {
                return Err(Ending::Invalid(Vec::new()));
            }
            if !option.needs_value() {
                self.apply(option, None)?;
                continue;
            }
            let value = match &word[at + 1..] {
                [] => words.next(),
                rest => Some(rest.to_vec()),
            };
            if value.is_none() {
                let text = [b"option requires an argument -- '", &[letter][..], b"'"];
                return Err(self.invalid(&text));
            }
            return self.apply(option, value);
        }
        Ok(())
    }

    /// Does what an option does. It has a value where it needs one.
    fn apply(&mut self, option: &OptionSpec, value: Option<Vec<u8>>) -> Result<(), Ending> {
        match option.effect {
            Effect::Flag(set) => set(self.options),
            Effect::Value(_, set) => set(self.options, value.unwrap_or_default()),
            Effect::OptionalValue(_, set) => set(self.options, value),
            Effect::Version => return Err(Ending::Text(help::version(self.program()))),
            Effect::Help => return Err(self.help(value.as_deref())),
        }
        Ok(())
    }

    fn help(&self, topic: Option<&[u8]>) -> Ending {
        let is_it = |known: &&Topic| topic.is_none_or(|name| known.name.as_bytes() == name);
        let Some(topic) = HELP_TOPICS.iter().find(is_it) else {
            return Ending::Invalid(Vec::new());
        };
        Ending::Text(match topic.text {
            HelpText::Options => help_text::help_text(self.program()),
            HelpText::Commands => help::commands(&help::State::default()),
            HelpText::Variables => help::variables(self.program() != b"psql").into(),
        })
    }

    fn program(&self) -> &[u8] {
        help::program(self.name)
    }

    /// A message of getopt's.
    fn invalid(&self, text: &[&[u8]]) -> Ending {
        Ending::Invalid([self.name, b": ", &text.concat(), b"\n"].concat())
    }

    /// The options and their long names that `typed` may mean: the one of that name, or all whose
    /// names begin with it. Our own give way to psql's: `--s` means what it means to psql.
    fn candidates(&self, typed: &[u8]) -> Vec<(&'static OptionSpec, &'static str)> {
        let is_psql = self.program() == b"psql";
        let options = OPTIONS.iter().filter(move |o| !is_psql || o.is_psqls());
        let names = options.flat_map(|o| o.long.iter().map(move |name| (o, *name)));
        if let Some(exact) = names.clone().find(|(_, name)| name.as_bytes() == typed) {
            return vec![exact];
        }
        let begin = names.filter(|(_, name)| name.as_bytes().starts_with(typed));
        let (psqls, ours): (Vec<_>, Vec<_>) = begin.partition(|(option, _)| option.is_psqls());
        if psqls.is_empty() { ours } else { psqls }
    }
}
