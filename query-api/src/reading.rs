//! The only place that asks MongoDB for documents. Every question is bounded in time; a failure is always the same
//! 503, whose reason stands in the log and never in the answer.

use std::future::Future;
use std::time::Duration;

use events::public::Message;
use events::{ConversationId, MessageId, Position, SavedState, UserId};
use futures::TryStreamExt;
use mongodb::bson::{Bson, Document, deserialize_from_document, doc};
use mongodb::options::FindOptions;
use mongodb::{Collection, Database};
use read_model::{
    Activity, ActivityReadDoc, ActivityReads, Conversations, Drafts, Follows, Inboxes, MembershipDoc, MembershipKey,
    Memberships, MessageDoc, Messages, NotificationDoc, Notifications, Preferences, PreferencesDoc, Saved, Users, View,
    may_see,
};
use serde::de::DeserializeOwned;
use service_kit::{Problem, not_found};

use crate::activity::{self, ActivityPage, Stretch, UNREAD_AT_MOST};
use crate::conversation::{self, Conversation, Seen};
use crate::drafts::{self, SavedDraft};
use crate::forwards;
use crate::notification::MyNotification;
use crate::page::Page;
use crate::routes::count_mentions::MentionCounts;
use crate::saved::{self, SavedMessage};
use crate::threads::{self, FollowedThread, Found};

/// How long a question may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// The documents of all views.
#[derive(Clone)]
pub(crate) struct Reading {
    pub(crate) users: Collection<Document>,
    pub(crate) conversations: Collection<Document>,
    pub(crate) memberships: Collection<Document>,
    pub(crate) messages: Collection<Document>,
    pub(crate) follows: Collection<Document>,
    pub(crate) inboxes: Collection<Document>,
    pub(crate) preferences: Collection<Document>,
    pub(crate) saved: Collection<Document>,
    pub(crate) drafts: Collection<Document>,
    pub(crate) notifications: Collection<Document>,
    pub(crate) activity: Collection<Document>,
    pub(crate) activity_reads: Collection<Document>,
}

impl Reading {
    pub(crate) fn of(database: &Database) -> Self {
        Self {
            users: database.collection(Users::COLLECTION),
            conversations: database.collection(Conversations::COLLECTION),
            memberships: database.collection(Memberships::COLLECTION),
            messages: database.collection(Messages::COLLECTION),
            follows: database.collection(Follows::COLLECTION),
            inboxes: database.collection(Inboxes::COLLECTION),
            preferences: database.collection(Preferences::COLLECTION),
            saved: database.collection(Saved::COLLECTION),
            drafts: database.collection(Drafts::COLLECTION),
            notifications: database.collection(Notifications::COLLECTION),
            activity: database.collection(Activity::COLLECTION),
            activity_reads: database.collection(ActivityReads::COLLECTION),
        }
    }

    /// A conversation as this person sees it.
    ///
    /// # Errors
    /// 404 when it does not exist or is hidden from her.
    pub(crate) async fn conversation(&self, viewer: UserId, id: ConversationId) -> Result<Conversation, Problem> {
        let one = vec![doc! { "$match": { "_id": id.to_string() } }];
        self.described(viewer, one).await?.pop().ok_or_else(not_found)
    }

    /// The conversations that the first stages select and she may see, as she sees them, in the order of selection.
    pub(crate) async fn described(&self, viewer: UserId, select: Vec<Document>) -> Result<Vec<Conversation>, Problem> {
        self.described_after(viewer, Position::START, select).await
    }

    /// The same, with what is new after a position only.
    pub(crate) async fn described_after(
        &self,
        viewer: UserId,
        after: Position,
        select: Vec<Document>,
    ) -> Result<Vec<Conversation>, Problem> {
        let all_read = self.all_read(viewer).await?;
        let stages = [select, conversation::stages(viewer, all_read, after)].concat();
        let found: Vec<Seen> = aggregated(&self.conversations, stages).await?;
        let visible = found.into_iter().filter(|seen| may_see(&seen.conversation, seen.membership.as_ref()));
        Ok(visible.map(|seen| Conversation::of(seen, all_read)).collect())
    }

    /// Passes when this person may see the conversation.
    ///
    /// # Errors
    /// 404 when it does not exist or is hidden from her.
    pub(crate) async fn must_see(&self, viewer: UserId, id: ConversationId) -> Result<(), Problem> {
        let key = MembershipKey { conversation: id, user: viewer };
        let (conversation, membership) = tokio::try_join!(
            one(&self.conversations, id.to_string()),
            one::<MembershipDoc>(&self.memberships, key.to_string())
        )?;
        let conversation = conversation.ok_or_else(not_found)?;
        if may_see(&conversation, membership.as_ref()) { Ok(()) } else { Err(not_found()) }
    }
}

