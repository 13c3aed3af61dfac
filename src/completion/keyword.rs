//! SQL's key words, from the synopses of `grammar/sql` and the few that no synopsis names.
//!
//! Owns what counts as a key word for colours and completion, and which words an identifier must
//! be quoted for.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::grammar;

/// Key words of expressions, joins and types, which the synopses leave to prose.
const OF_EXPRESSIONS: &str = "ALL AND ANY ARRAY AS ASC AT BETWEEN BIGINT BOOLEAN BY CASE CAST \
    COALESCE COLLATE CROSS CURRENT_DATE CURRENT_TIMESTAMP CURRENT_USER DEFAULT DESC DISTINCT ELSE END \
    ESCAPE EXISTS EXTRACT FALSE FILTER FIRST FROM FULL GREATEST GROUPING HAVING ILIKE IN INNER \
    INTEGER INTERVAL IS ISNULL JOIN LAST LATERAL LEAST LEFT LIKE LIMIT LOCALTIMESTAMP NATURAL \
    NOT NOTNULL NULL NULLIF NULLS NUMERIC OFFSET ON OR ORDER OUTER OVER PARTITION POSITION RIGHT ROW \
    SELECT SESSION_USER SIMILAR SMALLINT SOME SUBSTRING TABLESAMPLE TEXT THEN TIMESTAMP TRIM TRUE \
    UNION UNKNOWN USING VALUES VARCHAR WHEN WHERE WINDOW WITH ZONE";

/// Key words that end an expression.
pub(super) const ENDS_EXPRESSION: &[&str] = &[
    "AS",
    "CROSS",
    "DO",
    "EXCEPT",
    "FETCH",
    "FOR",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "INNER",
    "INTERSECT",
    "INTO",
    "JOIN",
    "LEFT",
    "LIMIT",
    "NATURAL",
    "OFFSET",
    "ON",
    "ORDER",
    "RETURNING",
    "RIGHT",
    "SET",
    "THEN",
    "UNION",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
    "ASC",
    "DESC",
    "NULLS",
];

/// Every key word that is not unreserved (PostgreSQL's documentation, appendix "SQL Key Words"):
/// an identifier so spelt needs quotes.
const RESERVED: &str = "ALL ANALYSE ANALYZE AND ANY ARRAY AS ASC ASYMMETRIC AUTHORIZATION BETWEEN \
    BIGINT BINARY BIT BOOLEAN BOTH CASE CAST CHAR CHARACTER CHECK COALESCE COLLATE COLLATION COLUMN \
    CONCURRENTLY CONSTRAINT CREATE CROSS CURRENT_CATALOG CURRENT_DATE CURRENT_ROLE CURRENT_SCHEMA \
    CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEC DECIMAL DEFAULT DEFERRABLE DESC DISTINCT DO \
    ELSE END EXCEPT EXISTS EXTRACT FALSE FETCH FLOAT FOR FOREIGN FREEZE FROM FULL GRANT GREATEST \
    GROUP GROUPING HAVING ILIKE IN INITIALLY INNER INOUT INT INTEGER INTERSECT INTERVAL INTO IS \
    ISNULL JOIN JSON JSON_ARRAY JSON_ARRAYAGG JSON_EXISTS JSON_OBJECT JSON_OBJECTAGG JSON_QUERY \
    JSON_SCALAR JSON_SERIALIZE JSON_TABLE JSON_VALUE LATERAL LEADING LEAST LEFT LIKE LIMIT \
    LOCALTIME LOCALTIMESTAMP MERGE_ACTION NATIONAL NATURAL NCHAR NONE NORMALIZE NOT NOTNULL NULL \
    NULLIF NUMERIC OFFSET ON ONLY OR ORDER OUT OUTER OVERLAPS OVERLAY PLACING POSITION PRECISION \
    PRIMARY REAL REFERENCES RETURNING RIGHT ROW SELECT SESSION_USER SETOF SIMILAR SMALLINT SOME \
    SUBSTRING SYMMETRIC SYSTEM_USER TABLE TABLESAMPLE THEN TIME TIMESTAMP TO TRAILING TREAT TRIM \
    TRUE UNION UNIQUE USER USING VALUES VARCHAR VARIADIC VERBOSE WHEN WHERE WINDOW WITH \
    XMLATTRIBUTES XMLCONCAT XMLELEMENT XMLEXISTS XMLFOREST XMLNAMESPACES XMLPARSE XMLPI XMLROOT \
    XMLSERIALIZE XMLTABLE";

/// The key words in upper case.
pub fn keywords() -> &'static BTreeSet<&'static str> {
    static WORDS: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let synopses = grammar::sql_commands().iter().map(|command| command.synopsis);
        let mut words: BTreeSet<&str> = synopses
            .flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
            .filter(|w| w.len() > 1 && w.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
            .collect();
        words.extend(OF_EXPRESSIONS.split_ascii_whitespace());
        words.extend(RESERVED.split_ascii_whitespace());
        words
    })
}

/// Whether `word`, in any case, is a key word.
pub fn is_keyword(word: &[u8]) -> bool {
    let Ok(word) = std::str::from_utf8(word) else { return false };
    keywords().contains(word.to_ascii_uppercase().as_str())
}

/// Whether an identifier spelt `word` (in lower case) needs quotes because of its meaning.
pub fn is_reserved(word: &[u8]) -> bool {
    static WORDS: OnceLock<BTreeSet<String>> = OnceLock::new();
    let words = WORDS
        .get_or_init(|| RESERVED.split_ascii_whitespace().map(str::to_ascii_lowercase).collect());
    std::str::from_utf8(word).is_ok_and(|word| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for word in ["select", "Vacuum", "ILIKE", "concurrently"] {
            assert!(is_keyword(word.as_bytes()), "{word}");
        }
        for word in ["film", "name", "\u{e9}", ""] {
            assert!(!is_keyword(word.as_bytes()), "{word}");
        }
        assert!(is_reserved(b"user") && !is_reserved(b"name") && !is_reserved(b"\xff"));
    }
}
