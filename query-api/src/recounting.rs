//! The only place that asks the event store: it reads one person's slice of a conversation out of the log, and compares
//! what that comes to with what she is shown. It is dear, so it is bounded in facts, in time, by person, and in all.

use std::num::NonZeroU32;
use std::time::Duration;

use event_log::{EventLog, LogError};
use events::{Category, ConversationEvent, Family, InboxEvent, Position, ReceiptEvent, Recorded, StreamName, UserId};
use read_model::{
    Activity, Conversations, Fold, Follows, Inboxes, MembershipKey, Memberships, Messages, Slice, View, may_see,
};
use service_kit::{Limit, Problem, not_found};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::freshness::{Freshness, MinPosition};
use crate::reading::Reading;
use crate::recount::Recount;

/// So many facts are read at most; those of other conversations, which the log holds between hers, among them.
const MOST: usize = 50_000;
/// So many facts of what became of the conversation itself.
const MOST_SETTINGS: usize = 20_000;
/// Facts that are in memory before those that do not concern her are let go.
const PAGE: usize = 2_000;
/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How many recounts go on at once.
const AT_ONCE: usize = 2;
/// How often things may change while they are compared.
const ATTEMPTS: usize = 10;
/// What is shown comes from these.
pub(crate) const VIEWS: [&str; 6] = [
    Conversations::COLLECTION,
    Memberships::COLLECTION,
    Messages::COLLECTION,
    Follows::COLLECTION,
    Inboxes::COLLECTION,
    Activity::COLLECTION,
];

/// Counts again.
pub(crate) struct Recounting {
    log: EventLog,
    pace: Limit<UserId>,
    room: Semaphore,
}

/// What was read of a slice so far.
struct Replay {
    slice: Slice,
    /// How far the log was read.
    up_to: Position,
    /// How many facts that took.
    read: usize,
    /// What was said, and what became of it.
    said: Vec<Recorded>,
}

impl Recounting {
    pub(crate) fn of(log: EventLog, per_minute: NonZeroU32) -> Self {
        Self { log, pace: Limit::per_minute(per_minute), room: Semaphore::new(AT_ONCE) }
    }

    /// Counts a person's slice of a conversation again, from a position or from its beginning.
    ///
    /// # Errors
    /// 404 when the facts hide it from her; 409 when it is too long; 429 when she asks too often; 503 when too much is
    /// going on, or something is away.
    pub(crate) async fn recount(
        &self,
        reading: &Reading,
        freshness: &Freshness,
        slice: Slice,
    ) -> Result<Recount, Problem> {
        self.pace.check(&slice.user)?;
        let _room = self.room.try_acquire().map_err(|_| busy())?;
        let recount = timeout(PATIENCE, self.compare(reading, freshness, slice)).await.map_err(|_| busy())??;
        report(slice, &recount);
        Ok(recount)
    }

    /// Compares both sides where both stand still: nothing of the slice has come between the position up to which it was
    /// read, which the views have passed, and the moment after they were asked.
    async fn compare(&self, reading: &Reading, freshness: &Freshness, slice: Slice) -> Result<Recount, Problem> {
        let begun = self.settings(&slice).await?.first().map(|fact| fact.position).ok_or_else(not_found)?;
        let slice = Slice { after: slice.after.max(begun), ..slice };
        // She may begin beyond everything that there is.
        let up_to = slice.after.min(self.head().await?);
        let mut replay = Replay { slice, up_to, read: 0, said: Vec::new() };
        for _ in 0..ATTEMPTS {
            self.read_on(&mut replay).await?;
            let place = self.place(&slice).await?;
            freshness.reach(MinPosition::of(replay.up_to), &VIEWS).await?;
            let shown = reading.tally(&slice).await?;
            if self.stood_still(&replay).await? {
                let counted = slice.recount(&[place, replay.said].concat());
                return Ok(Recount::of(slice, replay.up_to, &counted, &shown));
            }
        }
        Err(busy())
    }

    async fn head(&self) -> Result<Position, Problem> {
        self.log.head().await.map_err(|error| log_problem(&error))
    }

    /// Reads what was said up to now.
    async fn read_on(&self, replay: &mut Replay) -> Result<(), Problem> {
        let head = self.head().await?;
        let prefixes: Vec<String> = said().map(Category::prefix).to_vec();
        loop {
            let page = self.log.read_all(prefixes.clone(), replay.up_to, PAGE).await;
            let page = page.map_err(|error| log_problem(&error))?;
            let (count, last) = (page.len(), page.last().map_or(head, |fact| fact.position));
            replay.read += count;
            if replay.read > MOST {
                return Err(too_long());
            }
            replay.up_to = replay.up_to.max(last);
            replay.said.extend(page.into_iter().filter(|fact| replay.slice.concerns(&fact.event)));
            if count < PAGE {
                replay.up_to = replay.up_to.max(head);
                return Ok(());
            }
        }
    }

