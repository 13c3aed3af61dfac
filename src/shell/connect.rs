//! Opens, changes and loses the connection, and keeps the variables that tell of it true.

use super::{PSQL_VERSION, SYSTEM_DIRECTORY, Shell};
use crate::account;
use crate::cli::PasswordPrompt;
use crate::conninfo::{self, Settings};
use crate::session::{ConnectError, ConnectErrorKind, Session, version_number};
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use zeroize::Zeroizing;

/// The variables that describe the connection.
const CONNECTION_VARIABLES: [&[u8]; 7] = [
    b"DBNAME",
    b"USER",
    b"HOST",
    b"PORT",
    b"ENCODING",
    b"SERVER_VERSION_NAME",
    b"SERVER_VERSION_NUM",
];

/// The variables that tell of the service connected to, set only if there is one. psql 18 has no
/// SERVICEFILE, psql 19 has.
const SERVICE_VARIABLES: [&[u8]; 2] = [b"SERVICE", b"SERVICEFILE"];

/// What a server that doesn't tell its version is said to have.
const NO_VERSION: &[u8] = b"0.0.0";

/// Servers older than this one are warned of.
const OLDEST_SERVER: i32 = 90_200;

impl Shell {
    /// Opens a connection as `given` says (environment, files and defaults fill in the rest),
    /// asking for a password where one is needed, and makes it the shell's. `user` is whom to name
    /// when a password is asked for before the server wants one.
    ///
    /// # Errors
    /// psql's text; the present connection is left as it is.
    pub fn connect(&mut self, given: &Settings, user: Option<&[u8]>) -> Result<(), ConnectError> {
        let mut given = given.clone();
        // As psql, which has a name of its own: the user's fallback is not asked for.
        given.set("fallback_application_name", self.program.as_slice());
        let automatic = !self.not_a_tty && std::env::var_os("PGCLIENTENCODING").is_none();
        if automatic && given.get("client_encoding").is_none() {
            given.set("client_encoding", "auto");
        }
        if self.password_prompt == PasswordPrompt::Always {
            let password = self.type_password(user)?;
            // At the start psql prefers the one of a connection string; \c prefers what was typed.
            if self.connection.is_some() || given.get("password").is_none() {
                given.set("password", password.as_slice());
            }
        }
        let mut settings = self.resolve(&given)?;
        self.warn_of_socket(&settings);
        if self.connection.is_some() && settings.integer("connect_timeout").is_err() {
            // psql's \c waits for ever, and does not look at how long it should. Ours heeds a number.
            settings.set("connect_timeout", *b"0");
        }
        let session = match self.open(&settings) {
            Err(error)
                if error.kind == ConnectErrorKind::NeedsPassword
                    && self.password_prompt == PasswordPrompt::IfNeeded =>
            {
                let password = self.type_password(settings.get("user"))?;
                settings.set("password", password.as_slice());
                self.open(&settings)
            }
            result => result,
        };
        self.adopt(session?);
        Ok(())
    }

    fn open(&self, settings: &Settings) -> Result<Session, ConnectError> {
        let interrupt = self.interrupts.as_ref().and_then(|i| i.try_clone_fd().ok());
        Session::connect(settings, interrupt)
    }

    /// Fills in what the settings don't say.
    fn resolve(&mut self, given: &Settings) -> Result<Settings, ConnectError> {
        let warnings = std::cell::RefCell::new(Vec::new());
        let read = |file: conninfo::File<'_>| read_file(file, &mut warnings.borrow_mut());
        let settings = conninfo::resolve(given, &environment, &read, &os_user);
        for warning in warnings.into_inner() {
            self.output.stderr(&warning);
        }
        let encoding = given.get("client_encoding").map(<[u8]>::to_vec);
        let encoding = encoding.or_else(|| environment("PGCLIENTENCODING"));
        if encoding.as_deref() == Some(b"auto")
            && settings.as_ref().is_ok_and(|found| found.get("client_encoding").is_none())
        {
            let variables = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(environment);
            let locale = variables.into_iter().find(|v| !v.is_empty()).unwrap_or_default();
            let charmap = crate::terminal::charmap();
            let before = b"could not determine encoding for locale \"";
            let parts = [before, &locale[..], b"\": codeset is \"", &charmap, b"\"\n"];
            self.output.stderr(&parts.concat());
        }
        settings.map_err(ConnectError::from)
    }

