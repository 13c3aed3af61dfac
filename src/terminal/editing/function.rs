//! The functions that keys are bound to: readline's, by readline's names, and ours.
//!
//! Owns their table, which inputrc's names and the help on keys come from. Never knows what they do.

/// Makes the type and its table of one list.
macro_rules! functions {
    ($($variant:ident, $name:literal, $description:literal;)*) => {
        /// What a key can be bound to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Function {
            $(#[doc = $description] $variant,)*
        }

        /// The functions with their names and what they do.
        pub const FUNCTIONS: &[(&str, Function, &str)] =
            &[$(($name, Function::$variant, $description),)*];
    };
}

functions! {
    // The cursor
    BeginningOfLine, "beginning-of-line", "go to the start of the line";
    EndOfLine, "end-of-line", "go to the end of the line";
    ForwardChar, "forward-char", "go one character to the right";
    BackwardChar, "backward-char", "go one character to the left";
    ForwardByte, "forward-byte", "go one character to the right";
    BackwardByte, "backward-byte", "go one character to the left";
    ForwardWord, "forward-word", "go to the end of the word";
    BackwardWord, "backward-word", "go to the start of the word";
    BeginningOfText, "beginning-of-text", "go to the start of the text";
    EndOfText, "end-of-text", "go to the end of the text";
    PreviousScreenLine, "previous-screen-line", "go one line up";
    NextScreenLine, "next-screen-line", "go one line down";
    CharacterSearch, "character-search", "go to the next place of the character typed next";
    CharacterSearchBackward, "character-search-backward", "go to the previous place of the character typed next";
    ClearScreen, "clear-screen", "clear the screen";
    ClearDisplay, "clear-display", "clear the screen and what scrolled off it";
    RedrawCurrentLine, "redraw-current-line", "draw the text anew";
    // History
    AcceptLine, "accept-line", "run the statement, or open a line if it is not whole";
    InsertLineBreak, "insert-line-break", "open a line";
    PreviousHistory, "previous-history", "go one line up, or to the previous statement";
    NextHistory, "next-history", "go one line down, or to the next statement";
    BeginningOfHistory, "beginning-of-history", "go to the first statement";
    EndOfHistory, "end-of-history", "go back to the text that is being written";
    ReverseSearchHistory, "reverse-search-history", "search earlier statements";
    ForwardSearchHistory, "forward-search-history", "search later statements";
    NonIncrementalReverseSearchHistory, "non-incremental-reverse-search-history", "ask for a text, go to an earlier statement with it";
    NonIncrementalForwardSearchHistory, "non-incremental-forward-search-history", "ask for a text, go to a later statement with it";
    NonIncrementalReverseSearchHistoryAgain, "non-incremental-reverse-search-history-again", "go to an earlier statement with the text asked for last";
    NonIncrementalForwardSearchHistoryAgain, "non-incremental-forward-search-history-again", "go to a later statement with the text asked for last";
    HistorySearchBackward, "history-search-backward", "go to an earlier statement that begins as the text up to the cursor";
    HistorySearchForward, "history-search-forward", "go to a later statement that begins as the text up to the cursor";
    HistorySubstringSearchBackward, "history-substring-search-backward", "go to an earlier statement that holds the text up to the cursor";
    HistorySubstringSearchForward, "history-substring-search-forward", "go to a later statement that holds the text up to the cursor";
    YankNthArg, "yank-nth-arg", "insert the second word of the previous statement; with a number, that word";
    YankLastArg, "yank-last-arg", "insert the last word of the previous statement; again: of the one before";
    OperateAndGetNext, "operate-and-get-next", "run the statement, then bring the one after it in the history";
    FetchHistory, "fetch-history", "go to the statement whose number is given";
    // Changing text
    DeleteChar, "delete-char", "delete the character at the cursor; on an empty line, leave";
    DeleteCharOrList, "delete-char-or-list", "delete the character at the cursor; at the end, list completions";
    BackwardDeleteChar, "backward-delete-char", "delete the character before the cursor";
    ForwardBackwardDeleteChar, "forward-backward-delete-char", "delete the character at the cursor, at the end the one before it";
    QuotedInsert, "quoted-insert", "insert the next key as it is";
    TabInsert, "tab-insert", "insert a tab";
    SelfInsert, "self-insert", "insert the key";
    BracketedPasteBegin, "bracketed-paste-begin", "insert a paste";
    TransposeChars, "transpose-chars", "exchange the characters around the cursor";
    TransposeWords, "transpose-words", "exchange the words around the cursor";
    UpcaseWord, "upcase-word", "make the word upper case";
    DowncaseWord, "downcase-word", "make the word lower case";
    CapitalizeWord, "capitalize-word", "capitalize the word";
    OverwriteMode, "overwrite-mode", "switch between inserting and overwriting";
    // Killing and yanking
    KillLine, "kill-line", "kill to the end of the line";
    BackwardKillLine, "backward-kill-line", "kill to the start of the line";
    UnixLineDiscard, "unix-line-discard", "kill to the start of the line";
    KillWholeLine, "kill-whole-line", "kill the line";
    KillWord, "kill-word", "kill to the end of the word";
    BackwardKillWord, "backward-kill-word", "kill to the start of the word";
    UnixWordRubout, "unix-word-rubout", "kill back to white space";
    UnixFilenameRubout, "unix-filename-rubout", "kill back to white space or a slash";
    DeleteHorizontalSpace, "delete-horizontal-space", "delete spaces and tabs around the cursor";
    KillRegion, "kill-region", "kill between the mark and the cursor";
    CopyRegionAsKill, "copy-region-as-kill", "keep what is between the mark and the cursor for a yank";
    CopyBackwardWord, "copy-backward-word", "keep the word before the cursor for a yank";
    CopyForwardWord, "copy-forward-word", "keep the word after the cursor for a yank";
    Yank, "yank", "insert what was killed last";
    YankPop, "yank-pop", "after a yank: replace it with what was killed before";
    // Numbers before a key
    DigitArgument, "digit-argument", "begin a number for the next key";
    UniversalArgument, "universal-argument", "begin a number for the next key, or make it four times as great";
    // Completion
    Complete, "complete", "complete the word";
    PossibleCompletions, "possible-completions", "list the completions";
    InsertCompletions, "insert-completions", "insert all completions";
    MenuComplete, "menu-complete", "replace the word with the next completion";
    MenuCompleteBackward, "menu-complete-backward", "replace the word with the previous completion";
    OldMenuComplete, "old-menu-complete", "replace the word with the next completion";
    // Macros
    StartKbdMacro, "start-kbd-macro", "begin to record keys";
    EndKbdMacro, "end-kbd-macro", "end the recording";
    CallLastKbdMacro, "call-last-kbd-macro", "repeat the keys recorded";
    PrintLastKbdMacro, "print-last-kbd-macro", "print the keys recorded as a line of inputrc";
    // More
    ReReadInitFile, "re-read-init-file", "read inputrc again";
    Abort, "abort", "give up what was begun";
    DoLowercaseVersion, "do-lowercase-version", "do what the key does in lower case";
    Undo, "undo", "undo the last change";
    RevertLine, "revert-line", "undo all changes of the text";
    TildeExpand, "tilde-expand", "replace a tilde by the home directory";
    SetMark, "set-mark", "set the mark";
    ExchangePointAndMark, "exchange-point-and-mark", "go to the mark, and set it where the cursor was";
    SkipCsiSequence, "skip-csi-sequence", "do nothing";
    ArrowKeyPrefix, "arrow-key-prefix", "do nothing";
    InsertComment, "insert-comment", "make the text a comment and enter it";
    EditAndExecuteCommand, "edit-and-execute-command", "edit the text with the external editor";
    DumpFunctions, "dump-functions", "print the functions and their keys";
    DumpVariables, "dump-variables", "print the variables of inputrc";
    DumpMacros, "dump-macros", "print the macros and their keys";
    TtyStatus, "tty-status", "do nothing";
    Interrupt, "interrupt", "give the text up";
    Suspend, "suspend", "stop the shell until fg";
    Quit, "quit", "end the shell at once";
    EmacsEditingMode, "emacs-editing-mode", "change to the keys of emacs";
    ViEditingMode, "vi-editing-mode", "change to the keys of vi";
    // vi's
    ViMovementMode, "vi-movement-mode", "change to commands";
    ViInsertionMode, "vi-insertion-mode", "insert before the cursor";
    ViInsertBeg, "vi-insert-beg", "insert at the start of the line";
    ViAppendMode, "vi-append-mode", "insert behind the cursor";
    ViAppendEol, "vi-append-eol", "insert at the end of the line";
    ViReplace, "vi-replace", "overwrite from the cursor on";
    ViOverstrike, "vi-overstrike", "overwrite with the key";
    ViOverstrikeDelete, "vi-overstrike-delete", "take back what overwrote";
    ViEofMaybe, "vi-eof-maybe", "leave, if there is no text";
    ViUndo, "vi-undo", "undo the last change";
    ViRedo, "vi-redo", "repeat the last change";
    ViArgDigit, "vi-arg-digit", "begin a number for the next key";
    ViPrevWord, "vi-prev-word", "go to the start of the word; B: up to white space";
    ViNextWord, "vi-next-word", "go to the start of the next word; W: behind white space";
    ViEndWord, "vi-end-word", "go to the end of the word; E: before white space";
    ViBackwardWord, "vi-backward-word", "go to the start of the word";
    ViBackwardBigword, "vi-backward-bigword", "go to the start of the word, up to white space";
    ViBword, "vi-bword", "go to the start of the word";
    ViBWordBig, "vi-bWord", "go to the start of the word, up to white space";
    ViForwardWord, "vi-forward-word", "go to the start of the next word";
    ViForwardBigword, "vi-forward-bigword", "go to the start of the next word, behind white space";
    ViFword, "vi-fword", "go to the start of the next word";
    ViFWordBig, "vi-fWord", "go to the start of the next word, behind white space";
    ViEndBigword, "vi-end-bigword", "go to the end of the word, before white space";
    ViEword, "vi-eword", "go to the end of the word";
    ViEWordBig, "vi-eWord", "go to the end of the word, before white space";
    ViFirstPrint, "vi-first-print", "go to the first character of the line that is no space";
    ViBackToIndent, "vi-back-to-indent", "go to the first character of the line that is no space";
    ViColumn, "vi-column", "go to the column whose number is given";
    ViMatch, "vi-match", "go to the bracket that belongs to the one at the cursor";
    ViCharSearch, "vi-char-search", "f F: go to the character typed next; t T: go before it; ; and , again";
    ViSetMark, "vi-set-mark", "set the mark whose letter follows";
    ViGotoMark, "vi-goto-mark", "go to the mark whose letter follows";
    ViDeleteTo, "vi-delete-to", "delete as far as the motion goes that follows; D: to the end of the line";
    ViChangeTo, "vi-change-to", "change as far as the motion goes that follows; C: to the end of the line";
    ViYankTo, "vi-yank-to", "keep as far as the motion goes that follows; Y: the line";
    ViPut, "vi-put", "insert what was deleted or kept behind the cursor; P: before it";
    ViYankPop, "vi-yank-pop", "after a put: replace it with what was deleted before";
    ViDelete, "vi-delete", "delete the character at the cursor";
    ViRubout, "vi-rubout", "delete the character before the cursor";
    ViSubst, "vi-subst", "change the character at the cursor; S: the line";
    ViChangeChar, "vi-change-char", "replace the character at the cursor with the one typed next";
    ViChangeCase, "vi-change-case", "change the case of the character at the cursor";
    ViUnixWordRubout, "vi-unix-word-rubout", "kill the word before the cursor";
    ViYankArg, "vi-yank-arg", "insert the last word of the previous statement; with a number, that word";
    ViSearch, "vi-search", "/: ask for a text, go to an earlier statement with it; ?: to a later one";
    ViSearchAgain, "vi-search-again", "n: go on searching; N: the other way";
    ViFetchHistory, "vi-fetch-history", "go to the statement whose number is given, else to the first";
    ViComplete, "vi-complete", "\\: complete the word; =: list the completions; *: insert all";
    ViTildeExpand, "vi-tilde-expand", "replace a tilde by the home directory";
}