    /// Whether nothing of the slice stands after what was read.
    async fn stood_still(&self, replay: &Replay) -> Result<bool, Problem> {
        let Slice { user, conversation, .. } = replay.slice;
        let place =
            [StreamName::conversation(conversation), StreamName::receipt(conversation, user), StreamName::inbox(user)];
        let place = place.map(|stream| stream.as_str().to_owned());
        let prefixes = said().map(Category::prefix).into_iter().chain(place).collect();
        let since = self.log.read_all(prefixes, replay.up_to, PAGE).await.map_err(|error| log_problem(&error))?;
        Ok(since.len() < PAGE && !since.iter().any(|fact| replay.slice.concerns(&fact.event)))
    }

    /// Her place in the conversation; of receipts and inboxes the newest fact says all.
    async fn place(&self, slice: &Slice) -> Result<Vec<Recorded>, Problem> {
        let Slice { user, conversation, .. } = *slice;
        let mut facts = self.settings(slice).await?;
        facts.extend(self.newest::<ReceiptEvent>(&StreamName::receipt(conversation, user)).await?);
        facts.extend(self.newest::<InboxEvent>(&StreamName::inbox(user)).await?);
        Ok(facts)
    }

    /// What became of the conversation, if she may see it by these very facts.
    async fn settings(&self, slice: &Slice) -> Result<Vec<Recorded>, Problem> {
        let stream = StreamName::conversation(slice.conversation);
        let history = self.log.read_first::<ConversationEvent>(&stream, MOST_SETTINGS + 1).await;
        let facts = facts(history.map_err(|error| log_problem(&error))?.events);
        if facts.len() > MOST_SETTINGS {
            return Err(too_long());
        }
        if is_visible(slice, &facts) { Ok(facts) } else { Err(not_found()) }
    }

    async fn newest<F: Family>(&self, stream: &StreamName) -> Result<Option<Recorded>, Problem> {
        let history = self.log.read::<F>(stream).await.map_err(|error| log_problem(&error))?;
        Ok(facts(history.events).pop())
    }
}

/// What is read through the log: all streams of these, since nobody knows which of them are hers.
const fn said() -> [Category; 3] {
    [Category::Message, Category::Follow, Category::Notification]
}

fn facts<F: Family>(events: Vec<Recorded<F>>) -> Vec<Recorded> {
    let fact = |recorded: Recorded<F>| {
        let fact = F::fact(&recorded.stream, recorded.event.clone())?;
        Some(recorded.map(|_| fact))
    };
    events.into_iter().filter_map(fact).collect()
}

/// The one rule of visibility, asked of documents that these facts make.
fn is_visible(slice: &Slice, settings: &[Recorded]) -> bool {
    let (mut conversations, mut memberships) = (Fold::<Conversations>::default(), Fold::<Memberships>::default());
    settings.iter().for_each(|fact| {
        conversations.apply(fact);
        memberships.apply(fact);
    });
    let key = MembershipKey { conversation: slice.conversation, user: slice.user };
    let membership = memberships.documents().get(&key).map(|stored| &stored.doc);
    conversations.documents().get(&slice.conversation).is_some_and(|stored| may_see(&stored.doc, membership))
}

/// What is shown wrongly somebody has to look into: the documents are rebuilt from the facts, and not mended here.
fn report(slice: Slice, recount: &Recount) {
    let outcome = if recount.differing.is_empty() { "same" } else { "different" };
    metrics::counter!("confab_recounts_total", "outcome" => outcome).increment(1);
    if recount.differing.is_empty() {
        return;
    }
    let mut figures: Vec<&str> = recount.differing.iter().map(|difference| difference.what.word()).collect();
    figures.dedup();
    tracing::warn!(
        user.id = %slice.user,
        conversation.id = %slice.conversation,
        figures = figures.join(","),
        "what is shown is not what the facts come to"
    );
}

fn too_long() -> Problem {
    let title = "Too much has happened since then to be counted again: begin later, with after.";
    Problem::new(409, "slice_too_long", title)
}

fn busy() -> Problem {
    Problem::unavailable("overloaded", "Too much is going on at once: try again in a moment.")
}

/// The event store did not do what was asked.
fn log_problem(error: &LogError) -> Problem {
    match error {
        LogError::Unavailable(_) => {
            tracing::warn!(%error, "the event store did not answer");
            Problem::unavailable("event_store_unavailable", "The event store is away: nothing is lost, try again.")
        }
        LogError::InvalidUrl(_) | LogError::Unreadable { .. } | LogError::Refused(_) | LogError::Full => {
            tracing::error!(%error, "the event store cannot be used");
            Problem::new(500, "internal_error", "Something went wrong on our side.")
        }
    }
}
