//! The helper: a second connection to the server a session is on, for questions in the background
//! that must neither disturb the session nor wait for it.
//!
//! Owns a thread and the connection on it. The connection is opened as every other (`connect.rs`:
//! same address, same TLS, same ways to authenticate and the same demands on them) and then handed
//! to tokio-postgres (`stream.rs`). The owner waits for answers as long as it likes and no longer;
//! it never sees a panic, and an error only as a [`HelperEvent`]. Never knows what is asked.
//!
//! Every question is a transaction of its own that can't write and has a time limit; nothing is
//! set for longer, so a pooler may stand between. The helper hangs up when nothing was asked for a
//! minute, and when it is dropped.

mod stream;

use super::client::Session;
use super::connect_params::ConnectParams;
use std::error::Error as _;
use std::sync::Once;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};
use stream::AdoptedStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, Error, NoTls, SimpleQueryMessage};

/// How long opening the connection may take, if `connect_timeout` says nothing.
const CONNECT_TIMEOUT: &str = "10";
/// What every question runs under: only the system's schema is searched, nothing can be written,
/// and the server may take no longer than 5 seconds. Each is set by a command, in
/// which no operator or function could be somebody else's.
const LIMITS: &str = "SET LOCAL search_path = ''; SET LOCAL transaction_read_only = on; \
    SET LOCAL statement_timeout = 5000; ";
/// Since this version a time limit holds for the statements behind it in the same message.
const LIMITS_HOLD_AT_ONCE: i32 = 110_000;
/// How long an answer may take; the server's own limit comes first unless the network is down.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the connection stays without a question.
const IDLE: Duration = Duration::from_secs(60);
/// How long hanging up may take.
const GOOD_BYE: Duration = Duration::from_millis(500);
/// Why there is no answer, unless a better reason is known.
const CLOSED: &str = "connection closed";
/// The thread's name.
const THREAD: &str = "helper";

/// A row of an answer. A value that is not UTF-8 is as good as none.
pub type Row = Vec<Option<String>>;

/// What happened to a helper or to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HelperEvent {
    /// The connection stands.
    Connected,
    /// The answer to the question of this number.
    Answer(u64, Vec<Row>),
    /// The server could not answer the question of this number.
    Refused(u64),
    /// The helper ended, for this reason: it could not connect, lost the connection or had nothing
    /// to do. Questions without an answer get none.
    Ended(String),
}

/// A helper, from its owner's side.
pub struct Helper {
    questions: UnboundedSender<Question>,
    events: Receiver<HelperEvent>,
    asked: u64,
}

struct Question {
    number: u64,
    sql: String,
}

impl Session {
    /// What a helper of this session connects with: the encoding of its questions and
    /// answers is UTF-8, and its name among the activities is the session's and `(helper)`.
    pub fn helper_params(&self) -> ConnectParams {
        let mut params = self.params().clone();
        let settings = &mut params.settings;
        let name = ["application_name", "fallback_application_name"];
        let name = name.into_iter().find_map(|keyword| settings.get(keyword)).unwrap_or_default();
        let name = [name, b" (helper)"].concat();
        settings.set("application_name", name.trim_ascii_start());
        settings.set("client_encoding", "UTF8");
        settings.unset("replication");
        if settings.get("connect_timeout").is_none() {
            settings.set("connect_timeout", CONNECT_TIMEOUT);
        }
        params
    }
}

impl Helper {
    /// Starts a helper; it connects in the background.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(params: ConnectParams) -> std::io::Result<Helper> {
        contain_panics();
        let (questions, asked) = unbounded_channel();
        let (sender, events) = mpsc::channel();
        std::thread::Builder::new().name(THREAD.to_owned()).spawn(move || {
            let reason = run(params, asked, &sender).err().unwrap_or_default();
            // The owner may be gone.
            let _ = sender.send(HelperEvent::Ended(reason));
        })?;
        Ok(Helper { questions, events, asked: 0 })
    }

    /// Asks a query, or the last of several, and returns the question's number.
    pub fn ask(&mut self, sql: &str) -> u64 {
        self.asked += 1;
        // If the helper is gone, an event says so.
        let _ = self.questions.send(Question { number: self.asked, sql: sql.to_owned() });
        self.asked
    }

    /// Waits for the next event; `None` if there is none in time.
    pub fn next_event(&self, deadline: Instant) -> Option<HelperEvent> {
        let timeout = deadline.saturating_duration_since(Instant::now());
        match self.events.recv_timeout(timeout) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(HelperEvent::Ended(String::new())),
        }
    }

    /// Ends the helper and waits until it has hung up, or half a second if it can't.
    pub fn hang_up(self) {
        let Helper { questions, events, .. } = self;
        drop(questions);
        let deadline = Instant::now() + GOOD_BYE;
        while events.recv_timeout(deadline.saturating_duration_since(Instant::now())).is_ok() {}
    }
}

