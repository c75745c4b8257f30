//! A disk that fills up and is emptied, again and again.

use super::history::{History, Sent};
use super::random::Random;
use super::simulated::SimulatedDisk;
use super::{append, folder, options};
use crate::error::Refusal;
use crate::event::Expected;
use crate::store::EventStore;

#[tokio::test]
async fn rule_7_10_a_full_disk_refuses_appends_until_there_is_room() {
    for seed in 0..20 {
        let (folder, disk, mut random) = (folder(), SimulatedDisk::new(seed, None), Random::new(seed));
        let store = EventStore::open_on(disk.share(), options(folder.path(), 1 + random.below(4_000))).unwrap();
        let mut history = History::default();
        let mut refused = 0;
        for _ in 0..60 {
            disk.set_room(random.below(20_000));
            for _ in 0..random.below(8) {
                let stream = format!("s-{}", random.below(3));
                let sent = Sent { stream, expected: Expected::Any, ids: vec![random.id()] };
                let outcome = append(&store, &sent.stream, sent.expected, &sent.ids).await;
                refused += usize::from(outcome == Err(Refusal::Full));
                assert!(!matches!(outcome, Err(Refusal::Stopped(_))), "seed {seed}: {outcome:?}");
                history.answered(sent, outcome);
            }
            history.check(&store).await.unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
        }
        assert!(refused > 20 && history.acknowledged() > 20, "seed {seed}: {refused} refused");
        drop(store);
        disk.power_cut();
        let store = EventStore::open_on(disk.share(), options(folder.path(), 2_000)).unwrap();
        history.check(&store).await.unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
    }
}
