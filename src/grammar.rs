//! Loads `grammar/`: the meta-commands and the SQL commands, as data.
//!
//! Owns the notation (`grammar/README.md`). It binds no handler and prints nothing: dispatch,
//! `\?`, `\h`, argument reading and completion read these tables.

use crate::lexer::ArgumentKind;
use std::sync::OnceLock;

/// A section of `\?`.
#[derive(Debug)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// A line below the heading, with its indentation.
    pub note: Option<&'static str>,
    /// The commands, in the order of `\?`.
    pub commands: Vec<MetaCommand>,
}

/// A meta-command.
#[derive(Debug)]
pub struct MetaCommand {
    /// The names; the first is the canonical one.
    pub names: Vec<Name>,
    /// The arguments in order.
    arguments: Vec<Argument>,
    /// The lines of `\?`, which may hold placeholders such as `{timing}`.
    pub help: Vec<&'static str>,
}

impl MetaCommand {
    /// The canonical name, without backslash: `include` for `\i`, `dt` for `\dtS+`.
    pub fn name(&self) -> &'static str {
        self.names[0].text
    }

    /// How the argument at `position` (from 0) is read; `None` for one too many.
    pub fn argument(&self, position: usize) -> Option<&Argument> {
        self.arguments.get(position).or_else(|| self.arguments.last().filter(|a| a.repeats))
    }
}

/// A name of a meta-command and what may follow it.
#[derive(Debug)]
pub struct Name {
    /// The name, without backslash and modifiers.
    pub text: &'static str,
    /// The letters that mean something after the name: `x+` of `\l[x+]`.
    pub modifiers: &'static str,
    /// Whether further letters are accepted whatever they are.
    open: bool,
}

impl Name {
    fn accepts(&self, word: &[u8]) -> bool {
        let Some(rest) = word.strip_prefix(self.text.as_bytes()) else { return false };
        let known = |letter: &u8| self.modifiers.as_bytes().contains(letter);
        match rest.first() {
            None => true,
            Some(first) if self.open => self.modifiers.is_empty() || known(first),
            Some(_) => {
                rest.iter().all(known) && (1..rest.len()).all(|i| !rest[..i].contains(&rest[i]))
            }
        }
    }
}

/// An argument of a meta-command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    /// How it is read.
    pub kind: ArgumentKind,
    /// Whether unquoted semicolons at its end are dropped.
    pub drops_semicolons: bool,
    /// Whether any number of arguments of this kind may come.
    pub repeats: bool,
    /// What completes it.
    pub completion: Completion,
}

macro_rules! completions {
    ($($variant:ident $word:literal)*) => {
        /// What completes an argument of a meta-command.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum Completion {
            /// Nothing.
            None,
            $($variant,)*
        }

        impl Completion {
            fn from_word(word: &str) -> Option<Completion> {
                match word {
                    $($word => Some(Completion::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

completions! {
    AccessMethod "access-method"
    Aggregate "aggregate"
    Collation "collation"
    Column "column"
    Conversion "conversion"
    Copy "copy"
    Database "database"
    Directory "directory"
    Domain "domain"
    Encoding "encoding"
    EnvironmentVariable "environment-variable"
    EventTrigger "event-trigger"
    Extension "extension"
    File "file"
    ForeignDataWrapper "foreign-data-wrapper"
    ForeignTable "foreign-table"
    Function "function"
    Grantable "grantable"
    HelpTopic "help-topic"
    Host "host"
    Index "index"
    Language "language"
    LargeObject "large-object"
    MaterializedView "materialized-view"
    Object "object"
    OnOff "on-off"
    OnOffAuto "on-off-auto"
    Operator "operator"
    OperatorFamily "operator-family"
    PartitionedRelation "partitioned-relation"
    Port "port"
    PreparedStatement "prepared-statement"
    PsetOption "pset-option"
    PsetValue "pset-value"
    Publication "publication"
    Relation "relation"
    Role "role"
    Schema "schema"
    Sequence "sequence"
    Server "server"
    Setting "setting"
    ShellCommand "shell-command"
    SqlCommand "sql-command"
    Statistics "statistics"
    Subscription "subscription"
    Table "table"
    Tablespace "tablespace"
    TextSearchConfiguration "text-search-configuration"
    TextSearchDictionary "text-search-dictionary"
    TextSearchParser "text-search-parser"
    TextSearchTemplate "text-search-template"
    Type "type"
    Variable "variable"
    VariableValue "variable-value"
    View "view"
}

/// An SQL command as `\h` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqlCommand {
    /// The name in upper case: `CREATE TABLE AS`.
    pub name: &'static str,
    /// One line of description.
    pub description: &'static str,
    /// The name of its page in PostgreSQL's documentation: `sql-createtableas`.
    pub page: &'static str,
    /// The synopsis, several lines, without a last newline.
    pub synopsis: &'static str,
}

/// The sections of `\?` with their commands.
pub fn sections() -> &'static [Section] {
    static SECTIONS: OnceLock<Vec<Section>> = OnceLock::new();
    SECTIONS.get_or_init(|| {
        parse_sections(include_str!("../grammar/metacommands.txt"))
            .unwrap_or_else(|line| panic!("grammar/metacommands.txt is malformed: {line}"))
    })
}

/// The meta-command that `name` (as typed, without backslash) means.
pub fn lookup(name: &[u8]) -> Option<&'static MetaCommand> {
    // psql takes this one name in capitals too.
    let name = if name.eq_ignore_ascii_case(b"copy") { b"copy" } else { name };
    sections()
        .iter()
        .flat_map(|section| &section.commands)
        .flat_map(|command| command.names.iter().map(move |name| (name, command)))
        .filter(|(candidate, _)| candidate.accepts(name))
        .max_by_key(|(candidate, _)| candidate.text.len())
        .map(|(_, command)| command)
}

/// The meta-command that a mistyped `name` is one slip away from: a letter too many, too few, wrong
/// or in its neighbour's place.
pub fn nearest(name: &[u8]) -> Option<&'static str> {
    let commands = sections().iter().flat_map(|section| &section.commands);
    let mut names = commands.flat_map(|command| &command.names).map(|name| name.text);
    names.find(|candidate| candidate.len() > 1 && one_slip(name, candidate.as_bytes()))
}

fn one_slip(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([x, y, a @ ..], [z, w, b @ ..]) if x == w && y == z && a == b => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([_, rest @ ..], _) if rest == b => true,
        (_, [_, rest @ ..]) => rest == a,
        _ => false,
    }
}

/// The SQL commands, sorted by name.
pub fn sql_commands() -> &'static [SqlCommand] {
    static FILES: &[&str] = include!(concat!(env!("OUT_DIR"), "/sql_commands.rs"));
    static COMMANDS: OnceLock<Vec<SqlCommand>> = OnceLock::new();
    COMMANDS.get_or_init(|| {
        FILES
            .iter()
            .map(|text| {
                parse_sql_command(text)
                    .unwrap_or_else(|| panic!("a file of grammar/sql is malformed: {text}"))
            })
            .collect()
    })
}

