//! Packs the files of `grammar/` that are seldom read and the time zones, for `src/packed.rs` to unpack.

mod pack;
mod zones;

use std::{env, fs, io, path::Path};

/// Texts that are packed as they are.
const TEXTS: [&str; 8] = [
    "charsets.txt",
    "help/commands.txt",
    "help/describe.txt",
    "prose.txt",
    "shop.sql",
    "sqlstates.txt",
    "tour.txt",
    "usual.sql",
];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=grammar");
    println!("cargo::rerun-if-changed=build");
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    let out = Path::new(&out);
    let grammar = Path::new("grammar");
    pack::write(out, "sql", sql(&grammar.join("sql"))?.as_bytes())?;
    for name in TEXTS {
        let file = grammar.join(name);
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        pack::write(out, &name, &fs::read(&file)?)?;
    }
    zones::write(out)
}

/// The files of the SQL commands, sorted by name, a form feed between two.
fn sql(directory: &Path) -> io::Result<String> {
    let files = fs::read_dir(directory)?.map(|entry| Ok(entry?.path()));
    let mut files = files.collect::<io::Result<Vec<_>>>()?;
    files.sort();
    let texts = files.iter().map(fs::read_to_string).collect::<io::Result<Vec<_>>>()?;
    Ok(texts.join("\x0c"))
}
