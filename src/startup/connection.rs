//! Where to connect, as the command line says it.

use crate::cli::Options;
use crate::conninfo::{self, Settings};
use zeroize::Zeroizing;

/// The connection settings that the options give. A connection string, which may hold a password and
/// is taken out of them, wins over the others, with its empty values as well.
///
/// # Errors
/// What is wrong with the connection string.
pub(super) fn settings(options: &mut Options) -> Result<Settings, conninfo::Error> {
    let mut given = Settings::default();
    let separate = [("user", &options.user), ("host", &options.host), ("port", &options.port)];
    for (keyword, value) in separate {
        if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
            given.set(keyword, value.as_slice());
        }
    }
    match options.database.take().map(Zeroizing::new) {
        None if options.list => given.set("dbname", "postgres"),
        // As if it had not been given, but for -l.
        Some(name) if name.is_empty() => {}
        Some(name) if conninfo::looks_like_conninfo(&name) => {
            given.overrule(&conninfo::parse(&name)?);
        }
        Some(name) => given.set("dbname", name.as_slice()),
        None => {}
    }
    Ok(given)
}
