//! `\bind`, `\bind_named`, `\parse`, `\close_prepared` and the pipeline commands.

use super::{Call, Outcome};
use crate::shell::Extended;
use crate::shell::query_use::Send;

/// `\bind [PARAM]...`: the next query is parsed and bound to these values.
pub fn bind(call: &mut Call<'_>) -> Outcome {
    let values = call.values();
    call.shell.extended = Extended::Bind(values);
    Outcome::Done
}

/// `\bind_named STMT_NAME [PARAM]...`: the next query is this prepared statement.
pub fn bind_named(call: &mut Call<'_>) -> Outcome {
    call.shell.extended = Extended::Simple;
    let Some(name) = call.value() else { return call.missing() };
    let values = call.values();
    call.shell.extended = Extended::BindNamed(name, values);
    Outcome::Done
}

/// `\parse STMT_NAME`: prepares the query buffer.
pub fn parse(call: &mut Call<'_>) -> Outcome {
    call.shell.extended = Extended::Simple;
    let Some(name) = call.value() else { return call.missing() };
    call.shell.extended = Extended::Parse(name);
    Outcome::Send(Box::default())
}

/// `\close_prepared STMT_NAME`
pub fn close_prepared(call: &mut Call<'_>) -> Outcome {
    call.shell.extended = Extended::Simple;
    let Some(name) = call.value() else { return call.missing() };
    call.shell.extended = Extended::Close(name);
    call.shell.send_query(b"", &Send::default()).into()
}
