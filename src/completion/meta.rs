//! Meta-commands: their names and their arguments.

use super::backup;
use super::candidates::{Candidate, Candidates};
use super::catalog::{Catalog, Name, Object, Qualified, Wanted};
use super::kind::CandidateKind;
use super::literal::Place;
use super::matching::starts_with_ignoring_case;
use super::name::{Typed, is_plain, quoted};
use super::plan;
use super::print_options;
use super::restore;
use super::results;
use super::sql;
use super::token::{self, Kind, Token};
use super::variable::interpolation;
use crate::chart;
use crate::grammar::{self, Argument, Completion};
use crate::help;
use crate::lexer::ArgumentKind;
use crate::print::pset;
use crate::sort::sort;
use crate::time_zone;
use crate::variables;

const ON_OFF: &[&str] = &["off", "on"];

/// Completes within a meta-command: `tokens` are its name and the arguments before the cursor.
pub(super) fn complete(
    before: &[u8],
    tokens: &[Token],
    catalog: &mut dyn Catalog,
) -> (usize, Vec<Candidate>) {
    let cursor = before.len();
    let Some((command, arguments)) = tokens.split_first() else { return (cursor, Vec::new()) };
    let name = &command.text(before)[1..];
    if arguments.is_empty() && command.end == cursor {
        let mut candidates = Candidates::new(name, catalog);
        names(name, &mut candidates, catalog.has_own_commands());
        let (start, mut found) = candidates.finish(command.start + 1);
        for candidate in &mut found {
            candidate.shown.insert(0, b'\\');
        }
        return (start, found);
    }
    let (typed, earlier) = match arguments.split_last() {
        Some((last, earlier)) if last.end == cursor && last.kind == Kind::Argument => {
            (Some(last), earlier)
        }
        _ => (None, arguments),
    };
    let start = typed.map_or(cursor, |token| token.start);
    let word = &before[start..];
    if let Some(found) = interpolation(word, start, catalog) {
        return found;
    }
    let Some(command) = grammar::lookup(name) else { return (cursor, Vec::new()) };
    if let Some(found) = print_options::complete(command.name(), before, earlier, start, catalog) {
        return found;
    }
    let whole_line = |argument: &&Argument| argument.kind == ArgumentKind::WholeLine;
    let argument = command.argument(earlier.len());
    let argument = argument.or_else(|| command.argument(0).filter(whole_line));
    let Some(argument) = argument else { return (cursor, Vec::new()) };
    let first = earlier.first().map_or(&b""[..], |token| token.text(before));
    let mut candidates = Candidates::new(word, catalog);
    match argument.completion {
        Completion::None | Completion::Host | Completion::Port | Completion::LargeObject => {}
        Completion::PsetOption => {
            let options = pset::OPTIONS.iter();
            let options = options.filter(|option| option.is_there(catalog.has_own_commands()));
            let options: Vec<&str> = options.map(|option| option.name).collect();
            candidates.values(&options, CandidateKind::Option);
        }
        Completion::TimeZone => time_zones(word, &mut candidates),
        Completion::PsetValue if first == b"display_timezone" => {
            time_zones(word, &mut candidates);
            candidates.values(&["off"], CandidateKind::Value);
        }
        Completion::PsetValue => {
            if let Some(option) = pset::option(first) {
                let words = option.words_taken(catalog.has_own_commands());
                candidates.values(&words, CandidateKind::Value);
            }
        }
        Completion::VariableValue if first == b"ENCODING" => {
            encodings(&mut candidates, catalog);
        }
        Completion::VariableValue => {
            candidates.values(&variables::words(first), CandidateKind::Value)
        }
        Completion::Clip => results::clip(before, earlier, &mut candidates, catalog),
        Completion::Last => results::last(before, earlier, &mut candidates, catalog),
        Completion::Watch if catalog.has_own_commands() => {
            candidates.values(&["delta", "spark", "i=", "c=", "m="], CandidateKind::Option);
        }
        Completion::Stats => stats(word, &mut candidates, catalog),
        Completion::Chart => chart(before, earlier, &mut candidates, catalog),
        Completion::Backup => backup::backup(before, earlier, &mut candidates, catalog),
        Completion::Restore => restore::restore(before, earlier, &mut candidates, catalog),
        Completion::Basebackup => backup::base_backup(before, earlier, &mut candidates, catalog),
        Completion::Encoding => encodings(&mut candidates, catalog),
        Completion::OnOff => candidates.values(ON_OFF, CandidateKind::Value),
        Completion::OnOffAuto => candidates.values(&["auto", "off", "on"], CandidateKind::Value),
        Completion::Sessions => {
            let name = earlier.last().map_or(&b""[..], |token| token.text(before));
            sessions(name, &mut candidates, catalog);
        }
        Completion::HelpTopic => {
            candidates.values(&help_topics(word, catalog), CandidateKind::Option);
        }
        Completion::SqlCommand => sql_commands(before, tokens[0].end, &mut candidates, catalog),
        Completion::Ddl => return super::ddl::complete(before, start, earlier, catalog),
        Completion::Copy => return copy(before, tokens, catalog),
        Completion::Plan => return plan::complete(before, tokens, catalog),
        Completion::Variable => variable_names(word, &mut candidates, catalog),
        Completion::Database if word.starts_with(SERVICE) => services(&mut candidates, catalog),
        Completion::Object
        | Completion::ShellCommand
        | Completion::Column
        | Completion::Statement
        | Completion::Watch => {}
        other => {
            if let Some(object) = object(other) {
                if matches!(object, Object::File | Object::Directory) {
                    let pipe = argument.kind == ArgumentKind::FileOrPipe;
                    candidates.files(object, Place::Argument { pipe }, catalog);
                } else if object.is_local() || object == Object::Setting {
                    candidates.plain_names(object, None, catalog);
                } else {
                    candidates.names(object, None, catalog);
                }
            }
        }
    }
    // \h reads several words as one argument.
    let start = if argument.completion == Completion::SqlCommand {
        skip_blank(before, tokens[0].end)
    } else {
        start
    };
    candidates.finish(start)
}

