//! `\c`, `\conninfo`, `\encoding`, `\password`.

use super::call::{Call, Outcome};
use crate::connection::Connection;
use crate::conninfo::{self, Settings};
use crate::console::Reported;
use crate::lexer::Argument;
use crate::print::{Column, RowBuffer, Table};
use crate::query::Leaving;
use crate::session::{self, ConnectError, ConnectErrorKind};
use crate::shell::Shell;

/// `\c [-reuse-previous=on|off] {[DBNAME|- USER|- HOST|- PORT|-] | conninfo}`
pub fn connect(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    // A hyphen stands for the last connection's value, unless it is quoted.
    let given = |argument: Argument| {
        let value = Some(argument.value);
        value.filter(|value| value != b"-" || argument.quote.is_some())
    };
    let mut first = call.argument();
    let mut reuse = None;
    if let Some(value) = first.as_ref().and_then(|a| a.value.strip_prefix(b"-reuse-previous=")) {
        match crate::variables::parse_bool(value) {
            Some(on) => reuse = Some(on),
            None => {
                let rejected = crate::variables::not_boolean("-reuse-previous", value);
                return Err(call.shell.console.error(rejected.0));
            }
        }
        first = call.next_as_first();
    }
    let others = std::iter::from_fn(|| call.argument());
    let arguments: Vec<_> = first.into_iter().chain(others).map(given).collect();
    reconnect(call.shell, &arguments, reuse)?;
    Ok(Outcome::Done)
}

/// Connects anew, taking what the arguments (database, user, host, port) don't say from the last
/// connection. An empty argument asks for the default.
fn reconnect(
    shell: &mut Shell,
    arguments: &[Option<Vec<u8>>],
    reuse: Option<bool>,
) -> Result<(), Reported> {
    let given = |i: usize| arguments.get(i)?.as_deref();
    let conninfo = given(0).filter(|text| conninfo::looks_like_conninfo(text));
    if conninfo.is_some() && (1..4).any(|i| given(i).is_some()) {
        let text = "Do not give user, host, or port separately when using a connection string";
        return Err(shell.console.error(text));
    }
    let mut wanted = Settings::default();
    if let Some(text) = conninfo {
        wanted = conninfo::parse(text).map_err(|error| {
            let reported = shell.console.error(error.message);
            keep_or_disconnect(shell);
            reported
        })?;
    } else {
        for (i, keyword) in ["dbname", "user", "host", "port"].into_iter().enumerate() {
            if let Some(value) = given(i) {
                wanted.set(keyword, value);
            }
        }
    }
    let separate = conninfo.is_none();
    let reuse = reuse.unwrap_or(separate);
    if reuse && !shell.connection.is_open() && !shell.console.is_interactive() {
        let text = "No database connection exists to re-use parameters from";
        return Err(shell.console.error(text));
    }
    let settings = match shell.connection.last_settings() {
        Some(last) if reuse => changed(last, &wanted, separate),
        _ => changed(&Settings::default(), &wanted, separate),
    };
    shell.queries().confirm_leaving(Leaving::Connection)?;
    let former = shell.connection.session().map(|s| (s.host().to_owned(), s.port().to_owned()));
    shell
        .connection
        .connect(&mut shell.console, &settings, given(1))
        .map_err(|error| refused(shell, error))?;
    shell.interactive.forget_server_class(&mut shell.console);
    announce(shell, former);
    Ok(())
}

/// The settings of the last connection with the `wanted` ones in their place. A password was for
/// one user on one server, an address for one host: neither outlives them; only a connection string is
/// to name the address that it means. What was given as nothing is forgotten, but not that no
/// password is to be sent.
fn changed(last: &Settings, wanted: &Settings, separate: bool) -> Settings {
    let mut settings = last.clone();
    for (keyword, value) in last.iter() {
        if value.is_empty() && keyword != "require_auth" {
            settings.unset(keyword);
        }
    }
    let other = |keyword| wanted.given(keyword).is_some_and(|v| Some(v) != last.given(keyword));
    if separate && other("host") {
        settings.unset("hostaddr");
    }
    if ["user", "host", "hostaddr", "port"].into_iter().any(other) {
        settings.unset("password");
    }
    for (keyword, value) in wanted.iter() {
        match value {
            b"" => settings.unset(keyword),
            _ => settings.set(keyword, value),
        }
    }
    settings
}

