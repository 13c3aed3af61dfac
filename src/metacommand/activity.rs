//! The operator's desk: who is connected, who waits for whom, and who is to go.

use super::call::{Call, Outcome};
use super::informational::context;
use super::operators_desk::{OperatorsDesk, Shown, layout};
use crate::administration::{self, Deed, Layout, Place, Request};
use crate::connection::report_not_kept;
use crate::console::Reported;
use crate::describe::{Host, View};
use crate::print::Pager;
use crate::query::watch::Plan;
use crate::query::watch_screen::RunPart;
use crate::shell::Shell;
use crate::watching::Sample;
use std::io;
use std::time::Instant;

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
    let decimal_point = console.print.locale.decimal_point();
    let read = match console.shows_own_help() {
        true => Plan::read_own(words, interval, decimal_point),
        false => Plan::read(&words, interval, decimal_point),
    };
    let plan = match read {
        Ok(plan) => plan,
        Err(text) => {
            let text = [b"\\watch: ", &text[..]].concat();
            return Err(call.shell.console.error(text));
        }
    };
    let shell = &mut *call.shell;
    if shell.queries().can_watch_on_screen(&plan)? && plan.count != Some(1) {
        return watch_on_screen(shell, list, pattern, layout, &plan);
    }
    let before = shell.queries().begin_watch();
    let pager = std::mem::replace(&mut shell.console.print.pager, Pager::Off);
    let watched = show_repeatedly(shell, list, pattern, layout, &plan);
    shell.console.print.pager = pager;
    shell.queries().end_watch(before);
    watched
}

/// Each list in the place of the one before; the last one stays behind.
fn watch_on_screen(
    shell: &mut Shell,
    list: List,
    pattern: &str,
    layout: Layout,
    plan: &Plan,
) -> Result<(), Reported> {
    let mut screen = None;
    let mut last = None;
    let mut runs = 0;
    let outcome = loop {
        let began = Instant::now();
        let (rows, shown) = match gather(shell, list, pattern, layout) {
            Ok(gathered) => gathered,
            Err(reported) => break Err(reported),
        };
        let title = shell.queries().watch_title(None, plan.interval);
        let parts = match parts(shell, &shown) {
            Ok(parts) => parts,
            Err(reported) => break Err(reported),
        };
        last = Some((title.clone(), shown));
        runs += 1;
        if rows < plan.min_rows as usize || plan.count == Some(runs) {
            break Ok(());
        }
        if screen.is_none() {
            screen = shell.queries().open_screen_watch(plan, Vec::new());
        }
        let Some(screen) = &mut screen else { break Err(Reported) };
        if screen.show(&title, began.elapsed(), parts).is_err()
            || !screen.awaits_next_run(&mut shell.console)
        {
            break Ok(());
        }
    };
    drop(screen);
    let pager = std::mem::replace(&mut shell.console.print.pager, Pager::Off);
    let shown = last.map_or(Ok(()), |(title, shown)| show_gathered(shell, title, shown));
    shell.console.print.pager = pager;
    shell.console.output.flush();
    shell.console.output.release_messages();
    outcome.and(shown)
}

/// A list without its title, which is shown by somebody else; how many rows of it count.
fn gather(
    shell: &mut Shell,
    list: List,
    pattern: &str,
    layout: Layout,
) -> Result<(usize, Vec<Shown>), Reported> {
    let context = context(shell);
    let (mut desk, place) = OperatorsDesk::open(shell, context)?;
    desk.gather();
    let rows = list(&mut desk, &place, pattern, layout, None)?;
    Ok((rows, desk.into_gathered()))
}

fn parts(shell: &mut Shell, shown: &[Shown]) -> Result<Vec<RunPart>, Reported> {
    let options = shell.console.print.clone();
    let part = |shown: &Shown| match shown {
        Shown::Table(view) => {
            Sample::of(&view.columns, &mut view.rows.clone(), &options).map(RunPart::Table)
        }
        Shown::Line(line) => Ok(RunPart::Text(String::from_utf8_lossy(line).into_owned())),
    };
    let parts: io::Result<Vec<RunPart>> = shown.iter().map(part).collect();
    parts.map_err(|error| report_not_kept(&mut shell.console, &error))
}

fn show_gathered(shell: &mut Shell, title: Vec<u8>, shown: Vec<Shown>) -> Result<(), Reported> {
    let mut title = Some(title);
    for shown in shown {
        match shown {
            Shown::Table(view) => {
                let title = title.take().or(view.title);
                shell.show_with_sentences(View { title, ..view })?;
            }
            Shown::Line(line) => {
                let line = shell.console.folded(&line);
                Host::line(shell, &line);
            }
        }
    }
    Ok(())
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
