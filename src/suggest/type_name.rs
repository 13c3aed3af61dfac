//! Names of types that stand in no catalog: SQL's own, and those of other databases.

/// SQL's names for types that the catalog calls otherwise, and the serial ones.
pub const OWN: &[&str] = &[
    "bigint",
    "bigserial",
    "bit varying",
    "boolean",
    "character",
    "character varying",
    "decimal",
    "double precision",
    "integer",
    "real",
    "serial",
    "smallint",
    "smallserial",
    "timestamp with time zone",
];

/// Types of other databases, and what they are here.
pub const FOREIGN: &[(&str, &str)] = &[
    ("binary", "bytea"),
    ("blob", "bytea"),
    ("clob", "text"),
    ("datetime", "timestamp"),
    ("datetime2", "timestamp"),
    ("double", "double precision"),
    ("image", "bytea"),
    ("int64", "bigint"),
    ("long", "bigint"),
    ("longblob", "bytea"),
    ("longtext", "text"),
    ("mediumint", "integer"),
    ("mediumtext", "text"),
    ("nchar", "char"),
    ("ntext", "text"),
    ("number", "numeric"),
    ("nvarchar", "varchar"),
    ("nvarchar2", "varchar"),
    ("string", "text"),
    ("tinyint", "smallint"),
    ("tinytext", "text"),
    ("uniqueidentifier", "uuid"),
    ("varbinary", "bytea"),
    ("varchar2", "varchar"),
];
