//! What a message's text means: parsed once, here, into blocks of spans that travel with the message. Never HTML, and
//! links lead to `http`, `https` and `mailto` only. Flat on purpose: styles are marks on a span and not nested, so no
//! text can build a deep tree. Parsing takes time linear in the text and never fails; what is no markup is text.

mod inline;
mod lines;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, UserId};

/// How much of one message may mean more than text: spans, styles, items, blocks. What follows stays text, so that no
/// text blows up on the wire.
pub const MOST_MARKUP: usize = 500;

/// One block of a message, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// Lines of text.
    Section {
        /// What stands in it.
        spans: Vec<Span>,
    },
    /// Lines that quote somebody.
    Quote {
        /// What stands in it.
        spans: Vec<Span>,
    },
    /// Items one below the other.
    List {
        /// Numbers instead of bullets.
        ordered: bool,
        /// How far it is indented, 0 to 8.
        indent: u8,
        /// The number of the first item.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start: Option<u32>,
        /// The items.
        items: Vec<Item>,
    },
    /// Code of several lines, as it was typed.
    Preformatted {
        /// The code.
        text: String,
    },
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Item {
    /// What stands in it.
    pub spans: Vec<Span>,
}

/// A piece of a line with its style.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Span {
    /// What it is.
    #[serde(flatten)]
    pub element: Element,
    /// How it looks.
    #[serde(flatten)]
    pub style: Style,
}

/// What a piece of a line is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Element {
    /// Text; may have line breaks.
    Text {
        /// The text.
        text: String,
    },
    /// A link, safe to follow: `http`, `https` or `mailto`.
    Link {
        /// Where it leads.
        url: String,
        /// What it is called, when it is not shown as it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// Somebody is spoken to.
    User {
        /// Who.
        user: UserId,
    },
    /// A conversation is spoken of.
    Channel {
        /// Which.
        conversation: ConversationId,
    },
    /// Many are spoken to.
    Broadcast {
        /// Who of the members.
        range: Range,
    },
    /// An emoji by its name.
    Emoji {
        /// Its short name, without colons.
        name: String,
    },
}

/// Whom a broadcast speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// Every member.
    Channel,
    /// Members who are active.
    Here,
}

/// How a piece of a line looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Style {
    /// Bold.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bold: bool,
    /// Italic.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub italic: bool,
    /// Struck through.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strike: bool,
    /// Code.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub code: bool,
}

/// What a text means; nothing when it is text and no more.
#[must_use]
pub fn parse(text: &str) -> Vec<Block> {
    let blocks = lines::blocks(text);
    if is_plain(&blocks) { Vec::new() } else { blocks }
}

fn is_plain(blocks: &[Block]) -> bool {
    let plain = |span: &Span| matches!(span.element, Element::Text { .. }) && span.style == Style::default();
    match blocks {
        [] => true,
        [Block::Section { spans }] => spans.iter().all(plain),
        _ => false,
    }
}

/// The spans of all blocks, from top to bottom.
pub fn spans(blocks: &[Block]) -> impl Iterator<Item = &Span> {
    blocks.iter().flat_map(|block| match block {
        Block::Section { spans } | Block::Quote { spans } => spans.iter().collect::<Vec<_>>(),
        Block::List { items, .. } => items.iter().flat_map(|item| &item.spans).collect(),
        Block::Preformatted { .. } => Vec::new(),
    })
}
