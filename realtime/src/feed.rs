//! The feed: one ordered JetStream consumer, whatever the number of sockets. Each message proves by the position of
//! its predecessor that none is missing; what is missing is read from the event store and delivered first. When the
//! relay or NATS fall silent, the event store is asked, so that nothing ever depends on them alone.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use async_nats::HeaderMap;
use async_nats::jetstream::consumer::{DeliverPolicy, push};
use async_nats::jetstream::{self, Message};
use axum::extract::ws::Utf8Bytes;
use event_log::LogError;
use events::public::Audience;
use events::{Category, ConversationEvent, ConversationId, Fact, MessageId, Position, Recorded, StreamName};
use futures::{FutureExt, StreamExt};
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::entry::{Entry, EventFrame, Glance, deleted};
use crate::node::Node;
use crate::session::Input;

const STREAM: &str = "CONFAB";
const SUBJECTS: &str = "confab.event.>";
/// How long nothing may come before the event store is asked.
const SILENCE: Duration = Duration::from_secs(2);
const PAGE: usize = 1_000;
/// How many facts that come together leave together, at most.
const TOGETHER: usize = 64;
/// How many sockets one task flushes; more are shared by several.
const FLUSHED_BY_ONE: usize = 256;
const PAUSE: Duration = Duration::from_millis(300);

/// The categories that have public forms.
pub(crate) fn told_categories() -> Vec<String> {
    [
        Category::Conversation,
        Category::Follow,
        Category::Saved,
        Category::Draft,
        Category::Message,
        Category::Pins,
        Category::Receipt,
        Category::Inbox,
        Category::Profile,
        Category::Workspace,
        Category::Preference,
        Category::Notification,
        Category::Activity,
    ]
    .map(Category::prefix)
    .to_vec()
}

/// Delivers for ever.
pub(crate) async fn run(node: Arc<Node>) {
    let mut feed = Feed { node, looked: Position::START };
    feed.looked = feed.node.board.delivered();
    loop {
        if let Err(error) = feed.follow().await {
            tracing::warn!("the feed was interrupted: {error:#}");
        }
        feed.flush();
        // Whatever interrupted it, the event store may still be there.
        feed.ask_store().await;
        sleep(PAUSE).await;
    }
}

struct Feed {
    node: Arc<Node>,
    /// Nothing that is to be delivered stands between what was delivered and here.
    looked: Position,
}

impl Feed {
    /// Follows one connection to NATS to its end.
    async fn follow(&mut self) -> anyhow::Result<()> {
        let connection = self.node.link.state();
        anyhow::ensure!(connection.up, "NATS is away");
        let mut messages = self.subscribe().await?;
        // What came between the last message of the former subscription and this one.
        self.repair().await?;
        let node = Arc::clone(&self.node);
        let changed = node.link.changed_from(connection);
        tokio::pin!(changed);
        let mut silence = interval(SILENCE);
        silence.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut before = node.board.delivered();
        loop {
            tokio::select! {
                message = messages.next() => {
                    let message = message.context("the consumer ended")?.context("the consumer broke")?;
                    self.take(&message).await?;
                    // What has come along with it leaves with it.
                    for _ in 1..TOGETHER {
                        let Some(Some(message)) = messages.next().now_or_never() else { break };
                        self.take(&message.context("the consumer broke")?).await?;
                    }
                    self.flush();
                }
                () = &mut changed => anyhow::bail!("the connection to NATS changed"),
                _ = silence.tick() => {
                    let delivered = node.board.delivered();
                    if std::mem::replace(&mut before, delivered) == delivered {
                        self.ask_store().await;
                    }
                }
            }
        }
    }

    async fn subscribe(&self) -> anyhow::Result<push::Ordered> {
        let client = &self.node.link.client;
        let stream = jetstream::new(client.clone()).get_stream_no_info(STREAM).await.context("stream CONFAB")?;
        let config = push::OrderedConfig {
            deliver_subject: client.new_inbox(),
            filter_subject: SUBJECTS.to_owned(),
            deliver_policy: DeliverPolicy::New,
            ..Default::default()
        };
        let consumer = stream.create_consumer(config).await.context("no consumer of stream CONFAB")?;
        consumer.messages().await.context("no messages of stream CONFAB")
    }

    async fn take(&mut self, message: &Message) -> anyhow::Result<()> {
        if let Ok(of) = message.info() {
            #[expect(clippy::cast_precision_loss, reason = "a gauge; nobody counts 2^53 waiting messages one by one")]
            metrics::gauge!("confab_realtime_feed_lag").set(of.pending as f64);
        }
        let delivered = self.node.board.delivered();
        let Some(relayed) = Relayed::read(message) else {
            tracing::error!(subject = %message.subject, "a relayed message cannot be read; the event store is asked");
            return self.repair().await;
        };
        if relayed.position <= delivered {
            return Ok(());
        }
        // No predecessor at all means a stream that was begun anew, and perhaps later than what was delivered here.
        if relayed.previous > delivered || relayed.previous == Position::START {
            metrics::counter!("confab_realtime_gaps_total").increment(1);
            tracing::info!(%delivered, previous = %relayed.previous, "NATS skipped facts; the event store has them");
            self.repair().await?;
        }
        self.deliver_relayed(relayed).await
    }

