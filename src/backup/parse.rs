//! The arguments of `\backup` and `\basebackup`: from words to a request.
//!
//! A word in quotes is never a key word, so that everything can be named.

use super::request::{
    BaseBackup, Checkpoint, Common, Compression, Dump, Existing, Format, Layout, Method,
    Objections, Passwords, Proof, Subject, Telling,
};
use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::char;
use nom::combinator::{all_consuming, opt};
use nom::sequence::preceded;
use nom::{IResult, Parser};

/// The key words that follow what is backed up.
const KEYWORDS: [&str; 9] =
    ["compress", "format", "ignoring", "jobs", "json", "overwrite", "to", "verify", "without"];

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    text: Vec<u8>,
    is_quoted: bool,
}

impl Word {
    /// An argument as the lexer has it, and whether anything of it stood in quotes.
    pub fn new(text: impl Into<Vec<u8>>, is_quoted: bool) -> Word {
        Word { text: text.into(), is_quoted }
    }

    /// Its text.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether it is this key word.
    pub fn is(&self, keyword: &str) -> bool {
        !self.is_quoted && self.text.eq_ignore_ascii_case(keyword.as_bytes())
    }

    fn is_keyword(&self) -> bool {
        KEYWORDS.iter().any(|keyword| self.is(keyword))
    }

    fn shown(&self) -> String {
        String::from_utf8_lossy(&self.text).into_owned()
    }
}

/// What `\backup` was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backup {
    /// A dump.
    Dump(Dump),
    /// Which kind suits this cluster.
    Plan,
}

/// What can be backed up.
pub const SUBJECTS: &str = "database, schema, table, all, globals or plan";

/// Reads the arguments of `\backup`.
///
/// # Errors
/// What is wrong with them.
pub fn backup(words: &[Word]) -> Result<Backup, String> {
    let mut words = Words { left: words };
    let Some(first) = words.next() else {
        return Err(format!("what to back up is missing: {SUBJECTS}"));
    };
    let subject = match first {
        word if word.is("plan") => {
            return words.next().map_or(Ok(Backup::Plan), |extra| Err(unknown(extra)));
        }
        word if word.is("database") => {
            Subject::Database(words.name().map(|word| exact(&word.text)))
        }
        word if word.is("schema") => Subject::Schemas(words.names("a schema", folded)?),
        word if word.is("table") => Subject::Tables(words.names("a table", <[u8]>::to_vec)?),
        word if word.is("all") => Subject::All,
        word if word.is("globals") => Subject::Globals,
        other => return Err(format!("\"{}\" can't be backed up, only {SUBJECTS}", other.shown())),
    };
    let default = if subject.is_cluster() { Format::Plain } else { Format::Custom };
    let mut dump = Dump {
        subject,
        format: default,
        compression: None,
        jobs: None,
        to: None,
        passwords: Passwords::default(),
        common: Common::default(),
    };
    while let Some(word) = words.next() {
        match word {
            word if word.is("format") => dump.format = words.format()?,
            word if word.is("compress") => dump.compression = Some(words.compression()?),
            word if word.is("jobs") => dump.jobs = Some(words.number()?),
            word if word.is("to") => dump.to = Some(words.path("to")?),
            word if word.is("without") => dump.passwords = words.passwords()?,
            word => words.common(word, &mut dump.common)?,
        }
    }
    check(&dump).map(|()| Backup::Dump(dump))
}

/// Refuses what no program can do.
fn check(dump: &Dump) -> Result<(), String> {
    let cluster = dump.subject.is_cluster();
    if cluster && dump.format != Format::Plain {
        return Err("pg_dumpall writes SQL and nothing else: leave \"format\" out".to_owned());
    }
    if cluster && dump.compression.is_some() {
        return Err("pg_dumpall does not compress: leave \"compress\" out".to_owned());
    }
    if cluster && dump.common.proof == Proof::Counts {
        return Err(
            "rows are counted in one database: \"verify\" goes with database, schema and table"
                .to_owned(),
        );
    }
    if !cluster && dump.passwords == Passwords::LeftOut {
        return Err(
            "a dump of a database has no passwords: leave \"without passwords\" out".to_owned()
        );
    }
    if dump.jobs.is_some_and(|jobs| jobs > 1) && dump.format != Format::Directory {
        return Err("several jobs need \"format directory\"".to_owned());
    }
    let compressed = dump.compression.as_ref().is_some_and(|found| found.method != Method::None);
    if compressed && dump.format == Format::Tar {
        return Err("a tar archive can't be compressed".to_owned());
    }
    Ok(())
}

