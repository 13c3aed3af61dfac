//! The `\if` stack: which branches of nested conditionals are active.
//!
//! Pure state; the meta-commands evaluate expressions and say what they found.

use crate::lexer::Progress;

/// The state of one `\if` ... `\endif` block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Branch {
    /// In a branch whose condition was true; its commands run.
    Active,
    /// No branch was true so far; a later `\elif` or `\else` may be.
    Pending,
    /// A true branch has passed, or the whole block lies in an inactive one.
    Ignored,
    /// After `\else`, which is active.
    ElseActive,
    /// After `\else`, which is inactive.
    ElseInactive,
}

#[derive(Clone, Debug)]
struct Level {
    branch: Branch,
    /// Length of the query buffer when the block began or its active branch ended.
    query_len: usize,
    /// How far the statement in it had come then.
    progress: Progress,
}

/// The stack of open `\if` blocks.
#[derive(Clone, Debug, Default)]
pub struct Conditionals {
    levels: Vec<Level>,
}

impl Conditionals {
    /// Whether commands are executed now.
    pub fn active(&self) -> bool {
        self.levels.last().is_none_or(|l| matches!(l.branch, Branch::Active | Branch::ElseActive))
    }

    /// Whether no block is open.
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    /// The innermost block's branch, if a block is open.
    pub fn branch(&self) -> Option<Branch> {
        self.levels.last().map(|l| l.branch)
    }

    /// Opens a block in `branch`.
    pub fn push(&mut self, branch: Branch) {
        self.levels.push(Level { branch, query_len: 0, progress: Progress::default() });
    }

    /// Moves the innermost block to `branch`.
    pub fn set(&mut self, branch: Branch) {
        if let Some(level) = self.levels.last_mut() {
            level.branch = branch;
        }
    }

    /// Closes the innermost block; false if none is open.
    pub fn pop(&mut self) -> bool {
        self.levels.pop().is_some()
    }

    /// Remembers how much of the query buffer precedes an inactive branch.
    pub fn save(&mut self, query_len: usize, progress: Progress) {
        if let Some(level) = self.levels.last_mut() {
            level.query_len = query_len;
            level.progress = progress;
        }
    }

    /// What [`Conditionals::save`] remembered: query length in bytes and progress.
    pub fn saved(&self) -> (usize, Progress) {
        self.levels.last().map_or((0, Progress::default()), |l| (l.query_len, l.progress))
    }
}
