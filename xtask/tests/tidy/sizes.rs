//! Small files, small functions, small components: a reader sees each as a whole.

use crate::none;
use crate::sources::{self, Source, code};

const FILE: usize = 400;
const COMPONENT: usize = 150;
const FUNCTION: usize = 50;

#[test]
fn files_have_at_most_400_lines() {
    let long = |source: &Source| {
        let counted = matches!(source.extension(), "rs" | "ts" | "tsx") && !source.is_generated();
        let lines = source.text.lines().count();
        (counted && lines > FILE).then(|| format!("{}: {lines}", source.path))
    };
    none("too many lines", sources::all().iter().filter_map(long).collect());
}

#[test]
fn functions_have_at_most_50_lines() {
    let long = |source: &Source| {
        let long = functions(&code(&source.text)).into_iter().filter(|function| function.lines > FUNCTION);
        long.map(|function| format!("{}: {} has {}", source.path, function.name, function.lines)).collect::<Vec<_>>()
    };
    none("too many lines in a function", sources::rust().iter().flat_map(long).collect());
}

#[test]
fn components_have_at_most_150_lines() {
    let long = |source: &Source| {
        let components = if source.extension() == "tsx" { components(&source.text) } else { Vec::new() };
        let long = components.into_iter().filter(|component| component.lines > COMPONENT);
        long.map(|component| format!("{}: {} has {}", source.path, component.name, component.lines)).collect::<Vec<_>>()
    };
    none("too many lines in a component", sources::all().iter().flat_map(long).collect());
}

#[derive(Debug, PartialEq, Eq)]
struct Piece {
    name: String,
    lines: usize,
}

/// Every function with a body, from its `fn` to its last brace. Takes what [`code`] leaves.
fn functions(code: &str) -> Vec<Piece> {
    code.match_indices("fn ").filter_map(|(at, _)| function(code, at)).collect()
}

fn function(code: &str, at: usize) -> Option<Piece> {
    if code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
        return None;
    }
    let rest = &code[at..];
    let name: String = rest[3..].chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    let (mut brackets, mut braces) = (0_i32, 0_i32);
    for (end, letter) in rest.char_indices() {
        match letter {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            '{' => braces += 1,
            '}' => braces -= 1,
            _ => {}
        }
        match (letter, brackets, braces) {
            // A declaration in a trait, or a type: neither has a body.
            (';', 0, 0) | (_, ..=-1, 0) | (_, 0, ..=-1) => return None,
            ('}', 0, 0) => return Some(Piece { name, lines: rest[..end].matches('\n').count() + 1 }),
            _ => {}
        }
    }
    None
}

/// Every component at the top level of a formatted file: `function Name` or `const Name =`, to the next line that closes it.
fn components(text: &str) -> Vec<Piece> {
    let lines: Vec<&str> = text.lines().collect();
    let named = lines.iter().enumerate().filter_map(|(at, line)| Some((at, component_name(line)?)));
    let piece = |(at, name): (usize, &str)| {
        let length = lines[at..].iter().position(|line| line.starts_with('}') || line.starts_with(')'));
        Piece { name: name.to_owned(), lines: length.map_or(1, |length| length + 1) }
    };
    named.map(piece).collect()
}

fn component_name(line: &str) -> Option<&str> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let line = line.strip_prefix("default ").unwrap_or(line);
    let rest = line.strip_prefix("function ").or_else(|| line.strip_prefix("const "))?;
    let name = rest.split(|letter: char| !letter.is_alphanumeric()).next()?;
    // A component is in CamelCase; a constant of one line is in capitals.
    let camel = name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
    camel.then_some(name)
}

#[test]
fn the_length_of_a_function_is_from_its_name_to_its_brace() {
    let text = "trait A { fn declared(&self) -> [u8; 4]; }\nfn short() {}\nstruct B { f: fn (u8) -> u8 }\n\
        pub async fn long<T>(\n    a: [u8; 2],\n) -> impl Fn(u8) where T: Copy {\n    if a { b }\n}\n";
    let found = functions(&code(text));
    let expected = [("short", 1), ("long", 5)].map(|(name, lines)| Piece { name: name.to_owned(), lines });
    assert_eq!(found, expected);
}

#[test]
fn the_length_of_a_component_is_that_of_its_function() {
    let text = "const LIMIT = 3\nexport function Row() {\n  return (\n    <p/>\n  )\n}\nfunction useRow() {\n}\n";
    assert_eq!(components(text), [Piece { name: "Row".to_owned(), lines: 5 }]);
}
