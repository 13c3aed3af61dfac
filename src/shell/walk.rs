//! Goes through the results of one query, in the order in which the server sends them, and puts each
//! to its use.

use super::Shell;
use super::copy::Stream;
use super::g_output::GOutput;
use super::held::Held;
use super::query_use::{Send, Use};
use super::results::{Completed, Portion, ResultSet};
use super::show::{Parts, returns_rows};
use crate::lexer;
use crate::print::Part;
use crate::session::ErrorFields;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// How a query went.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// Nothing failed.
    pub ok: bool,
    /// The tag of the last command that succeeded.
    pub tag: Vec<u8>,
    /// From sending to the arrival of the last result.
    pub elapsed: Duration,
    /// The rows of the first result.
    pub first_rows: Option<u64>,
}

impl Run {
    /// Nothing has failed yet.
    pub fn good() -> Run {
        Run { ok: true, ..Run::default() }
    }
}

/// One query on its way from the first result to the last. What psql shows of a result depends on
/// whether another follows, so the next one is always fetched before a result is used.
struct Walk<'a> {
    sql: &'a [u8],
    send: &'a Send,
    start: Instant,
    /// The query is a transaction of its own.
    alone: bool,
    out: GOutput<'a>,
    portion: Portion,
    /// The result that was fetched and not looked at yet.
    next: Option<Completed>,
    /// How many times the server took COPY data.
    copies: usize,
    /// What was shown of a result that comes in parts.
    parts: Parts,
    /// What was printed of a result that is shown once it is complete.
    held: Option<Held>,
    /// A result that had nowhere to go (a full disk) is the last one shown, and a failure of the
    /// whole query.
    unshown: bool,
    run: Run,
}