fn parse_sql_command(text: &'static str) -> Option<SqlCommand> {
    let (head, synopsis) = text.split_once("\n\n")?;
    let mut lines = head.lines();
    let command = SqlCommand {
        name: lines.next()?,
        description: lines.next()?,
        page: lines.next()?,
        synopsis: synopsis.strip_suffix('\n')?,
    };
    lines.next().is_none().then_some(command)
}

/// The sections, or the first line that can't be understood.
fn parse_sections(text: &'static str) -> Result<Vec<Section>, &'static str> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(title) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push(Section { title, note: None, commands: Vec::new() });
            continue;
        }
        let section = sections.last_mut().ok_or(line)?;
        if !line.starts_with(' ') {
            section.commands.push(parse_row(line).ok_or(line)?);
        } else if let Some(command) = section.commands.last_mut() {
            command.help.push(line);
        } else {
            section.note = Some(line);
        }
    }
    Ok(sections)
}

fn parse_row(line: &'static str) -> Option<MetaCommand> {
    let (names, arguments) = line.split_once(" :")?;
    Some(MetaCommand {
        names: names.split(' ').map(parse_name).collect::<Option<_>>()?,
        arguments: arguments.split_whitespace().map(parse_argument).collect::<Option<_>>()?,
        help: Vec::new(),
    })
}

fn parse_name(word: &'static str) -> Option<Name> {
    let (word, open) = match word.strip_suffix('*') {
        Some(word) => (word, true),
        None => (word, false),
    };
    let (text, modifiers) = match word.split_once('[') {
        Some((text, modifiers)) => (text, modifiers.strip_suffix(']')?),
        None => (word, ""),
    };
    (!text.is_empty()).then_some(Name { text, modifiers, open })
}