/// Says where the new connection leads, unless QUIET is on.
fn announce(shell: &mut Shell, former: Option<(Vec<u8>, Vec<u8>)>) {
    shell.connection.introduce_server(&mut shell.console);
    let Some(session) = shell.connection.session() else { return };
    let (host, port) = (session.host().to_owned(), session.port().to_owned());
    let mut text = b"You are now connected to database \"".to_vec();
    text.extend_from_slice(session.database());
    text.extend_from_slice(b"\" as user \"");
    text.extend_from_slice(session.user());
    text.push(b'"');
    if former.is_none_or(|former| former != (host.clone(), port.clone())) {
        let address = session.host_address();
        let (before, shown, other): (&[u8], &[u8], &[u8]) =
            match (conninfo::is_socket(&host), address.as_bytes()) {
                (true, b"") => (b" via socket in \"", &host, b""),
                (true, address) => (b" on address \"", address, b""),
                (false, address) if address == host => (b" on host \"", &host, b""),
                (false, address) => (b" on host \"", &host, address),
            };
        text.extend_from_slice(&[before, shown, b"\""].concat());
        if !other.is_empty() {
            text.extend_from_slice(&[b" (address \"", other, b"\")"].concat());
        }
        text.extend_from_slice(&[b" at port \"", &port[..], b"\""].concat());
    }
    text.push(b'.');
    shell.console.println_unless_quiet(text);
}

/// Tells why there is no new connection.
fn refused(shell: &mut Shell, error: ConnectError) -> Reported {
    if error.kind == ConnectErrorKind::Interrupted {
        // That there is no connection ends a script anyhow.
        shell.console.interrupts.forget();
    }
    if !shell.console.is_interactive() {
        shell.console.error([b"\\connect: ", &error.message[..]].concat());
    } else if !error.message.is_empty() {
        shell.console.info(error.message);
    }
    keep_or_disconnect(shell);
    Reported
}

/// A user keeps the old connection; a script goes on without any.
fn keep_or_disconnect(shell: &mut Shell) {
    if !shell.console.is_interactive() {
        shell.connection.disconnect(&mut shell.console);
    } else if shell.connection.is_open() {
        shell.console.info("Previous connection kept");
    }
}

/// `\conninfo`: a table about the connection.
pub fn conninfo(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let shell = &mut *call.shell;
    let Some(session) = shell.connection.session() else {
        shell.console.println("You are currently not connected to a database.");
        return Ok(Outcome::Done);
    };
    let parameter =
        |name: &str| session.parameter(name).map_or_else(|| b"unknown".to_vec(), <[u8]>::to_vec);
    let bool_text = |on: bool| if on { b"true".to_vec() } else { b"false".to_vec() };
    let host = session.host().to_vec();
    let mut lines: Vec<(&str, Vec<u8>)> =
        vec![("Database", session.database().to_vec()), ("Client User", session.user().to_vec())];
    let address = session.host_address().as_bytes().to_vec();
    match (conninfo::is_socket(&host), address.is_empty()) {
        (true, true) => lines.push(("Socket Directory", host)),
        (true, false) => lines.push(("Host Address", address)),
        (false, _) => {
            lines.push(("Host", host.clone()));
            if address != host {
                lines.push(("Host Address", address));
            }
        }
    }
    let version = session.protocol_version();
    let options = session.settings().get("options").unwrap_or_default().to_vec();
    lines.extend([
        ("Server Port", session.port().to_vec()),
        ("Options", options),
        ("Protocol Version", format!("{}.{}", version / 10000, version % 10000).into_bytes()),
        ("Password Used", bool_text(session.used_password())),
        ("GSSAPI Authenticated", b"false".to_vec()),
        ("Backend PID", session.backend_pid().to_string().into_bytes()),
        ("SSL Connection", bool_text(session.tls().is_some())),
    ]);
    if let Some(tls) = session.tls() {
        let alpn = if tls.alpn.is_empty() { "none" } else { &tls.alpn };
        lines.extend([
            ("SSL Library", b"rustls".to_vec()),
            ("SSL Protocol", tls.version.into()),
            ("SSL Key Bits", tls.key_bits.to_string().into_bytes()),
            ("SSL Cipher", tls.cipher.into()),
            ("SSL Compression", b"false".to_vec()),
            ("ALPN", alpn.into()),
        ]);
    }
    lines.extend([
        ("Superuser", parameter("is_superuser")),
        ("Hot Standby", parameter("in_hot_standby")),
    ]);
    let mut rows = RowBuffer::default();
    for (name, value) in &lines {
        rows.push([Some(name.as_bytes()), Some(value.as_slice())]);
    }
    let column = |name: &str| Column { name: name.into(), ..Column::default() };
    let columns = [column("Parameter"), column("Value")];
    let mut table = Table {
        title: Some(b"Connection Information"),
        columns: &columns,
        rows: &mut rows,
        footers: None,
    };
    let mut options = shell.console.print.clone();
    options.title = None;
    shell.queries().show_table(&mut table, &options)?;
    Ok(Outcome::Done)
}