impl Reading {
    /// A message that this person may see.
    ///
    /// # Errors
    /// 404 when it does not exist or is hidden from her.
    pub(crate) async fn message(&self, viewer: UserId, id: MessageId) -> Result<MessageDoc, Problem> {
        let found: Option<MessageDoc> = one(&self.messages, id.to_string()).await?;
        let stored = found.ok_or_else(not_found)?;
        self.must_see(viewer, stored.message.conversation).await?;
        Ok(stored)
    }
}

impl Reading {
    /// Adds to messages what they pass on, as far as this person may see that.
    pub(crate) async fn quote<'a>(
        &self,
        viewer: UserId,
        messages: impl Iterator<Item = &'a mut Message>,
    ) -> Result<(), Problem> {
        let mut forwarding: Vec<&mut Message> = messages.filter(|message| message.forwards.is_some()).collect();
        let originals: Vec<MessageId> = forwarding.iter().filter_map(|message| message.forwards).collect();
        if originals.is_empty() {
            return Ok(());
        }
        let stages = forwards::stages(viewer, &originals);
        let found: Vec<forwards::Found> = aggregated(&self.messages, stages).await?;
        forwards::fill(&mut forwarding, found);
        Ok(())
    }
}

impl Reading {
    /// The threads that this person follows and may see. A page on which some are hidden from her is shorter.
    pub(crate) async fn threads(
        &self,
        viewer: UserId,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Page<FollowedThread, Position>, Problem> {
        let stages = threads::stages(viewer, self.all_read(viewer).await?, before, limit);
        let mut found: Vec<Found> = aggregated(&self.follows, stages).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let before = found.last().filter(|_| more).map(|last| last.last);
        let mut items: Vec<_> = found.into_iter().filter_map(Found::seen).collect();
        self.quote(viewer, items.iter_mut().map(|thread| &mut thread.message)).await?;
        Ok(Page { items, before, after: None })
    }
}

impl Reading {
    /// What this person saved and may still see. A page on which some is hidden from her is shorter.
    pub(crate) async fn saved(
        &self,
        viewer: UserId,
        state: Option<SavedState>,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Page<SavedMessage, Position>, Problem> {
        let stages = saved::stages(viewer, state, before, limit);
        let mut found: Vec<saved::Found> = aggregated(&self.saved, stages).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let before = found.last().filter(|_| more).map(|last| last.position);
        let mut items: Vec<_> = found.into_iter().filter_map(saved::Found::seen).collect();
        self.quote(viewer, items.iter_mut().map(|saved| &mut saved.message)).await?;
        Ok(Page { items, before, after: None })
    }
}

impl Reading {
    /// This person's drafts, as far as she may still see where they would be sent.
    pub(crate) async fn drafts(&self, viewer: UserId) -> Result<Vec<SavedDraft>, Problem> {
        let stages = drafts::stages(viewer);
        let found: Vec<drafts::Found> = aggregated(&self.drafts, stages).await?;
        Ok(found.into_iter().filter_map(drafts::Found::seen).collect())
    }
}

impl Reading {
    /// What concerned this person and she may see. A page on which some entries are hidden from her is shorter.
    pub(crate) async fn activity(&self, viewer: UserId, stretch: Stretch) -> Result<ActivityPage, Problem> {
        let read: Option<ActivityReadDoc> = one(&self.activity_reads, viewer.to_string()).await?;
        let read_position = read.map_or(Position::START, |doc| doc.read);
        let new = Stretch { after: read_position, before: None, kind: None, limit: UNREAD_AT_MOST };
        let (mut found, new) = tokio::try_join!(self.occurrences(viewer, stretch), self.occurrences(viewer, new))?;
        let more = found.len() > stretch.limit;
        found.truncate(stretch.limit);
        let before = found.last().filter(|_| more).map(|last| last.position);
        let items = found.into_iter().filter_map(activity::Found::seen).collect();
        let unread = new.into_iter().take(UNREAD_AT_MOST).filter_map(activity::Found::seen).count();
        Ok(ActivityPage { items, before, read_position, unread_count: unread })
    }

    async fn occurrences(&self, viewer: UserId, stretch: Stretch) -> Result<Vec<activity::Found>, Problem> {
        let stages = activity::stages(viewer, stretch);
        aggregated(&self.activity, stages).await
    }

