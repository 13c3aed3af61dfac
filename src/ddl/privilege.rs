//! Privileges: from what access control lists hold, and what they would hold by default, to GRANT
//! and REVOKE. Pure.

use super::catalog::{Catalog, Row};
use crate::reported::Reported;

/// A privilege in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    grantor: Vec<u8>,
    grantee: Vec<u8>,
    privilege: Vec<u8>,
    is_grantable: bool,
}

impl Entry {
    /// Whether it is a privilege of this role.
    pub fn is_of(&self, role: &[u8]) -> bool {
        self.grantee == role
    }
}

/// What privileges are on.
#[derive(Clone, Debug, Default)]
pub struct Subject<'a> {
    /// What precedes GRANT and REVOKE: `ALTER DEFAULT PRIVILEGES ... `.
    pub prefix: &'a [u8],
    /// `TABLE rel.t`.
    pub object: &'a [u8],
    /// The column, if it is one of the object's.
    pub column: Option<&'a [u8]>,
    /// The owner.
    pub owner: &'a [u8],
    /// How many privileges there are on such an object, if `ALL` may stand for them.
    pub all: Option<usize>,
}

/// The list that an object has and the one that it would have by default, by expressions over `from`
/// (`FROM ... WHERE ...`), the object of which is [`ASKED`](super::catalog::ASKED). Grantors, grantees and privileges, the list first.
///
/// # Errors
/// The query failed.
pub fn lists(
    catalog: &mut Catalog<'_>,
    actual: &str,
    default: &str,
    source: &str,
    oid: u32,
    condition: &str,
) -> Result<[Vec<Entry>; 2], Reported> {
    let part = |which: &str, list: &str| {
        format!(
            "SELECT '{which}' AS which, x.place, \
             pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantor)), \
             CASE WHEN x.grantee = 0 THEN 'PUBLIC' \
             ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantee)) END, \
             x.privilege, x.is_grantable\n\
             FROM {source}, LATERAL pg_catalog.aclexplode({list}) \
             WITH ORDINALITY x(grantor, grantee, privilege, is_grantable, place)\n\
             WHERE {condition}"
        )
    };
    let [actual, default] = [part("a", actual), part("d", default)];
    let rows = catalog.rows_of(oid, format!("{actual}\nUNION ALL\n{default}\nORDER BY 1, 2"))?;
    Ok(["a", "d"].map(|which| {
        let of_list = rows.iter().filter(|row| row.text(0) == which.as_bytes());
        of_list.map(entry).collect()
    }))
}

fn entry(row: &Row) -> Entry {
    Entry {
        grantor: row.text(2).to_vec(),
        grantee: row.text(3).to_vec(),
        privilege: row.text(4).to_vec(),
        is_grantable: row.is(5),
    }
}

/// The statements that make the `default` list the `actual` one.
pub fn statements(subject: &Subject<'_>, actual: &[Entry], default: &[Entry]) -> Vec<Vec<u8>> {
    let mut statements = revokes(subject, actual, default);
    statements.extend(grants(subject, actual, default));
    statements
}

fn revokes(subject: &Subject<'_>, actual: &[Entry], default: &[Entry]) -> Vec<Vec<u8>> {
    let holds =
        |e: &Entry| actual.iter().any(|a| a.grantee == e.grantee && a.privilege == e.privilege);
    let lost: Vec<&Entry> = default.iter().filter(|entry| !holds(entry)).collect();
    let mut statements = Vec::new();
    for group in lost.chunk_by(|a, b| a.grantee == b.grantee) {
        let grantee = &group[0].grantee;
        let had = default.iter().filter(|entry| entry.grantee == *grantee).count();
        let list = match group.len() == had {
            true => b"ALL".to_vec(),
            false => privileges(group, subject),
        };
        let text = [subject.prefix, b"REVOKE ", &list, b" ON ", subject.object, b" FROM ", grantee];
        statements.push(text.concat());
    }
    statements
}

