//! One line into spans: first the pieces in which no mark means anything (code, links, mentions, emoji), then the marks
//! around them. Each character is looked at a bounded number of times.

use super::lines::push_text;
use super::{Element, MOST_MARKUP, Range, Span, Style};
use crate::{ConversationId, UserId};

const LONGEST_URL: usize = 2_048;
const LONGEST_NAME: usize = 64;

/// How much of a message may still mean more than text.
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MOST_MARKUP)
    }
}

impl Budget {
    /// Takes one piece of it; false when nothing is left.
    pub(super) fn take(&mut self) -> bool {
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or_default();
        left.is_some()
    }

    /// The spans of one line.
    pub(super) fn spans(&mut self, line: &str) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut open = Open::default();
        for (place, piece) in pieces(line) {
            let style = open.style();
            match piece {
                Piece::Mark(mark) if self.0 > 0 && open.turn(mark, place) => self.0 -= 1,
                Piece::Mark(mark) => push_text(&mut spans, &line[place..place + mark.kind.len()], style),
                Piece::Text(text) => push_text(&mut spans, text, style),
                Piece::Element { source, .. } if self.0 == 0 => push_text(&mut spans, source, style),
                Piece::Element { element, code, .. } => {
                    self.0 -= 1;
                    spans.push(Span { element, style: Style { code, ..style } });
                }
            }
        }
        spans
    }
}

/// A piece of a line.
enum Piece<'a> {
    Text(&'a str),
    Mark(Mark),
    Element { element: Element, code: bool, source: &'a str },
}

/// The marks of styles.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bold,
    DoubleBold,
    Italic,
    Strike,
}

impl Kind {
    const fn len(self) -> usize {
        match self {
            Self::DoubleBold => 2,
            Self::Bold | Self::Italic | Self::Strike => 1,
        }
    }
}

/// A mark, whether it may begin or end its style, and where the last one stands that may end it.
#[derive(Clone, Copy)]
struct Mark {
    kind: Kind,
    opens: bool,
    closes: bool,
    last_close: usize,
}

/// Which styles are open, and where each began.
#[derive(Default)]
struct Open([Option<usize>; 4]);

impl Open {
    fn style(&self) -> Style {
        let [bold, double, italic, strike] = self.0.map(|open| open.is_some());
        Style { bold: bold || double, italic, strike, code: false }
    }

    /// Begins or ends a style; false for a mark that is mere text.
    fn turn(&mut self, mark: Mark, place: usize) -> bool {
        let open = &mut self.0[mark.kind as usize];
        match *open {
            Some(began) if mark.closes && place > began + mark.kind.len() => *open = None,
            None if mark.opens && mark.last_close > place + mark.kind.len() => *open = Some(place),
            Some(_) | None => return false,
        }
        true
    }
}

/// The pieces of a line with their places.
fn pieces(line: &str) -> Vec<(usize, Piece<'_>)> {
    let mut pieces = Vec::new();
    let (mut place, mut text_from) = (0, 0);
    let ends = Ends::of(line);
    while let Some(c) = line[place..].chars().next() {
        let found = match mark(line, place, c) {
            Some(mark) => Some((mark.kind.len(), Piece::Mark(mark))),
            None => element(line, place, c, &ends)
                .map(|(len, element, code)| (len, Piece::Element { element, code, source: &line[place..place + len] })),
        };
        match found {
            Some((len, piece)) => {
                if text_from < place {
                    pieces.push((text_from, Piece::Text(&line[text_from..place])));
                }
                pieces.push((place, piece));
                place += len;
                text_from = place;
            }
            None => place += c.len_utf8(),
        }
    }
    if text_from < place {
        pieces.push((text_from, Piece::Text(&line[text_from..place])));
    }
    with_last_closes(pieces)
}

