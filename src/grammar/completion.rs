//! What completes the arguments of meta-commands.

macro_rules! completions {
    ($($variant:ident $word:literal)*) => {
        /// What completes an argument of a meta-command.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Completion {
            /// Nothing.
            None,
            $(#[doc = $word] $variant,)*
        }

        impl Completion {
            /// The completion of this name in the table.
            pub(super) fn from_word(word: &str) -> Option<Completion> {
                match word {
                    $($word => Some(Completion::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

completions! {
    AccessMethod "access-method"
    Aggregate "aggregate"
    Backup "backup"
    Basebackup "basebackup"
    Chart "chart"
    Clip "clip"
    Collation "collation"
    Column "column"
    Conversion "conversion"
    Copy "copy"
    Database "database"
    Ddl "ddl"
    Directory "directory"
    Domain "domain"
    Encoding "encoding"
    EnvironmentVariable "environment-variable"
    EventTrigger "event-trigger"
    Extension "extension"
    File "file"
    ForeignDataWrapper "foreign-data-wrapper"
    ForeignTable "foreign-table"
    Function "function"
    Grantable "grantable"
    HelpTopic "help-topic"
    Host "host"
    Index "index"
    KeptResult "kept-result"
    Language "language"
    LargeObject "large-object"
    Last "last"
    MaterializedView "materialized-view"
    Object "object"
    OnOff "on-off"
    OnOffAuto "on-off-auto"
    Operator "operator"
    OperatorFamily "operator-family"
    PartitionedRelation "partitioned-relation"
    Plan "plan"
    Port "port"
    PreparedStatement "prepared-statement"
    PsetOption "pset-option"
    PsetValue "pset-value"
    Publication "publication"
    Relation "relation"
    Restore "restore"
    Role "role"
    Schema "schema"
    Sequence "sequence"
    Server "server"
    Sessions "sessions"
    Setting "setting"
    ShellCommand "shell-command"
    SqlCommand "sql-command"
    Statement "statement"
    Statistics "statistics"
    Stats "stats"
    Subscription "subscription"
    Table "table"
    Tablespace "tablespace"
    TextSearchConfiguration "text-search-configuration"
    TextSearchDictionary "text-search-dictionary"
    TextSearchParser "text-search-parser"
    TextSearchTemplate "text-search-template"
    TimeZone "time-zone"
    Type "type"
    Variable "variable"
    VariableValue "variable-value"
    View "view"
    Watch "watch"
}
