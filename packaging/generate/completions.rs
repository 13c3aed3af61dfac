//! Completions of shells, from the command line's own description: what an option is called, and what
//! kind of value stands behind it. Names of databases and roles are asked for by `pgsh --complete`.

use clap::Arg;
use pgsh::help;

const BASH: &str = include_str!("../completions/pgsh.bash");
const ZSH: &str = include_str!("../completions/_pgsh");
const FISH: &str = include_str!("../completions/pgsh.fish");

/// Values that are files or directories.
const FILES: [&str; 5] = ["file", "output", "log-file", "install-as-psql", "uninstall-as-psql"];
/// Values that the shell's own function lists, by option.
const LISTED: [(&str, &str); 5] = [
    ("dbname", "databases"),
    ("host", "hosts"),
    ("username", "roles"),
    ("scratch", "scratch_names"),
    ("scratch-drop", "scratch_names"),
];

/// The kind of value that an option takes.
enum Value {
    None,
    /// Only behind `=`.
    Optional(Words),
    Any,
    File,
    /// Whatever comes behind one of these, and `=`.
    Assignment(Vec<String>),
    Listed(&'static str),
}

/// What may stand behind `=`.
enum Words {
    These(Vec<String>),
    Listed(&'static str),
}

/// An option as completions need it.
struct Entry {
    short: Option<char>,
    longs: Vec<String>,
    help: String,
    value: Value,
}

fn entries() -> Vec<Entry> {
    pgsh::cli::command(b"pgsh").get_opts().map(entry).collect()
}

fn entry(option: &Arg) -> Entry {
    let id = option.get_id().as_str();
    let listed = LISTED.iter().find(|(name, _)| *name == id).map(|(_, kind)| *kind);
    let words = option.get_possible_values();
    let words = words.iter().map(|word| word.get_name().to_owned()).collect();
    let names = |names: Vec<&str>| names.into_iter().map(|name| format!("{name}=")).collect();
    let value = match (option.get_action().takes_values(), listed) {
        (false, _) => Value::None,
        (true, Some(kind)) if option.is_require_equals_set() => {
            Value::Optional(Words::Listed(kind))
        }
        (true, None) if option.is_require_equals_set() => Value::Optional(Words::These(words)),
        (true, _) if id == "set" => Value::Assignment(names(help::variable_names())),
        (true, _) if id == "pset" => Value::Assignment(names(help::setting_names())),
        (true, Some(kind)) => Value::Listed(kind),
        (true, None) if FILES.contains(&id) => Value::File,
        (true, None) => Value::Any,
    };
    let help = option.get_help().map(ToString::to_string).unwrap_or_default();
    let help = match help.is_empty() {
        true => "show help".to_owned(),
        false => help.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    let longs = option.get_long_and_visible_aliases().unwrap_or_default();
    Entry {
        short: option.get_short(),
        longs: longs.into_iter().map(str::to_owned).collect(),
        help,
        value,
    }
}

impl Entry {
    /// As it is written: `-c`, `--command`.
    fn names(&self) -> impl Iterator<Item = String> {
        let short = self.short.map(|letter| format!("-{letter}"));
        short.into_iter().chain(self.longs.iter().map(|name| format!("--{name}")))
    }
}

/// The options whose value may be the next word.
fn with_value(entries: &[Entry]) -> String {
    let takes = |entry: &&Entry| !matches!(entry.value, Value::None | Value::Optional(_));
    let names: Vec<String> = entries.iter().filter(takes).flat_map(Entry::names).collect();
    names.join(" ")
}

/// For bash: the words, and a case for each kind of value.
pub fn bash() -> String {
    let entries = entries();
    let mut words = Vec::new();
    let mut cases = String::new();
    for entry in &entries {
        let equals = if matches!(entry.value, Value::None) { "" } else { "=" };
        let optional = matches!(entry.value, Value::Optional(_));
        words.extend(entry.short.map(|letter| format!("-{letter}")));
        for long in &entry.longs {
            words.push(format!("--{long}{equals}"));
            words.extend(optional.then(|| format!("--{long}")));
        }
        let answer = match &entry.value {
            Value::None => continue,
            Value::Optional(Words::These(words)) => format!("_pgsh_words '{}'", words.join(" ")),
            Value::Optional(Words::Listed(kind)) => format!("_pgsh_{kind}"),
            Value::Any => ":".to_owned(),
            Value::File => "_pgsh_files".to_owned(),
            Value::Assignment(names) => format!("_pgsh_names '{}'", names.join(" ")),
            Value::Listed(kind) => format!("_pgsh_{kind}"),
        };
        let names: Vec<String> = match optional {
            true => entry.longs.iter().map(|name| format!("--{name}")).collect(),
            false => entry.names().collect(),
        };
        let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        cases.push_str(&format!("        {}) {answer} ;;\n", names.join(" | ")));
    }
    BASH.replace("@WORDS@", &words.join(" "))
        .replace("@CASES@", cases.trim_end())
        .replace("@WITH_VALUE@", &with_value(&entries))
}

/// For zsh: a specification for `_arguments` each.
pub fn zsh() -> String {
    let specification = |entry: &Entry| {
        let help = entry.help.replace('\'', "'\\''").replace('[', "\\[").replace(']', "\\]");
        let action = match &entry.value {
            Value::None => String::new(),
            Value::Optional(Words::These(words)) => format!("::topic:({})", words.join(" ")),
            Value::Optional(Words::Listed(kind)) => format!("::{kind}:_pgsh_{kind}"),
            Value::Any => ":value: ".to_owned(),
            Value::File => ":file:_files".to_owned(),
            Value::Assignment(names) => {
                format!(":name:{{compadd -S \"\" -- {}}}", names.join(" "))
            }
            Value::Listed(kind) => format!(":{kind}:_pgsh_{kind}"),
        };
        let spelled = |name: String| match (&entry.value, name.starts_with("--")) {
            (Value::None, _) => name,
            (Value::Optional(_), true) => format!("{name}=-"),
            (Value::Optional(_), false) => name,
            (_, true) => format!("{name}="),
            (_, false) => format!("{name}+"),
        };
        let once = entry.names().collect::<Vec<_>>().join(" ");
        let repeats =
            matches!(entry.longs[0].as_str(), "command" | "file" | "set" | "pset" | "scratch-drop");
        let once = if repeats { "*".to_owned() } else { format!("({once})") };
        let lines = entry.names().map(|name| {
            let action = match (&entry.value, name.starts_with("--")) {
                (Value::Optional(_), false) => "",
                _ => &action,
            };
            format!("    '{once}{}[{help}]{action}' \\\n", spelled(name))
        });
        lines.collect::<String>()
    };
    let specifications: String = entries().iter().map(specification).collect();
    ZSH.replace("@OPTIONS@", specifications.trim_end())
}

/// For fish: a command each.
pub fn fish() -> String {
    let line = |entry: &Entry| {
        let mut out = String::new();
        for (index, long) in entry.longs.iter().enumerate() {
            out.push_str("complete -c pgsh");
            if let Some(short) = entry.short.filter(|_| index == 0) {
                out.push_str(&format!(" -s {}", fish_word(&short.to_string())));
            }
            out.push_str(&format!(" -l {long}"));
            match &entry.value {
                Value::None => {}
                Value::Optional(Words::These(words)) => {
                    out.push_str(&format!(" -a '{}'", words.join(" ")));
                }
                Value::Optional(Words::Listed(kind)) => {
                    out.push_str(&format!(" -a '(__pgsh_{kind})'"));
                }
                Value::Any => out.push_str(" -x"),
                Value::File => out.push_str(" -r -F"),
                Value::Assignment(names) => {
                    out.push_str(&format!(" -x -a '{}'", names.join(" ")));
                }
                Value::Listed(kind) => out.push_str(&format!(" -x -a '(__pgsh_{kind})'")),
            }
            out.push_str(&format!(" -d {}\n", fish_word(&entry.help)));
        }
        out
    };
    let entries = entries();
    let lines: String = entries.iter().map(line).collect();
    FISH.replace("@OPTIONS@", lines.trim_end()).replace("@WITH_VALUE@", &with_value(&entries))
}

/// In single quotes, as fish reads them.
fn fish_word(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