/// The names of meta-commands; in another case when none is spelt like the word.
fn names(word: &[u8], candidates: &mut Candidates<'_>, has_own: bool) {
    let all = || grammar::command_names(has_own);
    let mut found: Vec<&str> = all().filter(|n| n.as_bytes().starts_with(word)).collect();
    if found.is_empty() {
        found = all().filter(|n| starts_with_ignoring_case(n.as_bytes(), word)).collect();
    }
    sort(&mut found);
    for name in found {
        candidates.push(name.as_bytes().to_vec(), CandidateKind::MetaCommand);
    }
}

/// Encodings, whose names may be written in any case.
fn encodings(candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
    let wanted = Wanted { object: Object::Encoding, schema: None, of: None };
    for name in catalog.look_up(&wanted, b"") {
        if starts_with_ignoring_case(&name.name, candidates.word) && is_plain(&name.name) {
            candidates.push(name.name, CandidateKind::Value);
        }
    }
}

/// What `\chart` takes: first of all a kind, and columns of the last result.
fn chart(
    before: &[u8],
    earlier: &[Token],
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let is_number = |token: &Token| token.text(before).iter().all(u8::is_ascii_digit);
    if matches!(earlier, [] | [_]) && earlier.iter().all(is_number) {
        let kinds = chart::KINDS.map(|(word, _)| word);
        candidates.own_words(&kinds, CandidateKind::Keyword);
    }
    candidates.names(Object::ResultColumn, None, catalog);
}

