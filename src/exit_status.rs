//! How the program ends, as psql's documentation words it ("Exit Status"), and how it ends when a `-c` of
//! ours failed, a backup for one.
//!
//! Owns the statuses and their numbers. What leads to which is for `mainloop` and `startup`
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
    /// The checks before a backup or a restore objected.
    Refused,
    /// No program of PostgreSQL's was found that suits.
    NoTool,
    /// The program that was run failed.
    ToolFailed,
    /// The place of a backup can't be written.
    PlaceNotWritable,
    /// The backup, or what was restored, is not what it should be.
    NotProven,
    /// Ctrl-C stopped a backup or a restore.
    Stopped,
}

impl ExitStatus {
    /// All of them, by number.
    pub const ALL: [ExitStatus; 10] = [
        ExitStatus::Success,
        ExitStatus::Failure,
        ExitStatus::BadConnection,
        ExitStatus::ScriptError,
        ExitStatus::Refused,
        ExitStatus::NoTool,
        ExitStatus::ToolFailed,
        ExitStatus::PlaceNotWritable,
        ExitStatus::NotProven,
        ExitStatus::Stopped,
    ];

    /// The number that the calling program sees.
    pub fn code(self) -> u8 {
        match self {
            ExitStatus::Success => 0,
            ExitStatus::Failure => 1,
            ExitStatus::BadConnection => 2,
            ExitStatus::ScriptError => 3,
            ExitStatus::Refused => 10,
            ExitStatus::NoTool => 11,
            ExitStatus::ToolFailed => 12,
            ExitStatus::PlaceNotWritable => 13,
            ExitStatus::NotProven => 14,
            ExitStatus::Stopped => 15,
        }
    }

    /// What it tells, as the man page says it.
    pub fn meaning(self) -> &'static str {
        match self {
            ExitStatus::Success => "All went well.",
            ExitStatus::Failure => {
                "A fatal error of the shell's own: out of memory, a file not found."
            }
            ExitStatus::BadConnection => {
                "The connection failed or broke, and the session was not interactive."
            }
            ExitStatus::ScriptError => "An error in a script with ON_ERROR_STOP set.",
            ExitStatus::Refused => "The checks before a backup or a restore objected.",
            ExitStatus::NoTool => "No program of PostgreSQL's was found that suits the server.",
            ExitStatus::ToolFailed => "The program that a backup or a restore ran failed.",
            ExitStatus::PlaceNotWritable => "The place of a backup can't be written.",
            ExitStatus::NotProven => "The backup, or what was restored, is not what it should be.",
            ExitStatus::Stopped => "Ctrl-C stopped a backup or a restore.",
        }
    }

    /// Whether all went well.
    pub fn is_success(self) -> bool {
        self == ExitStatus::Success
    }
}
