//! What one person is shown of a conversation, in the figures of a recount: asked as the routes ask that show it.

use std::collections::{BTreeMap, BTreeSet};

use events::{MessageId, Position};
use mongodb::bson::{Document, doc};
use read_model::{ActivityKind, MessageTally, Slice, Tally};
use serde::Deserialize;
use service_kit::Problem;

use crate::activity::{self, Stretch};
use crate::reading::{self, Reading, number};
use crate::threads;

/// More than any slice that is counted has.
const MOST: usize = 100_000;

/// What is shown of one message, as far as it is counted.
#[derive(Debug, Deserialize)]
struct Shown {
    id: MessageId,
    #[serde(default)]
    deleted: bool,
    reply_count: usize,
    reactions: usize,
}

impl Reading {
    /// What this slice comes to by the documents.
    ///
    /// # Errors
    /// 503 when MongoDB is away.
    pub(crate) async fn tally(&self, slice: &Slice) -> Result<Tally, Problem> {
        let all_read = self.all_read(slice.user).await?;
        let (card, messages, threads, mentions) = tokio::try_join!(
            self.described_after(
                slice.user,
                slice.after,
                vec![doc! { "$match": { "_id": slice.conversation.to_string() } }]
            ),
            self.message_tallies(slice),
            self.thread_tallies(slice, all_read),
            self.mentions(slice)
        )?;
        let card = card.into_iter().next();
        Ok(Tally {
            is_member: card.as_ref().is_some_and(|card| card.is_member),
            read_position: card.as_ref().map_or(Position::START, |card| card.read_position),
            unread: card.map_or(0, |card| usize::try_from(card.unread_count).unwrap_or(usize::MAX)),
            mentions,
            messages,
            threads,
        })
    }

    async fn message_tallies(&self, slice: &Slice) -> Result<BTreeMap<MessageId, MessageTally>, Problem> {
        let users = doc! { "$map": { "input": "$reactions", "in": { "$size": "$$this.users" } } };
        let stages = vec![
            doc! { "$match": { "conversation": slice.conversation.to_string(), "position": { "$gt": number(slice.after) } } },
            doc! { "$limit": limit() },
            doc! { "$project": { "id": 1, "deleted": 1, "reply_count": 1, "reactions": { "$sum": users } } },
        ];
        let found: Vec<Shown> = reading::aggregated(&self.messages, stages).await?;
        let tally = |shown: Shown| {
            let Shown { id, deleted, reply_count: replies, reactions } = shown;
            (id, MessageTally { stands: !deleted, replies, reactions })
        };
        Ok(found.into_iter().map(tally).collect())
    }

    async fn thread_tallies(&self, slice: &Slice, all_read: Position) -> Result<BTreeMap<MessageId, usize>, Problem> {
        let stages = [here(slice), threads::stages(slice.user, all_read, None, MOST)].concat();
        let found: Vec<threads::Found> = reading::aggregated(&self.follows, stages).await?;
        let threads = found.into_iter().filter_map(threads::Found::seen);
        let begun = threads.filter(|thread| thread.message.position > slice.after);
        Ok(begun.map(|thread| (thread.message.id, thread.unread())).collect())
    }

    async fn mentions(&self, slice: &Slice) -> Result<usize, Problem> {
        let stretch = Stretch { after: slice.after, before: None, kind: Some(ActivityKind::Mention), limit: MOST };
        let stages = [here(slice), activity::stages(slice.user, stretch)].concat();
        let found: Vec<activity::Found> = reading::aggregated(&self.activity, stages).await?;
        let messages = found.into_iter().filter_map(activity::Found::seen).filter_map(|entry| entry.message);
        let said = messages.filter(|message| message.position > slice.after);
        Ok(said.map(|message| message.id).collect::<BTreeSet<_>>().len())
    }
}

/// The stage that leaves out all other conversations.
fn here(slice: &Slice) -> Vec<Document> {
    vec![doc! { "$match": { "conversation": slice.conversation.to_string() } }]
}

fn limit() -> i64 {
    i64::try_from(MOST).unwrap_or(i64::MAX)
}