/// A relation, or a column behind one: `orders.to`, `shop.orders.to`.
fn stats(word: &[u8], candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
    candidates.names(Object::Relation, None, catalog);
    let (relation, _) = word.split_at(memchr::memrchr(b'.', word).unwrap_or(0));
    if relation.is_empty() {
        return;
    }
    let typed = Typed::parse(relation);
    let of = Qualified { schema: typed.schema, name: typed.name };
    let begun = Typed::parse(&word[relation.len() + 1..]);
    let wanted = Wanted { object: Object::Column, schema: None, of: Some(&of) };
    for name in catalog.look_up(&wanted, &begun.name) {
        let text = [relation, b".", &quoted(&name.name, begun.quoted)].concat();
        candidates.add_name(text, Object::Column, &name);
    }
}

/// What `\cancel` and `\terminate` take behind this word.
fn sessions(behind: &[u8], candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
    match &behind.to_ascii_lowercase()[..] {
        b"database" => candidates.names(Object::Database, None, catalog),
        b"user" => candidates.names(Object::Role, None, catalog),
        b"idle" => candidates.values(&["10min", "1h"], CandidateKind::Value),
        _ => candidates.values(&["-y", "database", "idle", "user"], CandidateKind::Option),
    }
}

/// What `\?` takes: psql's three words, and at our prompt the name of anything, once it is begun.
fn help_topics(word: &[u8], catalog: &dyn Catalog) -> Vec<&'static str> {
    let mut topics = vec!["commands", "options", "variables"];
    if catalog.has_own_commands() {
        topics.extend(["keys", "tour"]);
        topics.extend(help::names().filter(|_| !word.is_empty()));
    }
    sort(&mut topics);
    topics.dedup();
    topics
}

/// What precedes a service where `\c` takes a connection string.
const SERVICE: &[u8] = b"service=";

/// The services of the user's service file.
fn services(candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
    let wanted = Wanted { object: Object::Service, schema: None, of: None };
    for name in catalog.look_up(&wanted, &candidates.word[SERVICE.len()..]) {
        if is_plain(&name.name) {
            candidates.push([SERVICE, &name.name].concat(), CandidateKind::Name);
        }
    }
}

/// The time zones of a list, of which the last is begun.
fn time_zones(word: &[u8], candidates: &mut Candidates<'_>) {
    let (earlier, begun) = word.split_at(memchr::memrchr(b',', word).map_or(0, |at| at + 1));
    let Ok(begun) = std::str::from_utf8(begun) else { return };
    for name in time_zone::names(begun) {
        candidates.push([earlier, name.as_bytes()].concat(), CandidateKind::Value);
    }
}

/// The variables of the shell, set ones and special ones.
fn variable_names(word: &[u8], candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
    let set = catalog.look_up(&Wanted { object: Object::Variable, schema: None, of: None }, word);
    let mut names: Vec<Vec<u8>> = set.into_iter().map(|name| name.name).collect();
    let special = variables::special_names().map(str::as_bytes);
    let own = variables::OWN_NAMES.iter().filter(|_| catalog.has_own_commands());
    let all = special.chain(own.map(|name| name.as_bytes()));
    names.extend(all.filter(|name| name.starts_with(word)).map(<[u8]>::to_vec));
    sort(&mut names);
    names.dedup();
    for name in names {
        let note = help::variable_note(&String::from_utf8_lossy(&name)).into_bytes();
        let variable = Name { note, ..Name::from(name) };
        let text = variable.name.clone();
        candidates.add(Candidate::of_name(text, CandidateKind::Variable, &variable));
    }
}

fn skip_blank(text: &[u8], from: usize) -> usize {
    from + text[from..].iter().take_while(|b| b.is_ascii_whitespace()).count()
}

/// `\h`: the names of SQL commands, of several words.
fn sql_commands(
    before: &[u8],
    from: usize,
    candidates: &mut Candidates<'_>,
    catalog: &dyn Catalog,
) {
    let typed = &before[skip_blank(before, from)..];
    let mut whole = Candidates::new(typed, catalog);
    for command in grammar::sql_commands() {
        whole.keyword(command.name);
    }
    candidates.found = whole.found;
}

