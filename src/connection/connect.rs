//! Opens, changes and loses the connection, and keeps the variables that tell of it true.

use super::settings_files::{environment, os_user, read_file, stranger};
use super::state::{Connection, Standing};
use crate::account;
use crate::cli::PasswordPrompt;
use crate::conninfo::{self, Settings};
use crate::console::{Console, server_message};
use crate::session::{ConnectError, ConnectErrorKind, Session};
use crate::terminal::ChildEnvironment;
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
pub(super) const NO_VERSION: &[u8] = b"0.0.0";

impl Connection {
    /// Opens a connection as `given` says (environment, files and defaults fill in the rest),
    /// asking for a password where one is needed, and makes it the shell's. `user` is whom to name
    /// when a password is asked for before the server wants one.
    ///
    /// # Errors
    /// psql's text; the present connection is left as it is.
    pub fn connect(
        &mut self,
        console: &mut Console,
        given: &Settings,
        user: Option<&[u8]>,
    ) -> Result<(), ConnectError> {
        let mut given = given.clone();
        // As psql, which has a name of its own: the user's fallback is not asked for.
        given.set("fallback_application_name", console.program());
        let automatic = console.is_on_terminals() && std::env::var_os("PGCLIENTENCODING").is_none();
        if automatic && given.get("client_encoding").is_none() {
            given.set("client_encoding", "auto");
        }
        if self.origin.password_prompt == PasswordPrompt::Always {
            let password = ask_password(console, user)?;
            // At the start psql prefers the one of a connection string; \c prefers what was typed.
            if self.origin.settings.is_some() || given.get("password").is_none() {
                given.set("password", password.as_slice());
            }
        }
        let mut settings = resolve(console, &given)?;
        warn_of_socket(console, &settings);
        if self.origin.settings.is_some() && settings.integer("connect_timeout").is_err() {
            // psql's \c waits for ever, and does not look at how long it should. Ours heeds a number.
            settings.set("connect_timeout", *b"0");
        }
        let session = match open(console, &settings) {
            Err(error)
                if error.kind == ConnectErrorKind::NeedsPassword
                    && self.origin.password_prompt == PasswordPrompt::IfNeeded =>
            {
                let password = ask_password(console, settings.get("user"))?;
                settings.set("password", password.as_slice());
                open(console, &settings)
            }
            result => result,
        };
        self.install_session(console, session?);
        Ok(())
    }

    /// A connection beside the shell's: no variable tells of it, and when it is lost it is not opened anew.
    ///
    /// # Errors
    /// The server does not let us in.
    pub fn beside(console: &Console, given: &Settings) -> Result<Connection, ConnectError> {
        let mut given = given.clone();
        given.set("fallback_application_name", console.program());
        // The environment leads elsewhere.
        let settings = conninfo::resolve(&given, &|_| None, &|_| None, &os_user)?;
        let mut connection = Connection::default();
        connection.origin.standing = Standing::Beside;
        connection.session = Some(Session::connect(&settings, console.interrupts.owned_fd())?);
        Ok(connection)
    }

    /// Makes `session` the shell's connection.
    fn install_session(&mut self, console: &mut Console, mut session: Session) {
        self.errors.text.clear();
        console.set_encoding(session.encoding());
        if !console.is_on_terminals() {
            // A script may connect again, and reads the password file again then.
            session.forget_passfile_passwords();
        }
        self.errors.loss_reported = false;
        self.holds_state = false;
        self.origin.settings = Some(session.settings().clone());
        console.note_connected();
        self.session = Some(session);
        self.forget_pipeline();
        self.forget_helper(console);
        self.publish_connection(console);
        self.lead_children(console);
    }

    /// Has child processes find the server, too.
    fn lead_children(&self, console: &mut Console) {
        let Some(session) = &self.session else { return };
        let settings = session.settings();
        let service = settings.get("service").and_then(|name| {
            let read = |file: conninfo::File<'_>| read_file(file, &mut Vec::new());
            conninfo::service_settings(name, &environment, &read)
        });
        let variables =
            conninfo::child_environment(settings, session.given_host(), service.as_ref());
        console.set_child_environment(ChildEnvironment::new(variables));
    }

    /// The settings for another connection to the very server of the session, to this database, with the
    /// password that the password file has: a script's session has forgotten it.
    pub fn settings_beside(&self, database: &[u8]) -> Option<Settings> {
        let session = self.session.as_ref()?;
        let mut settings = session.settings().clone();
        for (keyword, value) in [
            ("host", session.host()),
            ("hostaddr", session.host_address().as_bytes()),
            ("port", session.port()),
            ("dbname", database),
            ("target_session_attrs", b"any"),
        ] {
            settings.set(keyword, value);
        }
        settings.unset("service");
        let read = |file: conninfo::File<'_>| read_file(file, &mut Vec::new());
        // The settings are resolved: what the environment says by now is for other connections.
        conninfo::resolve(&settings, &|_| None, &read, &os_user).ok()
    }

