//! Lines into blocks: code of several lines first, because nothing in it means anything; then quotes, lists, and text.

use super::inline::Budget;
use super::{Block, Element, Item, Span, Style};

const FENCE: &str = "```";
/// Deepest indent of a list.
const DEEPEST: usize = 8;

/// The blocks of a text.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut page = Page { blocks: Vec::new(), budget: Budget::default() };
    let mut rest = text;
    while let Some((before, code, after)) = fenced(rest).filter(|_| page.budget.take()) {
        page.add_lines(before.strip_suffix('\n').unwrap_or(before));
        page.blocks.push(Block::Preformatted { text: code.to_owned() });
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    page.add_lines(rest);
    page.blocks
}

/// What stands before the first code of several lines, the code, and what follows it.
fn fenced(text: &str) -> Option<(&str, &str, &str)> {
    let (before, opened) = text.split_once(FENCE)?;
    let (code, after) = opened.split_once(FENCE)?;
    let code = code.strip_prefix('\n').unwrap_or(code);
    let code = code.strip_suffix('\n').unwrap_or(code);
    (!code.trim().is_empty()).then_some((before, code, after))
}

/// What a line is.
enum Line<'a> {
    Text(&'a str),
    Quote(&'a str),
    Item { ordered: bool, indent: u8, number: Option<u32>, text: &'a str },
}

struct Page {
    blocks: Vec<Block>,
    budget: Budget,
}

impl Page {
    fn add_lines(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        // A new run of lines begins a new block, whatever stood before it.
        let first = self.blocks.len();
        for line in text.split('\n') {
            match classify(line) {
                Line::Text(text) => self.add_text(first, text),
                Line::Quote(_) | Line::Item { .. } if !self.budget.take() => self.add_text(first, line),
                Line::Quote(text) => self.add_quote(first, text),
                Line::Item { ordered, indent, number, text } => self.add_item(first, ordered, indent, number, text),
            }
        }
    }

    fn last(&mut self, first: usize) -> Option<&mut Block> {
        self.blocks.get_mut(first..)?.last_mut()
    }

    fn add_text(&mut self, first: usize, text: &str) {
        let fresh = self.budget.spans(text);
        match self.last(first) {
            Some(Block::Section { spans }) => append_line(spans, fresh),
            _ => self.blocks.push(Block::Section { spans: fresh }),
        }
    }

    fn add_quote(&mut self, first: usize, text: &str) {
        let fresh = self.budget.spans(text);
        match self.last(first) {
            Some(Block::Quote { spans }) => append_line(spans, fresh),
            _ => self.blocks.push(Block::Quote { spans: fresh }),
        }
    }

    fn add_item(&mut self, first: usize, ordered: bool, indent: u8, start: Option<u32>, text: &str) {
        let item = Item { spans: self.budget.spans(text) };
        match self.last(first) {
            Some(Block::List { ordered: same, indent: as_far, items, .. }) if *same == ordered && *as_far == indent => {
                items.push(item);
            }
            _ => self.blocks.push(Block::List { ordered, indent, start, items: vec![item] }),
        }
    }
}

/// Adds a line below those there are.
fn append_line(spans: &mut Vec<Span>, fresh: Vec<Span>) {
    push_text(spans, "\n", Style::default());
    for span in fresh {
        match span.element {
            Element::Text { text } => push_text(spans, &text, span.style),
            element => spans.push(Span { element, style: span.style }),
        }
    }
}

/// Adds text to the last span when that is text of the same style.
pub(super) fn push_text(spans: &mut Vec<Span>, more: &str, same: Style) {
    match spans.last_mut() {
        Some(Span { element: Element::Text { text }, style }) if *style == same => text.push_str(more),
        _ => spans.push(Span { element: Element::Text { text: more.to_owned() }, style: same }),
    }
}

fn classify(line: &str) -> Line<'_> {
    if line == ">" {
        return Line::Quote("");
    }
    if let Some(text) = line.strip_prefix("> ") {
        return Line::Quote(text);
    }
    let text = line.trim_start_matches([' ', '\t']);
    let before = &line[..line.len() - text.len()];
    let indent = before.chars().map(|c| if c == '\t' { 2 } else { 1 }).sum::<usize>() / 2;
    let indent = u8::try_from(indent.min(DEEPEST)).unwrap_or_default();
    let bullet = ["- ", "* ", "• "].iter().find_map(|bullet| text.strip_prefix(bullet));
    match (bullet, numbered(text)) {
        (Some(text), _) if !text.trim().is_empty() => Line::Item { ordered: false, indent, number: None, text },
        (None, Some((number, text))) if !text.trim().is_empty() => {
            Line::Item { ordered: true, indent, number: Some(number), text }
        }
        _ => Line::Text(line),
    }
}

/// The number and the rest of a line that begins with one, as `1. `.
fn numbered(text: &str) -> Option<(u32, &str)> {
    let digits = text.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let rest = text.get(digits..)?.strip_prefix(". ")?;
    Some((text.get(..digits)?.parse().ok()?, rest))
}
