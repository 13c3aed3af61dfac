//! The integration tests, one binary: `cargo test --test it [FILTER]`, where FILTER is a part of the
//! names of the tests wanted (`-- --list` tells them).
//!
//! `trial` says what a test is, `harness` starts servers and runs shells, the others each hold one
//! kind of test.

mod activity;
mod at_a_terminal;
mod auth;
mod backup;
mod chapter;
mod chart;
mod child_environment;
mod clip;
mod compatibility;
mod complete;
mod connecting;
mod connection_settings;
mod crash;
mod ddl;
mod docs;
mod dry_run;
mod exports;
mod fake_server;
mod formats;
mod fuzz;
mod golden;
mod harness;
mod help;
mod helper;
mod history;
mod hostile;
mod hostile_names;
mod imports;
mod interrupts;
mod keys;
mod links;
mod listening_server;
mod looks;
mod memory;
mod mission;
mod models;
mod oracle;
mod own_server;
mod packaging;
mod pictures;
mod pipes;
mod place;
mod plan;
mod planted;
mod poolers;
mod progress;
mod prompt;
mod psql_link;
mod pty;
mod regress;
mod release;
mod restore;
mod results;
mod rings;
mod run;
mod safeguard;
mod scratch;
mod secrets;
mod settings;
mod stats;
mod suggestions;
mod time_zones;
mod tls;
mod tour;
mod trial;
mod versions;
mod viewer;
mod viewer_screen;
mod watch;
mod workflows;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use libtest_mimic::Trial;
use signal_hook::consts::{SIGINT, SIGQUIT};
use signal_hook::flag;

/// Tests at once, where nobody says otherwise: most of them wait for a shell or a server.
const THREADS_PER_CORE: usize = 8;

/// Shells that the tests start find SIGINT and SIGQUIT as a terminal's user has them, also where
/// whoever runs the tests has them ignored: what is caught here is the default again behind exec.
fn catch_keyboard_signals() {
    for (signal, status) in [(SIGINT, 130), (SIGQUIT, 131)] {
        let ends = Arc::new(AtomicBool::new(true));
        flag::register_conditional_shutdown(signal, status, ends).expect("a handler");
    }
}

fn main() -> ExitCode {
    catch_keyboard_signals();
    tempfile::env::override_temp_dir(harness::root()).expect("no other directory was chosen");
    let mut arguments = libtest_mimic::Arguments::from_args();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    arguments.test_threads.get_or_insert(cores * THREADS_PER_CORE);
    // What waits, for a terminal mostly, and what keeps the processors busy run side by side; those
    // that take long come first, so that none is alone in the end.
    let waiting = [
        safeguard::tests(),
        progress::tests(),
        scratch::tests(),
        poolers::tests(),
        looks::tests(),
        prompt::tests(),
        helper::tests(),
        tour::tests(),
        activity::tests(),
        crash::tests(),
        watch::tests(),
        pictures::tests(),
        viewer::tests(),
        viewer_screen::tests(),
        chart::tests(),
        at_a_terminal::tests(),
        keys::tests(),
        connecting::tests(),
    ];
    let busy = [
        versions::tests(),
        planted::tests(),
        memory::tests(),
        restore::tests(),
        docs::tests(),
        backup::tests(),
        pipes::tests(),
        settings::tests(),
        dry_run::tests(),
        auth::tests(),
        connection_settings::tests(),
        exports::tests(),
        packaging::tests(),
        psql_link::tests(),
        release::tests(),
        time_zones::tests(),
        tls::tests(),
        plan::tests(),
        ddl::tests(),
        mission::tests(),
        child_environment::tests(),
        chapter::tests(),
        clip::tests(),
        compatibility::tests(),
        complete::tests(),
        formats::tests(),
        fuzz::tests(),
        harness::tests(),
        help::tests(),
        history::tests(),
        hostile_names::tests(),
        imports::tests(),
        links::tests(),
        oracle::tests(),
        regress::tests(),
        results::tests(),
        rings::tests(),
        run::tests(),
        secrets::tests(),
        stats::tests(),
        suggestions::tests(),
        workflows::tests(),
    ];
    let waiting = waiting.into_iter().flatten().collect();
    let mut all = spread(waiting, busy.into_iter().flatten().collect(), 2);
    // Those that wait a little are many; those of the golden files take turns, and side by side they would
    // keep all threads waiting.
    let hostile = hostile::tests().into_iter().chain(interrupts::tests()).collect();
    for many in [hostile, golden::tests()] {
        let distance = all.len().div_ceil(many.len());
        all = spread(many, all, distance);
    }
    libtest_mimic::run(&arguments, all).exit_code()
}

/// One of the `few` tests behind so many of the others, while there are some.
fn spread(few: Vec<Trial>, others: Vec<Trial>, distance: usize) -> Vec<Trial> {
    let (mut few, mut others) = (few.into_iter(), others.into_iter());
    let mut all = Vec::new();
    while few.len() + others.len() > 0 {
        all.extend(others.by_ref().take(distance));
        all.extend(few.next());
    }
    all
}