/// Tells every mark where the last one stands that could end its style.
fn with_last_closes(mut pieces: Vec<(usize, Piece<'_>)>) -> Vec<(usize, Piece<'_>)> {
    let mut last = [0; 4];
    for (place, piece) in &pieces {
        if let Piece::Mark(mark) = piece
            && mark.closes
        {
            last[mark.kind as usize] = *place;
        }
    }
    for (_, piece) in &mut pieces {
        if let Piece::Mark(mark) = piece {
            mark.last_close = last[mark.kind as usize];
        }
    }
    pieces
}

fn mark(line: &str, place: usize, c: char) -> Option<Mark> {
    let kind = match c {
        '*' if line[place..].starts_with("**") => Kind::DoubleBold,
        '*' => Kind::Bold,
        '_' => Kind::Italic,
        '~' => Kind::Strike,
        _ => return None,
    };
    let before = line[..place].chars().next_back();
    let after = line[place + kind.len()..].chars().next();
    Some(Mark {
        kind,
        opens: !before.is_some_and(char::is_alphanumeric) && after.is_some_and(|c| !c.is_whitespace()),
        closes: before.is_some_and(|c| !c.is_whitespace()) && !after.is_some_and(char::is_alphanumeric),
        last_close: 0,
    })
}

/// Where the last `>` and backtick of a line stand: beyond them nothing is looked for.
struct Ends {
    angle: usize,
    tick: usize,
}

impl Ends {
    fn of(line: &str) -> Self {
        Self { angle: line.rfind('>').unwrap_or_default(), tick: line.rfind('`').unwrap_or_default() }
    }
}

/// The element that begins here with its length, and whether it is code.
fn element(line: &str, place: usize, c: char, ends: &Ends) -> Option<(usize, Element, bool)> {
    let rest = &line[place..];
    let begins_word = !line[..place].chars().next_back().is_some_and(char::is_alphanumeric);
    let (len, element) = match c {
        '`' if place < ends.tick => return code(rest),
        '<' if place < ends.angle => in_angles(rest)?,
        '@' if begins_word => broadcast(rest)?,
        ':' if begins_word => emoji(rest)?,
        'h' | 'H' if begins_word => bare_link(rest)?,
        _ => return None,
    };
    Some((len, element, false))
}

fn code(rest: &str) -> Option<(usize, Element, bool)> {
    let inside = &rest[1..];
    let text = &inside[..inside.find('`')?];
    let element = Element::Text { text: text.to_owned() };
    (!text.trim().is_empty()).then_some((text.len() + 2, element, true))
}

/// `<@user>`, `<#conversation>`, `<!channel>`, `<url>` and `<url|name>`.
fn in_angles(rest: &str) -> Option<(usize, Element)> {
    let inside = &rest[1..];
    let inside = &inside[..inside.find(['<', '>'])?];
    if !rest[1 + inside.len()..].starts_with('>') {
        return None;
    }
    let element = match inside.chars().next()? {
        '@' => Element::User { user: id::<UserId>(&inside[1..])? },
        '#' => Element::Channel { conversation: id::<ConversationId>(&inside[1..])? },
        '!' => Element::Broadcast { range: range(&inside[1..])? },
        _ => {
            let (url, text) = inside.split_once('|').map_or((inside, None), |(url, text)| (url, Some(text)));
            let text = text.filter(|text| !text.trim().is_empty()).map(str::to_owned);
            Element::Link { url: safe(url)?.to_owned(), text }
        }
    };
    Some((inside.len() + 2, element))
}

/// An id in the one form in which ids are written.
fn id<T: std::str::FromStr + std::fmt::Display>(text: &str) -> Option<T> {
    let id: T = text.parse().ok()?;
    (id.to_string() == text).then_some(id)
}

fn range(word: &str) -> Option<Range> {
    match word {
        "channel" | "everyone" => Some(Range::Channel),
        "here" => Some(Range::Here),
        _ => None,
    }
}

/// `@channel` and `@here`, as people type them.
fn broadcast(rest: &str) -> Option<(usize, Element)> {
    let word = ["channel", "everyone", "here"].into_iter().find(|word| rest[1..].starts_with(word))?;
    let after = rest[1 + word.len()..].chars().next();
    if after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '@')) {
        return None;
    }
    Some((1 + word.len(), Element::Broadcast { range: range(word)? }))
}

/// `:tada:`
fn emoji(rest: &str) -> Option<(usize, Element)> {
    let named = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'+' | b'-');
    let len = rest.bytes().skip(1).take(LONGEST_NAME + 1).take_while(named).count();
    let name = &rest[1..=len];
    let is_name = (1..=LONGEST_NAME).contains(&len) && rest[1 + len..].starts_with(':');
    // A time of day is none.
    let says_something = name.bytes().any(|b| !b.is_ascii_digit()) || name == "100" || name == "1234";
    (is_name && says_something).then(|| (len + 2, Element::Emoji { name: name.to_owned() }))
}

/// A web address as it was typed, without the punctuation of the sentence around it.
fn bare_link(rest: &str) -> Option<(usize, Element)> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| begins(rest, scheme))?;
    let ends = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '|');
    // One that is too long is looked at no further, or a text full of beginnings would be read again and again.
    let end = rest.char_indices().find(|(at, c)| *at > LONGEST_URL || ends(*c)).map_or(rest.len(), |(at, _)| at);
    let url = &rest[..end];
    let mut url = url.trim_end_matches(is_punctuation);
    if url.ends_with(')') && !url.contains('(') {
        url = url.trim_end_matches(|c| c == ')' || is_punctuation(c));
    }
    (url.len() > scheme.len()).then_some(())?;
    Some((url.len(), Element::Link { url: safe(url)?.to_owned(), text: None }))
}

const fn is_punctuation(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | ']' | '}' | '*' | '_' | '~' | '|')
}

/// The address, if it leads where addresses may lead.
fn safe(url: &str) -> Option<&str> {
    let known = ["https://", "http://", "mailto:"].into_iter().find(|scheme| begins(url, scheme))?;
    let clean = !url.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '`' | '\\'));
    (clean && url.len() > known.len() && url.len() <= LONGEST_URL).then_some(url)
}

fn begins(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}
