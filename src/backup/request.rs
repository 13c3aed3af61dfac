//! What was asked for: the words of `\backup` and `\basebackup` as values.

/// A logical backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump {
    /// Of what.
    pub subject: Subject,
    /// What the file is like.
    pub format: Format,
    /// How it is compressed, if that was said.
    pub compression: Option<Compression>,
    /// How many tables at once.
    pub jobs: Option<u32>,
    /// Where to, if that was said.
    pub to: Option<Vec<u8>>,
    /// Whether roles have their passwords in it.
    pub passwords: Passwords,
    /// What goes for every backup.
    pub common: Common,
}

/// What is dumped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A database, the one connected to without a name.
    Database(Option<Vec<u8>>),
    /// Schemas by their names.
    Schemas(Vec<Vec<u8>>),
    /// Tables by patterns.
    Tables(Vec<Vec<u8>>),
    /// All databases, roles and tablespaces.
    All,
    /// Roles and tablespaces.
    Globals,
}

impl Subject {
    /// Whether it is about the cluster, for `pg_dumpall`.
    pub fn is_cluster(&self) -> bool {
        matches!(self, Subject::All | Subject::Globals)
    }
}

/// What a dump is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// SQL.
    Plain,
    /// A tar archive.
    Tar,
    /// `pg_dump`'s own archive.
    Custom,
    /// A file per table.
    Directory,
}

impl Format {
    /// Each with its word.
    pub const ALL: [(&str, Format); 4] = [
        ("custom", Format::Custom),
        ("directory", Format::Directory),
        ("plain", Format::Plain),
        ("tar", Format::Tar),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Format::ALL.iter().find(|(_, format)| *format == self).map_or("", |(word, _)| word)
    }
}

/// How a backup is compressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compression {
    /// The method.
    pub method: Method,
    /// A level, or what else the program knows of (`level=3,long`).
    pub detail: Option<String>,
}

impl Compression {
    /// As PostgreSQL's programs take it: `zstd:5`.
    pub fn text(&self) -> String {
        let detail = self.detail.as_ref().map(|detail| format!(":{detail}")).unwrap_or_default();
        format!("{}{detail}", self.method.word())
    }
}

/// A method of compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// gzip
    Gzip,
    /// LZ4
    Lz4,
    /// Not at all.
    None,
    /// Zstandard
    Zstd,
}

impl Method {
    /// Each with its word, and what the name of a compressed script ends with.
    pub const ALL: [(&str, Method, &str); 4] = [
        ("gzip", Method::Gzip, ".gz"),
        ("lz4", Method::Lz4, ".lz4"),
        ("none", Method::None, ""),
        ("zstd", Method::Zstd, ".zst"),
    ];

    fn row(self) -> (&'static str, Method, &'static str) {
        Method::ALL.into_iter().find(|(_, method, _)| *method == self).unwrap_or(Method::ALL[2])
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        self.row().0
    }

    /// What the name of a compressed script ends with.
    pub fn ending(self) -> &'static str {
        self.row().2
    }
}

/// Whether roles have their passwords in a dump.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Passwords {
    /// They do.
    #[default]
    Kept,
    /// They don't: what anybody may read of roles.
    LeftOut,
}

/// A base backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseBackup {
    /// Where to.
    pub to: Vec<u8>,
    /// What it is like.
    pub layout: Layout,
    /// The backup whose changes since are taken, if not everything.
    pub incremental_from: Option<Vec<u8>>,
    /// How it is compressed, if that was said.
    pub compression: Option<Compression>,
    /// How the server begins.
    pub checkpoint: Checkpoint,
    /// Where tablespaces go, each by its name or its path at the server.
    pub tablespaces: Vec<(Vec<u8>, Vec<u8>)>,
    /// What goes for every backup.
    pub common: Common,
}

/// What a base backup is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// A data directory.
    #[default]
    Plain,
    /// A tar file per tablespace.
    Tar,
}

impl Layout {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Layout::Plain => "plain",
            Layout::Tar => "tar",
        }
    }
}

/// The checkpoint that a base backup begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Checkpoint {
    /// Spread, as the server's checkpoints are: it may take minutes.
    #[default]
    Spread,
    /// At once, at the cost of whoever uses the server.
    Fast,
}

/// What goes for every backup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Common {
    /// What becomes of a backup that is there already.
    pub existing: Existing,
    /// What is proven afterwards.
    pub proof: Proof,
    /// How it is told.
    pub telling: Telling,
    /// What an objection of the checks does.
    pub objections: Objections,
}

/// What becomes of a backup that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// It is kept, and there is no other.
    #[default]
    Refused,
    /// It is replaced when the new one is whole.
    Overwritten,
}

/// What is proven afterwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Proof {
    /// That the backup can be read.
    #[default]
    Listing,
    /// The rows of each table are counted too, in the same snapshot, for `\restore ... verify`.
    Counts,
}

/// How it is told what was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Telling {
    /// In a sentence.
    #[default]
    Text,
    /// In a line of JSON.
    Json,
}

/// What an objection of the checks does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Objections {
    /// It ends the backup before it begins.
    #[default]
    End,
    /// It is told.
    AreTold,
}
