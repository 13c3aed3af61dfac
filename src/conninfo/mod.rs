//! Connection strings, service files and password files: from text to settings.
//!
//! Owns libpq's keywords and their meaning (PostgreSQL's documentation, "Connection Strings",
//! "Parameter Key Words", "Environment Variables", "The Password File", "The Connection Service
//! File"). Reads no file and no environment itself: both come in as text and closures.
//!
//! ```text
//! resolve.rs  all of it together                              validate.rs  values that are refused
//! pairs.rs    `host=a port=1`                                 service.rs   service files
//! uri.rs      `postgresql://a:1/db`                           passfile.rs  password files
//! keyword.rs  the keywords and their environment variables    charset.rs   the locale's encoding
//! settings.rs the settings as values                          error.rs     what is wrong with them
//! child_environment.rs  what leads other programs to the same server
//! ```

mod blank;
mod charset;
mod child_environment;
mod error;
mod keyword;
mod pairs;
pub mod passfile;
mod resolve;
pub mod service;
mod settings;
mod uri;
mod validate;

pub use child_environment::child_environment;
pub use error::Error;
pub use resolve::{CHARMAP, File, resolve, service_settings};
pub use settings::{Host, Settings, is_socket};
pub use validate::BASE64;

/// Whether a database name is to be taken as a connection string, as psql does.
pub fn looks_like_conninfo(text: &[u8]) -> bool {
    uri::is_uri(text) || text.contains(&b'=')
}

/// Settings from a connection string: keywords and values, or a URI.
///
/// # Errors
/// psql's text.
pub fn parse(text: &[u8]) -> Result<Settings, Error> {
    if uri::is_uri(text) { uri::parse(text) } else { pairs::parse(text) }
}

/// The environment variable that stands in for a keyword, if there is one.
pub fn variable(keyword: &str) -> Option<&'static str> {
    let (_, variable) = keyword::KEYWORDS.iter().find(|(known, _)| *known == keyword)?;
    Some(*variable).filter(|variable| !variable.is_empty())
}

#[cfg(test)]
mod tests;
