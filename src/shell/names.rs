//! Who answers Tab: the helper, or the session.
//!
//! The helper (`session/helper`) is asked where it can be: it answers while a transaction is open
//! or has failed, and keeps nobody waiting. But it is another connection, so the session is asked
//! - for prepared statements, cursors and channels, which are its own;
//! - for settings, outside of transactions: it may have loaded modules that have some;
//! - for everything once it has temporary objects;
//! - for everything in a transaction that has changed something, which nobody else sees yet.
//!
//! The helper looks through the session's search_path. Outside of transactions the session is asked
//! for it again whenever a command may have changed it. Without a helper (`\set HELPER off`, no
//! connection left, ...) the session answers as well as it can.

use super::Shell;
use crate::catalog_query::{CatalogQuery, literal};
use crate::completion::memo::{Memo, Question};
use crate::completion::{Object, Wanted};
use crate::encoding::Encoding;
use crate::print::Rows;
use crate::session::TransactionStatus;
use crate::session::helper::HelperEvent;
use std::time::{Duration, Instant};

/// How long Tab waits for the helper.
const PATIENCE: Duration = Duration::from_millis(200);
/// After so long without an answer a helper is given up.
const GIVE_UP: Duration = Duration::from_secs(30);
/// How long the search_path is trusted though no command changed it: a function may have.
const TRUST: Duration = Duration::from_secs(60);

/// The schemas of the search_path that exist and may be used, and whether there is one for
/// temporary objects.
const OUTLOOK: &str = "SELECT pg_catalog.array_to_string(ARRAY(SELECT \
    pg_catalog.quote_ident(s) FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) s), ', '), \
    pg_catalog.pg_my_temp_schema() <> 0";

/// What was asked, and what is known.
#[derive(Default)]
pub struct Names {
    /// Questions under way, the oldest first.
    asked: Vec<Asked>,
    memo: Memo,
    /// When Tab has waited long enough.
    deadline: Option<Instant>,
    outlook: Outlook,
}

struct Asked {
    number: u64,
    question: Question,
    at: Instant,
}

/// What the session sees that another connection may not.
#[derive(Default)]
struct Outlook {
    /// Its search_path; `None` is the one a new connection has.
    search_path: Option<Vec<u8>>,
    /// It has temporary objects.
    temporary: bool,
    /// A command may have changed something since.
    changed: bool,
    /// When it was asked, or began.
    at: Option<Instant>,
    /// The parameter search_path as reported then (by servers since 18).
    reported: Option<Vec<u8>>,
}

/// How waiting for an answer ended.
enum Waited {
    /// With the names.
    Answered(Vec<Vec<u8>>),
    /// The server can't answer.
    Refused,
    /// It takes too long.
    Late,
    /// The helper is gone.
    Ended,
}

impl Names {
    /// Takes note of a command that was done. `rows` says whether it returned any: without them
    /// SELECT has made a table.
    pub fn note(&mut self, tag: &[u8], rows: bool) {
        self.outlook.changed |= match tag.split(|b| *b == b' ').next().unwrap_or_default() {
            b"ALTER" | b"CALL" | b"CREATE" | b"DISCARD" | b"DO" | b"DROP" | b"GRANT"
            | b"IMPORT" | b"RESET" | b"REVOKE" | b"SET" => true,
            b"SELECT" => !rows,
            _ => false,
        };
    }

    /// Nobody will answer what is under way.
    pub fn forget_questions(&mut self) {
        self.asked.clear();
    }
}

impl Shell {
    /// Another connection: nothing is known of it.
    pub(super) fn forget_names(&mut self) {
        self.names = Names::default();
        self.names.outlook.at = Some(Instant::now());
        self.names.outlook.reported = self.reported_path().map(<[u8]>::to_vec);
    }

    /// Tab was pressed.
    pub(super) fn begin_names(&mut self) {
        let now = Instant::now();
        self.names.deadline = Some(now + PATIENCE);
        // What has come since the last time.
        while let Some(news) = self.helper_news(now) {
            self.hear(news);
        }
        if self.names.asked.first().is_some_and(|asked| asked.at.elapsed() > GIVE_UP) {
            self.helper_ended("the server does not answer");
        }
    }

    /// The names the helper finds, perhaps none in time; `None` if the session is to be asked.
    pub(super) fn names_from_helper(
        &mut self,
        wanted: &Wanted<'_>,
        prefix: &[u8],
        query: &CatalogQuery,
    ) -> Option<Vec<Vec<u8>>> {
        if !self.helper_sees(wanted.object) {
            return None;
        }
        let question = Question::new(wanted, prefix);
        let known = match self.names.memo.find(&question, Instant::now()) {
            Some((names, true)) => return Some(names),
            Some((names, false)) => Some(names),
            None => None,
        };
        // A helper whose connection was lost meanwhile says so only now; then a new one is asked.
        for _ in 0..2 {
            let number = self.ask_names(&question, query)?;
            let connected = self.aide.is_connected();
            match self.wait_for(number) {
                Waited::Answered(names) => return Some(names),
                Waited::Late if self.aide.is_connected() => return Some(known.unwrap_or_default()),
                Waited::Late => return known,
                Waited::Ended if connected => {}
                Waited::Ended | Waited::Refused => return None,
            }
        }
        None
    }

