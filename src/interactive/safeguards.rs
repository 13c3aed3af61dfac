//! The net under production as it is in force: the class of the server, what it brought along, what
//! the session was told, what the transaction has done.

use crate::connection::Connection;
use crate::console::Console;
use crate::palette::Palette;
use crate::prompt;
use crate::safeguard::{ClassSettings, Servers, Tally, Target, color_of_word};
use crate::session::{Session, TransactionStatus};
use crate::variables::CLASS_PREFIX;

/// The server's setting behind READONLY.
const READ_ONLY_SETTING: &str = "default_transaction_read_only";

/// What is in force.
#[derive(Default)]
pub(super) struct Safeguards {
    /// What the class was found from.
    seen: Seen,
    class: Option<Class>,
    session: Told,
    /// What the open transaction has done.
    tally: Tally,
}

/// What a class depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    connection: u64,
    /// SERVERS.
    servers: Vec<u8>,
    /// The variables with what holds in each class.
    classes: Vec<(Vec<u8>, Vec<u8>)>,
}

/// The class of the present connection.
struct Class {
    name: String,
    settings: ClassSettings,
    /// The variables that it changed: what they were, and what it made of them.
    changed: Vec<(&'static str, Option<Vec<u8>>, &'static str)>,
}

/// What the session was told.
#[derive(Default)]
struct Told {
    connection: u64,
    /// How often settings had been taken back by then.
    resets: u64,
    /// How often settings had been set by then.
    sets: u64,
    read_only: ReadOnly,
    /// That READONLY has to wait for the end of the transaction.
    waits: bool,
}

/// What the session was told of READONLY.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ReadOnly {
    /// Nothing.
    #[default]
    Untold,
    /// To be read-only.
    On,
    /// To be so, in vain.
    Refused,
}

impl Safeguards {
    /// What the prompt shows.
    pub fn shown(
        &self,
        console: &Console,
        connection: &Connection,
        palette: Option<Palette>,
    ) -> Option<prompt::Safeguard<'_>> {
        if console.program() == b"psql" {
            return None;
        }
        let color = |class: &Class| {
            let color = class.settings.color().unwrap_or_else(|| color_of_word(&class.name));
            palette.map(|palette| palette.of_class(color))
        };
        let here = self.class.as_ref().filter(|_| connection.is_open());
        Some(prompt::Safeguard {
            class: here.map(|class| class.name.as_str()),
            color: here.and_then(color).unwrap_or_default(),
            is_read_only: self.session.read_only == ReadOnly::On
                && is_on(connection) != Some(false),
        })
    }
}

/// Whether the server says that transactions are read-only, which it does since 14.
fn is_on(connection: &Connection) -> Option<bool> {
    connection.parameter(READ_ONLY_SETTING).map(|value| value == b"on")
}

/// What the present connection leads to.
fn target(session: &Session) -> Target<'_> {
    Target {
        host: session.host(),
        address: session.host_address().as_bytes(),
        port: session.port(),
        service: session.settings().get("service").unwrap_or_default(),
        database: session.database(),
        user: session.user(),
    }
}

impl Safeguards {
    /// The class of the present connection, if it has one.
    pub fn class_name(&self) -> Option<&str> {
        self.class.as_ref().map(|class| class.name.as_str())
    }

    /// The user has asked for another connection: what holds in its class, or in the same again, is
    /// in force anew.
    pub fn forget_class(&mut self, console: &mut Console) {
        self.leave_class(console);
        self.seen = Seen::default();
    }

    /// Brings what holds here into force, where anything has changed: another connection, another
    /// SERVERS, READONLY.
    pub fn apply(&mut self, console: &mut Console, connection: &mut Connection) {
        if !console.shows_own_help() || !connection.is_open() {
            return;
        }
        let seen = Seen::new(console, connection);
        if seen != self.seen {
            self.find_class(console, connection, &seen);
            self.seen = seen;
        }
        let idle = connection.transaction_status() == TransactionStatus::Idle;
        let can = idle && !connection.pipeline().is_on();
        if can {
            self.tell_timeouts(console, connection);
        }
        self.tell_read_only(console, connection, can);
        self.session.connection = connection.changes().connection;
        (self.session.resets, self.session.sets) = connection.settings_changes();
    }

    /// Finds the class of the connection, and what holds there.
    fn find_class(&mut self, console: &mut Console, connection: &Connection, seen: &Seen) {
        let Some(session) = connection.session() else { return };
        let servers = match Servers::parse(&seen.servers) {
            Ok(servers) => servers,
            Err(error) => {
                console.error(format!("SERVERS: {error}"));
                Servers::default()
            }
        };
        for (name, _) in &seen.classes {
            let named =
                |class: &str| name.strip_prefix(CLASS_PREFIX.as_bytes()) == Some(class.as_bytes());
            if !servers.names().any(named) {
                let name = String::from_utf8_lossy(name);
                console.warning(format!("{name} is for a class that SERVERS does not have"));
            }
        }
        let found = servers.class_of(&target(session)).map(str::to_owned);
        let text = found.as_ref().and_then(|name| seen.of_class(name)).unwrap_or_default();
        let settings = ClassSettings::parse(text).unwrap_or_else(|error| {
            let name = found.as_deref().unwrap_or_default();
            console.error(format!("{CLASS_PREFIX}{name}: {error}"));
            ClassSettings::default()
        });
        let present = self.class.as_ref().map(|class| (&class.name, &class.settings));
        if present == found.as_ref().map(|name| (name, &settings)) {
            return;
        }
        self.leave_class(console);
        if let Some(name) = found {
            self.enter_class(console, name, settings);
        }
        // Its timeouts are for the session as it is, too.
        self.session.connection = 0;
    }

