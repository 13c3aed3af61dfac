//! Makes what is installed beside the program: `cargo run --example packaging -- DIRECTORY` writes the
//! man page and the completions of bash, zsh and fish.

mod completions;
mod manual;
mod mdoc;

use std::path::Path;
use std::{env, fs, io, process};

fn main() {
    let Some(directory) = env::args_os().nth(1) else {
        eprintln!("usage: packaging DIRECTORY");
        process::exit(2);
    };
    if let Err(error) = write(Path::new(&directory)) {
        eprintln!("packaging: {}: {error}", Path::new(&directory).display());
        process::exit(1);
    }
}

fn write(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    for (name, text) in [
        ("pgsh.1", manual::page(&date())),
        ("pgsh.bash", completions::bash()),
        ("_pgsh", completions::zsh()),
        ("pgsh.fish", completions::fish()),
    ] {
        fs::write(directory.join(name), text)?;
    }
    Ok(())
}

/// Today, or the day of SOURCE_DATE_EPOCH, so that the same source makes the same page.
fn date() -> String {
    let given = env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    let now = given.and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    let now = now.unwrap_or_else(|| std::time::SystemTime::now().into());
    now.format("%B %-d, %Y").to_string()
}
