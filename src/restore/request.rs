//! What was asked for: the words of `\restore` as values.

use crate::archive::selection::Pattern;
use crate::backup::{Objections, Proof, Telling, Word};

/// A restore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The dump.
    pub path: Vec<u8>,
    /// The database it goes into; the session's own without a name.
    pub into: Option<Vec<u8>>,
    /// The objects that are restored; all without a pattern.
    pub only: Vec<Pattern>,
    /// How many connections work at once.
    pub jobs: u32,
    /// What becomes of objects that are there already.
    pub existing: Existing,
    /// What becomes of owners and privileges.
    pub owners: Owners,
    /// Whether rows are counted afterwards.
    pub proof: Proof,
    /// How it is told.
    pub telling: Telling,
    /// What an objection of the checks does.
    pub objections: Objections,
}

/// What becomes of objects that are there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// They stay, and what would replace them fails.
    #[default]
    Kept,
    /// They are dropped first.
    Dropped,
}

/// What becomes of owners and privileges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Owners {
    /// They are as they were.
    #[default]
    Kept,
    /// All belongs to whoever restores it.
    LeftOut,
}

/// The words of `\restore` behind the path.
pub const WORDS: [&str; 8] =
    ["clean", "ignoring", "into", "jobs", "json", "only", "verify", "without"];

const MAX_JOBS: u32 = 100;

/// Reads the arguments of `\restore`.
///
/// # Errors
/// What is wrong with them.
pub fn parse(words: &[Word]) -> Result<Request, String> {
    let Some((path, mut words)) = words.split_first().filter(|(path, _)| !path.text().is_empty())
    else {
        return Err("what to restore is missing: \\restore PATH [into DATABASE]".to_owned());
    };
    let mut request = Request {
        path: path.text().to_vec(),
        into: None,
        only: Vec::new(),
        jobs: 1,
        existing: Existing::Kept,
        owners: Owners::Kept,
        proof: Proof::Listing,
        telling: Telling::Text,
        objections: Objections::End,
    };
    while let Some((word, rest)) = words.split_first() {
        words = rest;
        let keyword = WORDS.into_iter().find(|keyword| word.is(keyword));
        let mut next = |what: &str| {
            let (found, rest) = words.split_first().ok_or(format!("{what} is missing"))?;
            words = rest;
            Ok::<_, String>(found)
        };
        match keyword {
            Some("into") => {
                let name = next("the name of a database behind \"into\"")?.text();
                request.into = Some(database_name(name)?);
            }
            Some("jobs") => {
                let text =
                    String::from_utf8_lossy(next("a number behind \"jobs\"")?.text()).into_owned();
                let jobs = text.parse().ok().filter(|jobs| (1..=MAX_JOBS).contains(jobs));
                request.jobs =
                    jobs.ok_or(format!("\"{text}\" is no number of jobs (1 to {MAX_JOBS})"))?;
            }
            Some("only") => {
                let is_pattern = |word: &&Word| !WORDS.iter().any(|keyword| word.is(keyword));
                let count = words.iter().take_while(is_pattern).count();
                if count == 0 {
                    return Err("a pattern behind \"only\" is missing".to_owned());
                }
                for pattern in &words[..count] {
                    request.only.push(Pattern::parse(pattern.text())?);
                }
                words = &words[count..];
            }
            Some("clean") => request.existing = Existing::Dropped,
            Some("verify") => request.proof = Proof::Counts,
            Some("json") => request.telling = Telling::Json,
            Some("without") => {
                if !next("\"owners\" behind \"without\"")?.is("owners") {
                    return Err("only owners can be left out: \"without owners\"".to_owned());
                }
                request.owners = Owners::LeftOut;
            }
            Some("ignoring") => {
                if !next("\"checks\" behind \"ignoring\"")?.is("checks") {
                    return Err("only checks can be ignored: \"ignoring checks\"".to_owned());
                }
                request.objections = Objections::AreTold;
            }
            _ => {
                let word = String::from_utf8_lossy(word.text()).into_owned();
                return Err(format!(
                    "\"{word}\" is not understood here; known are {}",
                    WORDS.join(", ")
                ));
            }
        }
    }
    Ok(request)
}

/// The name of a database, from how SQL would write it or as it is.
fn database_name(text: &[u8]) -> Result<Vec<u8>, String> {
    let name = match text.strip_prefix(b"\"") {
        Some(_) => crate::archive::name::identifier(text)
            .filter(|(_, rest)| rest.is_empty())
            .map(|(name, _)| name)
            .ok_or("the double quotes of the database's name don't match")?,
        None => text.to_vec(),
    };
    const LONGEST: usize = 63;
    match name.len() {
        0 => Err("the database's name is empty".to_owned()),
        1..=LONGEST => Ok(name),
        _ => Err(format!("the database's name is longer than {LONGEST} bytes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Request, String> {
        let words: Vec<Word> = text
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(|word| Word::new(word.trim_matches('\''), word.starts_with('\'')))
            .collect();
        parse(&words)
    }

    #[test]
    fn requests() {
        let request =
            read("x.dump into 'into' only a b.* jobs 4 clean verify json ignoring checks")
                .expect("a request");
        assert_eq!(request.into.as_deref(), Some(&b"into"[..]));
        assert_eq!((request.only.len(), request.jobs), (2, 4));
        assert_eq!((request.existing, request.proof), (Existing::Dropped, Proof::Counts));
        assert_eq!(request.telling, Telling::Json);
        assert_eq!(request.objections, Objections::AreTold);
        let request = read("x into \"My\"\"Db\"").expect("a request");
        assert_eq!(request.into.as_deref(), Some(&b"My\"Db"[..]));
        assert_eq!(read("x into MyDb").expect("a request").into.as_deref(), Some(&b"MyDb"[..]));
        for wrong in [
            "",
            "''",
            "x into",
            "x into \"",
            "x jobs",
            "x jobs 0",
            "x jobs 1000",
            "x jobs a",
            "x only",
            "x only into y",
            "x only a.b.c",
            "x sideways",
            "x ignoring",
            "x ignoring all",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
