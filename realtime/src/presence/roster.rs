//! What all nodes together say about who is present. Pure.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use events::UserId;
use events::public::PresenceState;
use uuid::Uuid;

use crate::protocol::Activity;

/// How often a node must be missing among the leases before its entries go.
const MISSES: u32 = 2;

/// One running realtime process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(Uuid);

impl NodeId {
    pub(super) fn fresh() -> Self {
        Self(Uuid::now_v7())
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for NodeId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

/// The name of an entry: `{user}.{node}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EntryKey {
    pub(super) user: UserId,
    pub(super) node: NodeId,
}

impl fmt::Display for EntryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.user, self.node)
    }
}

impl EntryKey {
    pub(super) fn read(text: &str) -> Option<Self> {
        let (user, node) = text.split_once('.')?;
        Some(Self { user: user.parse().ok()?, node: node.parse().ok()? })
    }
}

/// Every node's entries.
#[derive(Debug, Default)]
pub(super) struct Roster {
    entries: HashMap<UserId, Vec<(NodeId, Activity)>>,
    missing: HashMap<NodeId, u32>,
}

impl Roster {
    pub(super) fn put(&mut self, key: EntryKey, activity: Activity) {
        let hers = self.entries.entry(key.user).or_default();
        match hers.iter_mut().find(|(node, _)| *node == key.node) {
            Some(known) => known.1 = activity,
            None => hers.push((key.node, activity)),
        }
    }

    pub(super) fn remove(&mut self, key: EntryKey) {
        let Some(hers) = self.entries.get_mut(&key.user) else { return };
        hers.retain(|(node, _)| *node != key.node);
        if hers.is_empty() {
            self.entries.remove(&key.user);
        }
    }

    /// What one node says about her.
    pub(super) fn said_by(&self, key: EntryKey) -> Option<Activity> {
        let hers = self.entries.get(&key.user)?;
        hers.iter().find(|(node, _)| *node == key.node).map(|(_, activity)| *activity)
    }

    /// What follows from all nodes' entries.
    pub(super) fn state(&self, user: UserId) -> PresenceState {
        let hers = self.entries.get(&user).map_or(&[][..], Vec::as_slice);
        match hers.iter().map(|(_, activity)| *activity).reduce(livelier) {
            Some(Activity::Active) => PresenceState::Active,
            Some(Activity::Away) => PresenceState::Away,
            None => PresenceState::Offline,
        }
    }

    /// Takes a look at the leases that are held now. Returns the entries of nodes that are gone for good.
    pub(super) fn look(&mut self, leases: &HashSet<NodeId>) -> Vec<EntryKey> {
        let known = || self.entries.values().flatten().map(|(node, _)| *node);
        let missing: HashSet<NodeId> = known().filter(|node| !leases.contains(node)).collect();
        self.missing.retain(|node, _| missing.contains(node));
        missing.into_iter().for_each(|node| *self.missing.entry(node).or_default() += 1);
        let gone = |node: &NodeId| self.missing.get(node).is_some_and(|misses| *misses >= MISSES);
        let of = |(user, hers): (&UserId, &Vec<(NodeId, Activity)>)| {
            let user = *user;
            let gone = hers.iter().map(|(node, _)| *node).filter(gone);
            gone.map(move |node| EntryKey { user, node }).collect::<Vec<_>>()
        };
        self.entries.iter().flat_map(of).collect()
    }
}

fn livelier(one: Activity, other: Activity) -> Activity {
    match (one, other) {
        (Activity::Away, Activity::Away) => Activity::Away,
        (Activity::Active, _) | (_, Activity::Active) => Activity::Active,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: UserId = UserId::new(Uuid::from_u128(1));

    fn of(node: u128) -> EntryKey {
        EntryKey { user: ANN, node: NodeId(Uuid::from_u128(node)) }
    }

    #[test]
    fn she_is_as_present_as_her_liveliest_device() {
        let mut roster = Roster::default();
        assert_eq!(roster.state(ANN), PresenceState::Offline);
        roster.put(of(1), Activity::Away);
        assert_eq!(roster.state(ANN), PresenceState::Away);
        roster.put(of(2), Activity::Active);
        assert_eq!(roster.state(ANN), PresenceState::Active);
        roster.remove(of(2));
        assert_eq!(roster.state(ANN), PresenceState::Away);
        roster.put(of(1), Activity::Active);
        assert_eq!((roster.state(ANN), roster.said_by(of(1))), (PresenceState::Active, Some(Activity::Active)));
        roster.remove(of(1));
        assert_eq!(roster.state(ANN), PresenceState::Offline);
    }

    #[test]
    fn a_node_is_gone_when_its_lease_is_missing_twice_in_a_row() {
        let mut roster = Roster::default();
        roster.put(of(1), Activity::Active);
        roster.put(of(2), Activity::Active);
        let (both, one) = ([of(1).node, of(2).node].into(), [of(1).node].into());
        assert_eq!(roster.look(&one), []);
        assert_eq!(roster.look(&both), []);
        assert_eq!(roster.look(&one), []);
        assert_eq!(roster.look(&one), [of(2)]);
    }

    #[test]
    fn an_entry_is_read_back_from_its_name() {
        assert_eq!(EntryKey::read(&of(7).to_string()), Some(of(7)));
        assert_eq!(EntryKey::read("no.entry"), None);
    }
}
