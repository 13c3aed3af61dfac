//! The tour of `--tour`: what is said step by step, and when a step is done. Pure: lines that were typed
//! go in, texts come out.

use crate::packed::Packed;

static TEXT: Packed = Packed::new(include_bytes!(concat!(env!("OUT_DIR"), "/tour.packed")));
static SAMPLES: Packed = Packed::new(include_bytes!(concat!(env!("OUT_DIR"), "/shop.packed")));

/// The statements that make what the tour walks through: a small shop.
pub fn samples() -> &'static str {
    SAMPLES.text()
}

/// What `\? tour` says.
pub fn contents() -> String {
    let steps = steps().filter(|step| !step.words.is_empty());
    let headings =
        steps.enumerate().map(|(at, step)| format!("  {:>2}. {}\n", at + 1, step.heading));
    format!(
        "pgsh --tour walks through ten things, on a throwaway database with a small shop in it:\n\
         {}Each step says what to type and what to look for.\n",
        headings.collect::<String>()
    )
}

/// A step as `grammar/tour.txt` has it.
struct Step {
    /// Of these one, typed, ends it.
    words: Vec<&'static str>,
    heading: &'static str,
    /// Lines.
    text: &'static str,
}

fn steps() -> impl Iterator<Item = Step> {
    TEXT.text().split("\n[").skip(1).filter_map(|part| {
        let (words, rest) = part.split_once("] ")?;
        let (heading, text) = rest.split_once('\n')?;
        Some(Step { words: words.split_whitespace().collect(), heading, text: text.trim_end() })
    })
}

/// A tour under way.
pub struct Tour {
    steps: Vec<Step>,
    /// The step at hand.
    at: usize,
    state: State,
}

/// How far the step at hand has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is to be said.
    New,
    /// It was said.
    Said,
    /// It was said, and what ends it was typed.
    Done,
}

/// What is to be said before a prompt: a heading, and lines below it.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    /// The heading.
    pub heading: String,
    /// The lines.
    pub text: String,
}

impl Default for Tour {
    fn default() -> Tour {
        Tour { steps: steps().collect(), at: 0, state: State::New }
    }
}

impl Tour {
    /// Takes note of a line that was typed. `begins` says that it begins a statement: an empty one then
    /// passes over the step.
    pub fn note(&mut self, line: &str, begins: bool) {
        let Some(step) = self.steps.get(self.at).filter(|_| self.state == State::Said) else {
            return;
        };
        let line = line.trim().to_lowercase();
        let is_done = step.words.iter().any(|word| line.contains(word));
        if is_done || begins && line.is_empty() {
            self.state = State::Done;
        }
    }

    /// What to say before the prompt for a new statement, if there is anything.
    pub fn say(&mut self) -> Option<Said> {
        match self.state {
            State::Said => return None,
            State::Done => self.at += 1,
            State::New => {}
        }
        self.state = State::Said;
        let step = self.steps.get(self.at)?;
        let count = self.steps.iter().filter(|step| !step.words.is_empty()).count();
        let heading = match step.words.is_empty() {
            true => step.heading.to_owned(),
            false => format!("Tour, {} of {count}: {}", self.at + 1, step.heading),
        };
        let mut text = step.text.to_owned();
        if self.at == 0 {
            text.push_str("\n  (An empty line goes on to the next step; \\q or Ctrl-D leaves.)");
        }
        Some(Said { heading, text })
    }

    /// Whether all was said.
    pub fn is_over(&self) -> bool {
        self.state == State::Said && self.at + 1 >= self.steps.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_steps_and_a_word_at_the_end() {
        let all: Vec<Step> = steps().collect();
        assert_eq!(all.len(), 11);
        let (last, ten) = all.split_last().expect("steps");
        assert!(last.words.is_empty() && ten.iter().all(|step| !step.words.is_empty()));
        for step in &all {
            assert!(step.text.lines().count() <= 5, "{}", step.heading);
            for line in step.text.lines() {
                assert!(line.len() <= 79 && line.starts_with("  "), "{line}");
            }
            // What a step says to type ends it.
            let text = step.text.to_lowercase();
            assert!(step.words.iter().any(|word| text.contains(word)) || step.words.is_empty());
        }
        assert!(contents().contains("\n  10. Backups\n"), "{}", contents());
    }

    #[test]
    fn steps_follow_what_is_typed() {
        let mut tour = Tour::default();
        let heading = |said: Option<Said>| said.map(|said| said.heading);
        assert_eq!(heading(tour.say()).as_deref(), Some("Tour, 1 of 10: Help"));
        for (line, begins, expected) in [
            ("select 1;", true, None),
            ("\\? plan", true, Some("Tour, 2 of 10: The menu")),
            ("select count(*) from customers c", true, None),
            ("", false, None),
            (
                "JOIN orders o on o.customer_id = c.id;",
                false,
                Some("Tour, 3 of 10: What is in the database"),
            ),
            ("", true, Some("Tour, 4 of 10: A statement edited whole")),
        ] {
            tour.note(line, begins);
            assert_eq!(heading(tour.say()).as_deref(), expected, "{line}");
            assert!(!tour.is_over());
        }
        for _ in 0..6 {
            tour.note("", true);
            assert!(tour.say().is_some() && !tour.is_over());
        }
        tour.note("", true);
        assert_eq!(heading(tour.say()).as_deref(), Some("That was the tour"));
        assert!(tour.is_over());
        tour.note("", true);
        assert_eq!(tour.say().map(|said| said.heading), None);
    }
}
