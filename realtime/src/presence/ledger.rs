//! The shared ledger of presence in two NATS buckets: `confab_nodes` holds each node's lease, `confab_online` who is
//! present on which node. What follows from it becomes a command, and so an event.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context;
use async_nats::jetstream;
use async_nats::jetstream::kv::{self, Operation, Store};
use async_nats::jetstream::stream::StorageType;
use events::UserId;
use events::public::PresenceState;
use futures::StreamExt;
use time::OffsetDateTime;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::claim::{sign, word};
use super::desk::Standing;
use super::roster::{EntryKey, NodeId, Roster};
use crate::commands;
use crate::node::Node;
use crate::protocol::Activity;

/// How long a lease lasts that is not renewed. With two looks to be sure, a dead node's people are offline in 25 s.
const LEASE: Duration = Duration::from_secs(15);
/// How often the own lease is renewed and the others' are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long the trace of a cleared entry is kept, for nodes that were not listening.
const TRACE: Duration = Duration::from_secs(60);
/// How many people are brought up to date at once.
const AT_ONCE: usize = 32;
const PATIENCE: Duration = Duration::from_secs(1);
const AGAIN: Duration = Duration::from_secs(2);

struct Ledger {
    node: Arc<Node>,
    me: NodeId,
    key: String,
    online: Store,
    leases: Store,
    roster: Mutex<Roster>,
    /// People who are said to be present while no node has them, at the last look.
    orphans: Mutex<HashSet<UserId>>,
}

/// Keeps presence for ever, as long as NATS is there. Without a node key nothing can be vouched for.
pub(crate) async fn run(node: Arc<Node>) {
    let Some(key) = node.config.node_key.clone() else {
        tracing::warn!("CONFAB_NODE_KEY is not set: nobody's presence is told");
        return;
    };
    let me = NodeId::fresh();
    loop {
        let connection = node.link.up().await;
        let outcome = tokio::select! {
            outcome = keep(&node, me, &key) => outcome,
            () = node.link.changed_from(connection) => Err(anyhow::anyhow!("the connection to NATS changed")),
        };
        if let Err(error) = outcome {
            tracing::debug!("presence was interrupted: {error:#}");
        }
        sleep(Duration::from_millis(250)).await;
    }
}

async fn keep(node: &Arc<Node>, me: NodeId, key: &str) -> anyhow::Result<()> {
    let ledger = Ledger {
        online: bucket(node, "confab_online", Duration::ZERO, Some(TRACE)).await?,
        leases: bucket(node, "confab_nodes", LEASE, None).await?,
        node: Arc::clone(node),
        me,
        key: key.to_owned(),
        roster: Mutex::default(),
        orphans: Mutex::default(),
    };
    ledger.renew().await?;
    let mut entries = ledger.online.watch_with_history(">").await?;
    ledger.read(&mut entries).await?;
    tokio::select! {
        outcome = ledger.listen(&mut entries) => outcome,
        outcome = ledger.look_around() => outcome,
        () = ledger.settle_all() => Ok(()),
    }
}

async fn bucket(node: &Node, name: &str, age: Duration, trace: Option<Duration>) -> anyhow::Result<Store> {
    let config = kv::Config {
        bucket: name.to_owned(),
        history: 1,
        max_age: age,
        // Who is present is forgotten with NATS and said again by the nodes.
        storage: StorageType::Memory,
        num_replicas: 1,
        limit_markers: trace,
        ..Default::default()
    };
    let context = jetstream::new(node.link.client.clone());
    context.create_or_update_key_value(config).await.with_context(|| format!("bucket {name}"))
}

impl Ledger {
    /// Reads what was said before: nothing is decided until all of it is known.
    async fn read(&self, entries: &mut kv::Watch) -> anyhow::Result<()> {
        if self.online.status().await?.values() == 0 {
            return Ok(());
        }
        // The entries counted may have expired meanwhile, hence the limit.
        while let Ok(Some(entry)) = timeout(PATIENCE, entries.next()).await {
            let entry = entry?;
            self.note(&entry);
            if entry.seen_current {
                break;
            }
        }
        Ok(())
    }

    async fn listen(&self, entries: &mut kv::Watch) -> anyhow::Result<()> {
        while let Some(entry) = entries.next().await {
            self.note(&entry?);
        }
        anyhow::bail!("the ledger's news ended")
    }

