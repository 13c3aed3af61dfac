//! Answers the completer: names of the server's objects by queries on the session, names of the
//! person's own side (files, variables) directly.

use super::Shell;
use crate::completion::{Catalog, Object, Wanted, query};
use crate::print::Rows;
use crate::session::TransactionStatus;
use crate::variables::KeywordCase;

/// The catalog as one shell sees it.
pub struct ShellCatalog<'a> {
    shell: &'a mut Shell,
}

impl<'a> ShellCatalog<'a> {
    /// A catalog that asks through `shell`.
    pub fn new(shell: &'a mut Shell) -> ShellCatalog<'a> {
        ShellCatalog { shell }
    }
}

impl Catalog for ShellCatalog<'_> {
    fn look_up(&mut self, wanted: &Wanted<'_>, prefix: &[u8]) -> Vec<Vec<u8>> {
        match wanted.object {
            Object::Variable => self
                .shell
                .variables
                .iter()
                .map(|(name, _)| name.to_vec())
                .filter(|name| name.starts_with(prefix))
                .collect(),
            Object::EnvironmentVariable => {
                use std::os::unix::ffi::OsStringExt;
                let names = std::env::vars_os().map(|(name, _)| name.into_vec());
                let mut names: Vec<_> = names.filter(|name| name.starts_with(prefix)).collect();
                names.sort();
                names
            }
            Object::File | Object::Directory => files(prefix, wanted.object == Object::Directory),
            _ => self.names(wanted, prefix).unwrap_or_default(),
        }
    }

    fn keyword_case(&self) -> KeywordCase {
        self.shell.settings().comp_keyword_case
    }
}

impl ShellCatalog<'_> {
    /// Asks the server, unless it could not answer or would be disturbed.
    fn names(&mut self, wanted: &Wanted<'_>, prefix: &[u8]) -> Option<Vec<Vec<u8>>> {
        let session = self.shell.session.as_ref()?;
        let calm = matches!(
            session.transaction_status(),
            TransactionStatus::Idle | TransactionStatus::InTransaction
        );
        if !calm {
            return None;
        }
        let sql = query::sql(wanted, prefix, session.server_version())?;
        let mut set = self.shell.internal_quietly(&sql)?;
        set.rows.rewind().ok()?;
        let mut names = Vec::new();
        while let Some(row) = set.rows.next().ok()? {
            names.extend(row.get(0).map(<[u8]>::to_vec));
        }
        Some(names)
    }
}

/// Files whose path begins with `prefix`; directories end in `/`.
fn files(prefix: &[u8], only_directories: bool) -> Vec<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt;
    let cut = memchr::memrchr(b'/', prefix).map_or(0, |at| at + 1);
    let (folder, start) = prefix.split_at(cut);
    let opened = super::output::expand_tilde(if folder.is_empty() { b"." } else { folder });
    let Ok(entries) = std::fs::read_dir(super::output::bytes_to_os(&opened)) else {
        return Vec::new();
    };
    let mut names: Vec<Vec<u8>> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let hidden = name.as_bytes().starts_with(b".");
            name.as_bytes().starts_with(start) && (!hidden || !start.is_empty())
        })
        .filter_map(|entry| {
            let directory = entry.path().is_dir();
            if only_directories && !directory {
                return None;
            }
            let mut name = [folder, entry.file_name().as_bytes()].concat();
            if directory {
                name.push(b'/');
            }
            Some(name)
        })
        .collect();
    names.sort();
    names
}
