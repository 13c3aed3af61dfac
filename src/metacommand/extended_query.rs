//! `\bind`, `\bind_named`, `\parse`, `\close_prepared` and the pipeline commands.

use super::call::{Call, Outcome};
use crate::connection::protocol::{PipelineCommand, Protocol};
use crate::console::Reported;

/// `\bind [PARAM]...`: the next query is parsed and bound to these values.
pub fn bind(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let values = call.values();
    call.shell.next_query.protocol = Protocol::Bind(values);
    Ok(Outcome::Done)
}

/// `\bind_named STMT_NAME [PARAM]...`: the next query is this prepared statement.
pub fn bind_named(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    call.shell.next_query.protocol = Protocol::Simple;
    let name = call.required()?;
    let values = call.values();
    call.shell.next_query.protocol = Protocol::BindNamed(name, values);
    Ok(Outcome::Done)
}

/// `\parse STMT_NAME`: prepares the query buffer.
pub fn parse(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    call.shell.next_query.protocol = Protocol::Simple;
    let name = call.required()?;
    send(call, Protocol::Parse(name))
}

/// `\close_prepared STMT_NAME`
pub fn close_prepared(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    call.shell.next_query.protocol = Protocol::Simple;
    let name = call.required()?;
    send(call, Protocol::Close(name))
}

/// `\sendpipeline`: queues the query that `\bind` or `\bind_named` prepared.
pub fn send_pipeline(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let protocol = std::mem::take(&mut call.shell.next_query.protocol);
    if !call.shell.connection.pipeline().is_on() {
        return Err(refuse(call, "not allowed outside of pipeline mode"));
    }
    match protocol {
        Protocol::Bind(_) | Protocol::BindNamed(..) => send(call, protocol),
        _ => Err(refuse(call, "must be used after \\bind or \\bind_named")),
    }
}

/// `\startpipeline`
pub fn start_pipeline(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    send(call, Protocol::Pipeline(PipelineCommand::Start))
}

/// `\syncpipeline`
pub fn sync_pipeline(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    send(call, Protocol::Pipeline(PipelineCommand::Sync))
}

/// `\endpipeline`
pub fn end_pipeline(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    send(call, Protocol::Pipeline(PipelineCommand::End))
}

/// `\flush`
pub fn flush(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    send(call, Protocol::Pipeline(PipelineCommand::Flush))
}

/// `\flushrequest`
pub fn flush_request(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    send(call, Protocol::Pipeline(PipelineCommand::FlushRequest))
}

/// `\getresults [N]`
pub fn get_results(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    call.shell.next_query.protocol = Protocol::Simple;
    let wanted = call.value().map_or(0, |text| crate::number::leading_integer(&text));
    match u64::try_from(wanted) {
        Ok(wanted) => send(call, Protocol::Pipeline(PipelineCommand::GetResults(wanted))),
        Err(_) => {
            // Reported and forgotten: the next query is not sent, but results are got in its place.
            let all = Protocol::Pipeline(PipelineCommand::GetResults(0));
            call.shell.next_query.protocol = all;
            call.fail("invalid number of requested results")
        }
    }
}

/// Even what sends nothing goes the way of a query, with its echo and its timing.
fn send(call: &mut Call<'_>, protocol: Protocol) -> Result<Outcome, Reported> {
    call.shell.next_query.protocol = protocol;
    Ok(Outcome::Send(Box::default()))
}

/// Reports that the command is out of place: `\NAME text`, and forgets what `\bind` prepared.
fn refuse(call: &mut Call<'_>, text: &str) -> Reported {
    call.shell.next_query.protocol = Protocol::Simple;
    call.shell.console.error([b"\\", call.name, b" ", text.as_bytes()].concat())
}

/// Checks that pipeline mode is off, where the command can't be used.
///
/// # Errors
/// It is on.
pub fn refuse_in_pipeline(call: &mut Call<'_>) -> Result<(), Reported> {
    if call.shell.connection.pipeline().is_on() {
        return Err(refuse(call, "not allowed in pipeline mode"));
    }
    Ok(())
}