/// Reads the arguments of `\basebackup`.
///
/// # Errors
/// What is wrong with them.
pub fn base_backup(words: &[Word]) -> Result<BaseBackup, String> {
    let mut words = Words { left: words };
    let mut to = None;
    let mut backup = BaseBackup {
        to: Vec::new(),
        layout: Layout::default(),
        incremental_from: None,
        compression: None,
        checkpoint: Checkpoint::default(),
        tablespaces: Vec::new(),
        common: Common::default(),
    };
    while let Some(word) = words.next() {
        match word {
            word if word.is("to") => to = Some(words.path("to")?),
            word if word.is("plain") => backup.layout = Layout::Plain,
            word if word.is("tar") => backup.layout = Layout::Tar,
            word if word.is("fast") => backup.checkpoint = Checkpoint::Fast,
            word if word.is("incremental") => {
                // "from" may be said or not.
                words.skip("from");
                backup.incremental_from = Some(words.path("incremental")?);
            }
            word if word.is("compress") => backup.compression = Some(words.compression()?),
            word if word.is("tablespace") => backup.tablespaces.push(words.mapping()?),
            word => words.common(word, &mut backup.common)?,
        }
    }
    if backup.layout == Layout::Tar && !backup.tablespaces.is_empty() {
        return Err("tar files have no tablespaces' paths: leave \"tablespace\" out".to_owned());
    }
    backup.to = to.ok_or("where to is missing: \\basebackup to PATH")?;
    if backup.compression.is_some() && backup.layout == Layout::Plain {
        return Err("files of a data directory are not compressed: say \"tar\"".to_owned());
    }
    if backup.common.proof == Proof::Counts {
        return Err(
            "a base backup is always compared with its manifest: leave \"verify\" out".to_owned()
        );
    }
    Ok(backup)
}

/// The words that are left.
struct Words<'a> {
    left: &'a [Word],
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a Word> {
        let (first, left) = self.left.split_first()?;
        self.left = left;
        Some(first)
    }

    /// The next word, if it is no key word.
    fn name(&mut self) -> Option<&'a Word> {
        self.left.first().filter(|word| !word.is_keyword())?;
        self.next()
    }

    /// The words up to the next key word; there must be one.
    fn names(
        &mut self,
        what: &str,
        read: impl Fn(&[u8]) -> Vec<u8>,
    ) -> Result<Vec<Vec<u8>>, String> {
        let mut names = Vec::new();
        while let Some(word) = self.name() {
            names.push(read(&word.text));
        }
        if names.is_empty() { Err(format!("the name of {what} is missing")) } else { Ok(names) }
    }

    fn skip(&mut self, keyword: &str) {
        if self.left.first().is_some_and(|word| word.is(keyword)) {
            self.next();
        }
    }

    fn path(&mut self, before: &str) -> Result<Vec<u8>, String> {
        let path = self.next().map(|word| word.text.clone()).filter(|path| !path.is_empty());
        path.ok_or_else(|| format!("a path is missing behind \"{before}\""))
    }

    fn number(&mut self) -> Result<u32, String> {
        let word = self.next().map(Word::shown).unwrap_or_default();
        let number = word.parse().ok().filter(|number| (1..=1000).contains(number));
        number.ok_or_else(|| "\"jobs\" takes a number from 1 to 1000".to_owned())
    }

    fn format(&mut self) -> Result<Format, String> {
        let word = self.next();
        let found = Format::ALL.iter().find(|(name, _)| word.is_some_and(|word| word.is(name)));
        found.map(|(_, format)| *format).ok_or_else(|| {
            let words = Format::ALL.map(|(name, _)| name).join(", ");
            format!("\"format\" takes one of {words}")
        })
    }

    fn compression(&mut self) -> Result<Compression, String> {
        let word = self.next().map(Word::shown).unwrap_or_default();
        compression(&word).ok_or_else(|| {
            let words = Method::ALL.map(|(name, ..)| name).join(", ");
            format!("\"compress\" takes one of {words}, and behind a colon a level: zstd:5")
        })
    }

    /// `NAME=PATH`; the name may have an equals sign itself, if the path is absolute.
    fn mapping(&mut self) -> Result<(Vec<u8>, Vec<u8>), String> {
        let word = self.next().map(|word| &word.text[..]).unwrap_or_default();
        let is_path = |at: &usize| matches!(word.get(at + 1), Some(b'/' | b'~'));
        let signs = || word.iter().enumerate().filter(|(_, byte)| **byte == b'=').map(|(at, _)| at);
        let at = signs().find(is_path).or_else(|| signs().next()).filter(|at| *at > 0);
        let pair = at.map(|at| (exact(&word[..at]), word[at + 1..].to_vec()));
        pair.filter(|(_, path)| !path.is_empty())
            .ok_or_else(|| "\"tablespace\" takes NAME=PATH".to_owned())
    }

    fn passwords(&mut self) -> Result<Passwords, String> {
        match self.next() {
            Some(word) if word.is("passwords") => Ok(Passwords::LeftOut),
            _ => Err("\"without\" takes \"passwords\"".to_owned()),
        }
    }

    /// A word that every backup knows.
    fn common(&mut self, word: &Word, common: &mut Common) -> Result<(), String> {
        match word {
            word if word.is("overwrite") => common.existing = Existing::Overwritten,
            word if word.is("verify") => common.proof = Proof::Counts,
            word if word.is("json") => common.telling = Telling::Json,
            word if word.is("ignoring") => match self.next() {
                Some(word) if word.is("checks") => common.objections = Objections::AreTold,
                _ => return Err("\"ignoring\" takes \"checks\"".to_owned()),
            },
            other => return Err(unknown(other)),
        }
        Ok(())
    }
}

