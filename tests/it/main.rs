//! The integration tests, one binary: `cargo test --test it [FILTER]`, where FILTER is a part of the
//! names of the tests wanted (`-- --list` tells them).
//!
//! `trial` says what a test is, `harness` starts servers and runs shells, the others each hold one
//! kind of test.

mod auth;
mod compatibility;
mod connecting;
mod connection_settings;
mod crash;
mod fake_server;
mod formats;
mod fuzz;
mod golden;
mod harness;
mod helper;
mod hostile;
mod hostile_names;
mod imports;
mod interrupts;
mod listening_server;
mod memory;
mod mission;
mod oracle;
mod own_server;
mod pipes;
mod planted;
mod poolers;
mod pty;
mod regress;
mod rings;
mod scratch;
mod secrets;
mod tls;
mod trial;
mod versions;

use std::process::ExitCode;

/// Tests at once, where nobody says otherwise: most of them wait for a shell or a server.
const THREADS_PER_CORE: usize = 2;

fn main() -> ExitCode {
    let mut arguments = libtest_mimic::Arguments::from_args();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    arguments.test_threads.get_or_insert(cores * THREADS_PER_CORE);
    let tests = [
        auth::tests(),
        compatibility::tests(),
        connecting::tests(),
        connection_settings::tests(),
        crash::tests(),
        formats::tests(),
        fuzz::tests(),
        golden::tests(),
        harness::tests(),
        helper::tests(),
        hostile::tests(),
        hostile_names::tests(),
        imports::tests(),
        interrupts::tests(),
        memory::tests(),
        mission::tests(),
        oracle::tests(),
        pipes::tests(),
        planted::tests(),
        poolers::tests(),
        pty::tests(),
        regress::tests(),
        rings::tests(),
        scratch::tests(),
        secrets::tests(),
        tls::tests(),
        versions::tests(),
    ];
    libtest_mimic::run(&arguments, tests.into_iter().flatten().collect()).exit_code()
}
