//! `\bind`, `\bind_named`, `\parse`, `\close_prepared` and the pipeline commands.

use super::{Call, Outcome};
use crate::shell::Extended;
use crate::shell::pipeline::Verb;

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
    sent(call, Extended::Parse(name))
}

/// `\close_prepared STMT_NAME`
pub fn close_prepared(call: &mut Call<'_>) -> Outcome {
    call.shell.extended = Extended::Simple;
    let Some(name) = call.value() else { return call.missing() };
    sent(call, Extended::Close(name))
}

/// `\sendpipeline`: queues the query that `\bind` or `\bind_named` prepared.
pub fn send_pipeline(call: &mut Call<'_>) -> Outcome {
    let extended = std::mem::take(&mut call.shell.extended);
    if !call.shell.pipeline.is_on() {
        return refused(call, "not allowed outside of pipeline mode");
    }
    match extended {
        Extended::Bind(_) | Extended::BindNamed(..) => sent(call, extended),
        _ => refused(call, "must be used after \\bind or \\bind_named"),
    }
}

/// `\startpipeline`
pub fn start_pipeline(call: &mut Call<'_>) -> Outcome {
    sent(call, Extended::Pipeline(Verb::Start))
}

/// `\syncpipeline`
pub fn sync_pipeline(call: &mut Call<'_>) -> Outcome {
    sent(call, Extended::Pipeline(Verb::Sync))
}

/// `\endpipeline`
pub fn end_pipeline(call: &mut Call<'_>) -> Outcome {
    sent(call, Extended::Pipeline(Verb::End))
}

/// `\flush`
pub fn flush(call: &mut Call<'_>) -> Outcome {
    sent(call, Extended::Pipeline(Verb::Flush))
}

/// `\flushrequest`
pub fn flush_request(call: &mut Call<'_>) -> Outcome {
    sent(call, Extended::Pipeline(Verb::FlushRequest))
}

/// `\getresults [N]`
pub fn get_results(call: &mut Call<'_>) -> Outcome {
    call.shell.extended = Extended::Simple;
    let wanted = call.value().map_or(0, |text| super::formatting::leading_integer(&text));
    match u64::try_from(wanted) {
        Ok(wanted) => sent(call, Extended::Pipeline(Verb::GetResults(wanted))),
        Err(_) => {
            // Reported and forgotten: the next query is not sent, but results are got in its place.
            call.shell.extended = Extended::Pipeline(Verb::GetResults(0));
            call.fail("invalid number of requested results")
        }
    }
}

/// Even what sends nothing goes the way of a query, with its echo and its timing.
fn sent(call: &mut Call<'_>, extended: Extended) -> Outcome {
    call.shell.extended = extended;
    Outcome::Send(Box::default())
}

/// Reports that the command is out of place: `\NAME text`, and forgets what `\bind` prepared.
fn refused(call: &mut Call<'_>, text: &str) -> Outcome {
    call.shell.extended = Extended::Simple;
    call.shell.error([b"\\", call.name, b" ", text.as_bytes()].concat());
    Outcome::Failed
}

/// Reports a command that can't be used in pipeline mode, if that is on.
pub fn refused_in_pipeline(call: &mut Call<'_>) -> Option<Outcome> {
    call.shell.pipeline.is_on().then(|| refused(call, "not allowed in pipeline mode"))
}