    fn note(&self, entry: &kv::Entry) {
        let Some(key) = EntryKey::read(&entry.key) else { return };
        match (entry.operation, &*entry.value) {
            (Operation::Put, b"active") => self.roster().put(key, Activity::Active),
            (Operation::Put, b"away") => self.roster().put(key, Activity::Away),
            (Operation::Put | Operation::Delete | Operation::Purge, _) => self.roster().remove(key),
        }
    }

    async fn renew(&self) -> anyhow::Result<()> {
        self.leases.put(self.me.to_string(), "held".into()).await.context("the lease")?;
        Ok(())
    }

    async fn look_around(&self) -> anyhow::Result<()> {
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            self.renew().await?;
            let leases = self.held_leases().await?;
            let gone = self.roster().look(&leases);
            for key in gone {
                self.clear(key).await?;
                self.node.desk.look_again(key.user, Duration::ZERO);
            }
            self.look_for_drift();
        }
    }

    async fn held_leases(&self) -> anyhow::Result<HashSet<NodeId>> {
        let mut keys = self.leases.keys().await?;
        let mut leases = HashSet::from([self.me]);
        while let Some(key) = keys.next().await {
            leases.extend(key?.parse::<NodeId>());
        }
        Ok(leases)
    }

    /// Has everybody looked at whose presence is not what it should be: people here whose entry or event is missing,
    /// and people said to be present whom no node has had for two looks.
    fn look_for_drift(&self) {
        let presence = self.node.board.presence();
        let (roster, mut orphans) = (self.roster(), self.orphans.lock().unwrap_or_else(PoisonError::into_inner));
        let wrong = |user: UserId| roster.state(user) != presence.state(user);
        for (user, activity) in self.node.desk.people() {
            if wrong(user) || roster.said_by(self.mine(user)) != Some(activity) {
                self.node.desk.look_again(user, Duration::ZERO);
            }
        }
        let lost =
            presence.present().map(|(user, _)| user).filter(|user| roster.state(*user) == PresenceState::Offline);
        let lost: HashSet<UserId> = lost.filter(|user| self.node.desk.standing(*user) == Standing::Away).collect();
        lost.intersection(&orphans).for_each(|user| self.node.desk.look_again(*user, Duration::ZERO));
        *orphans = lost;
    }

    /// Brings everybody up to date who has to be looked at.
    async fn settle_all(&self) {
        loop {
            let due = self.node.desk.due().await;
            futures::stream::iter(due)
                .for_each_concurrent(AT_ONCE, |user| async move {
                    if let Err(error) = self.settle(user).await {
                        tracing::debug!(user.id = %user, "presence could not be told: {error:#}");
                        self.node.desk.look_again(user, AGAIN);
                    }
                })
                .await;
        }
    }

    async fn settle(&self, user: UserId) -> anyhow::Result<()> {
        let key = self.mine(user);
        let said = self.roster().said_by(key);
        match self.node.desk.standing(user) {
            Standing::Here(activity) if said != Some(activity) => self.say(key, activity).await?,
            Standing::Away if said.is_some() => self.clear(key).await?,
            Standing::JustLeft(back_within) => {
                self.node.desk.look_again(user, back_within);
                return Ok(());
            }
            Standing::Here(_) | Standing::Away => {}
        }
        let state = self.roster().state(user);
        let told = self.node.board.presence().state(user);
        if state != told { self.command(user, state).await } else { Ok(()) }
    }

    async fn say(&self, key: EntryKey, activity: Activity) -> anyhow::Result<()> {
        let value = match activity {
            Activity::Active => "active",
            Activity::Away => "away",
        };
        self.online.put(key.to_string(), value.into()).await.context("an entry")?;
        self.roster().put(key, activity);
        Ok(())
    }

    async fn clear(&self, key: EntryKey) -> anyhow::Result<()> {
        self.online.purge_with_ttl(key.to_string(), TRACE).await.context("an entry")?;
        self.roster().remove(key);
        Ok(())
    }

    async fn command(&self, user: UserId, state: PresenceState) -> anyhow::Result<()> {
        let now_s = u64::try_from(OffsetDateTime::now_utc().unix_timestamp())?;
        let claim = sign(&self.key, user, state, now_s);
        let body = serde_json::json!({ "user": user, "state": word(state) }).to_string();
        commands::request(&self.node.link.client, "set_presence", ("Confab-Node", &claim), body)
            .await
            .map_err(|problem| anyhow::anyhow!("{} {}", problem.status, problem.code))?;
        Ok(())
    }

    fn mine(&self, user: UserId) -> EntryKey {
        EntryKey { user, node: self.me }
    }

    fn roster(&self) -> MutexGuard<'_, Roster> {
        self.roster.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