    /// Sets the variables that describe the connection.
    fn publish_connection(&self, console: &mut Console) {
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
            console.variables.put(name, &value);
        }
        let settings = session.settings();
        for (name, value) in
            SERVICE_VARIABLES.iter().zip([settings.given("service"), settings.service_file()])
        {
            match value {
                Some(value) => console.variables.put(name, value),
                None => console.variables.unset(name),
            }
        }
    }

    /// Ends: the server is told good-bye.
    pub fn close(&mut self, console: &mut Console) {
        self.forget_helper(console);
        self.session = None;
    }

    /// Gives up the connection.
    pub fn disconnect(&mut self, console: &mut Console) {
        self.forget_helper(console);
        self.session = None;
        self.forget_pipeline();
        for name in CONNECTION_VARIABLES.iter().chain(&SERVICE_VARIABLES) {
            console.variables.unset(name);
        }
    }

    /// The connection broke for `reason`: in a script that is the end, a user gets a new one if the
    /// server lets us.
    pub fn on_connection_lost(&mut self, console: &mut Console, reason: &[u8]) {
        if !std::mem::take(&mut self.errors.loss_reported) {
            console.info(reason);
        }
        self.forget_pipeline();
        if self.origin.standing == Standing::Beside {
            console.error("the connection beside the session was lost");
            self.close(console);
            return;
        }
        if !console.is_interactive() {
            console.error("connection to server was lost");
            self.abandon(true);
            return;
        }
        console.output.stderr(b"The connection to the server was lost. Attempting reset: ");
        let settings = self.origin.settings.clone().unwrap_or_default();
        // Finds the password file's passwords again.
        let settings = resolve(console, &settings).unwrap_or(settings);
        self.session = None;
        match open(console, &settings) {
            Ok(session) => {
                self.install_session(console, session);
                console.output.stderr(b"Succeeded.\n");
                self.introduce_server(console);
            }
            Err(_) => {
                console.output.stderr(b"Failed.\n");
                self.disconnect(console);
            }
        }
    }
}

/// Asks for the password of `user`.
fn ask_password(
    console: &mut Console,
    user: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>, ConnectError> {
    let prompt = match user.filter(|user| !user.is_empty()) {
        Some(user) => [b"Password for user ", user, b": "].concat(),
        None => b"Password: ".to_vec(),
    };
    console.output.flush();
    let password = console.ask_secret(&prompt);
    password.ok_or_else(ConnectError::interrupted)
}

/// Opens a session, and shows what was said on the way to it, or to a failure.
fn open(console: &mut Console, settings: &Settings) -> Result<Session, ConnectError> {
    let mut result = Session::connect(settings, console.interrupts.owned_fd());
    let (warnings, notices) = match &mut result {
        Ok(session) => (session.take_warnings(), session.take_notices()),
        Err(error) => (Vec::new(), std::mem::take(&mut error.notices)),
    };
    for warning in warnings {
        console.output.stderr(&warning);
    }
    for notice in notices {
        // psql's library shows them: without its name, and whatever VERBOSITY says.
        let style = server_message::Style::plain(console.encoding());
        console.output.stderr(&server_message::text(&notice, None, style));
    }
    result
}

/// Fills in what the settings don't say.
fn resolve(console: &mut Console, given: &Settings) -> Result<Settings, ConnectError> {
    let warnings = std::cell::RefCell::new(Vec::new());
    let read = |file: conninfo::File<'_>| read_file(file, &mut warnings.borrow_mut());
    let settings = conninfo::resolve(given, &environment, &read, &os_user);
    for warning in warnings.into_inner() {
        console.output.stderr(&warning);
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
        console.output.stderr(&parts.concat());
    }
    settings.map_err(ConnectError::from)
}

/// Tells the user at a prompt whose server it is that answers where nobody named one, if it is
/// neither the system's nor the user's own: anybody can put a socket in /tmp.
fn warn_of_socket(console: &mut Console, settings: &Settings) {
    let is_given = |keyword| settings.get(keyword).is_some_and(|value| !value.is_empty());
    if !console.output.has_user() || is_given("host") || is_given("hostaddr") {
        return;
    }
    let Some(host) = settings.hosts().first() else { return };
    let path = [&host.name, &b"/.s.PGSQL."[..], &host.port].concat();
    let Some(owner) = stranger(&path) else { return };
    let whose = account::name(owner).unwrap_or_else(|| owner.to_string().into());
    let parts: [&[u8]; 5] = [b"the socket \"", &path, b"\" belongs to \"", &whose, b"\""];
    console.warning(parts.concat());
    console.hint("-h names the server that is meant, requirepeer its account");
}