/// A panic on the helper's thread stops that thread, not the program, even if panics abort: it is
/// as if the server did not answer any more.
fn contain_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            while std::thread::current().name() == Some(THREAD) {
                std::thread::park();
            }
            usual(info);
        }));
    });
}

/// The helper's life, on its thread; an error is the reason of its end.
fn run(
    params: ConnectParams,
    asked: UnboundedReceiver<Question>,
    events: &Sender<HelperEvent>,
) -> Result<(), String> {
    let session =
        params.open().map_err(|error| String::from_utf8_lossy(&error.message).into_owned())?;
    // The password is not kept longer than needed.
    drop(params);
    let _ = events.send(HelperEvent::Connected);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(serve(session, asked, events))
}

/// Hands the session to tokio-postgres and answers what is asked.
async fn serve(
    session: Session,
    asked: UnboundedReceiver<Question>,
    events: &Sender<HelperEvent>,
) -> Result<(), String> {
    let at_once = session.server_version() >= LIMITS_HOLD_AT_ONCE;
    let stream = AdoptedStream::new(session).map_err(|error| error.to_string())?;
    let mut config = Config::new();
    // Of no meaning: the start-up phase is over, and TLS is below.
    config.user("").ssl_mode(SslMode::Disable);
    let (client, connection) =
        config.connect_raw(stream, NoTls).await.map_err(|error| explain(&error))?;
    let connection = tokio::spawn(connection);
    let end = answer(&client, at_once, asked, events).await;
    drop(client);
    // Now it says good-bye, unless it has ended before; then it knows why.
    match (end, timeout(GOOD_BYE, connection).await) {
        (Err(reason), Ok(Ok(Err(error)))) if reason == CLOSED => Err(explain(&error)),
        (end, _) => end,
    }
}

/// Answers one question after the other, until there are no more.
async fn answer(
    client: &Client,
    at_once: bool,
    mut asked: UnboundedReceiver<Question>,
    events: &Sender<HelperEvent>,
) -> Result<(), String> {
    while let Ok(Some(Question { number, sql })) = timeout(IDLE, asked.recv()).await {
        let rows = timeout(ANSWER_TIMEOUT, within_limits(client, at_once, &sql)).await;
        let event = match rows.map_err(|_| "the server does not answer")? {
            Ok(rows) => HelperEvent::Answer(number, rows),
            Err(error) if is_refusal(&error) => HelperEvent::Refused(number),
            Err(error) if error.is_closed() => return Err(CLOSED.to_owned()),
            Err(error) => return Err(explain(&error)),
        };
        if events.send(event).is_err() {
            break;
        }
    }
    Ok(())
}

/// Asks in a transaction under [`LIMITS`]: in one message, or in three.
async fn within_limits(client: &Client, at_once: bool, sql: &str) -> Result<Vec<Row>, Error> {
    if at_once {
        return rows(client, &format!("{LIMITS}{sql}")).await;
    }
    let begin = format!("BEGIN; {LIMITS}");
    client.simple_query(&begin).await?;
    let answer = rows(client, sql).await;
    let ended = client.simple_query("ROLLBACK").await;
    answer.and_then(|rows| ended.map(|_| rows))
}

/// The rows of the last statement.
async fn rows(client: &Client, sql: &str) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for message in client.simple_query(sql).await? {
        match message {
            SimpleQueryMessage::RowDescription(_) => rows.clear(),
            SimpleQueryMessage::Row(row) => {
                let value = |at| row.try_get(at).ok().flatten().map(str::to_owned);
                rows.push((0..row.len()).map(value).collect());
            }
            // How a statement ended; the enum is not closed.
            _ => {}
        }
    }
    Ok(rows)
}

/// Whether the server refused a question and will answer others. Class 57P is the end: an
/// administrator or a shutdown closed the connection.
fn is_refusal(error: &Error) -> bool {
    error.code().is_some_and(|code| !code.code().starts_with("57P"))
}

/// The server's own words if they are there.
fn explain(error: &Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(words), _) => words.message().to_owned(),
        (None, Some(cause)) => format!("{error}: {cause}"),
        (None, None) => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