/// `\encoding [ENCODING]`
pub fn encoding(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let Some(name) = call.value() else {
        let name = call.shell.console.variables.get(b"ENCODING").unwrap_or_default().to_vec();
        call.shell.console.println(name);
        return Ok(Outcome::Done);
    };
    // Without a connection no name is known.
    let quoted =
        crate::lexer::quote_literal(&name, call.shell.console.encoding()).unwrap_or_default();
    let sql = [b"SET client_encoding TO ", &quoted[..]].concat();
    let shell = &mut *call.shell;
    match shell.connection.run_quietly(&mut shell.console, &sql) {
        Some(_) => shell.connection.publish_encoding(&mut shell.console),
        // To psql that is no failure: a script goes on under ON_ERROR_STOP.
        None => {
            let reason = b": invalid encoding name or conversion procedure not found";
            shell.console.error([&name[..], reason].concat());
        }
    }
    Ok(Outcome::Done)
}

const CURRENT_USER: &[u8] = b"SELECT CURRENT_USER";

/// `\password [USERNAME]`: changes a password; only its verifier goes to the server.
pub fn password(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let user = call.value();
    let Shell { console, connection, .. } = &mut *call.shell;
    connection.require(console)?;
    let user = match user {
        Some(user) => user,
        None => {
            connection.echo_hidden(console, CURRENT_USER)?;
            connection.scalar(console, CURRENT_USER)?
        }
    };
    let prompt = [b"Enter new password for user \"", &user[..], b"\": "].concat();
    let first = console.ask_secret(&prompt).ok_or(Reported)?;
    let second = console.ask_secret(b"Enter it again: ").ok_or(Reported)?;
    if first != second {
        return Err(console.error("Passwords didn't match."));
    }
    let method = connection.scalar(console, b"SHOW password_encryption")?;
    let verifier = if matches!(method.as_slice(), b"md5" | b"on" | b"off") {
        session::md5_verifier(&user, &first)
    } else {
        session::scram_verifier(&first, iterations(connection))
            .map_err(|reason| console.error(format!("could not encrypt password: {reason}")))?
    };
    let encoding = console.encoding();
    let (Ok(user), Ok(verifier)) = (
        crate::lexer::quote_identifier(&user, encoding),
        crate::lexer::quote_literal(verifier.as_bytes(), encoding),
    ) else {
        return call.fail("the user's name is not valid in the client encoding");
    };
    let sql = [b"ALTER USER ", &user[..], b" PASSWORD ", &verifier[..]].concat();
    connection.run_own(console, &sql)?;
    Ok(Outcome::Done)
}

/// How often SCRAM hashes a password: the server's `scram_iterations`, or what servers before 16
/// use.
fn iterations(connection: &Connection) -> u32 {
    let setting = connection.parameter("scram_iterations");
    setting.and_then(|n| std::str::from_utf8(n).ok()?.parse().ok()).unwrap_or(4096)
}