fn unknown(word: &Word) -> String {
    format!("unexpected \"{}\"", word.shown())
}

/// `zstd`, `gzip:9`, `zstd:level=3,long`
fn compression(word: &str) -> Option<Compression> {
    fn parts(input: &str) -> IResult<&str, (&str, Option<&str>)> {
        let detail = take_while1(|c: char| c.is_ascii_alphanumeric() || "=,-".contains(c));
        let method = take_while(|c: char| c.is_ascii_alphanumeric());
        all_consuming((method, opt(preceded(char(':'), detail)))).parse(input)
    }
    let (_, (method, detail)) = parts(word).ok()?;
    let found = Method::ALL.iter().find(|(name, ..)| name.eq_ignore_ascii_case(method));
    let (_, method, _) = found?;
    let fits = detail.is_none() || *method != Method::None;
    fits.then(|| Compression { method: *method, detail: detail.map(str::to_owned) })
}

/// A name as it stands, without the quotes around it.
fn exact(text: &[u8]) -> Vec<u8> {
    unquoted(text).unwrap_or_else(|| text.to_vec())
}

/// A name as SQL reads it: without quotes in lower case.
fn folded(text: &[u8]) -> Vec<u8> {
    unquoted(text).unwrap_or_else(|| text.to_ascii_lowercase())
}