impl Walk<'_> {
    /// Whether the variables that tell of a query are set.
    fn is_noted(&self) -> bool {
        !matches!(self.send.usage, Use::Watch)
    }

    /// Fetches the next result.
    fn fetch(&mut self, shell: &mut Shell) {
        self.next = shell.next_result(self.portion);
    }

    /// Fetches the next result, with which the one at hand is known to be complete.
    fn fetch_and_time(&mut self, shell: &mut Shell) {
        self.fetch(shell);
        self.run.elapsed = self.start.elapsed();
    }

    /// Whether the result at hand is shown: the last one always is.
    fn is_shown(&self, shell: &Shell) -> bool {
        self.next.is_none() || shell.settings().show_all_results
    }

    /// Sets ERROR, SQLSTATE and ROW_COUNT after a result that was shown, or could not be.
    fn note(&self, shell: &mut Shell, shown: bool, tag: &[u8]) {
        match (self.is_noted(), shown) {
            (true, true) => shell.query_succeeded(tag),
            (true, false) => shell.failed_here(),
            (false, _) => {}
        }
    }

    /// Puts a result to its use; `Break` when the connection is gone.
    fn step(&mut self, shell: &mut Shell, result: Completed) -> ControlFlow<()> {
        match result {
            Completed::Rows(set) => self.rows(shell, set),
            Completed::Part(set) if self.portion == Portion::Bytes => {
                self.held = Some(shell.hold(set, self.send, self.held.take()));
                self.fetch(shell);
            }
            Completed::Part(set) => {
                self.run.ok &= shell.print_part(set, self.send, &mut self.out, &mut self.parts);
                self.fetch(shell);
            }
            Completed::Command(tag) => self.command(shell, tag),
            Completed::Empty => {
                self.fetch_and_time(shell);
                self.note(shell, true, b"");
            }
            Completed::CopyIn { binary } => return self.copy_in(shell, binary),
            Completed::CopyOut => self.copy_out(shell),
            Completed::CopyBoth => {
                self.run.ok = false;
                shell.error("unexpected PQresultStatus: 8");
                shell.session = None;
                return ControlFlow::Break(());
            }
            Completed::Error(fields) => self.error(shell, fields),
            Completed::Lost(reason) => {
                self.run.elapsed = self.start.elapsed();
                self.run.ok = false;
                shell.lost(&reason);
                return ControlFlow::Break(());
            }
            Completed::NotKept(error) => {
                self.run.ok = false;
                self.held = None;
                self.unshown = true;
                shell.not_kept(&error);
                self.fetch(shell);
            }
        }
        ControlFlow::Continue(())
    }

    /// Rows, all of them or the last part.
    fn rows(&mut self, shell: &mut Shell, set: ResultSet) {
        self.fetch_and_time(shell);
        self.run.tag.clone_from(&set.tag);
        self.note(shell, true, &set.tag);
        if shell.is_cancelled() && !matches!(self.send.usage, Use::Set(_) | Use::Exec) {
            if returns_rows(&set.tag) {
                shell.show_command(&set.tag, &mut self.out);
            }
            return;
        }
        let in_parts = matches!(self.portion, Portion::Rows(_));
        if in_parts && (self.parts.is_begun() || !set.rows.is_empty()) {
            self.run.ok &= shell.print_last_part(set, self.send, &mut self.out, &mut self.parts);
            self.parts = Parts::default();
        } else if self.is_shown(shell) && (!self.unshown || self.out.is_failed()) {
            let last = self.next.is_none();
            self.unshown = !match self.held.take() {
                Some(held) => shell.show_held(set, self.send, &mut self.out, held),
                None => shell.use_rows(set, self.send, &mut self.out, last),
            };
            self.run.ok &= !self.unshown;
        } else if !self.is_shown(shell) {
            // psql opens the target for whatever has rows.
            self.unshown = !self.out.open(shell);
            self.run.ok &= !self.unshown;
        }
        // \gexec and \gset may have set them meanwhile.
        self.note(shell, !self.unshown, &self.run.tag);
        // Parts that had nowhere to go count as shown, but not what follows them.
        self.unshown |= self.out.is_failed();
        self.held = None;
    }

    /// A command without rows.
    fn command(&mut self, shell: &mut Shell, tag: Vec<u8>) {
        self.fetch_and_time(shell);
        self.note(shell, !self.unshown, &tag);
        if self.is_shown(shell) && !self.unshown {
            shell.show_command(&tag, &mut self.out);
        }
        self.run.tag = tag;
    }

    /// COPY FROM STDIN.
    fn copy_in(&mut self, shell: &mut Shell, binary: bool) -> ControlFlow<()> {
        if self.copies >= self.send.expected_copies(self.sql, shell.encoding()) {
            // Data that nobody meant to send are not to be read as a script.
            self.run.ok = false;
            shell.info("unexpected COPY_IN result, aborting connection");
            shell.session = None;
            shell.connection_lost = true;
            return ControlFlow::Break(());
        }
        self.copies += 1;
        self.run.ok &= shell.copy_in(binary, self.send.copy_stream());
        self.fetch(shell);
        ControlFlow::Continue(())
    }

    /// COPY TO STDOUT, and the tag that comes after its data.
    fn copy_out(&mut self, shell: &mut Shell) {
        let stream = self.send.copy_stream();
        let cancels = self.alone && lexer::only_reads(self.sql, shell.encoding());
        let copied = self.out.open(shell) && shell.copy_out(stream, cancels);
        self.run.ok &= copied;
        let among_results = match stream {
            Stream::Script => self.send.target.is_none(),
            Stream::Standard => !shell.output.is_redirected(),
            Stream::Opened(_) => false,
        };
        self.fetch(shell);
        let tag = match self.next.take() {
            Some(Completed::Command(tag)) => tag,
            // Only BASE_BACKUP sends more. psql takes it for an error that has no text, and shows no
            // more of it.
            Some(Completed::Rows(_) | Completed::Part(_)) => {
                self.fetch(shell);
                while let Some(Completed::Rows(_) | Completed::Part(_) | Completed::Command(_)) =
                    self.next
                {
                    self.fetch(shell);
                }
                self.run.ok = false;
                shell.info("");
                shell.failed_here();
                return;
            }
            other => {
                if copied && other.is_none() {
                    self.note(shell, true, b"");
                }
                self.next = other;
                return;
            }
        };
        self.fetch_and_time(shell);
        if copied {
            // Nor does psql count rows it shows no tag for.
            self.note(shell, true, if among_results { b"" } else { &tag });
            // Among the data the tag would only disturb.
            if self.is_shown(shell) && !among_results {
                shell.show_command(&tag, &mut self.out);
            }
        } else {
            self.unshown = true;
            shell.failed_here();
        }
        self.run.tag = tag;
    }

    /// After Ctrl-C: what comes behind the result that was waited for is not shown, nor why it
    /// ended, which the user knows.
    fn skip_rest(&mut self, shell: &mut Shell) -> ControlFlow<()> {
        while let Some(result) = self.next.take() {
            match result {
                Completed::CopyIn { .. } => shell.refuse_copy_data(b"canceled by user"),
                Completed::Lost(_) | Completed::CopyBoth => {
                    return self.step(shell, result);
                }
                Completed::Rows(_)
                | Completed::Part(_)
                | Completed::Command(_)
                | Completed::Empty
                | Completed::CopyOut
                | Completed::Error(_)
                | Completed::NotKept(_) => {}
            }
            self.fetch(shell);
        }
        ControlFlow::Continue(())
    }

    /// The server refused; what follows is only the end of the query.
    fn error(&mut self, shell: &mut Shell, fields: ErrorFields) {
        self.run.elapsed = self.start.elapsed();
        self.run.ok = false;
        self.parts = Parts::default();
        self.held = None;
        self.fetch(shell);
        if self.is_noted() {
            shell.query_failed(fields, self.sql);
        } else {
            shell.show_failure(fields, self.sql);
        }
    }
}

