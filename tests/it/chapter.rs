//! A chapter of `docs/` as steps to run, and whether what was printed is what it shows.
//!
//! Owns the convention that CONTRIBUTING.md ("Write a chapter") describes. Runs nothing.

use crate::trial::tests;

/// Who runs a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// pgsh, as a script on standard input.
    Sql,
    /// sh.
    Sh,
}

/// A block to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its first line in the chapter, counted from 1.
    pub line: usize,
    pub language: Language,
    pub text: String,
    /// What it must say, if it is to fail.
    pub failure: Option<String>,
    /// What it must print, if the chapter shows that.
    pub shown: Option<Shown>,
}

/// What a chapter shows to be printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    text: String,
    /// Words in it that stand for any others.
    varying: Vec<String>,
}

/// Whose the server is that a chapter is run on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Home {
    /// It alone is run there.
    #[default]
    Own,
    /// Other chapters are, too, in databases of their own.
    Shared,
}

/// A block that is only shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub line: usize,
    pub reason: String,
}

/// A chapter: all of its blocks are accounted for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chapter {
    /// The database its blocks begin in.
    pub database: String,
    pub home: Home,
    /// Settings that its server is started with, a line each.
    pub settings: String,
    pub steps: Vec<Step>,
    /// Its blocks of commands that are not run.
    pub skipped: Vec<Skipped>,
}

/// What comments said of the block that comes next.
#[derive(Default)]
struct Notes {
    failure: Option<String>,
    varying: Vec<String>,
    /// Why it is not run.
    skipped: Option<String>,
    /// The block before was run, so that one of `text` shows what it prints.
    may_show: bool,
}

/// Who runs a block of this kind, if anybody.
fn language(kind: &str) -> Option<Language> {
    match kind {
        "sql" => Some(Language::Sql),
        "sh" => Some(Language::Sh),
        _ => None,
    }
}

impl Chapter {
    /// Reads a chapter.
    ///
    /// # Errors
    /// What is wrong, and in which line: a block that is neither run, nor what one that is run prints,
    /// nor said not to be.
    pub fn read(text: &str) -> Result<Chapter, String> {
        let mut chapter = Chapter::default();
        let mut notes = Notes::default();
        let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
        while let Some((number, line)) = lines.next() {
            let mut block = |end: &str| {
                let body = lines.by_ref().take_while(|(_, line)| *line != end);
                body.map(|(_, line)| format!("{line}\n")).collect::<String>()
            };
            let in_line = |wrong: String| format!("line {number}: {wrong}");
            if let Some(kind) = line.strip_prefix("```") {
                chapter.add(number, kind, block("```"), &mut notes).map_err(in_line)?;
            } else if line.trim_start().starts_with("```") {
                return Err(in_line("a block must begin where the line does".to_owned()));
            } else if let Some(name) = line.strip_prefix("<!-- before: ") {
                let language = language(name);
                let language = language.ok_or_else(|| in_line(format!("no language: {name}")))?;
                let text = block("-->");
                let line = number;
                chapter.steps.push(Step { line, language, text, failure: None, shown: None });
                notes.may_show = false;
            } else if let Some(note) = line.strip_prefix("<!-- ") {
                let note = note.strip_suffix(" -->").unwrap_or_default();
                chapter.heed(note, &mut notes).map_err(in_line)?;
            }
        }
        match chapter.steps.first() {
            Some(step) if chapter.database.is_empty() => {
                Err(format!("line {}: no line says <!-- run in DATABASE -->", step.line))
            }
            _ => Ok(chapter),
        }
    }

    /// Adds a block.
    fn add(
        &mut self,
        line: usize,
        kind: &str,
        text: String,
        notes: &mut Notes,
    ) -> Result<(), String> {
        let Notes { failure, varying, skipped, may_show } = std::mem::take(notes);
        match (language(kind), self.steps.last_mut()) {
            (language, _) if skipped.is_some() => {
                let reason = skipped.filter(|_| language.is_some());
                self.skipped.extend(reason.map(|reason| Skipped { line, reason }));
            }
            (Some(language), _) => {
                self.steps.push(Step { line, language, text, failure, shown: None });
                notes.may_show = true;
            }
            (None, Some(last)) if kind == "text" && may_show => {
                last.shown = Some(Shown { text, varying });
            }
            (None, _) => {
                return Err(format!(
                    "this block of {kind:?} is not what a block before it prints, \
                     and no line says <!-- not run: REASON -->"
                ));
            }
        }
        Ok(())
    }

