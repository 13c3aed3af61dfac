//! The arguments of `\backup` and `\basebackup`.

use super::candidates::Candidates;
use super::catalog::{Catalog, Object};
use super::kind::CandidateKind;
use super::literal::Place;
use super::token::Token;

/// What `\backup` takes first.
const SUBJECTS: &[&str] = &["all", "database", "globals", "plan", "schema", "table"];
/// What every dump knows.
const DUMP: &[&str] =
    &["compress", "format", "ignoring", "jobs", "json", "overwrite", "to", "verify"];
/// What a dump of the cluster knows.
const CLUSTER: &[&str] = &["ignoring", "json", "overwrite", "to", "without"];
/// What a base backup knows.
const BASE: &[&str] = &[
    "compress",
    "fast",
    "ignoring",
    "incremental",
    "json",
    "overwrite",
    "plain",
    "tablespace",
    "tar",
    "to",
];

/// Completes an argument of `\backup` behind those before it.
pub(super) fn backup(
    before: &[u8],
    earlier: &[Token],
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let word = |token: Option<&Token>| token.map(|token| token.text(before).to_ascii_lowercase());
    let subject = word(earlier.first());
    let objects = match word(earlier.last()).as_deref() {
        None | Some(b"plan") => None,
        Some(b"database") => Some(Object::Database),
        Some(b"schema") => Some(Object::Schema),
        Some(b"table") => Some(Object::Table),
        Some(last) => return rest(last, subject.as_deref(), candidates, catalog),
    };
    if let Some(object) = objects {
        candidates.names(object, None, catalog);
    }
    match subject.as_deref() {
        None => candidates.values(SUBJECTS, CandidateKind::Value),
        // The session's own, where no name is given.
        Some(b"database") => candidates.values(DUMP, CandidateKind::Value),
        Some(_) => {}
    }
}

/// What follows a word that is not the subject's.
fn rest(
    last: &[u8],
    subject: Option<&[u8]>,
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    if value(last, candidates, catalog) {
        return;
    }
    match subject {
        Some(b"all" | b"globals") => candidates.values(CLUSTER, CandidateKind::Value),
        Some(b"plan") => {}
        _ => candidates.values(DUMP, CandidateKind::Value),
    }
}

/// Completes an argument of `\basebackup` behind those before it.
pub(super) fn base_backup(
    before: &[u8],
    earlier: &[Token],
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let last = earlier.last().map_or(&b""[..], |token| token.text(before)).to_ascii_lowercase();
    if last == b"tablespace" {
        candidates.names(Object::Tablespace, None, catalog);
    } else if !value(&last, candidates, catalog) {
        candidates.values(BASE, CandidateKind::Value);
    }
}

/// The values of a word that takes one; whether it does.
fn value(word: &[u8], candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) -> bool {
    let values: &[&str] = match word {
        b"format" => &["custom", "directory", "plain", "tar"],
        b"compress" => &["gzip", "lz4", "none", "zstd"],
        b"ignoring" => &["checks"],
        b"without" => &["passwords"],
        b"jobs" => &[],
        b"to" | b"incremental" | b"from" => {
            candidates.files(Object::File, Place::Argument { pipe: false }, catalog);
            return true;
        }
        _ => return false,
    };
    candidates.values(values, CandidateKind::Value);
    true
}
