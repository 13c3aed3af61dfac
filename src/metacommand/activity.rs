//! The operator's desk: who is connected, who waits for whom, and who is to go.

use super::call::{Call, Outcome};
use super::informational::context;
use super::operators_desk::{OperatorsDesk, layout};
use crate::administration::{self, Deed, Layout, Place, Request};
use crate::console::Reported;
use crate::print::Pager;
use crate::query::watch::Plan;
use crate::shell::Shell;

/// A list that can be shown again and again; how many rows of it count.
type List =
    fn(&mut OperatorsDesk<'_>, &Place, &str, Layout, Option<Vec<u8>>) -> Result<usize, Reported>;

/// `\activity[x+] [PATTERN] [\watch ...]`
pub fn activity(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    list(call, |desk, place, pattern, layout, title| {
        administration::list(desk, place, pattern, layout, title)
    })
}

/// `\locks[x+] [\watch ...]`
pub fn locks(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    list(call, |desk, place, _, layout, title| {
        administration::blocking_tree(desk, place, layout, title)
    })
}

/// Shows a list once, or as often as the `\watch` behind it says.
fn list(call: &mut Call<'_>, list: List) -> Result<Outcome, Reported> {
    let pattern = String::from_utf8_lossy(&call.values().join(&b' ')).into_owned();
    let layout = layout(call);
    if call.scope.lexer.take_command(b"watch") {
        watch(call, list, &pattern, layout)?;
    } else {
        show(call.shell, list, &pattern, layout, None)?;
    }
    Ok(Outcome::Done)
}

fn show(
    shell: &mut Shell,
    list: List,
    pattern: &str,
    layout: Layout,
    title: Option<Vec<u8>>,
) -> Result<usize, Reported> {
    let context = context(shell);
    let (mut desk, place) = OperatorsDesk::open(shell, context)?;
    list(&mut desk, &place, pattern, layout, title)
}

/// `\watch` behind a list, with the arguments it always has.
fn watch(call: &mut Call<'_>, list: List, pattern: &str, layout: Layout) -> Result<(), Reported> {
    let words: Vec<Vec<u8>> =
        std::iter::from_fn(|| call.next_as_normal().map(|argument| argument.value)).collect();
    let console = &call.shell.console;
    let interval = console.settings().watch_interval;
    let plan = match Plan::read(&words, interval, console.print.locale.decimal_point()) {
        Ok(plan) => plan,
        Err(text) => {
            let text = [b"\\watch: ", &text[..]].concat();
            return Err(call.shell.console.error(text));
        }
    };
    let shell = &mut *call.shell;
    let before = shell.queries().begin_watch();
    let pager = std::mem::replace(&mut shell.console.print.pager, Pager::Off);
    let watched = show_repeatedly(shell, list, pattern, layout, &plan);
    shell.console.print.pager = pager;
    shell.queries().end_watch(before);
    watched
}

fn show_repeatedly(
    shell: &mut Shell,
    list: List,
    pattern: &str,
    layout: Layout,
    plan: &Plan,
) -> Result<(), Reported> {
    for runs in 1.. {
        let title = shell.queries().watch_title(None, plan.interval);
        let rows = show(shell, list, pattern, layout, Some(title))?;
        shell.console.output.flush();
        let has_few = rows < plan.min_rows as usize;
        if has_few || !shell.queries().awaits_next_run(plan, runs) {
            break;
        }
    }
    Ok(())
}

/// `\cancel [-y] PID...|database NAME|user NAME`
pub fn cancel(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    end(call, Deed::Cancel)
}

/// `\terminate [-y] PID...|database NAME|user NAME|idle DURATION`
pub fn terminate(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    end(call, Deed::Terminate)
}

fn end(call: &mut Call<'_>, deed: Deed) -> Result<Outcome, Reported> {
    let words = call.values();
    let request = match Request::read(&words, deed, call.shell.console.encoding()) {
        Ok(request) => request,
        Err(text) => return call.fail(text),
    };
    let layout = layout(call);
    // The question stands below what it is about.
    let pager = std::mem::replace(&mut call.shell.console.print.pager, Pager::Off);
    let ended = end_sessions(call.shell, deed, &request, layout);
    call.shell.console.print.pager = pager;
    ended.map(|()| Outcome::Done)
}

fn end_sessions(
    shell: &mut Shell,
    deed: Deed,
    request: &Request,
    layout: Layout,
) -> Result<(), Reported> {
    let context = context(shell);
    let (mut desk, place) = OperatorsDesk::open(shell, context)?;
    administration::end(&mut desk, &place, deed, request, layout)
}
