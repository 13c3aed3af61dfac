//! The databases that are kept under a name: which there are, how large, used when, in use or not.
//!
//! Owns the file `kept` of a cluster, written whenever a session begins or ends there, so that nobody who
//! only asks has to start a server.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::error::Error;
use super::lease::{self, Leases};
use super::name;
use crate::sort::sort_by;

/// A cluster's directory begins with this, and ends with the server's major version.
const CLUSTER: &str = "cluster-";

/// A database that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDatabase {
    /// Its name.
    pub name: String,
    /// The major version of its server.
    pub major: u32,
    /// What its files take.
    pub bytes: u64,
    /// When a session last began or ended there, in seconds since 1970, if that is known.
    pub used: Option<i64>,
    /// Whether a session uses it now.
    pub in_use: bool,
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    oid: String,
    used: Option<i64>,
    name: String,
}

/// The directory of the cluster of this major version.
pub(super) fn cluster_place(cache: &Path, major: u32) -> PathBuf {
    cache.join(format!("{CLUSTER}{major}"))
}

/// Writes down which `databases` (OIDs and names) the cluster in `place` has, and that those in `used`
/// are used now.
///
/// # Errors
/// The file can't be written.
pub(super) fn record(
    place: &Path,
    databases: &[(String, String)],
    used: &[String],
) -> Result<(), Error> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let lines = merge(&read(place), databases, used, now as i64);
    let path = file(place);
    let failed = |e| Error::at("could not write", &path, e);
    // Renamed into place: who reads it sees the old or the new one.
    let unfinished = place.join("kept.tmp");
    let opened =
        fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&unfinished);
    opened.and_then(|mut file| file.write_all(write(&lines).as_bytes())).map_err(failed)?;
    fs::rename(&unfinished, &path).map_err(failed)
}

/// The databases that are kept in the clusters below `cache`, by name.
///
/// # Errors
/// A directory can't be read.
pub(super) fn list(cache: &Path) -> Result<Vec<KeptDatabase>, Error> {
    let entries = fs::read_dir(cache).map_err(|e| Error::at("could not read", cache, e))?;
    let mut found = Vec::new();
    for entry in entries.flatten() {
        let file_name = entry.file_name();
        let major = file_name.to_str().and_then(|name| name.strip_prefix(CLUSTER)?.parse().ok());
        if let Some(major) = major {
            found.extend(list_cluster(&entry.path(), major)?);
        }
    }
    sort_by(&mut found, |a, b| (&a.name, b.major).cmp(&(&b.name, a.major)));
    Ok(found)
}

fn list_cluster(place: &Path, major: u32) -> Result<Vec<KeptDatabase>, Error> {
    let lines = read(place);
    if lines.is_empty() || !lease::directory(place).is_dir() {
        return Ok(Vec::new());
    }
    let leases = Leases::of_others(place, None)?;
    let database = |line: Line| {
        let bytes = directory_size(&place.join("data/base").join(&line.oid))?;
        let in_use = leases.live.contains(&line.name);
        Some(KeptDatabase { name: line.name, major, bytes, used: line.used, in_use })
    };
    Ok(lines.into_iter().filter_map(database).collect())
}

/// What the files in a directory take; `None` if it isn't there.
fn directory_size(path: &Path) -> Option<u64> {
    let sizes = fs::read_dir(path).ok()?.flatten().filter_map(|entry| entry.metadata().ok());
    Some(sizes.map(|file| file.len()).sum())
}

fn file(place: &Path) -> PathBuf {
    place.join("kept")
}

fn read(place: &Path) -> Vec<Line> {
    parse(&String::from_utf8_lossy(&fs::read(file(place)).unwrap_or_default()))
}

/// The lines of the file: OID, time or `-`, name. What is none is passed over.
fn parse(text: &str) -> Vec<Line> {
    let line = |line: &str| {
        let mut fields = line.splitn(3, ' ');
        let oid = fields.next()?;
        oid.parse::<u32>().ok()?;
        let used = fields.next()?.parse().ok();
        let name = fields.next()?;
        name::check(name).ok()?;
        Some(Line { oid: oid.to_owned(), used, name: name.to_owned() })
    };
    text.lines().filter_map(line).collect()
}

fn write(lines: &[Line]) -> String {
    let used = |line: &Line| line.used.map_or("-".to_owned(), |used| used.to_string());
    lines.iter().map(|line| format!("{} {} {}\n", line.oid, used(line), line.name)).collect()
}

/// The databases that can be kept, with what is known of their use.
fn merge(known: &[Line], databases: &[(String, String)], used: &[String], now: i64) -> Vec<Line> {
    let line = |(oid, name): &(String, String)| {
        name::check(name).ok()?;
        let before = known.iter().find(|line| line.oid == *oid).and_then(|line| line.used);
        let used = if used.contains(name) { Some(now) } else { before };
        Some(Line { oid: oid.clone(), used, name: name.clone() })
    };
    databases.iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(oid, name)| ((*oid).to_owned(), (*name).to_owned())).collect()
    }

    #[test]
    fn what_is_known_of_a_database_stays_with_it() {
        let databases = [("5", "postgres"), ("16384", "shop"), ("7", "scratch_1_1"), ("8", "a b")];
        let first = merge(&[], &pairs(&databases), &["shop".to_owned()], 100);
        assert_eq!(write(&first), "16384 100 shop\n8 - a b\n");
        // Renamed it is the same, made anew it is another.
        let later = [("16384", "store"), ("9", "shop")];
        let later = merge(&first, &pairs(&later), &[], 200);
        assert_eq!(write(&later), "16384 100 store\n9 - shop\n");
        assert_eq!(parse(&write(&later)), later);
    }

    #[test]
    fn lines_that_are_none_are_passed_over() {
        let odd = "x 1 a\n1 2\n\n../1 2 a\n1 2 a/b\n1 2 \u{1b}[2J\n1 x a\n2 3 ok and more\n";
        assert_eq!(write(&parse(odd)), "1 - a\n2 3 ok and more\n");
    }
}
