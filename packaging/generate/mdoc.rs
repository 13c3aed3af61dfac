//! Text as mdoc(7) has it.

/// Columns of a source line.
const WIDTH: usize = 78;

/// A line of text that no request or escape hides in.
pub fn text(line: &str) -> String {
    let mut escaped = line.replace('\\', "\\e").replace("--", "\\-\\-");
    // These end no sentence, behind which there would be two blanks.
    if ["\\?", "\\!", "...", " ?", " !"].iter().any(|word| line.ends_with(word)) {
        escaped.push_str("\\&");
    }
    match escaped.starts_with(['.', '\'']) {
        true => format!("\\&{escaped}"),
        false => escaped,
    }
}

/// A macro's argument: one word, whatever is in it and at its end.
pub fn argument(word: &str) -> String {
    let end = if word.ends_with(['.', ',', ':', ';', ')', ']', '?', '!']) { "\\&" } else { "" };
    format!("\"{}{end}\"", text(word).replace('"', "\"\""))
}

/// Help as the shell writes it: paragraphs, and examples that are indented by more than `margin`.
pub fn help(out: &mut String, lines: &str, margin: usize) {
    let is_example = |line: &&str| line.len() - line.trim_start().len() > margin;
    let mut rest: Vec<&str> = lines.lines().map(str::trim_end).collect();
    let mut is_first = true;
    while let Some(start) = rest.iter().position(|line| !line.is_empty()) {
        rest.drain(..start);
        if is_example(&rest[0]) {
            let outside = |line: &&str| !line.is_empty() && !is_example(line);
            let end = rest.iter().position(outside).unwrap_or(rest.len());
            example(out, rest.drain(..end));
        } else {
            let end = rest.iter().position(|line| line.is_empty() || is_example(line));
            let words = rest.drain(..end.unwrap_or(rest.len())).flat_map(str::split_whitespace);
            out.push_str(if is_first { "" } else { ".Pp\n" });
            paragraph(out, words);
        }
        is_first = false;
    }
}

fn example<'a>(out: &mut String, lines: impl Iterator<Item = &'a str>) {
    let mut lines: Vec<&str> = lines.collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    let indentation = |line: &&str| line.len() - line.trim_start().len();
    let filled = lines.iter().filter(|line| !line.is_empty());
    let margin = filled.map(indentation).min().unwrap_or_default();
    out.push_str(".Bd -literal -offset indent\n");
    for line in lines {
        out.push_str(&text(line.get(margin..).unwrap_or_default()));
        out.push('\n');
    }
    out.push_str(".Ed\n");
}

/// A sentence begins on a line of its own.
fn paragraph<'a>(out: &mut String, words: impl Iterator<Item = &'a str>) {
    let mut line = String::new();
    for word in words {
        let is_end = line.ends_with(['.', '!', '?']) || line.ends_with(".)");
        if !line.is_empty() && (text(&line).len() + text(word).len() >= WIDTH || is_end) {
            out.push_str(&text(&line));
            out.push('\n');
            line.clear();
        }
        line.push_str(if line.is_empty() { "" } else { " " });
        line.push_str(word);
    }
    out.push_str(&text(&line));
    out.push('\n');
}