/// Other names of functions.
const OTHER_NAMES: &[(&str, Function)] = &[
    ("insert-last-argument", Function::YankLastArg),
    ("vi-edit-and-execute-command", Function::EditAndExecuteCommand),
];

impl Function {
    /// The function of this name, in any case.
    pub fn named(name: &str) -> Option<Function> {
        // vi-fword and vi-fWord differ in case only.
        let exact = FUNCTIONS.iter().find(|(own, ..)| *own == name);
        let row =
            exact.or_else(|| FUNCTIONS.iter().find(|(own, ..)| own.eq_ignore_ascii_case(name)));
        row.map(|(_, function, _)| *function).or_else(|| {
            let other = OTHER_NAMES.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
            other.map(|(_, function)| *function)
        })
    }

    /// readline's name of it.
    pub fn name(self) -> &'static str {
        FUNCTIONS[self as usize].0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_unique() {
        for (name, function, description) in FUNCTIONS {
            assert_eq!(Function::named(name), Some(*function), "{name}");
            assert_eq!(function.name(), *name);
            assert!(description.len() <= 78, "{name}: {description}");
        }
        assert_eq!(Function::named("Insert-Last-Argument"), Some(Function::YankLastArg));
        assert_eq!(Function::named("no-such-function"), None);
    }