fn parse_argument(word: &str) -> Option<Argument> {
    let (word, completion) = match word.split_once(':') {
        Some((word, completion)) => (word, Completion::from_word(completion)?),
        None => (word, Completion::None),
    };
    let mut letters = word.chars();
    let kind = match letters.next()? {
        'n' => ArgumentKind::Normal,
        'i' => ArgumentKind::SqlId,
        'k' => ArgumentKind::SqlIdKeepCase,
        'f' => ArgumentKind::FileOrPipe,
        'w' => ArgumentKind::WholeLine,
        _ => return None,
    };
    let mut argument = Argument { kind, drops_semicolons: false, repeats: false, completion };
    for letter in letters {
        match letter {
            ';' => argument.drops_semicolons = true,
            '*' => argument.repeats = true,
            _ => return None,
        }
    }
    Some(argument)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_of_meta_commands_is_well_formed() {
        let sections = parse_sections(include_str!("../grammar/metacommands.txt")).expect("parses");
        let mut seen = BTreeSet::new();
        for command in sections.iter().flat_map(|section| &section.commands) {
            if command.name() == "d?" {
                // Ours: `\?` stays as psql has it.
                continue;
            }
            assert!(!command.help.is_empty(), "\\{} has no help", command.name());
            assert!(command.help[0].starts_with("  \\"), "{}", command.help[0]);
            for name in &command.names {
                assert!(seen.insert(name.text), "\\{} is there twice", name.text);
            }
            let last = command.arguments.len().saturating_sub(1);
            for (i, argument) in command.arguments.iter().enumerate() {
                let takes_the_rest = argument.repeats || argument.kind == ArgumentKind::WholeLine;
                assert!(i == last || !takes_the_rest, "\\{}", command.name());
            }
        }
    }

    #[test]
    fn the_sql_commands_are_well_formed() {
        let commands = sql_commands();
        assert_eq!(commands.len(), 185);
        assert!(commands.windows(2).all(|pair| pair[0].name < pair[1].name), "sorted, unique");
        for command in commands {
            assert!(command.page.starts_with("sql-"), "{}", command.name);
            assert!(!command.description.is_empty() && !command.synopsis.is_empty());
        }
    }

    /// Names are accepted or invalid as in psql 18.6; `\d?` is ours.
    #[test]
    fn lookup_accepts_what_psql_accepts() {
        let rows = "
            c connect, connect connect, q quit, quit quit, i include, ir include_relative, e edit, edit edit
            h help, help help, ? ?, ! !, H html, html html, l list, list+ list, lx+ list, l+x list, listx list
            d d, d+ d, dS d, dSfoo d, dx dx, dtvmsEi dt, dt+S dt, disable di, dcfoo dc, dco dc, dcon dc
            dconfi dc, dconfig dconfig, dconfigx dconfig, dd+ dd, ddpS ddp, dA dA, dAx dA, dAc dAc, dAcx+ dAc
            dAfoo dAf, dFx dF, dFxz dF, dFd dFd, dfaz df, df+z df, dPi dP, dPiz dP, dRp+x dRp, dRsx dRs
            drds+ drds, drgSx+ drg, des+ des, dt* dt, da! da, lo_listing lo_list, lo_list+x lo_list
            z z, zSx z, zxS z, sf+ sf, sv+ sv, o out, out out, w write, p print, r reset, s s
            COPY copy, Copy copy, COPYRIGHT -, ECHO -, conn -, qui -, exit -, bye -, output -, lo_foo -, lo -, close -, include_rel -, conninfo+ -
            lS -, l++ -, lxx -, z+ -, zxx -, sfx -, sf++ -, de -, dex -, dr -, dR -, dRz -, dfoo -, dfz -
            dFa -, dAa -, dAS -, dPS -, d1 -, d? d?, df. -, timingx -, ?x -, !echo -, C; -, crosstab -
        ";
        for row in rows.trim().split(['\n', ',']).map(str::trim) {
            let (typed, name) = row.split_once(' ').expect("two words");
            let found = lookup(typed.as_bytes()).map_or("-", MetaCommand::name);
            assert_eq!(found, name, "\\{typed}");
        }
        assert!(lookup(b"").is_none());
        assert!(lookup(b"d\xff").is_none());
    }

    #[test]
    fn arguments_are_read_as_the_table_says() {
        let kind = |name: &str, position| {
            lookup(name.as_bytes())
                .and_then(|command| command.argument(position))
                .map(|argument| (argument.kind, argument.drops_semicolons, argument.completion))
        };
        use ArgumentKind::*;
        assert_eq!(kind("dt", 0), Some((Normal, true, Completion::Table)));
        assert_eq!(kind("dt", 1), None);
        assert_eq!(kind("df", 7), Some((Normal, true, Completion::Type)));
        assert_eq!(kind("set", 5), Some((Normal, false, Completion::VariableValue)));
        assert_eq!(kind("c", 3), Some((SqlIdKeepCase, true, Completion::Port)));
        assert_eq!(kind("password", 0), Some((SqlId, true, Completion::Role)));
        assert_eq!(kind("o", 0), Some((FileOrPipe, true, Completion::File)));
        assert_eq!(kind("g", 0), Some((FileOrPipe, false, Completion::File)));
        assert_eq!(kind("h", 0), Some((WholeLine, false, Completion::SqlCommand)));
        assert_eq!(kind("a", 0), None);
    }

    #[test]
    fn a_slip_of_the_finger() {
        for (typed, meant) in [
            ("derds", Some("drds")),
            ("ddrs", Some("drds")),
            ("conect", Some("connect")),
            ("drds", None),
            ("nonsense", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed.as_bytes()), meant, "{typed}");
        }
    }
}
