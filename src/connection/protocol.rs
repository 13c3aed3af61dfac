//! How a query is sent: by the simple protocol, or what `\bind` and its kin ask for.

use crate::session::Session;

/// A command that is about pipeline mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PipelineCommand {
    /// `\startpipeline`: nothing is sent.
    Start,
    /// `\syncpipeline`: a synchronization point.
    Sync,
    /// `\flushrequest`: the server is asked to send what it has.
    FlushRequest,
    /// `\flush`: what is queued is written.
    Flush,
    /// `\getresults`: so many results are read; 0 is all.
    GetResults(u64),
    /// `\endpipeline`: a synchronization point, and all results are read.
    End,
}

/// How a query is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// By the simple protocol.
    #[default]
    Simple,
    /// `\bind`: parsed, bound to these values, executed.
    Bind(Vec<Vec<u8>>),
    /// `\bind_named`: the statement of this name, bound to these values.
    BindNamed(Vec<u8>, Vec<Vec<u8>>),
    /// `\parse`: prepared under this name.
    Parse(Vec<u8>),
    /// `\close_prepared`: the statement of this name is forgotten.
    Close(Vec<u8>),
    /// One of the commands that are about pipeline mode.
    Pipeline(PipelineCommand),
}

/// A Bind message counts its values in 16 bits.
const MAX_VALUES: usize = 65535;

impl Protocol {
    /// Whether there are more values than a message can hold.
    pub fn has_too_many_values(&self) -> bool {
        match self {
            Protocol::Bind(values) | Protocol::BindNamed(_, values) => values.len() > MAX_VALUES,
            _ => false,
        }
    }

    /// Queues the messages of the extended protocol that `sql` needs, without a Sync. What needs
    /// none of them queues none.
    pub(super) fn send_extended(&self, session: &mut Session, sql: &[u8]) {
        match self {
            Protocol::Simple => {
                session.parse(b"", sql);
                send_bound(session, b"", &[]);
            }
            Protocol::Bind(values) => {
                session.parse(b"", sql);
                send_bound(session, b"", values);
            }
            Protocol::BindNamed(name, values) => send_bound(session, name, values),
            Protocol::Parse(name) => session.parse(name, sql),
            Protocol::Close(name) => session.close_statement(name),
            // A command, not a message.
            Protocol::Pipeline(_) => {}
        }
    }
}

/// Queues the execution of a prepared statement with these values.
fn send_bound(session: &mut Session, statement: &[u8], values: &[Vec<u8>]) {
    session.bind(statement, values);
    session.describe_portal();
    session.execute();
}
