//! `\? keys`: the keys of the editor, by mode.

/// A mode of the editor and its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMode {
    /// `emacs`, `vi, inserting`
    pub title: String,
    /// Its keys.
    pub rows: Vec<KeyRow>,
}

/// What some keys do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// The keys, each as people call it: `Ctrl-X Ctrl-E`.
    pub keys: Vec<String>,
    /// Readline's name of what they do; nothing for a macro.
    pub function: Option<String>,
    /// What they do.
    pub description: String,
}

/// The column in which descriptions begin.
const COLUMN: usize = 27;

/// The help on keys.
pub fn keys(modes: &[KeyMode]) -> String {
    let mut out = String::new();
    for mode in modes {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("Keys ({}), in ~/.inputrc by the names in brackets\n", mode.title));
        for row in &mode.rows {
            let keys = format!("  {}", row.keys.join(", "));
            match keys.chars().count() < COLUMN {
                true => out.push_str(&format!("{keys:COLUMN$}")),
                false => out.push_str(&format!("{keys}\n{:COLUMN$}", "")),
            }
            out.push_str(&row.description);
            if let Some(function) = &row.function {
                out.push_str(&format!(" [{function}]"));
            }
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_mode() {
        let row = |keys: &[&str], function: Option<&str>, description: &str| KeyRow {
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            function: function.map(str::to_owned),
            description: description.to_owned(),
        };
        let long = ["Ctrl-X Ctrl-R", "Ctrl-X Ctrl-U"];
        let modes = [
            KeyMode {
                title: "emacs".to_owned(),
                rows: vec![
                    row(&["Home", "Ctrl-A"], Some("beginning-of-line"), "go to the start"),
                    row(&long, Some("x"), "do x"),
                ],
            },
            KeyMode { title: "vi".to_owned(), rows: vec![row(&["F5"], None, "\"select 1;\"")] },
        ];
        let expected = "\
Keys (emacs), in ~/.inputrc by the names in brackets
  Home, Ctrl-A             go to the start [beginning-of-line]
  Ctrl-X Ctrl-R, Ctrl-X Ctrl-U
                           do x [x]

Keys (vi), in ~/.inputrc by the names in brackets
  F5                       \"select 1;\"
";
        assert_eq!(keys(&modes), expected);
        assert_eq!(keys(&[]), "");
    }
}