    /// Heeds a comment. Those that are none of ours are for readers of the source.
    fn heed(&mut self, note: &str, notes: &mut Notes) -> Result<(), String> {
        if let Some(database) = note.strip_prefix("run in ") {
            let shared = database.strip_suffix(", shared");
            self.home = if shared.is_some() { Home::Shared } else { Home::Own };
            self.database = shared.unwrap_or(database).to_owned();
        } else if let Some(setting) = note.strip_prefix("server: ") {
            self.settings.push_str(setting);
            self.settings.push('\n');
        } else if let Some(text) = note.strip_prefix("fails: ") {
            notes.failure = Some(text.to_owned());
        } else if let Some(words) = note.strip_prefix("varies: ") {
            notes.varying = words.split(", ").map(str::to_owned).collect();
        } else if let Some(reason) = note.strip_prefix("not run: ") {
            if reason.trim().is_empty() {
                return Err("no reason".to_owned());
            }
            notes.skipped = Some(reason.to_owned());
        }
        if self.home == Home::Shared && !self.settings.is_empty() {
            return Err("a server that is shared has no settings of one chapter's".to_owned());
        }
        Ok(())
    }
}

impl Shown {
    /// Whether this is what was printed. How wide columns are doesn't matter; a line `...` stands
    /// for any number of lines.
    ///
    /// # Errors
    /// The first line that was not printed as shown.
    pub fn compare(&self, printed: &str) -> Result<(), String> {
        let printed: Vec<String> = printed.lines().map(narrow).collect();
        let shown: Vec<&str> = self.text.lines().collect();
        let trimmed = |count: &usize| printed[*count..].iter().any(|line| !line.is_empty());
        let mut rest = 0;
        let mut may_skip = false;
        for line in shown.iter().filter(|line| !line.trim().is_empty()) {
            if line.trim() == "..." {
                may_skip = true;
                continue;
            }
            let pattern = self.pattern(line);
            while printed.get(rest).is_some_and(String::is_empty) {
                rest += 1;
            }
            let here = &printed[rest.min(printed.len())..];
            let found = match may_skip {
                true => here.iter().position(|line| matches(&pattern, line)),
                false => here.first().filter(|line| matches(&pattern, line)).map(|_| 0),
            };
            let at = found.ok_or_else(|| match here.first() {
                Some(other) => format!("{line:?} is shown, but printed is {other:?}"),
                None => format!("{line:?} is shown, but nothing more is printed"),
            })?;
            rest += at + 1;
            may_skip = false;
        }
        if !may_skip && trimmed(&rest.min(printed.len())) {
            return Err(format!("printed, but not shown: {:?}", printed[rest..].join("\n")));
        }
        Ok(())
    }

    /// The parts of a line between words that vary.
    fn pattern(&self, line: &str) -> Vec<String> {
        const ANY: &str = "\u{1}";
        // The longest first: one may be part of another.
        let mut words: Vec<&String> = self.varying.iter().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let marked = words.iter().fold(line.to_owned(), |line, word| line.replace(&**word, ANY));
        narrow(&marked).split(ANY).map(str::to_owned).collect()
    }
}

/// A line whatever the widths of its columns.
fn narrow(line: &str) -> String {
    let mut narrow = String::new();
    for c in line.trim().chars() {
        let is_filling = |c| matches!(c, ' ' | '-' | '─');
        if !(is_filling(c) && narrow.ends_with(c)) {
            narrow.push(c);
        }
    }
    narrow
}

/// Whether a line holds these parts one behind the other, with something between each two.
fn matches(parts: &[String], line: &str) -> bool {
    let Some((first, others)) = parts.split_first() else { return line.is_empty() };
    let Some(mut rest) = line.strip_prefix(first.as_str()) else { return false };
    let Some((last, others)) = others.split_last() else { return rest.is_empty() };
    for part in others {
        let Some(at) = after_one(rest).and_then(|after| after.find(part.as_str())) else {
            return false;
        };
        rest = &rest[rest.len() - after_one(rest).map_or(0, str::len) + at + part.len()..];
    }
    after_one(rest).is_some_and(|after| after.ends_with(last.as_str()))
}