impl Shell {
    /// Uses the results of what was sent at `start`; `alone` if it is a transaction of its own.
    pub(super) fn walk(&mut self, sql: &[u8], send: &Send, start: Instant, alone: bool) -> Run {
        let portion = match self.rows_of_a_part(send) {
            Some(count) => Portion::Rows(count),
            None if self.can_hold(send) => Portion::Bytes,
            None => Portion::Whole,
        };
        let mut walk = Walk {
            sql,
            send,
            start,
            alone,
            out: GOutput::new(send),
            portion,
            next: self.next_result(portion),
            copies: 0,
            parts: Parts::default(),
            held: None,
            unshown: false,
            run: Run::good(),
        };
        let mut lost = false;
        while let Some(result) = walk.next.take() {
            walk.run.first_rows.get_or_insert(match &result {
                Completed::Rows(set) => set.rows.len(),
                _ => 0,
            });
            let whole = !matches!(result, Completed::Part(_));
            lost = walk.step(self, result).is_break();
            if !lost && whole && self.is_cancelled() {
                lost = walk.skip_rest(self).is_break();
            }
        }
        if !lost {
            self.skip_untaken_copies(sql, send, walk.copies);
        }
        let Walk { out, run, .. } = walk;
        out.close(self);
        run
    }

    /// Reads over the COPY data the server never asked for, as `sql` failed or was only parsed.
    pub(super) fn skip_untaken_copies(&mut self, sql: &[u8], send: &Send, taken: usize) {
        if self.session.is_none() {
            return;
        }
        for _ in taken..send.expected_copies(sql, self.encoding()) {
            self.skip_copy_data(send.copy_stream());
        }
    }

    /// A result with rows: printed, or put to the use asked for if it is the last.
    pub(super) fn use_rows(
        &mut self,
        mut set: ResultSet,
        send: &Send,
        out: &mut GOutput<'_>,
        last: bool,
    ) -> bool {
        let tag = std::mem::take(&mut set.tag);
        let ok = match &send.usage {
            Use::Set(prefix) if last => self.set_from_row(&mut set, prefix),
            Use::Exec if last => self.exec_cells(&mut set),
            Use::Crosstab(arguments) if last => self.print_crosstab(&mut set, arguments),
            Use::Print
            | Use::Set(_)
            | Use::Exec
            | Use::Describe
            | Use::Crosstab(_)
            | Use::Copy(_)
            | Use::Watch => {
                if !out.open(self) {
                    return false;
                }
                self.print_rows(&mut set, send, Part::default())
            }
        };
        if returns_rows(&tag) {
            self.show_command(&tag, out);
        }
        ok
    }
}