/// `\copy` is COPY with a file of the client's.
/// Whether a meta-command takes a whole statement.
pub(super) fn takes_statement(name: &[u8]) -> bool {
    let first = grammar::lookup(name).and_then(|command| command.argument(0));
    first.is_some_and(|argument| argument.completion == Completion::Statement)
}

/// Completes the statement that stands from `begin` on, behind an option perhaps.
pub(super) fn statement(
    text: &[u8],
    begin: usize,
    cursor: usize,
    catalog: &mut dyn Catalog,
) -> (usize, Vec<Candidate>) {
    const OPTION: &str = "--on-scratch";
    let blanks =
        |from: usize| text[from..cursor].iter().take_while(|b| b.is_ascii_whitespace()).count();
    let mut start = begin + blanks(begin);
    let word = &text[start..cursor];
    if !word.is_empty() && OPTION.as_bytes().starts_with(word) {
        let mut candidates = Candidates::new(word, catalog);
        candidates.values(&[OPTION], CandidateKind::Option);
        return candidates.finish(start);
    }
    if let Some(rest) = word.strip_prefix(OPTION.as_bytes())
        && rest.first().is_some_and(u8::is_ascii_whitespace)
    {
        start += OPTION.len();
        start += blanks(start);
    }
    let words = token::tokens(&text[start..cursor]);
    let (found, candidates) =
        sql::complete(&text[start..], cursor - start, &words, Place::Sql, catalog);
    (found + start, candidates)
}

fn copy(before: &[u8], tokens: &[Token], catalog: &mut dyn Catalog) -> (usize, Vec<Candidate>) {
    let arguments = &before[tokens[0].end..];
    let text = [b"COPY", arguments].concat();
    let moved = tokens[0].end - b"COPY".len();
    let words = token::tokens(&text);
    let (start, candidates) = sql::complete(&text, text.len(), &words, Place::Copy, catalog);
    (start + moved, candidates)
}

/// The objects an argument's completion stands for.
fn object(completion: Completion) -> Option<Object> {
    Some(match completion {
        Completion::AccessMethod => Object::AccessMethod,
        Completion::Aggregate => Object::Aggregate,
        Completion::Collation => Object::Collation,
        Completion::Conversion => Object::Conversion,
        Completion::Database => Object::Database,
        Completion::Directory => Object::Directory,
        Completion::Domain => Object::Domain,
        Completion::EnvironmentVariable => Object::EnvironmentVariable,
        Completion::EventTrigger => Object::EventTrigger,
        Completion::Extension => Object::Extension,
        Completion::File => Object::File,
        Completion::ForeignDataWrapper => Object::ForeignDataWrapper,
        Completion::ForeignTable => Object::ForeignTable,
        Completion::Function => Object::Function,
        Completion::Grantable | Completion::Relation => Object::Relation,
        Completion::Index => Object::Index,
        Completion::KeptResult => Object::KeptResult,
        Completion::Language => Object::Language,
        Completion::MaterializedView => Object::MaterializedView,
        Completion::OperatorFamily => Object::OperatorFamily,
        Completion::PartitionedRelation => Object::PartitionedRelation,
        Completion::PreparedStatement => Object::PreparedStatement,
        Completion::Publication => Object::Publication,
        Completion::Role => Object::Role,
        Completion::Schema => Object::Schema,
        Completion::Sequence => Object::Sequence,
        Completion::Server => Object::Server,
        Completion::Setting => Object::Setting,
        Completion::Statistics => Object::Statistics,
        Completion::Subscription => Object::Subscription,
        Completion::Table => Object::Table,
        Completion::Tablespace => Object::Tablespace,
        Completion::TextSearchConfiguration => Object::TextSearchConfiguration,
        Completion::TextSearchDictionary => Object::TextSearchDictionary,
        Completion::TextSearchParser => Object::TextSearchParser,
        Completion::TextSearchTemplate => Object::TextSearchTemplate,
        Completion::Type => Object::Type,
        Completion::View => Object::View,
        _ => return None,
    })
}