/// What stands behind the first character, if there is one.
fn after_one(text: &str) -> Option<&str> {
    text.chars().next().map(|c| &text[c.len_utf8()..])
}

const SAMPLE: &str = "\
# Things

<!-- run in shop -->
<!-- server: wal_level = replica -->

```sql
select 1;
```

prints

<!-- varies: 7, 17 -->
```text
x | 17
```

<!-- before: sh
true &
-->
<!-- fails: does not exist -->
```sh
pgsh -c 'table x'
```

<!-- not run: it takes a second machine -->
```sh
halt
```

<!-- not run: drawn by hand -->
```text
Illustration.
```
";

fn a_chapter_is_read() {
    let chapter = Chapter::read(SAMPLE).expect("a sound chapter");
    let step = |line, language, text: &str| Step {
        line,
        language,
        text: text.to_owned(),
        failure: None,
        shown: None,
    };
    let shown =
        Shown { text: "x | 17\n".to_owned(), varying: vec!["7".to_owned(), "17".to_owned()] };
    let expected = Chapter {
        database: "shop".to_owned(),
        home: Home::Own,
        settings: "wal_level = replica\n".to_owned(),
        steps: vec![
            Step { shown: Some(shown), ..step(6, Language::Sql, "select 1;\n") },
            step(17, Language::Sh, "true &\n"),
            Step {
                failure: Some("does not exist".to_owned()),
                ..step(21, Language::Sh, "pgsh -c 'table x'\n")
            },
        ],
        skipped: vec![Skipped { line: 26, reason: "it takes a second machine".to_owned() }],
    };
    assert_eq!(chapter, expected);
    let shared = Chapter::read("<!-- run in a_b, shared -->\n").expect("a sound chapter");
    assert_eq!((shared.database.as_str(), shared.home), ("a_b", Home::Shared));
}

fn each_block_is_accounted_for() {
    const UNEXPLAINED: &str = "line 2: this block of \"text\" is not what a block before it prints, \
                               and no line says <!-- not run: REASON -->";
    for (text, wrong) in [
        ("```sql\nselect 1;\n```\n", "line 1: no line says <!-- run in DATABASE -->"),
        ("<!-- run in x -->\n<!-- before: perl\n-->\n", "line 2: no language: perl"),
        ("\n```text\npgsh\n```\n", UNEXPLAINED),
        ("<!-- run in x -->\n```ini\na = b\n```\n", &UNEXPLAINED.replace("text", "ini")),
        ("- a\n  ```sh\n", "line 2: a block must begin where the line does"),
        ("<!-- not run:  -->\n", "line 1: no reason"),
        (
            "<!-- run in x, shared -->\n<!-- server: a = b -->\n",
            "line 2: a server that is shared has no settings of one chapter's",
        ),
    ] {
        assert_eq!(Chapter::read(text), Err(wrong.to_owned()), "{text:?}");
    }
}

fn what_is_shown_is_compared() {
    let compare = |shown: &str, varying: &[&str], printed: &str| {
        let varying = varying.iter().map(|word| (*word).to_owned()).collect();
        Shown { text: shown.to_owned(), varying }.compare(printed)
    };
    for (shown, varying, printed) in [
        ("a\nb\n", &[][..], "a\n\nb\n"),
        (" pid | x\n-----+--\n  12 | 1\n", &["12"], "  pid  | x \n-------+---\n 12345 | 1\n"),
        ("a\n...\nz", &[], "a\nb\nc\nz"),
        ("...", &[], "x"),
        ("at 14:32 by 12", &["14:32", "12"], "at 9:00 by 7777"),
    ] {
        assert_eq!(compare(shown, varying, printed), Ok(()), "{shown:?}");
    }
    for (shown, varying, printed) in [
        ("a", &[][..], "b"),
        ("a", &[], "a\nb"),
        ("a\nb", &[], "a"),
        ("a\n...\nz", &[], "a\nb"),
        ("12 | 1", &["12"], "12 | 2"),
        ("a 12", &["12"], "a "),
        ("", &[], "x"),
    ] {
        assert!(compare(shown, varying, printed).is_err(), "{shown:?}");
    }
}

tests! {
    a_chapter_is_read,
    each_block_is_accounted_for,
    what_is_shown_is_compared,
}