    /// Tells the user at a prompt whose server it is that answers where nobody named one, if it is
    /// neither the system's nor the user's own: anybody can put a socket in /tmp.
    fn warn_of_socket(&mut self, settings: &Settings) {
        let is_given = |keyword| settings.get(keyword).is_some_and(|value| !value.is_empty());
        if !self.output.has_user() || is_given("host") || is_given("hostaddr") {
            return;
        }
        let Some(host) = settings.hosts().first() else { return };
        let path = [&host.name, &b"/.s.PGSQL."[..], &host.port].concat();
        let Some(owner) = stranger(&path) else { return };
        let whose = account::name(owner).unwrap_or_else(|| owner.to_string().into());
        let parts: [&[u8]; 5] = [b"the socket \"", &path, b"\" belongs to \"", &whose, b"\""];
        self.warning(parts.concat());
        self.hint("-h names the server that is meant, requirepeer its account");
    }

    fn type_password(&mut self, user: Option<&[u8]>) -> Result<Zeroizing<Vec<u8>>, ConnectError> {
        let prompt = match user {
            Some(user) => [b"Password for user ", user, b": "].concat(),
            None => b"Password: ".to_vec(),
        };
        self.output.flush();
        let password = self.ask_secret(&prompt);
        password.ok_or_else(ConnectError::interrupted)
    }

    /// Makes `session` the shell's connection.
    fn adopt(&mut self, mut session: Session) {
        self.complaints.clear();
        for warning in session.take_warnings() {
            self.output.stderr(&warning);
        }
        for notice in session.take_notices() {
            // Before anything runs, psql shows notices without its name.
            let text = super::message::text(&notice, None, self.message_style());
            self.output.stderr(&text);
        }
        self.adopt_encoding(session.encoding());
        if self.not_a_tty {
            // A script may connect again, and reads the password file again then.
            session.forget_filed_passwords();
        }
        self.loss_told = false;
        self.connection = Some(session.settings().clone());
        self.session = Some(session);
        self.forget_pipeline();
        self.forget_helper();
        self.tell_connection();
    }

    /// Sets the variables that describe the connection.
    pub fn tell_connection(&mut self) {
        let Some(session) = &self.session else { return };
        let encoding = session.encoding_name().to_vec();
        let version = session.parameter("server_version").unwrap_or(NO_VERSION).to_vec();
        let values: [Vec<u8>; 7] = [
            session.database().to_vec(),
            session.user().to_vec(),
            session.host().to_vec(),
            session.port().to_vec(),
            encoding,
            version,
            session.server_version().to_string().into_bytes(),
        ];
        for (name, value) in CONNECTION_VARIABLES.iter().zip(values) {
            self.variables.put(name, &value);
        }
        let settings = session.settings();
        for (name, value) in
            SERVICE_VARIABLES.iter().zip([settings.given("service"), settings.service_file()])
        {
            match value {
                Some(value) => self.variables.put(name, value),
                None => self.variables.unset(name),
            }
        }
    }

    /// Sets the variables that tell psql's version.
    pub fn tell_version(&mut self) {
        let number = version_number(PSQL_VERSION.as_bytes()).to_string();
        let text = format!("PostgreSQL {PSQL_VERSION} (pgsh {})", env!("CARGO_PKG_VERSION"));
        self.variables.put(b"VERSION", text.as_bytes());
        self.variables.put(b"VERSION_NAME", PSQL_VERSION.as_bytes());
        self.variables.put(b"VERSION_NUM", number.as_bytes());
    }

    /// Gives up the connection.
    pub fn disconnect(&mut self) {
        self.forget_helper();
        self.session = None;
        self.forget_pipeline();
        for name in CONNECTION_VARIABLES.iter().chain(&SERVICE_VARIABLES) {
            self.variables.unset(name);
        }
    }

    /// The connection broke for `reason`: in a script that is the end, a person gets a new one if
    /// the server lets us.
    pub fn lost(&mut self, reason: &[u8]) {
        if !std::mem::take(&mut self.loss_told) {
            self.connection_message(reason);
        }
        self.forget_pipeline();
        if !self.is_interactive() {
            self.error("connection to server was lost");
            self.session = None;
            self.connection_lost = true;
            return;
        }
        self.output.stderr(b"The connection to the server was lost. Attempting reset: ");
        let settings = self.connection.clone().unwrap_or_default();
        // Finds the password file's passwords again.
        let settings = self.resolve(&settings).unwrap_or(settings);
        self.session = None;
        match self.open(&settings) {
            Ok(session) => {
                self.adopt(session);
                self.output.stderr(b"Succeeded.\n");
                self.introduce_server();
            }
            Err(_) => {
                self.output.stderr(b"Failed.\n");
                self.disconnect();
            }
        }
    }

    /// psql's banner for the user: the versions and where to find help.
    pub fn greet(&mut self) {
        if self.session.is_none() || self.settings().quiet {
            return;
        }
        self.put_versions(true);
        self.tell_encryption();
        self.put("Type \"help\" for help.\n");
    }

    /// Says on a terminal what kind of server a new connection leads to, unless QUIET is on.
    pub fn introduce_server(&mut self) {
        if !self.not_a_tty {
            self.put_versions(false);
            self.tell_encryption();
        }
    }

