//! The kinds of objects that there are.

/// A kind of object that `\ddl` writes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A table, partitioned or not.
    Table,
    /// A foreign table.
    ForeignTable,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A sequence that is no identity column's.
    Sequence,
    /// An index, also of a constraint.
    Index,
    /// An enumerated, composite, range or base type.
    Type,
    /// A domain.
    Domain,
    /// A function or window function.
    Function,
    /// A procedure.
    Procedure,
    /// An aggregate.
    Aggregate,
    /// A trigger on a table or view.
    Trigger,
    /// A rule that is no view's own.
    Rule,
    /// A row security policy.
    Policy,
    /// A constraint of a table.
    Constraint,
    /// An extended statistics object.
    Statistics,
    /// A schema.
    Schema,
    /// An extension.
    Extension,
    /// A collation.
    Collation,
    /// An operator.
    Operator,
    /// An operator family.
    OperatorFamily,
    /// An operator class.
    OperatorClass,
    /// A cast.
    Cast,
    /// A conversion between encodings.
    Conversion,
    /// A text search parser.
    TextSearchParser,
    /// A text search template.
    TextSearchTemplate,
    /// A text search dictionary.
    TextSearchDictionary,
    /// A text search configuration.
    TextSearchConfiguration,
    /// A procedural language.
    Language,
    /// A transform of a type for a language.
    Transform,
    /// An access method.
    AccessMethod,
    /// A foreign data wrapper.
    ForeignDataWrapper,
    /// A foreign server.
    Server,
    /// A user mapping.
    UserMapping,
    /// An event trigger.
    EventTrigger,
    /// A publication.
    Publication,
    /// A subscription.
    Subscription,
    /// Default privileges of a role.
    DefaultPrivileges,
    /// A database.
    Database,
    /// A role.
    Role,
    /// A tablespace.
    Tablespace,
}
