//! Files and functions that have grown too long to read at one go.

use super::{finding::Finding, source::RustFile};

const FILE_MAX: usize = 600;
const FILE_WARN: usize = 400;
const FUNCTION_MAX: usize = 60;

pub(crate) fn check(file: &RustFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let length = file.length;
    if length > FILE_MAX {
        findings.push(Finding::error(
            &file.path,
            0,
            format!("{length} lines without tests, over {FILE_MAX}"),
        ));
    } else if length > FILE_WARN {
        findings.push(Finding::warning(
            &file.path,
            0,
            format!("{length} lines without tests, over {FILE_WARN}"),
        ));
    }
    for function in functions(&file.code) {
        let Function { name, line, length } = function;
        if length > FUNCTION_MAX {
            findings.push(Finding::error(
                &file.path,
                line,
                format!("fn {name}: {length} lines, over {FUNCTION_MAX}"),
            ));
        }
    }
    findings
}

#[derive(Debug, PartialEq, Eq)]
struct Function {
    name: String,
    /// From 1.
    line: usize,
    length: usize,
}

fn functions(code: &[String]) -> Vec<Function> {
    let named = code
        .iter()
        .enumerate()
        .filter_map(|(at, line)| Some((at, function_name(line)?)));
    let function = |(at, name)| {
        Some(Function {
            name,
            line: at + 1,
            length: body_end(code, at)? - at + 1,
        })
    };
    named.filter_map(function).collect()
}

/// Name of the function that a line declares.
fn function_name(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    words.find(|word| *word == "fn")?;
    let name: String = words
        .next()?
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect();
    (!name.is_empty()).then_some(name)
}

/// Line of the brace that closes the body; `None` for a declaration without one.
fn body_end(code: &[String], first: usize) -> Option<usize> {
    let (mut braces, mut others) = (0_usize, 0_usize);
    for (at, line) in code.iter().enumerate().skip(first) {
        for letter in line.chars() {
            match letter {
                '(' | '[' => others += 1,
                ')' | ']' => others = others.saturating_sub(1),
                '{' => braces += 1,
                '}' if braces <= 1 => return Some(at),
                '}' => braces -= 1,
                ';' if braces == 0 && others == 0 => return None,
                _ => {}
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> RustFile {
        RustFile::new("crates/a/src/b.rs".to_owned(), text)
    }

    #[test]
    fn functions_are_measured_from_their_name_to_their_brace() {
        let text = "trait T {\n    fn declared(&self, x: [u8; 2]) -> u8;\n}\npub const fn short() {}\n\
            async fn long(\n    a: u8,\n) {\n    if a > 0 {\n    }\n}\nlet f: fn(u8) = g;\n";
        let found = functions(&file(text).code);
        let function = |name: &str, line, length| Function {
            name: name.to_owned(),
            line,
            length,
        };
        assert_eq!(found, [function("short", 4, 1), function("long", 5, 6)]);
    }

    #[test]
    fn only_what_is_too_long_is_named() {
        let body = "    x();\n".repeat(58);
        assert_eq!(check(&file(&format!("fn sixty() {{\n{body}}}\n"))), []);
        let found = check(&file(&format!("fn longer() {{\n{body}\n}}\n")));
        assert_eq!(
            found[0].to_string(),
            "error: crates/a/src/b.rs:1: fn longer: 61 lines, over 60"
        );
    }

    #[test]
    fn long_files_are_named_without_their_tests() {
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "//\n".repeat(700));
        assert_eq!(check(&file(&tests)), []);
        assert_eq!(check(&file(&"//\n".repeat(400))), []);
        let warning = check(&file(&"//\n".repeat(401)));
        assert_eq!(
            warning[0].to_string(),
            "warning: crates/a/src/b.rs: 401 lines without tests, over 400"
        );
        let error = check(&file(&"//\n".repeat(601)));
        assert_eq!(
            error[0].to_string(),
            "error: crates/a/src/b.rs: 601 lines without tests, over 600"
        );
    }
}
