//! What a user can do who has no server for a scratch database.

use super::server::OVERRIDE;

/// The programs that install a system's packages, and how each is told to install a server.
const INSTALLERS: [(&str, &str); 6] = [
    ("apt-get", "apt-get install postgresql"),
    ("dnf", "dnf install postgresql-server"),
    ("zypper", "zypper install postgresql-server"),
    ("apk", "apk add postgresql"),
    ("pacman", "pacman -S postgresql"),
    ("brew", "brew install postgresql@18"),
];

/// There is none, and none was to be installed.
pub(super) fn no_server() -> String {
    let others = [by_packages(), by_host()].concat();
    format!(
        "no PostgreSQL server was found for a scratch database\n\
         HINT:  There are three ways out:\n\
         \x20 - let pgsh install one in its cache, with uv or pip:  pgsh --scratch --scratch-install\n\
         {others}"
    )
}

/// None could be installed, whether or not there is a program that can.
pub(super) fn not_installed(has_installer: bool) -> String {
    let first = match has_installer {
        true => {
            "name a package index or a mirror that can be reached:  PIP_INDEX_URL=URL (uv: UV_DEFAULT_INDEX=URL)"
        }
        false => "install uv, or python3 with pip, and try again",
    };
    let others = [by_packages(), by_host()].concat();
    format!("HINT:  There are three ways out:\n  - {first}\n{others}")
}

fn by_packages() -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories: Vec<_> = std::env::split_paths(&path).collect();
    let is_there = |program: &str| directories.iter().any(|place| place.join(program).is_file());
    let command = package_command(&is_there);
    let command = command.map(|command| format!(" ({command})")).unwrap_or_default();
    format!(
        "  - install one by the system's packages{command}, or name the directory of its programs:  \
         {OVERRIDE}=/path/to/bin pgsh --scratch\n"
    )
}

fn by_host() -> String {
    "  - use a server that runs already:  pgsh -h HOST -d DATABASE".to_owned()
}

fn package_command(is_there: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    INSTALLERS.iter().find(|(program, _)| is_there(program)).map(|(_, command)| *command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_own_installer_is_named() {
        let command = |there: &str| package_command(&|program| there == program);
        assert_eq!(command("apk"), Some("apk add postgresql"));
        assert_eq!(command("other"), None);
    }
}
