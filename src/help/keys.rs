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
/// The columns that lines keep to.
const WIDTH: usize = 80;

/// The help on keys.
pub fn keys(modes: &[KeyMode]) -> String {
    let mut out = String::new();
    for mode in modes {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("Keys ({}), in ~/.inputrc by the names in brackets\n", mode.title));
        for row in &mode.rows {
            let function = row.function.as_ref().map(|name| format!(" [{name}]"));
            let text = row.description.clone() + &function.unwrap_or_default();
            let mut column = 2 + row.keys.join(", ").chars().count();
            out.push_str(&format!("  {}", row.keys.join(", ")));
            if column >= COLUMN {
                column = WIDTH;
            } else {
                out.push_str(&" ".repeat(COLUMN - column));
                column = COLUMN;
            }
            for word in text.split(' ') {
                let length = word.chars().count();
                if column + 1 + length > WIDTH {
                    out.push_str(&format!("\n{:COLUMN$}", ""));
                    column = COLUMN;
                } else if column > COLUMN {
                    out.push(' ');
                    column += 1;
                }
                out.push_str(word);
                column += length;
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
                    row(
                        &["Tab"],
                        Some("long-name-of-it"),
                        "do what takes more words than one line has",
                    ),
                ],
            },
            KeyMode { title: "vi".to_owned(), rows: vec![row(&["F5"], None, "\"select 1;\"")] },
        ];
        let expected = "\
Keys (emacs), in ~/.inputrc by the names in brackets
  Home, Ctrl-A             go to the start [beginning-of-line]
  Ctrl-X Ctrl-R, Ctrl-X Ctrl-U
                           do x [x]
  Tab                      do what takes more words than one line has
                           [long-name-of-it]

Keys (vi), in ~/.inputrc by the names in brackets
  F5                       \"select 1;\"
";
        assert_eq!(keys(&modes), expected);
        assert_eq!(keys(&[]), "");
    }
}
