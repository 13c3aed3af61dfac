//! Lists the files of `grammar/sql` for `src/grammar/` to embed, sorted by name, and writes the time zones
//! down for `src/time_zone/`.

mod zones;

use std::{env, fs, io, path::Path};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=grammar/sql");
    println!("cargo::rerun-if-changed=build");
    let mut names = fs::read_dir("grammar/sql")?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<_>>>()?;
    names.sort();
    let mut list = String::from("&[\n");
    for name in names {
        list += &format!(
            "    include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/grammar/sql/{name}\")),\n"
        );
    }
    list += "]\n";
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&out).join("sql_commands.rs"), list)?;
    zones::write(Path::new(&out))
}