    async fn deliver_relayed(&mut self, relayed: Relayed) -> anyhow::Result<()> {
        let glance = Glance::at(&relayed.frame);
        if glance.changes_audiences() {
            let told: EventFrame = serde_json::from_str(&relayed.frame).context("a relayed frame")?;
            self.node.board.learn_public(&told.event);
        }
        if let Some(conversation) = relayed.audience.conversation() {
            self.know(conversation).await?;
        }
        let about = glance.about();
        let Relayed { position, audience, frame, .. } = relayed;
        match audience {
            // Presence comes through the index: whoever watches is told from there, and nobody else.
            Audience::Watchers(_) => self.node.board.pass(position),
            Audience::Conversation(_)
            | Audience::Members { .. }
            | Audience::Receipts { .. }
            | Audience::User(_)
            | Audience::Everyone => {
                self.put(Entry { position, audience, about, frame });
            }
        }
        Ok(())
    }

    /// Not every founding has a public form; a conversation that is still unknown is read from its own stream.
    async fn know(&self, conversation: ConversationId) -> anyhow::Result<()> {
        if self.node.board.audience().knows(conversation) {
            return Ok(());
        }
        let history = self.node.log.read::<ConversationEvent>(&StreamName::conversation(conversation)).await?;
        for fact in history.events {
            self.node.board.learn(&fact.map(|event| Fact::Conversation { conversation, event }));
        }
        Ok(())
    }

    /// Delivers from the event store everything that has not come by NATS.
    async fn repair(&mut self) -> anyhow::Result<()> {
        loop {
            let after = self.node.board.delivered().max(self.looked);
            let page = match self.node.log.read_all(told_categories(), after, PAGE).await {
                Ok(page) => page,
                Err(error @ LogError::Unreadable { .. }) => return self.give_up(error).await,
                Err(error) => return Err(error.into()),
            };
            let gone = deleted(&page);
            for fact in &page {
                self.deliver_stored(fact, &gone).await?;
            }
            self.flush();
            if page.len() < PAGE {
                return Ok(());
            }
        }
    }

    async fn deliver_stored(&mut self, fact: &Recorded<Fact>, gone: &HashSet<MessageId>) -> anyhow::Result<()> {
        self.node.board.learn(fact);
        if let Some(entry) = Entry::of(fact, gone) {
            if let Some(conversation) = entry.audience.conversation() {
                self.know(conversation).await?;
            }
            self.put(entry);
        }
        self.looked = self.looked.max(fact.position);
        Ok(())
    }

    /// A fact that nobody can read cannot be delivered, nor may it be skipped in silence: everybody is told to fetch
    /// everything again, and delivery goes on behind it.
    async fn give_up(&mut self, error: LogError) -> anyhow::Result<()> {
        tracing::error!(%error, "a fact cannot be delivered; every socket starts anew behind it");
        metrics::counter!("confab_realtime_unreadable_total").increment(1);
        let head = self.node.log.head().await?;
        self.node.board.begin(head);
        self.looked = head;
        self.node.board.end_all(|| Input::Away);
        Ok(())
    }

    /// Looks whether the event store has something that did not come.
    async fn ask_store(&mut self) {
        let behind = match self.node.log.head().await {
            Ok(head) if head > self.looked.max(self.node.board.delivered()) => head,
            Ok(_) => return,
            Err(error) => return tracing::debug!(%error, "the event store cannot be asked"),
        };
        match self.repair().await {
            Ok(()) => self.looked = self.looked.max(behind),
            Err(error) => tracing::debug!("the event store cannot be asked: {error:#}"),
        }
        // What came before a failure is on nobody else's list.
        self.flush();
    }

    /// Has everything leave that was delivered: one write for each socket and all that it got together.
    fn flush(&self) {
        let mut called = self.node.board.called();
        while called.len() > FLUSHED_BY_ONE {
            let share = called.split_off(called.len() - FLUSHED_BY_ONE);
            tokio::spawn(async move { share.iter().for_each(|mailbox| mailbox.flush()) });
        }
        called.iter().for_each(|mailbox| mailbox.flush());
    }

    fn put(&self, entry: Entry) {
        let told = self.node.board.deliver(entry);
        metrics::counter!("confab_realtime_facts_total").increment(1);
        metrics::counter!("confab_realtime_deliveries_total").increment(told as u64);
    }
}

/// A message of the relay.
struct Relayed {
    position: Position,
    previous: Position,
    audience: Audience,
    frame: Utf8Bytes,
}

impl Relayed {
    fn read(message: &Message) -> Option<Self> {
        let headers = message.headers.as_ref()?;
        Some(Self {
            position: position(headers, "Confab-Position")?,
            previous: position(headers, "Confab-Previous")?,
            audience: serde_json::from_str(headers.get("Confab-Audience")?.as_str()).ok()?,
            // A copy, because the client's own buffer holds more than this message and would be kept as a whole.
            frame: std::str::from_utf8(&message.payload).ok()?.into(),
        })
    }
}

fn position(headers: &HeaderMap, name: &str) -> Option<Position> {
    headers.get(name)?.as_str().parse().ok().map(Position)
}
