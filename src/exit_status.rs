//! How the program ends, as psql's documentation words it ("Exit Status").
//!
//! Owns the four statuses and their numbers. What leads to which is for `mainloop` and `startup`
//! to say.

/// How the program, or a script that it ran, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// It did what it was asked.
    Success,
    /// A fatal error of the shell's own, as a file that can't be read.
    Failure,
    /// The connection failed or was lost.
    BadConnection,
    /// An error under ON_ERROR_STOP, or Ctrl-C in a script.
    ScriptError,
}

impl ExitStatus {
    /// The number that the calling program sees.
    pub fn code(self) -> u8 {
        match self {
            ExitStatus::Success => 0,
            ExitStatus::Failure => 1,
            ExitStatus::BadConnection => 2,
            ExitStatus::ScriptError => 3,
        }
    }

    /// Whether all went well.
    pub fn is_success(self) -> bool {
        self == ExitStatus::Success
    }
}