    /// Whether the helper is wanted, and sees what the session sees.
    fn helper_sees(&mut self, object: Object) -> bool {
        let own = matches!(object, Object::PreparedStatement | Object::Cursor | Object::Channel);
        if own || !self.may_have_helper() {
            return false;
        }
        if self.pipeline.is_on() {
            return true;
        }
        let status = self.transaction_status();
        if matches!(object, Object::Setting | Object::SettingValue) {
            // Asked in a transaction, the session would refuse SET TRANSACTION ISOLATION LEVEL.
            return !matches!(status, TransactionStatus::Idle | TransactionStatus::Unknown);
        }
        match status {
            TransactionStatus::Idle => {
                self.look_out();
                !self.names.outlook.temporary
            }
            TransactionStatus::InTransaction => {
                !self.names.outlook.temporary && !self.outlook_changed()
            }
            // The session can't answer, so this is the best there is.
            TransactionStatus::Failed | TransactionStatus::Active => true,
            TransactionStatus::Unknown => false,
        }
    }

    /// The search_path the server last reported.
    fn reported_path(&self) -> Option<&[u8]> {
        self.session.as_ref().and_then(|session| session.parameter("search_path"))
    }

    fn outlook_changed(&self) -> bool {
        let outlook = &self.names.outlook;
        outlook.changed || outlook.reported.as_deref() != self.reported_path()
    }

    /// Asks the session what it sees, if that may have changed.
    fn look_out(&mut self) {
        let old = self.names.outlook.at.is_some_and(|at| at.elapsed() > TRUST);
        if !old && !self.outlook_changed() {
            return;
        }
        self.names.memo.outdate();
        let Some(mut set) = self.internal_in_time(&CatalogQuery::new(OUTLOOK, Encoding::Utf8))
        else {
            return;
        };
        let Ok(Some(row)) = set.rows.rewind().and_then(|()| set.rows.next()) else { return };
        let search_path = row.get(0).map(<[u8]>::to_vec);
        let temporary = row.get(1) == Some(b"t");
        if search_path != self.names.outlook.search_path {
            self.names.memo.clear();
        }
        self.names.outlook = Outlook {
            search_path,
            temporary,
            changed: false,
            at: Some(Instant::now()),
            reported: self.reported_path().map(<[u8]>::to_vec),
        };
    }

    /// Puts a question to the helper, unless it is under way already; its number.
    fn ask_names(&mut self, question: &Question, query: &CatalogQuery) -> Option<u64> {
        if let Some(asked) = self.names.asked.iter().find(|asked| asked.question == *question) {
            return Some(asked.number);
        }
        let outlook = &self.names.outlook;
        let path = match self.reported_path() {
            // Newer than what was asked: in a failed transaction, say.
            Some(path) if outlook.reported.as_deref() != Some(path) => Some(path),
            _ => outlook.search_path.as_deref(),
        };
        // The helper has none of its own, and this one for the question's transaction only.
        let set_path = match path {
            Some(path) => {
                let path = literal(path, Encoding::Utf8);
                [b"SELECT pg_catalog.set_config('search_path', ", &path[..], b", true)"].concat()
            }
            None => b"SET LOCAL search_path TO DEFAULT".to_vec(),
        };
        let query = query.clone().after(CatalogQuery::new(set_path, Encoding::Utf8));
        let number = self.ask_helper(&query)?;
        self.names.asked.push(Asked { number, question: question.clone(), at: Instant::now() });
        Some(number)
    }

    /// Waits for the answer to a question.
    fn wait_for(&mut self, number: u64) -> Waited {
        let deadline = self.names.deadline.unwrap_or_else(Instant::now);
        while let Some(news) = self.helper_news(deadline) {
            match news {
                HelperEvent::Refused(of) if of == number => {
                    self.hear(news);
                    return Waited::Refused;
                }
                HelperEvent::Ended(_) => return Waited::Ended,
                _ => {}
            }
            if let Some((of, names)) = self.hear(news)
                && of == number
            {
                return Waited::Answered(names);
            }
        }
        Waited::Late
    }

    /// Takes in what the helper tells; an answer is remembered, and returned with its number.
    pub(super) fn hear(&mut self, news: HelperEvent) -> Option<(u64, Vec<Vec<u8>>)> {
        match news {
            HelperEvent::Answer(number, rows) => {
                let names = rows.into_iter().filter_map(|row| row.into_iter().next()?);
                let names: Vec<Vec<u8>> = names.map(String::into_bytes).collect();
                let at = self.names.asked.iter().position(|asked| asked.number == number)?;
                let asked = self.names.asked.remove(at);
                self.names.memo.keep(asked.question, names.clone(), asked.at);
                return Some((number, names));
            }
            HelperEvent::Refused(number) => self.names.asked.retain(|asked| asked.number != number),
            HelperEvent::Connected | HelperEvent::Ended(_) => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_may_change_names() {
        let check = |tag: &str, rows: bool, changes: bool| {
            let mut names = Names::default();
            names.note(tag.as_bytes(), rows);
            assert_eq!(names.outlook.changed, changes, "{tag}");
        };
        check("CREATE TABLE", false, true);
        check("SET", false, true);
        check("SELECT 3", true, false);
        check("SELECT 3", false, true);
        check("INSERT 0 1", false, false);
        check("COMMIT", false, false);
        check("", false, false);
    }
}