    /// The versions of shell and server, in any case or if they differ, and a warning where psql
    /// warns; nothing under QUIET.
    fn put_versions(&mut self, always: bool) {
        let Some(session) = &self.session else { return };
        if self.settings().quiet {
            return;
        }
        let number = session.server_version();
        let mut banner = [&self.program[..], b" (", PSQL_VERSION.as_bytes()].concat();
        let ours = version_number(PSQL_VERSION.as_bytes());
        let other = number != ours;
        if other {
            let text = session.parameter("server_version").unwrap_or(NO_VERSION);
            banner.extend_from_slice(&[b", server ", text].concat());
        }
        banner.push(b')');
        if always || other {
            self.put(banner);
        }
        if number < OLDEST_SERVER || number / 10_000 > ours / 10_000 {
            let major = crate::describe::short_version(number);
            let program = &self.program[..];
            let versions = format!(" major version 18, server major version {major}.\n");
            let parts = [
                b"WARNING: ",
                program,
                versions.as_bytes(),
                b"         Some ",
                program,
                b" features might not work.",
            ];
            self.put(parts.concat());
        }
    }

    /// Says how the connection is encrypted, if it is, unless QUIET is on.
    pub fn tell_encryption(&mut self) {
        let Some(tls) = self.session.as_ref().and_then(Session::tls) else { return };
        let alpn = if tls.alpn.is_empty() { "none" } else { &tls.alpn };
        let text = format!(
            "SSL connection (protocol: {}, cipher: {}, compression: off, ALPN: {alpn})",
            tls.version, tls.cipher
        );
        self.say(text);
    }
}

/// A variable of the environment as [`conninfo::resolve`] sees it: there is a home and a directory of
/// the system's settings also where the environment names none.
fn environment(name: &str) -> Option<Vec<u8>> {
    let value = match name {
        conninfo::CHARMAP => return Some(crate::terminal::charmap()),
        "HOME" => dirs::home_dir().map(Into::into),
        "PGSYSCONFDIR" => std::env::var_os(name).or_else(|| Some(SYSTEM_DIRECTORY.into())),
        _ => std::env::var_os(name),
    };
    value.map(OsStringExt::into_vec)
}

/// The name of the user the process runs as. The environment is not believed.
fn os_user() -> Result<Vec<u8>, conninfo::Error> {
    let id = rustix::process::geteuid().as_raw();
    account::name(id).ok_or_else(|| conninfo::Error::no_account(id))
}

/// The account whose socket this is, if it is neither root's, ours nor the server's.
fn stranger(socket: &[u8]) -> Option<u32> {
    let owner_of = |path: &[u8]| {
        let metadata = std::fs::metadata(super::output::bytes_to_os(path)).ok()?;
        Some(metadata.uid())
    };
    let owner = owner_of(socket)?;
    let trusted = owner == 0
        || owner == rustix::process::geteuid().as_raw()
        || owner_of(b"/var/run/postgresql") == Some(owner)
        || account::name(owner).is_some_and(|name| name == b"postgres");
    (!trusted).then_some(owner)
}

/// Reads a service or password file; a password file that others may read is refused with a
/// warning.
fn read_file(file: conninfo::File<'_>, warnings: &mut Vec<Vec<u8>>) -> Option<Vec<u8>> {
    let (name, secret) = match file {
        conninfo::File::Service(name) => (name, false),
        conninfo::File::Password(name) => (name, true),
        conninfo::File::Existing(path) => {
            return Path::new(super::output::bytes_to_os(path)).exists().then(Vec::new);
        }
        conninfo::File::Socket(path) => {
            let metadata = std::fs::metadata(super::output::bytes_to_os(path)).ok()?;
            return metadata.file_type().is_socket().then(Vec::new);
        }
    };
    let path = super::output::bytes_to_os(name);
    // What is refused anyhow is not waited for.
    let flags = if secret { rustix::fs::OFlags::NONBLOCK } else { rustix::fs::OFlags::empty() };
    let flags = flags.bits().cast_signed();
    let mut file = File::options().read(true).custom_flags(flags).open(path).ok()?;
    let metadata = file.metadata().ok()?;
    if secret {
        let reason = if !metadata.is_file() {
            Some("is not a plain file")
        } else if metadata.permissions().mode() & 0o077 != 0 {
            Some("has group or world access; permissions should be u=rw (0600) or less")
        } else {
            None
        };
        if let Some(reason) = reason {
            warnings.push(
                [b"WARNING: password file \"", name, b"\" ", reason.as_bytes(), b"\n"].concat(),
            );
            return None;
        }
    }
    // Room enough: growing would leave copies of passwords behind.
    let mut text = Vec::with_capacity(usize::try_from(metadata.len()).ok()? + 1);
    // A directory is read as an empty file.
    let _ = file.read_to_end(&mut text);
    Some(text)
}
