//! Who is connected to a database that somebody wants for himself.

use super::backend::{self, Backend, Wanted};
use super::place::Place;
use super::target::name_argument;
use crate::catalog_query::CatalogQuery;
use crate::describe::Host;
use crate::encoding::Encoding;
use crate::lexer::{Case, Token, TokenKind, dequote, tokens};
use crate::print::RowBuffer;
use crate::reported::Reported;

/// How many are named one by one.
const NAMED: usize = 5;

/// The sessions in a database.
#[derive(Clone, Debug)]
pub struct Occupants(Vec<Backend>);

/// The question of who is connected to a database.
pub fn query(place: &Place, database: &[u8]) -> CatalogQuery {
    backend::query(place, &Wanted::Database(database.to_vec()))
}

/// Who is connected to a database, the shell's own session and helper left out.
///
/// # Errors
/// The server doesn't tell; the host has reported why.
pub fn occupants(
    host: &mut dyn Host,
    place: &Place,
    database: &[u8],
) -> Result<Occupants, Reported> {
    let answer = host.query(&query(place, database))?;
    Ok(Occupants::new(place, &answer.rows))
}

impl Occupants {
    /// From the answer to [`query`].
    pub fn new(place: &Place, rows: &RowBuffer) -> Occupants {
        let mut found = backend::read(place, rows);
        found.retain(|backend| !place.is_own(backend.pid) && !backend.yields());
        Occupants(found)
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Tells who is there, and the command that ends them: `Connected to shop: ann (psql, pid 4711, idle
/// for 3m12s), and 4 more. \terminate database shop ends them.` `None` if nobody is.
pub fn who_is_there(occupants: &Occupants, database: &[u8]) -> Option<Vec<u8>> {
    let Occupants(all) = occupants;
    if all.is_empty() {
        return None;
    }
    let mut names: Vec<Vec<u8>> = all.iter().take(NAMED).map(Backend::named).collect();
    if all.len() > NAMED {
        names.push(format!("{} more", all.len() - NAMED).into_bytes());
    }
    let names = names.join(&b", "[..]);
    let quoted = name_argument(database);
    let them = if all.len() == 1 { "that session" } else { "them" };
    let command = format!(" ends {them}.");
    Some(
        [
            b"Connected to ",
            &quoted[..],
            b": ",
            &names,
            b".\n\\terminate database ",
            &quoted,
            command.as_bytes(),
        ]
        .concat(),
    )
}

/// The database that a statement wanted for itself: `DROP DATABASE`, `ALTER DATABASE`, or the
/// template of `CREATE DATABASE`.
pub fn database_wanted(statement: &[u8]) -> Option<Vec<u8>> {
    let is_said = |token: &Token| !matches!(token.kind, TokenKind::Space | TokenKind::Comment);
    let mut words = tokens(statement).filter(is_said).map(|token| {
        let text = &statement[token.range];
        match token.kind {
            TokenKind::QuotedIdentifier => text.to_vec(),
            _ => text.to_ascii_lowercase(),
        }
    });
    let verb = words.next()?;
    if words.next()? != b"database" {
        return None;
    }
    let named = match &verb[..] {
        b"drop" => words.find(|word| !matches!(&word[..], b"if" | b"exists"))?,
        b"alter" => words.next()?,
        b"create" => {
            let template = words.skip_while(|word| word != b"template").skip(1);
            template.into_iter().find(|word| word != b"=").unwrap_or_else(|| b"template1".to_vec())
        }
        _ => return None,
    };
    Some(dequote(&named, Case::Keep, Encoding::Utf8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases() {
        for (statement, database) in [
            ("drop database shop", Some("shop")),
            ("DROP DATABASE IF EXISTS Shop;", Some("shop")),
            ("/* x */ drop database \"Sh\"\"op\" with (force)", Some("Sh\"op")),
            ("alter database shop rename to store", Some("shop")),
            ("create database a", Some("template1")),
            ("create database a owner b template = shop", Some("shop")),
            ("drop table shop", None),
            ("drop database", None),
            ("", None),
        ] {
            let found = database_wanted(statement.as_bytes());
            let found = found.map(|name| String::from_utf8_lossy(&name).into_owned());
            assert_eq!(found.as_deref(), database, "{statement}");
        }
    }
}
