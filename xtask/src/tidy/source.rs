//! A Rust file as the checks see it: comments and literals blanked out, code of tests told apart.
//!
//! Invariant: the blanked code has the lines of the file, so a line number means the same in both.
//! Not a parser: it knows enough of Rust to find braces and words that are really code.

/// Folders whose files are tests as a whole. `conformance` holds the suites that every backend has to pass.
const TEST_FOLDERS: &[&str] = &["tests", "benches", "examples", "conformance"];

pub(crate) struct RustFile {
    pub(crate) path: String,
    pub(crate) header: bool,
    /// Code without comments and literals, a line each; empty where the line belongs to a test.
    pub(crate) code: Vec<String>,
    /// Lines that do not belong to a test, comments included.
    pub(crate) length: usize,
}

impl RustFile {
    pub(crate) fn new(path: String, text: &str) -> Self {
        let blanked = blank(text);
        let mut code: Vec<String> = blanked.lines().map(str::to_owned).collect();
        let is_test = path
            .split('/')
            .any(|part| TEST_FOLDERS.contains(&part) || part == "tests.rs");
        let mut length = text.lines().count();
        if is_test {
            code.iter_mut().for_each(String::clear);
            length = 0;
        }
        for (first, last) in test_items(&code) {
            code[first..=last].iter_mut().for_each(String::clear);
            length -= last - first + 1;
        }
        let header = text.trim_start().starts_with("//!");
        Self {
            path,
            header,
            code,
            length,
        }
    }

    /// `credential` of `crates/credential/src/qr.rs`.
    pub(crate) fn crate_name(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    pub(crate) fn is_source(&self) -> bool {
        self.path.contains("/src/")
    }
}

/// First and last line of each item under `#[cfg(test)]`.
fn test_items(code: &[String]) -> Vec<(usize, usize)> {
    let mut items = Vec::new();
    let mut at = 0;
    while at < code.len() {
        if code[at].trim_start().starts_with("#[cfg(test)]") {
            let last = item_end(code, at);
            items.push((at, last));
            at = last;
        }
        at += 1;
    }
    items
}

/// Line on which the item that begins at or after `first` ends: at its closing brace or its semicolon.
fn item_end(code: &[String], first: usize) -> usize {
    let mut depth = 0_usize;
    for (at, line) in code.iter().enumerate().skip(first) {
        for letter in line.chars() {
            match letter {
                '{' | '(' | '[' => depth += 1,
                '}' if depth == 1 => return at,
                '}' | ')' | ']' => depth = depth.saturating_sub(1),
                ';' if depth == 0 => return at,
                _ => {}
            }
        }
    }
    code.len().saturating_sub(1)
}

/// The text with comments and the insides of literals as spaces, line by line as before.
fn blank(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut blanked = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let skipped = comment(&letters[at..]).or_else(|| literal(&letters, at));
        match skipped {
            Some(length) => {
                let hidden = &letters[at..at + length];
                blanked.extend(
                    hidden
                        .iter()
                        .map(|&letter| if letter == '\n' { '\n' } else { ' ' }),
                );
                at += length;
            }
            None => {
                blanked.push(letters[at]);
                at += 1;
            }
        }
    }
    blanked
}

/// Length of the comment at the beginning of `letters`.
fn comment(letters: &[char]) -> Option<usize> {
    match letters {
        ['/', '/', ..] => Some(
            letters
                .iter()
                .position(|&letter| letter == '\n')
                .unwrap_or(letters.len()),
        ),
        ['/', '*', ..] => {
            let (mut depth, mut at) = (0_usize, 0);
            while at < letters.len() {
                match &letters[at..] {
                    ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
                    ['*', '/', ..] if depth == 1 => return Some(at + 2),
                    ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
                    _ => at += 1,
                }
            }
            Some(letters.len())
        }
        _ => None,
    }
}

/// Length of the string or character that begins at `at`.
fn literal(letters: &[char], at: usize) -> Option<usize> {
    let follows_word = at > 0 && (letters[at - 1].is_alphanumeric() || letters[at - 1] == '_');
    let rest = &letters[at..];
    match rest {
        ['"', ..] => Some(quoted(rest, '"')),
        ['\'', '\\', ..] => Some(quoted(rest, '\'')),
        ['\'', _, '\'', ..] => Some(3), // else it is a lifetime
        ['r' | 'b' | 'c', ..] if !follows_word => raw(rest),
        _ => None,
    }
}

fn quoted(letters: &[char], mark: char) -> usize {
    let mut at = 1;
    while at < letters.len() && letters[at] != mark {
        at += if letters[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(letters.len())
}

/// Length of a raw string: `r"…"`, `br#"…"#`. Other prefixed literals are found at their quotation mark.
fn raw(letters: &[char]) -> Option<usize> {
    let marks = letters
        .iter()
        .position(|letter| !matches!(letter, 'r' | 'b' | 'c'))?;
    let hashes = letters[marks..].iter().position(|&letter| letter != '#')?;
    let open = marks + hashes;
    if !letters[..marks].contains(&'r') || marks > 2 || letters[open] != '"' {
        return None;
    }
    let is_end = |at: &usize| {
        let tail = &letters[at + 1..];
        letters[*at] == '"' && tail.len() >= hashes && tail[..hashes].iter().all(|&letter| letter == '#')
    };
    let end = (open + 1..letters.len()).find(is_end);
    Some(end.map_or(letters.len(), |end| end + 1 + hashes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blank_and_lines_stay() {
        for (text, code) in [
            ("a // b\nc", "a\nc"),
            ("a /* b /* c */ } */ d", "a d"),
            (r#"f("}\"{") + 1"#, "f( ) + 1"),
            ("r#\"}\"\n{\"# x", "\nx"),
            ("br\"}\" x", "x"),
            ("b'{' x", "b x"),
            ("'\\'' '{' &'a str", "&'a str"),
            ("for r in bars { crab\"}\" }", "for r in bars { crab }"),
            ("let r = 1; \"open", "let r = 1;"),
        ] {
            let blanked = blank(text);
            let lines: Vec<String> = blanked.lines().map(squeezed).collect();
            assert_eq!(lines.join("\n"), code, "{text}");
            assert_eq!(blanked.chars().count(), text.chars().count(), "{text}");
        }
    }

    fn squeezed(line: &str) -> String {
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn code_of_tests_is_told_apart() {
        let text = "fn one() {}\n#[cfg(test)]\nmod tests {\n    fn two() { three(); }\n}\nfn four() {}\n";
        let file = RustFile::new("crates/a/src/b.rs".to_owned(), text);
        assert_eq!(file.code, ["fn one() {}", "", "", "", "", "fn four() {}"]);
        assert_eq!(file.length, 2);
        let file = RustFile::new(
            "crates/a/src/b.rs".to_owned(),
            "#[cfg(test)]\nmod far;\nfn near() {}\n",
        );
        assert_eq!(file.code, ["", "", "fn near() {}"]);
        let file = RustFile::new("crates/a/tests/it/main.rs".to_owned(), text);
        assert!(file.code.iter().all(String::is_empty));
        assert_eq!((file.length, file.crate_name()), (0, Some("a")));
    }
}
