//! What a recovery to a point in time would need, in words.

/// Whether the WAL holds enough to recover by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Minimal,
    Enough,
}

/// Whether this server archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Archiving {
    Off,
    /// On, but neither a command nor a library is set.
    Nowhere,
    On,
}

/// What the archiver did: names of segments with times.
#[derive(Clone, Debug, Default)]
pub(super) struct Archiver {
    /// The last that was archived.
    pub last: Option<(String, String)>,
    /// The last that failed, if nothing was archived since.
    pub failing: Option<(String, String)>,
}

/// What is known of a server.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub level: Level,
    pub archiving: Archiving,
    pub archiver: Archiver,
    /// How many segments wait to be archived, if one may look.
    pub waiting: Option<u64>,
    /// The newest base backup that the WAL directory remembers, and when it ended.
    pub backup: Option<(String, String)>,
    /// Whether one may look there.
    pub sees_files: bool,
    pub is_standby: bool,
}

/// What a recovery to a point in time needs, and what of it is missing.
pub(super) fn needs(facts: &Facts) -> Vec<String> {
    let mut lines = vec![
        "A recovery to a point in time needs a base backup that ended before it, and every WAL \
         segment since that backup began."
            .to_owned(),
    ];
    lines.extend(missing(facts).into_iter().map(|line| format!("  Missing: {line}")));
    lines.push(format!("  Base backup: {}", backup(facts)));
    if let (Archiving::On, Some((name, time))) = (facts.archiving, &facts.archiver.last) {
        lines.push(format!(
            "  WAL: the archive has it up to {name}, archived at {time}; what came later is in \
             pg_wal alone."
        ));
    }
    lines
}

fn missing(facts: &Facts) -> Vec<String> {
    let mut missing = Vec::new();
    if facts.level == Level::Minimal {
        missing.push(
            "wal_level is minimal, which no base backup can be taken under: ALTER SYSTEM SET \
             wal_level = replica, and restart."
                .to_owned(),
        );
    }
    match (facts.archiving, &facts.archiver.failing) {
        (Archiving::Off, _) if facts.is_standby => missing.push(
            "this standby archives nothing itself (archive_mode = always would): see \\wal on the \
             primary."
                .to_owned(),
        ),
        (Archiving::Off, _) => missing.push(
            "an archive; archive_mode is off, so that WAL is removed when it is no longer needed \
             here: ALTER SYSTEM SET archive_mode = on, archive_command, and restart."
                .to_owned(),
        ),
        (Archiving::Nowhere, _) => missing.push(
            "an archive_command (or archive_library): archive_mode is on, WAL piles up in pg_wal \
             until there is one."
                .to_owned(),
        ),
        (Archiving::On, Some((name, time))) => missing.push(format!(
            "archiving fails, last with {name} at {time}{}: the server's log says why.",
            facts.waiting.map_or(String::new(), |waiting| format!("; {waiting} wait")),
        )),
        (Archiving::On, None) if facts.archiver.last.is_none() => {
            missing.push("nothing was archived yet: SELECT pg_switch_wal() tries it.".to_owned());
        }
        (Archiving::On, None) => {}
    }
    missing
}

fn backup(facts: &Facts) -> String {
    match &facts.backup {
        Some((name, time)) => format!("the newest that pg_wal remembers ended at {time} ({name})."),
        None if !facts.sees_files => {
            "this role can't look whether pg_wal remembers one (pg_monitor could).".to_owned()
        }
        None => {
            "pg_wal remembers none (a standby's or an old one leaves no trace there); \\basebackup \
             takes one."
                .to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing() {
        let pair = |name: &str| Some((name.to_owned(), "noon".to_owned()));
        let good = Facts {
            level: Level::Enough,
            archiving: Archiving::On,
            archiver: Archiver { last: pair("0002"), failing: None },
            waiting: Some(0),
            backup: pair("0001.backup"),
            sees_files: true,
            is_standby: false,
        };
        let missing = |facts: &Facts| {
            let lines = needs(facts).into_iter();
            lines.filter(|line| line.starts_with("  Missing: ")).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(missing(&good), "");
        for (facts, expected) in [
            (Facts { level: Level::Minimal, ..good.clone() }, "wal_level = replica"),
            (Facts { archiving: Archiving::Off, ..good.clone() }, "archive_mode is off"),
            (
                Facts { archiving: Archiving::Off, is_standby: true, ..good.clone() },
                "on the primary",
            ),
            (Facts { archiving: Archiving::Nowhere, ..good.clone() }, "WAL piles up"),
            (
                Facts {
                    archiver: Archiver { last: None, failing: pair("0003") },
                    waiting: Some(7),
                    ..good.clone()
                },
                "0003 at noon; 7 wait",
            ),
            (Facts { archiver: Archiver::default(), ..good.clone() }, "nothing was archived yet"),
        ] {
            assert!(missing(&facts).contains(expected), "{:?}", needs(&facts));
        }
        let says = |facts: &Facts, text: &str| needs(facts).iter().any(|line| line.contains(text));
        assert!(says(&good, "up to 0002") && says(&good, "(0001.backup)"));
        let none = Facts { backup: None, ..good.clone() };
        assert!(says(&none, "remembers none"));
        assert!(says(&Facts { sees_files: false, ..none }, "pg_monitor could"));
    }
}