fn grants(subject: &Subject<'_>, actual: &[Entry], default: &[Entry]) -> Vec<Vec<u8>> {
    let is_default = |entry: &&Entry| default.contains(entry);
    let new: Vec<&Entry> = actual.iter().filter(|entry| !is_default(entry)).collect();
    let is_same = |a: &&Entry, b: &&Entry| {
        a.grantor == b.grantor && a.grantee == b.grantee && a.is_grantable == b.is_grantable
    };
    let mut statements = Vec::new();
    for group in new.chunk_by(is_same) {
        let first = group[0];
        let option: &[u8] = if first.is_grantable { b" WITH GRANT OPTION" } else { b"" };
        let list = privileges(group, subject);
        let text = [
            subject.prefix,
            b"GRANT ",
            &list,
            b" ON ",
            subject.object,
            b" TO ",
            &first.grantee,
            option,
        ]
        .concat();
        if first.grantor == subject.owner || !subject.prefix.is_empty() {
            statements.push(text);
        } else {
            // Who granted it can't be said in GRANT.
            statements.push([b"SET SESSION AUTHORIZATION ", &first.grantor[..]].concat());
            statements.push(text);
            statements.push(b"RESET SESSION AUTHORIZATION".to_vec());
        }
    }
    statements
}

/// The privileges of a group, each with its column.
fn privileges(group: &[&Entry], subject: &Subject<'_>) -> Vec<u8> {
    let with_column = |privilege: &[u8]| match subject.column {
        Some(column) => [privilege, b" (", column, b")"].concat(),
        None => privilege.to_vec(),
    };
    if subject.all == Some(group.len()) {
        return with_column(b"ALL");
    }
    let words: Vec<Vec<u8>> = group.iter().map(|entry| with_column(&entry.privilege)).collect();
    words.join(&b", "[..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `owner=SELECT INSERT/owner`, a star behind what may be granted on.
    fn list(text: &str) -> Vec<Entry> {
        let item = |item: &str| {
            let (grantee, rest) = item.split_once('=').expect("an item");
            let (words, grantor) = rest.split_once('/').expect("an item");
            let entry = |word: &str| Entry {
                grantor: grantor.into(),
                grantee: grantee.into(),
                privilege: word.trim_end_matches('*').into(),
                is_grantable: word.ends_with('*'),
            };
            words.split(' ').map(entry).collect::<Vec<_>>()
        };
        text.split(", ").filter(|text| !text.is_empty()).flat_map(item).collect()
    }

    #[test]
    fn lists() {
        let default = "o=SELECT INSERT/o, PUBLIC=SELECT/o";
        for (actual, expected) in [
            (default, ""),
            ("", "REVOKE ALL ON T FROM o; REVOKE ALL ON T FROM PUBLIC"),
            ("o=SELECT/o, PUBLIC=SELECT/o", "REVOKE INSERT ON T FROM o"),
            (
                "o=SELECT INSERT/o, PUBLIC=SELECT/o, a=SELECT INSERT/o, b=SELECT*/o",
                "GRANT ALL ON T TO a; GRANT SELECT ON T TO b WITH GRANT OPTION",
            ),
            (
                "o=SELECT INSERT/o, PUBLIC=SELECT/o, c=SELECT/b",
                "SET SESSION AUTHORIZATION b; GRANT SELECT ON T TO c; RESET SESSION AUTHORIZATION",
            ),
        ] {
            let subject = Subject { object: b"T", owner: b"o", all: Some(2), ..Subject::default() };
            let found = statements(&subject, &list(actual), &list(default)).join(&b"; "[..]);
            assert_eq!(String::from_utf8_lossy(&found), expected, "{actual}");
        }
    }

    #[test]
    fn of_columns() {
        let subject = Subject {
            object: b"TABLE t",
            column: Some(b"c"),
            owner: b"o",
            all: Some(4),
            ..Subject::default()
        };
        let found = statements(&subject, &list("a=SELECT UPDATE/o"), &[]);
        assert_eq!(found, [b"GRANT SELECT (c), UPDATE (c) ON TABLE t TO a".to_vec()]);
    }
}