    /// Whether a message that this person may see notified her.
    ///
    /// # Errors
    /// 404 when it does not exist or is hidden from her.
    pub(crate) async fn notification(&self, viewer: UserId, id: MessageId) -> Result<MyNotification, Problem> {
        let MessageDoc { message, .. } = self.message(viewer, id).await?;
        if message.author == viewer {
            return Ok(MyNotification::own(id));
        }
        let hers = doc! { "message": id.to_string(), "decisions.users": viewer.to_string() };
        // Who is mentioned by an edit only may have been decided about before: the newest counts.
        let newest = doc! { "position": -1 };
        let (parts, _) = some::<NotificationDoc>(&self.notifications, hers, newest, &[], 1).await?;
        let mut decisions = parts.into_iter().flat_map(|part| part.decisions);
        if let Some(decision) = decisions.find(|decision| decision.users.contains(&viewer)) {
            return Ok(MyNotification::decided(id, decision.reason, decision.held_back_by));
        }
        let found: Option<PreferencesDoc> = one(&self.preferences, viewer.to_string()).await?;
        let level = found.and_then(|doc| doc.level_at(message.conversation, message.position));
        Ok(MyNotification::not_addressed(id, level))
    }
}

impl Reading {
    /// How many members there are beside this person, and how many of them are active.
    pub(crate) async fn mention_counts(
        &self,
        viewer: UserId,
        conversation: ConversationId,
    ) -> Result<MentionCounts, Problem> {
        let others =
            doc! { "conversation": conversation.to_string(), "member": true, "user": { "$ne": viewer.to_string() } };
        let stages = vec![
            doc! { "$match": others },
            doc! { "$lookup": {
                "from": Users::COLLECTION,
                "localField": "user",
                "foreignField": "_id",
                "pipeline": [{ "$match": { "presence": "active" } }, { "$project": { "_id": 1 } }],
                "as": "active",
            } },
            doc! { "$group": { "_id": null, "channel": { "$sum": 1 }, "here": { "$sum": { "$size": "$active" } } } },
        ];
        let counted = aggregated(&self.memberships, stages).await?;
        Ok(counted.into_iter().next().unwrap_or_default())
    }
}

/// The views that a message and who may see it are read from.
pub(crate) const MESSAGE_VIEWS: [&str; 3] = [Messages::COLLECTION, Conversations::COLLECTION, Memberships::COLLECTION];

/// The document with this id.
pub(crate) async fn one<T: DeserializeOwned>(from: &Collection<Document>, id: String) -> Result<Option<T>, Problem> {
    let found = within(async { from.find_one(doc! { "_id": id }).await }).await?;
    found.map(decode).transpose().map_err(|error| unavailable(&error))
}

/// Up to `limit` documents, and whether there are more.
pub(crate) async fn some<T: DeserializeOwned>(
    from: &Collection<Document>,
    filter: Document,
    sort: Document,
    hidden: &[&str],
    limit: usize,
) -> Result<(Vec<T>, bool), Problem> {
    let projection: Document = hidden.iter().map(|field| ((*field).to_owned(), Bson::Int32(0))).collect();
    let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let options = FindOptions::builder().sort(sort).limit(one_more).projection(projection).build();
    let mut found = within(async { decoded(from.find(filter).with_options(options).await?).await }).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    Ok((found, more))
}

/// What an aggregation gives.
pub(crate) async fn aggregated<T: DeserializeOwned>(
    from: &Collection<Document>,
    stages: Vec<Document>,
) -> Result<Vec<T>, Problem> {
    within(async { decoded(from.aggregate(stages).await?).await }).await
}

async fn decoded<T: DeserializeOwned>(found: mongodb::Cursor<Document>) -> mongodb::error::Result<Vec<T>> {
    found.and_then(|document| async { decode(document) }).try_collect().await
}

fn decode<T: DeserializeOwned>(document: Document) -> mongodb::error::Result<T> {
    Ok(deserialize_from_document(document)?)
}

/// An answer within a bounded time, or 503.
pub(crate) async fn within<T>(question: impl Future<Output = mongodb::error::Result<T>>) -> Result<T, Problem> {
    match tokio::time::timeout(PATIENCE, question).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(unavailable(&error)),
        Err(_) => Err(unavailable(&"no answer in time")),
    }
}

/// The answer while MongoDB is away.
pub(crate) fn unavailable(error: &impl std::fmt::Display) -> Problem {
    metrics::counter!("confab_query_failures_total").increment(1);
    tracing::debug!(%error, "the read models could not be read");
    Problem::unavailable("read_model_unavailable", "Reading is not possible right now; sending still is.")
}

/// The stage that joins another collection's documents.
pub(crate) fn joined(from: &str, local: &str, foreign: &str, name: &str, pipeline: Vec<Document>) -> Document {
    doc! { "$lookup": { "from": from, "localField": local, "foreignField": foreign, "pipeline": pipeline, "as": name } }
}

/// A position as MongoDB stores it. Whatever is beyond its range is beyond every event.
pub(crate) fn number(position: Position) -> i64 {
    i64::try_from(position.0).unwrap_or(i64::MAX)
}
