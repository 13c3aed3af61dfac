//! The keys of the menu, of ghost text and of the search, which no inputrc changes.

/// A heading, and its keys with what they do.
pub type Section = (&'static str, &'static [(&'static [&'static str], &'static str)]);

/// What keys do that are not bound to functions, by where they do it.
pub const SECTIONS: &[Section] = &[
    (
        "text from the history, behind the cursor",
        &[
            (&["Right", "End"], "take all of it"),
            (&["Alt-Right", "Ctrl-Right"], "take a word of it"),
        ],
    ),
    (
        "menu of candidates",
        &[
            (&["Tab", "Down"], "choose the next"),
            (&["Shift-Tab", "Up"], "choose the one before"),
            (&["Page Down", "Page Up"], "choose one further off"),
            (&["Enter", "Right"], "take what is chosen"),
            (&["Escape", "Ctrl-G"], "close the menu"),
        ],
    ),
    (
        "search in the history, after Ctrl-R",
        &[
            (
                &["Ctrl-R", "Down"],
                "choose the next; before anything is typed, Ctrl-R searches as last time",
            ),
            (&["Ctrl-S", "Up"], "choose the one before"),
            (&["Alt-D"], "look in this database alone, or in all"),
            (&["Alt-F"], "look among what failed too, among what did not, among that alone"),
            (&["Enter"], "run what is chosen"),
            (&["Escape", "Tab", "Right"], "edit what is chosen"),
            (&["Ctrl-G"], "go back to what was typed"),
        ],
    ),
];
