//! Windows onto the messages of one conversation or thread, by position.

use events::public::Message;
use events::{ConversationId, MessageId, Position};
use mongodb::Collection;
use mongodb::bson::{Document, doc};
use service_kit::Problem;

use crate::page::Page;
use crate::reading::{number, some};

/// Which messages are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Window {
    Newest,
    Before(Position),
    After(Position),
    Around(Position),
}

/// Which messages follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// Those of a conversation, without those that stand in a thread alone.
    Conversation(ConversationId),
    /// The answers to a message.
    Thread(MessageId),
}

/// Messages that follow one another.
#[derive(Clone, Copy)]
pub(crate) struct Timeline<'a> {
    pub(crate) messages: &'a Collection<Document>,
    pub(crate) line: Line,
}

/// A run of messages, oldest first, and whether the line goes on beyond it.
struct Run {
    items: Vec<Message>,
    more: bool,
}

impl Timeline<'_> {
    /// One page; its cursors are there only where the line goes on.
    pub(crate) async fn page(self, window: Window, limit: usize) -> Result<Page<Message, Position>, Problem> {
        match window {
            Window::Newest => {
                let older = self.older(doc! {}, limit).await?;
                Ok(joined(older, Run { items: Vec::new(), more: false }, Position::START))
            }
            Window::Before(bound) => {
                let older = self.older(doc! { "$lt": number(bound) }, limit);
                let (older, newer) = tokio::try_join!(older, self.newer(doc! { "$gte": number(bound) }, 0))?;
                Ok(joined(older, newer, bound))
            }
            Window::After(bound) => {
                let older = self.older(doc! { "$lte": number(bound) }, 0);
                let (older, newer) = tokio::try_join!(older, self.newer(doc! { "$gt": number(bound) }, limit))?;
                Ok(joined(older, newer, bound))
            }
            Window::Around(centre) => {
                let half = limit / 2;
                let older = self.older(doc! { "$lt": number(centre) }, half);
                let (older, newer) =
                    tokio::try_join!(older, self.newer(doc! { "$gte": number(centre) }, limit - half))?;
                Ok(joined(older, newer, centre))
            }
        }
    }

    async fn older(self, range: Document, limit: usize) -> Result<Run, Problem> {
        let (mut items, more) = some(self.messages, self.within(range), Self::order(-1), &["former"], limit).await?;
        items.reverse();
        Ok(Run { items, more })
    }

    async fn newer(self, range: Document, limit: usize) -> Result<Run, Problem> {
        let (items, more) = some(self.messages, self.within(range), Self::order(1), &["former"], limit).await?;
        Ok(Run { items, more })
    }

    fn within(self, range: Document) -> Document {
        let mut filter = match self.line {
            Line::Conversation(id) => doc! { "conversation": id.to_string(), "listed": true },
            Line::Thread(root) => doc! { "thread": root.to_string() },
        };
        if !range.is_empty() {
            filter.insert("position", range);
        }
        filter
    }

    fn order(direction: i32) -> Document {
        doc! { "position": direction }
    }
}

/// Two runs that meet at a bound. A page without items keeps the bound as the cursor of its neighbours.
fn joined(older: Run, newer: Run, bound: Position) -> Page<Message, Position> {
    let (more_before, more_after) = (older.more, newer.more);
    let items: Vec<Message> = older.items.into_iter().chain(newer.items).collect();
    let before = items.first().map_or(Position(bound.0.saturating_add(1)), |first| first.position);
    let after = items.last().map_or(Position(bound.0.saturating_sub(1)), |last| last.position);
    Page { before: more_before.then_some(before), after: more_after.then_some(after), items }
}