/// The name in double quotes, which are doubled inside.
fn unquoted(text: &[u8]) -> Option<Vec<u8>> {
    let inside = text.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let mut name = Vec::with_capacity(inside.len());
    let mut bytes = inside.iter();
    while let Some(&byte) = bytes.next() {
        if byte == b'"' && bytes.next() != Some(&b'"') {
            return None;
        }
        name.push(byte);
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Word> {
        text.split(' ')
            .filter(|word| !word.is_empty())
            .map(|word| Word::new(word, word.contains('"')))
            .collect()
    }

    fn dump(text: &str) -> Dump {
        match backup(&words(text)) {
            Ok(Backup::Dump(dump)) => dump,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn subjects() {
        let names = |names: &[&str]| names.iter().map(|name| name.as_bytes().to_vec()).collect();
        for (text, expected) in [
            ("database", Subject::Database(None)),
            ("DATABASE app format plain", Subject::Database(Some(b"app".to_vec()))),
            ("database MyApp", Subject::Database(Some(b"MyApp".to_vec()))),
            ("database \"to\"", Subject::Database(Some(b"to".to_vec()))),
            ("database \"a\"\"b\"", Subject::Database(Some(b"a\"b".to_vec()))),
            ("database to x", Subject::Database(None)),
            ("schema Sales \"Old\" to x", Subject::Schemas(names(&["sales", "Old"]))),
            ("table pub*.T \"X\".y json", Subject::Tables(names(&["pub*.T", "\"X\".y"]))),
            ("all", Subject::All),
            ("globals without passwords", Subject::Globals),
        ] {
            assert_eq!(dump(text).subject, expected, "{text}");
        }
        assert_eq!(backup(&words("plan")), Ok(Backup::Plan));
    }

    #[test]
    fn options() {
        let found = dump(
            "database app format directory compress zstd:5 jobs 4 to d overwrite verify json ignoring checks",
        );
        let compression = Compression { method: Method::Zstd, detail: Some("5".to_owned()) };
        assert_eq!(
            (found.format, found.jobs, found.to),
            (Format::Directory, Some(4), Some(b"d".to_vec()))
        );
        assert_eq!(found.compression, Some(compression));
        let common = Common {
            existing: Existing::Overwritten,
            proof: Proof::Counts,
            telling: Telling::Json,
            objections: Objections::AreTold,
        };
        assert_eq!(found.common, common);
        assert_eq!(dump("all").format, Format::Plain);
        assert_eq!(dump("database").format, Format::Custom);
    }

    #[test]
    fn what_is_wrong() {
        for (text, expected) in [
            ("", "what to back up is missing"),
            ("view x", "\"view\" can't be backed up"),
            ("schema", "the name of a schema is missing"),
            ("table to x", "the name of a table is missing"),
            ("database a b", "unexpected \"b\""),
            ("plan x", "unexpected \"x\""),
            ("database a format zip", "\"format\" takes one of custom"),
            ("database a format", "\"format\" takes one of custom"),
            ("database a compress bzip2", "\"compress\" takes"),
            ("database a compress none:3", "\"compress\" takes"),
            ("database a compress gzip:", "\"compress\" takes"),
            ("database a jobs 0", "\"jobs\" takes"),
            ("database a jobs 2", "several jobs need"),
            ("database a to", "a path is missing"),
            ("database a format tar compress gzip", "a tar archive can't"),
            ("all format custom", "pg_dumpall writes SQL"),
            ("all compress gzip", "pg_dumpall does not compress"),
            ("globals verify", "rows are counted in one"),
            ("database without passwords", "a dump of a database has no passwords"),
            ("globals without x", "\"without\" takes"),
            ("database ignoring x", "\"ignoring\" takes"),
        ] {
            let wrong = backup(&words(text)).expect_err(text);
            assert!(wrong.starts_with(expected), "{text}: {wrong}");
        }
    }

    #[test]
    fn base_backups() {
        let found = base_backup(&words("to /b tar compress lz4 fast incremental from /a"))
            .expect("a request");
        assert_eq!(
            (found.to, found.layout, found.checkpoint),
            (b"/b".to_vec(), Layout::Tar, Checkpoint::Fast)
        );
        assert_eq!(found.incremental_from, Some(b"/a".to_vec()));
        let found = base_backup(&words("to /b tablespace fast=x tablespace /a=b=/c=/d"));
        let pairs = [(&b"fast"[..], &b"x"[..]), (b"/a=b", b"/c=/d")];
        let pairs = pairs.map(|(name, path)| (name.to_vec(), path.to_vec()));
        assert_eq!(found.map(|found| found.tablespaces), Ok(pairs.to_vec()));
        for (text, expected) in [
            ("", "where to is missing"),
            ("/b", "unexpected \"/b\""),
            ("to /b compress gzip", "files of a data directory"),
            ("to /b verify", "a base backup is always"),
            ("to /b incremental", "a path is missing"),
            ("to /b tablespace", "\"tablespace\" takes NAME=PATH"),
            ("to /b tablespace =/x", "\"tablespace\" takes NAME=PATH"),
            ("to /b tablespace a=", "\"tablespace\" takes NAME=PATH"),
            ("to /b tar tablespace a=/x", "tar files have no"),
            ("to /b jobs 3", "unexpected \"jobs\""),
        ] {
            let wrong = base_backup(&words(text)).expect_err(text);
            assert!(wrong.starts_with(expected), "{text}: {wrong}");
        }
    }
}
