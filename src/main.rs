//! The `pgsh` binary: turns the outcome of [`pgsh::run`] into an exit status, nothing else.

fn main() -> std::process::ExitCode {
    pgsh::run(std::env::args_os()).code().into()
}
