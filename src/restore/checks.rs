//! What stands in the way of a restore, all told at once.

use super::request::{Existing, Request};
use super::target::Target;
use crate::administration::name_argument;
use crate::backup::{Failure, FailureKind, Findings};
use crate::number::counted;
use crate::progress::size;

/// So many names are told of a list.
const NAMED: usize = 5;

/// What of the dump the checks look at.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The server it was made from, as a version number; 0 if that is unknown.
    pub dumped_from: i32,
    /// How it tells its encoding.
    pub encoding: Option<String>,
    /// How many bytes it has on the disk.
    pub bytes: u64,
    /// Options of CREATE DATABASE that the server does not know.
    pub unknown_options: Vec<String>,
    /// How much is free where the cluster lies, if that is here.
    pub free: Option<u64>,
}

/// Looks at what is known of the dump and of the target.
pub fn check(request: &Request, target: &Target, facts: &Facts, findings: &mut Findings) {
    let name = String::from_utf8_lossy(&target.name).into_owned();
    let mut object = |text: String, hint: &str| {
        findings.object(Failure::new(FailureKind::Refused, text).with_hint(hint));
    };
    if target.is_standby {
        object("the server is a standby, which only reads".to_owned(), "Connect to the primary.");
    }
    match &target.existing {
        None if request.into.is_some() && !target.can_create => object(
            format!("\"{}\" may not make databases", target.user),
            &format!("A superuser lets it: ALTER ROLE \"{}\" CREATEDB.", target.user),
        ),
        None => {}
        Some(existing) => {
            if !existing.present.is_empty() && request.existing == Existing::Kept {
                object(
                    format!("database \"{name}\" has {} already", list(&existing.present)),
                    "\"clean\" drops it first; \"into NAME\" restores beside it, into a database of its own.",
                );
            } else if request.only.is_empty()
                && !existing.contents.is_empty()
                && request.existing == Existing::Kept
            {
                let contents = existing.contents.iter();
                let contents: Vec<_> =
                    contents.map(|(kind, count)| counted(*count, kind)).collect();
                object(
                    format!("database \"{name}\" is not empty: it has {}", list(&contents)),
                    "\"into NAME\" restores into a new database, \"only PATTERN\" what is missing, \"clean\" drops \
                     first what the dump replaces; \"ignoring checks\" adds to what is there.",
                );
            }
            if !existing.sessions.is_empty() && request.existing == Existing::Dropped {
                object(
                    format!(
                        "others are connected to database \"{name}\": {}",
                        list(&existing.sessions)
                    ),
                    &format!(
                        "What is dropped waits for them. \\terminate database {} ends their sessions.",
                        String::from_utf8_lossy(&name_argument(&target.name))
                    ),
                );
            }
        }
    }
    let missing = &target.missing;
    if !missing.extensions.is_empty() {
        object(
            format!("the server lacks the extension {}", list(&missing.extensions)),
            "Its package must be installed on the server's machine (postgresql-contrib, or one of its own).",
        );
    }
    if !missing.roles.is_empty() {
        object(
            format!("the server has no role {}", list(&missing.roles)),
            "The dump gives it objects or privileges. CREATE ROLE makes it, \\backup globals dumps roles; \
             \"without owners\" restores an archive without them.",
        );
    }
    if !missing.tablespaces.is_empty() {
        object(
            format!("the server has no tablespace {}", list(&missing.tablespaces)),
            "CREATE TABLESPACE makes it, with an empty directory on the server's machine.",
        );
    }
    if let Some(free) = facts.free.filter(|free| *free < facts.bytes) {
        object(
            format!(
                "{} are free where the server keeps its data, and the dump has {}",
                size(free),
                size(facts.bytes)
            ),
            "A restored database is larger than its compressed dump.",
        );
    }
    notes(target, facts, &name, findings);
}

fn notes(target: &Target, facts: &Facts, name: &str, findings: &mut Findings) {
    if crate::server_tools::major(facts.dumped_from) > crate::server_tools::major(target.version) {
        findings.note(format!(
            "the dump is of a server of version {}, newer than this one: what is new there fails here",
            facts.dumped_from / 10_000
        ));
    }
    if let Some(existing) = &target.existing {
        if !existing.sessions.is_empty() {
            findings.note(format!(
                "others are connected to database \"{name}\": {}",
                list(&existing.sessions)
            ));
        }
        if facts.encoding.as_ref().is_some_and(|dumped| *dumped != existing.encoding) {
            let dumped = facts.encoding.as_deref().unwrap_or_default();
            findings.note(format!(
                "the dump is in {dumped}, database \"{name}\" in {}: characters that it does not have fail",
                existing.encoding
            ));
        }
    }
    if !facts.unknown_options.is_empty() {
        findings.note(format!(
            "the database is made without {}, which this server does not know",
            list(&facts.unknown_options)
        ));
    }
}

/// `a, b, c and 3 more`
pub fn list(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let named = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}

#[cfg(test)]
mod tests {
    use super::super::target;
    use super::*;
    use crate::backup::Word;

    #[test]
    fn all_objections_at_once() {
        let request = |text: &str| {
            let words: Vec<Word> = text.split(' ').map(|word| Word::new(word, false)).collect();
            super::super::request::parse(&words).expect("a request")
        };
        let told = |text: &str, target: &Target, facts: &Facts| {
            let mut findings = Findings::default();
            check(&request(text), target, facts, &mut findings);
            let notes = findings.notes().len();
            (findings.check().map_or_else(|failure| failure.messages().len(), |()| 0), notes)
        };
        let facts = Facts { bytes: 10, free: Some(20), dumped_from: 150_002, ..Facts::default() };
        let new =
            Target { name: b"n".to_vec(), version: 180_000, can_create: true, ..Target::default() };
        assert_eq!(told("x into n", &new, &facts), (0, 0));
        let mut poor = Target { can_create: false, version: 120_001, ..new.clone() };
        assert_eq!(told("x into n", &poor, &facts), (1, 1));
        let names = || vec!["a".to_owned()];
        poor.missing =
            target::Missing { roles: names(), tablespaces: names(), extensions: names() };
        assert_eq!(told("x into n", &poor, &Facts { bytes: 30, ..facts.clone() }), (5, 1));
        let existing = target::Existing {
            encoding: "UTF8".to_owned(),
            contents: vec![("table".to_owned(), 2)],
            sessions: names(),
            present: Vec::new(),
        };
        let busy = Target { existing: Some(existing.clone()), ..new.clone() };
        assert_eq!(told("x", &busy, &facts), (1, 1));
        assert_eq!(told("x clean", &busy, &facts), (1, 1));
        assert_eq!(told("x only t", &busy, &facts), (0, 1));
        let present =
            Target { existing: Some(target::Existing { present: names(), ..existing }), ..new };
        assert_eq!(told("x only t", &present, &facts), (1, 1));
        assert_eq!(told("x only t clean", &present, &facts), (1, 1));
    }

    #[test]
    fn long_lists() {
        let names: Vec<String> = ["a", "b", "c", "d", "e", "f", "g"].map(str::to_owned).to_vec();
        assert_eq!(list(&names), "a, b, c, d, e and 2 more");
        assert_eq!(list(&names[..2]), "a, b");
    }
}