    fn enter_class(&mut self, console: &mut Console, name: String, settings: ClassSettings) {
        let mut changed = Vec::new();
        for (variable, value) in settings.variables() {
            let before = console.variables.get(variable.as_bytes()).map(<[u8]>::to_vec);
            if console.variables.set(variable.as_bytes(), value.as_bytes()).is_ok() {
                changed.push((*variable, before, *value));
            }
        }
        let words = settings.in_words();
        if !words.is_empty() {
            console.println_unless_quiet(format!("This is {name}: {words}."));
        }
        self.class = Some(Class { name, settings, changed });
    }

    /// Takes back what the class has brought along, but what the user changed since.
    fn leave_class(&mut self, console: &mut Console) {
        let Some(class) = self.class.take() else { return };
        for (name, before, given) in class.changed.into_iter().rev() {
            let name = name.as_bytes();
            if console.variables.get(name) != Some(given.as_bytes()) {
                continue;
            }
            match before {
                // It had that value before.
                Some(value) => drop(console.variables.set(name, &value)),
                None => console.variables.unset(name),
            }
        }
    }

    /// Tells a new session, or one whose settings were taken back, the timeouts of its class.
    fn tell_timeouts(&mut self, console: &mut Console, connection: &mut Connection) {
        let told = &self.session;
        let is_new = told.connection != connection.changes().connection;
        if !is_new && told.resets == connection.settings_changes().0 {
            return;
        }
        let Some(class) = &self.class else { return };
        for (name, value) in class.settings.timeouts() {
            // The server's own words say why not, and the next one may do.
            let _ = connection.change_setting(console, &format!("SET {name} = '{value}'"));
        }
    }

    /// Tells the session what READONLY says, unless it knows; `can` if no transaction is open.
    fn tell_read_only(&mut self, console: &mut Console, connection: &mut Connection, can: bool) {
        let (resets, sets) = connection.settings_changes();
        let told = &mut self.session;
        let wanted = console.variables.is_read_only();
        let is_new = told.connection != connection.changes().connection;
        let is_gone = is_new
            || told.resets != resets
            || is_on(connection).map_or(told.sets != sets, |on| !on);
        if is_new {
            told.read_only = ReadOnly::Untold;
        }
        let sql = match (wanted, told.read_only) {
            (true, ReadOnly::Untold) => "SET default_transaction_read_only = on",
            (true, ReadOnly::On) if is_gone => "SET default_transaction_read_only = on",
            (false, ReadOnly::On) => "RESET default_transaction_read_only",
            (false, ReadOnly::Refused) => {
                told.read_only = ReadOnly::Untold;
                return;
            }
            _ => {
                told.waits = false;
                return;
            }
        };
        if !can {
            if !std::mem::replace(&mut told.waits, true) {
                let what = if wanted { "holds" } else { "is lifted" };
                console.info(format!(
                    "READONLY {what} from the next transaction on; the one that is open stays as it is."
                ));
            }
            return;
        }
        told.waits = false;
        if told.read_only == ReadOnly::On && wanted {
            console.info("READONLY holds again; \\set READONLY off lifts it.");
        }
        let done = connection.change_setting(console, sql);
        told.read_only = match (wanted, done) {
            (true, Ok(())) => ReadOnly::On,
            (true, Err(_)) => {
                console.error("The session could not be made read-only.");
                ReadOnly::Refused
            }
            (false, _) => {
                if is_on(connection) == Some(true) {
                    console.info(
                        "The server's own default is read-only still; \
                         SET default_transaction_read_only = off lifts that.",
                    );
                }
                ReadOnly::Untold
            }
        };
    }

    /// Takes note of a command that was done.
    pub fn note_done(&mut self, tag: &[u8]) {
        self.tally.note(tag);
    }

    /// What the open transaction has done, as far as is known.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// A statement is about to be sent: without a transaction, nothing was done in it.
    pub fn begin_tally(&mut self, connection: &Connection) {
        if connection.transaction_status() == TransactionStatus::Idle {
            self.tally = Tally::default();
        }
    }
}

impl Seen {
    fn new(console: &Console, connection: &Connection) -> Seen {
        let variables = &console.variables;
        let is_of_class = |name: &[u8]| name.starts_with(CLASS_PREFIX.as_bytes());
        Seen {
            connection: connection.changes().connection,
            servers: variables.get(b"SERVERS").unwrap_or_default().to_vec(),
            classes: variables
                .iter()
                .filter(|(name, _)| is_of_class(name))
                .map(|(name, value)| (name.to_vec(), value.to_vec()))
                .collect(),
        }
    }

    /// What holds in a class.
    fn of_class(&self, name: &str) -> Option<&[u8]> {
        let name = [CLASS_PREFIX.as_bytes(), name.as_bytes()].concat();
        let found = self.classes.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| value.as_slice())
    }
}