    /// Each function of readline 8.2 is known by its name.
    #[test]
    fn readline_has_no_others() {
        for name in READLINE.split_whitespace() {
            assert!(Function::named(name).is_some(), "{name}");
        }
    }

    const READLINE: &str = "\
        abort accept-line arrow-key-prefix backward-byte backward-char backward-delete-char \
        backward-kill-line backward-kill-word backward-word beginning-of-history \
        beginning-of-line bracketed-paste-begin call-last-kbd-macro capitalize-word \
        character-search character-search-backward clear-display clear-screen complete \
        copy-backward-word copy-forward-word copy-region-as-kill delete-char delete-char-or-list \
        delete-horizontal-space digit-argument do-lowercase-version downcase-word dump-functions \
        dump-macros dump-variables emacs-editing-mode end-kbd-macro end-of-history end-of-line \
        exchange-point-and-mark fetch-history forward-backward-delete-char forward-byte \
        forward-char forward-search-history forward-word history-search-backward \
        history-search-forward history-substring-search-backward \
        history-substring-search-forward insert-comment insert-completions kill-line kill-region \
        kill-whole-line kill-word menu-complete menu-complete-backward next-history \
        next-screen-line non-incremental-forward-search-history \
        non-incremental-forward-search-history-again non-incremental-reverse-search-history \
        non-incremental-reverse-search-history-again old-menu-complete operate-and-get-next \
        overwrite-mode possible-completions previous-history previous-screen-line \
        print-last-kbd-macro quoted-insert re-read-init-file redraw-current-line \
        reverse-search-history revert-line self-insert set-mark skip-csi-sequence \
        start-kbd-macro tab-insert tilde-expand transpose-chars transpose-words tty-status undo \
        universal-argument unix-filename-rubout unix-line-discard unix-word-rubout upcase-word \
        vi-append-eol vi-append-mode vi-arg-digit vi-bWord vi-back-to-indent vi-backward-bigword \
        vi-backward-word vi-bword vi-change-case vi-change-char vi-change-to vi-char-search \
        vi-column vi-complete vi-delete vi-delete-to vi-eWord vi-editing-mode vi-end-bigword \
        vi-end-word vi-eof-maybe vi-eword vi-fWord vi-fetch-history vi-first-print \
        vi-forward-bigword vi-forward-word vi-fword vi-goto-mark vi-insert-beg vi-insertion-mode \
        vi-match vi-movement-mode vi-next-word vi-overstrike vi-overstrike-delete vi-prev-word \
        vi-put vi-redo vi-replace vi-rubout vi-search vi-search-again vi-set-mark vi-subst \
        vi-tilde-expand vi-undo vi-unix-word-rubout vi-yank-arg vi-yank-pop vi-yank-to yank \
        yank-last-arg yank-nth-arg yank-pop";
}
