//! Says what a connection leads to: the versions, the encryption. ("You are now connected" is `\c`'s, in
//! metacommand/connection.rs.)

use super::connect::NO_VERSION;
use super::state::Connection;
use crate::console::{Console, PSQL_VERSION};
use crate::session::{Session, version_number};

/// Servers older than this one are warned of.
const OLDEST_SERVER: i32 = 90_200;

/// When the versions of shell and server are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Versions {
    Always,
    IfTheyDiffer,
}

impl Connection {
    /// psql's banner for the user: the versions and where to find help.
    pub fn greet(&self, console: &mut Console) {
        if self.session.is_none() || console.settings().quiet {
            return;
        }
        self.print_versions(console, Versions::Always);
        self.print_encryption(console);
        console.println("Type \"help\" for help.\n");
    }

    /// Says on a terminal what kind of server a new connection leads to, unless QUIET is on.
    pub fn introduce_server(&self, console: &mut Console) {
        if console.is_on_terminals() {
            self.print_versions(console, Versions::IfTheyDiffer);
            self.print_encryption(console);
        }
    }

    /// The versions of shell and server, in any case or if they differ, and a warning where psql
    /// warns; nothing under QUIET.
    fn print_versions(&self, console: &mut Console, when: Versions) {
        let Some(session) = &self.session else { return };
        if console.settings().quiet {
            return;
        }
        let number = session.server_version();
        let mut banner = [console.program(), b" (", PSQL_VERSION.as_bytes()].concat();
        let ours = version_number(PSQL_VERSION.as_bytes());
        let other = number != ours;
        if other {
            let text = session.parameter("server_version").unwrap_or(NO_VERSION);
            banner.extend_from_slice(&[b", server ", text].concat());
        }
        banner.push(b')');
        if other || when == Versions::Always {
            console.println(banner);
        }
        if number < OLDEST_SERVER || number / 10_000 > ours / 10_000 {
            let major = crate::describe::short_version(number);
            let program = console.program().to_vec();
            let versions = format!(" major version 18, server major version {major}.\n");
            let parts: [&[u8]; 6] = [
                b"WARNING: ",
                &program[..],
                versions.as_bytes(),
                b"         Some ",
                &program[..],
                b" features might not work.",
            ];
            console.println(parts.concat());
        }
    }

    /// Says how the connection is encrypted, if it is, unless QUIET is on.
    fn print_encryption(&self, console: &mut Console) {
        let Some(tls) = self.session.as_ref().and_then(Session::tls) else { return };
        let alpn = if tls.alpn.is_empty() { "none" } else { &tls.alpn };
        let text = format!(
            "SSL connection (protocol: {}, cipher: {}, compression: off, ALPN: {alpn})",
            tls.version, tls.cipher
        );
        console.println_unless_quiet(text);
    }
}
