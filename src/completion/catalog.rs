//! What is asked for names, and who answers: the kinds of names there are and the [`Catalog`].

use super::matching::holds;
use crate::encoding::Encoding;
use crate::variables::KeywordCase;

/// Defines [`Object`], and [`Object::ALL`] from the same list.
macro_rules! objects {
    ($($(#[$meaning:meta])* $name:ident,)*) => {
        /// A kind of names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs)]
        pub enum Object {
            $($(#[$meaning])* $name,)*
        }

        impl Object {
            /// All kinds.
            pub const ALL: &[Object] = &[$(Object::$name),*];
        }
    };
}

objects! {
    AccessMethod,
    Aggregate,
    /// With the arguments by which it is identified.
    AggregateWithArguments,
    AvailableExtension,
    Channel,
    Collation,
    /// Columns of [`Wanted::of`].
    Column,
    /// Constraints of [`Wanted::of`], or all.
    Constraint,
    Conversion,
    Cursor,
    Database,
    Directory,
    Domain,
    Encoding,
    /// Labels of the enum type [`Wanted::of`].
    EnumLabel,
    EnvironmentVariable,
    EventTrigger,
    Extension,
    /// Versions of the extension [`Wanted::of`].
    ExtensionVersion,
    File,
    ForeignDataWrapper,
    /// Foreign keys of the relation [`Wanted::of`] and those to it, by the relations at their other
    /// ends.
    ForeignKey,
    ForeignTable,
    Function,
    /// Columns that the function [`Wanted::of`] gives.
    FunctionColumn,
    FunctionWithArguments,
    Index,
    /// Results that are kept, by their numbers.
    KeptResult,
    Language,
    MaterializedView,
    OperatorClass,
    OperatorFamily,
    PartitionedRelation,
    /// Policies of [`Wanted::of`], or all.
    Policy,
    PreparedStatement,
    PreparedTransaction,
    Procedure,
    ProcedureWithArguments,
    Publication,
    /// What a query can read: tables, views and their kin.
    Relation,
    /// Relations of users that need their schemas' names.
    RelationElsewhere,
    /// Relations that have the constraint [`Wanted::of`].
    RelationOfConstraint,
    /// Relations that have the policy [`Wanted::of`].
    RelationOfPolicy,
    /// Relations that have the rule [`Wanted::of`].
    RelationOfRule,
    /// Relations that have the trigger [`Wanted::of`].
    RelationOfTrigger,
    /// Columns of the last result.
    ResultColumn,
    Role,
    Routine,
    RoutineWithArguments,
    /// Rules of [`Wanted::of`], or all.
    Rule,
    /// Methods of TABLESAMPLE.
    SamplingMethod,
    Schema,
    Sequence,
    Server,
    /// A service of the service file.
    Service,
    Setting,
    /// Values of the setting [`Wanted::of`].
    SettingValue,
    /// What functions called [`Wanted::of`] take.
    Signature,
    Statistics,
    /// What VACUUM and its like take: tables and their kin that hold rows.
    Stored,
    Subscription,
    Table,
    Tablespace,
    /// What rows can be put into: tables and views.
    Target,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    /// Triggers of [`Wanted::of`], or all.
    Trigger,
    Type,
    /// A variable of the shell.
    Variable,
    View,
}

impl Object {
    /// Whether such names live in schemas.
    pub fn is_in_schema(self) -> bool {
        use Object::*;
        matches!(
            self,
            Aggregate
                | AggregateWithArguments
                | Collation
                | Conversion
                | Domain
                | ForeignTable
                | Function
                | FunctionWithArguments
                | Index
                | MaterializedView
                | OperatorClass
                | OperatorFamily
                | PartitionedRelation
                | Procedure
                | ProcedureWithArguments
                | Relation
                | RelationOfConstraint
                | RelationOfPolicy
                | RelationOfRule
                | RelationOfTrigger
                | Routine
                | RoutineWithArguments
                | Sequence
                | Statistics
                | Stored
                | Table
                | Target
                | TextSearchConfiguration
                | TextSearchDictionary
                | TextSearchParser
                | TextSearchTemplate
                | Type
                | View
        )
    }

    /// Whether the shell itself knows the names; the others are the server's.
    pub fn is_local(self) -> bool {
        use Object::*;
        matches!(
            self,
            Directory | EnvironmentVariable | File | KeptResult | ResultColumn | Service | Variable
        )
    }
}

/// Which names are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Of what kind.
    pub object: Object,
    /// Those of this schema; without one, those visible without a schema.
    pub schema: Option<&'a [u8]>,
    /// What they belong to: a table, a type, a setting.
    pub of: Option<&'a Qualified>,
}

/// A name with its schema, if given, both without quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Qualified {
    pub schema: Option<Vec<u8>>,
    pub name: Vec<u8>,
}

/// A name that a [`Catalog`] knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// Without quotes.
    pub name: Vec<u8>,
    /// What a menu says of it: a column's type and keys, a function's arguments and result; of a
    /// relation the word of its kind.
    pub note: Vec<u8>,
    /// The schema it is in, if it is in one and that is known.
    pub schema: Vec<u8>,
}

impl From<Vec<u8>> for Name {
    fn from(name: Vec<u8>) -> Name {
        Name { name, ..Name::default() }
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Name {
        Name::from(name.as_bytes().to_vec())
    }
}

/// What candidates are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presentation {
    /// A list, as psql's Tab brings: all that begin with what is typed, and their common part is
    /// put into the line.
    #[default]
    List,
    /// A menu: the likeliest first, and what is typed may stand anywhere in them.
    Menu,
}

/// Which statements there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// SQL.
    #[default]
    Sql,
    /// Commands of replication: of a connection to no database.
    Replication,
    /// Both: of a replication connection to a database.
    SqlAndReplication,
}

/// Who knows the names. The shell answers from the server with [`query`](super::query::query), read only and within
/// a time limit; an unanswered question is an empty list.
pub trait Catalog {
    /// Tab was pressed: the look-ups that follow are for one answer.
    fn begin(&mut self) {}
    /// Names that begin with `prefix`, without quotes: columns in the table's order, others sorted.
    fn look_up(&mut self, wanted: &Wanted<'_>, prefix: &[u8]) -> Vec<Name>;
    /// Names that hold what is typed in any way (`matching::holds`), those that
    /// begin with it too.
    fn look_up_anywhere(&mut self, wanted: &Wanted<'_>, typed: &[u8]) -> Vec<Name> {
        let mut names = self.look_up(wanted, typed);
        let others = self.look_up(wanted, b"").into_iter();
        names.extend(others.filter(|n| !n.name.starts_with(typed) && holds(&n.name, typed)));
        names
    }
    /// How much the user uses this word, 0 if never.
    fn usage(&self, _word: &[u8]) -> f64 {
        0.0
    }
    /// What candidates are for.
    fn presentation(&self) -> Presentation {
        Presentation::List
    }
    /// `COMP_KEYWORD_CASE`.
    fn keyword_case(&self) -> KeywordCase;
    /// Which statements the connection takes.
    fn dialect(&self) -> Dialect {
        Dialect::Sql
    }
    /// Whether there are commands that psql doesn't have.
    fn has_own_commands(&self) -> bool {
        true
    }
    /// The client encoding, in which what is typed will be read.
    fn encoding(&self) -> Encoding {
        Encoding::Utf8
    }
}
