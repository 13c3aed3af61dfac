//! Why there is no backup, and what was noticed before.

use crate::console::Console;
use crate::exit_status::ExitStatus;

/// Why there is no backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    kind: FailureKind,
    /// What is said of it; nothing if all was said.
    messages: Vec<Message>,
}

/// A sentence or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What is wrong.
    pub text: String,
    /// What would help.
    pub hint: Option<String>,
}

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The arguments are wrong.
    Arguments,
    /// There is no connection, or it broke.
    Connection,
    /// The checks objected.
    Refused,
    /// No program of PostgreSQL's suits.
    NoTool,
    /// The program failed.
    Tool,
    /// The place of the backup can't be written.
    Place,
    /// The backup is not what it should be.
    Proof,
    /// Ctrl-C.
    Stopped,
}

impl FailureKind {
    /// Its word in JSON.
    pub fn word(self) -> &'static str {
        self.row().0
    }

    /// How a program ends that did nothing else.
    pub fn status(self) -> ExitStatus {
        self.row().1
    }

    fn row(self) -> (&'static str, ExitStatus) {
        match self {
            FailureKind::Arguments => ("arguments", ExitStatus::Failure),
            FailureKind::Connection => ("connection", ExitStatus::BadConnection),
            FailureKind::Refused => ("refused", ExitStatus::Refused),
            FailureKind::NoTool => ("no tool", ExitStatus::NoTool),
            FailureKind::Tool => ("tool", ExitStatus::ToolFailed),
            FailureKind::Place => ("place", ExitStatus::PlaceNotWritable),
            FailureKind::Proof => ("proof", ExitStatus::NotProven),
            FailureKind::Stopped => ("stopped", ExitStatus::Stopped),
        }
    }
}

impl Failure {
    /// A failure with what is to be said of it.
    pub fn new(kind: FailureKind, text: impl Into<String>) -> Failure {
        Failure { kind, messages: vec![Message { text: text.into(), hint: None }] }
    }

    /// With what would help.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Failure {
        if let Some(last) = self.messages.last_mut() {
            last.hint = Some(hint.into());
        }
        self
    }

    /// What kind it is.
    pub fn kind(&self) -> FailureKind {
        self.kind
    }

    /// What is to be said.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }
}

/// What checks found before a backup: what stands in its way, and what is only to be known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    objections: Vec<Failure>,
    notes: Vec<Message>,
}

impl Findings {
    /// Adds an objection.
    pub fn object(&mut self, failure: Failure) {
        self.objections.push(failure);
    }

    /// Adds what is to be known.
    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(Message { text: text.into(), hint: None });
    }

    /// The value, or an objection.
    pub fn take<T>(&mut self, found: Result<T, Failure>) -> Option<T> {
        found.map_err(|failure| self.object(failure)).ok()
    }

    /// Tells what is to be known, unless nobody wants to know.
    pub fn tell_notes(&self, console: &mut Console) {
        if !console.settings().quiet {
            for note in self.notes() {
                console.warning(console.folded(note.text.as_bytes()));
            }
        }
    }

    /// What is to be known.
    pub fn notes(&self) -> &[Message] {
        &self.notes
    }

    /// Turns objections into notes, as far as a program may still succeed.
    pub fn ignore(&mut self) {
        let (ignored, left) = std::mem::take(&mut self.objections)
            .into_iter()
            .partition(|objection| objection.kind == FailureKind::Refused);
        self.objections = left;
        let ignored: Vec<Failure> = ignored;
        self.notes.extend(ignored.into_iter().flat_map(|objection| objection.messages));
    }

    /// All objections as one failure, of the kind of the first.
    ///
    /// # Errors
    /// There are some.
    pub fn check(&mut self) -> Result<(), Failure> {
        let objections = std::mem::take(&mut self.objections);
        let Some(first) = objections.first() else { return Ok(()) };
        let kind = first.kind;
        Err(Failure {
            kind,
            messages: objections.into_iter().flat_map(|one| one.messages).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_objections_at_once() {
        let mut findings = Findings::default();
        findings.note("known");
        assert_eq!(findings.check(), Ok(()));
        findings.object(Failure::new(FailureKind::NoTool, "a").with_hint("b"));
        findings.object(Failure::new(FailureKind::Refused, "c"));
        let failure = findings.clone().check().expect_err("objections");
        assert_eq!((failure.kind(), failure.messages().len()), (FailureKind::NoTool, 2));
        findings.ignore();
        assert_eq!(findings.check().expect_err("one").messages().len(), 1);
        assert_eq!(
            findings.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(),
            ["known", "c"]
        );
    }
}
