//! Where a dump goes: the server, and what is known of the database there.

use super::queries::{self, Known};
use crate::backup::{Failure, FailureKind, SideSession, Source, is_true, number, text};
use crate::console::Console;
use std::path::PathBuf;

/// The target of a restore, looked at.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// The database's name.
    pub name: Vec<u8>,
    /// The server's version.
    pub version: i32,
    /// The user.
    pub user: String,
    /// What the user may.
    pub is_superuser: bool,
    /// Whether databases may be made.
    pub can_create: bool,
    /// Whether the server only reads.
    pub is_standby: bool,
    /// Where the cluster lies, where we may know.
    pub directory: Option<PathBuf>,
    /// The database, if it is there.
    pub existing: Option<Existing>,
    /// The roles, tablespaces and extensions that are missing.
    pub missing: Missing,
}

/// A database that is there.
#[derive(Clone, Debug, Default)]
pub struct Existing {
    /// Its encoding.
    pub encoding: String,
    /// Objects by kind.
    pub contents: Vec<(String, u64)>,
    /// Who else is connected: `12 (bob, psql, idle)`.
    pub sessions: Vec<String>,
    /// Chosen relations that it has.
    pub present: Vec<String>,
}

/// What a dump needs and the server lacks.
#[derive(Clone, Debug, Default)]
pub struct Missing {
    /// Roles.
    pub roles: Vec<String>,
    /// Tablespaces.
    pub tablespaces: Vec<String>,
    /// Extensions.
    pub extensions: Vec<String>,
}

/// What a dump needs, by name.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// Roles.
    pub roles: Vec<Vec<u8>>,
    /// Tablespaces.
    pub tablespaces: Vec<Vec<u8>>,
    /// Extensions.
    pub extensions: Vec<Vec<u8>>,
    /// The relations that were chosen by patterns.
    pub relations: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Looks at the target.
///
/// # Errors
/// The server does not let us in, or Ctrl-C.
pub fn look(
    console: &Console,
    session: &mut SideSession,
    source: &Source<'_>,
    needs: &Needs,
) -> Result<Target, Failure> {
    let version = session.version();
    let encoding = session.encoding();
    let me = session.ask_row(&queries::myself(version))?;
    let mut target = Target {
        name: source.database.clone(),
        version,
        user: text(&me, 0),
        is_superuser: is_true(&me, 1),
        can_create: is_true(&me, 1) || is_true(&me, 2),
        is_standby: is_true(&me, 3),
        directory: Some(text(&me, 4)).filter(|place| !place.is_empty()).map(PathBuf::from),
        ..Target::default()
    };
    let found = session.ask_row(&queries::database(&target.name, encoding))?;
    if !found.is_empty() {
        if !is_true(&found, 1) {
            let name = String::from_utf8_lossy(&target.name).into_owned();
            let text = format!("database \"{name}\" takes no connections");
            return Err(Failure::new(FailureKind::Refused, text));
        }
        let mut existing = Existing { encoding: text(&found, 0), ..Existing::default() };
        for row in session.ask(&queries::sessions(&target.name, source.pid, encoding))? {
            let known = [text(&row, 1), text(&row, 2), text(&row, 3)];
            let known: Vec<_> = known.into_iter().filter(|word| !word.is_empty()).collect();
            existing.sessions.push(format!("{} ({})", text(&row, 0), known.join(", ")));
        }
        let mut inside = source.ask(console)?;
        for row in inside.ask(&queries::contents())? {
            if number(&row, 1) > 0 {
                existing.contents.push((text(&row, 0), number(&row, 1)));
            }
        }
        if !needs.relations.is_empty() {
            for row in inside.ask(&queries::relations(&needs.relations, encoding))? {
                existing.present.push(format!("{}.{}", text(&row, 0), text(&row, 1)));
            }
        }
        target.existing = Some(existing);
    }
    let mut missing = |what: Known, names: &[Vec<u8>]| -> Result<Vec<String>, Failure> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let rows = session.ask(&queries::known(what, names, encoding))?;
        let has = |name: &Vec<u8>| {
            rows.iter().any(|row| row.first().and_then(Option::as_ref) == Some(name))
        };
        let missing = names.iter().filter(|name| !has(name));
        Ok(missing.map(|name| String::from_utf8_lossy(name).into_owned()).collect())
    };
    target.missing = Missing {
        roles: missing(Known::Roles, &needs.roles)?,
        tablespaces: missing(Known::Tablespaces, &needs.tablespaces)?,
        extensions: missing(Known::Extensions, &needs.extensions)?,
    };
    Ok(target)
}
