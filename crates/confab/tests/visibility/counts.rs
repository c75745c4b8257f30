//! The table of counts: where each stands, and what it is for whoever may see it at all.
//!
//! A new count in the OpenAPI document (a whole number whose name ends in `_count`, or a field of a schema whose name
//! ends in `Counts`) needs a row here: where it stands in which answer, and a rule over the cell.

use std::collections::HashMap;

use serde_json::Value;
use tokio::sync::OnceCell;

use crate::asking::{Swept, ask, still_places, the_rest};
use crate::cell::Ask::{self, Belongs, Follows, MaySee, Open, Public, SignedIn};
use crate::cell::{Cell, Object, Outcome, Viewer, outcome};
use crate::place::{Place, Target};
use crate::routes::row;
use crate::world::{Answer, world};

/// One count in one answer.
pub struct Count {
    /// Its schema and field in the OpenAPI document.
    pub name: &'static str,
    operation: &'static str,
    /// Finds it in the answer; absent where the answer does not speak of the place.
    at: fn(&Value, &Target) -> Option<u64>,
    /// Who is told it.
    asks: &'static [Ask],
    is: fn(&Place, Cell) -> u64,
}

fn item<'a>(body: &'a Value, field: &str, id: &str) -> Option<&'a Value> {
    body["items"].as_array()?.iter().find(|item| item.pointer(field).is_some_and(|found| found == id))
}

fn unread(_: &Place, cell: Cell) -> u64 {
    // The maker's one message, as long as it stands, to whoever is in it and did not write it.
    u64::from(cell.belongs() && !cell.made && cell.object != Object::Deleted)
}

fn people(place: &Place, _: Cell) -> u64 {
    place.people()
}

fn answers(place: &Place, _: Cell) -> u64 {
    if place.spot.object.is_channel() { 2 } else { 1 }
}

/// The message and the answers to it, as far as they stand.
fn standing(place: &Place, cell: Cell) -> u64 {
    answers(place, cell) + stands(place, cell)
}

fn stands(place: &Place, _: Cell) -> u64 {
    u64::from(place.spot.object != Object::Deleted)
}

fn followed(_: &Place, cell: Cell) -> u64 {
    u64::from(Follows.is_met(cell))
}

/// Answers of others that came after she did; all of them, when it was she who was answered first.
fn unread_answers(place: &Place, cell: Cell) -> u64 {
    match (cell.viewer, cell.made) {
        (Viewer::Admin, true) => 2,
        (Viewer::ExMember, made) => u64::from(made),
        _ => u64::from(place.spot.object.is_channel()),
    }
}

pub const COUNTS: &[Count] = &[
    Count {
        name: "Conversation.member_count",
        operation: "get_conversation",
        at: |body, _| body["member_count"].as_u64(),
        asks: &[SignedIn, MaySee],
        is: people,
    },
    Count {
        name: "Conversation.member_count",
        operation: "list_channels",
        at: |body, target| item(body, "/id", &target.conversation)?["member_count"].as_u64(),
        asks: &[SignedIn, Public, Open],
        is: people,
    },
    Count {
        name: "Conversation.unread_count",
        operation: "get_conversation",
        at: |body, _| body["unread_count"].as_u64(),
        asks: &[SignedIn, MaySee],
        is: unread,
    },
    Count {
        name: "Conversation.unread_count",
        operation: "list_conversations",
        at: |body, target| item(body, "/id", &target.conversation)?["unread_count"].as_u64(),
        asks: &[SignedIn, Belongs],
        is: unread,
    },
    Count {
        name: "Message.reply_count",
        operation: "get_message",
        at: |body, _| body["reply_count"].as_u64(),
        asks: &[SignedIn, MaySee],
        is: answers,
    },
    Count {
        name: "Message.reply_count",
        operation: "list_messages",
        at: |body, target| item(body, "/id", &target.message)?["reply_count"].as_u64(),
        asks: &[SignedIn, MaySee],
        is: answers,
    },
    Count {
        name: "FollowedThread.unread_count",
        operation: "list_threads",
        at: |body, target| item(body, "/message/id", &target.message)?["unread_count"].as_u64(),
        asks: &[SignedIn, Follows, MaySee],
        is: unread_answers,
    },
    Count {
        name: "MentionCounts.channel",
        operation: "count_mentions",
        at: |body, _| body["channel"].as_u64(),
        asks: &[SignedIn, MaySee],
        is: |place, cell| place.people() - u64::from(cell.belongs()),
    },
    Count {
        name: "MentionCounts.here",
        operation: "count_mentions",
        // Who is here changes while others look; it is never more than all.
        at: |body, _| body["here"].as_u64().map(|here| here.saturating_sub(body["channel"].as_u64().unwrap_or(0))),
        asks: &[SignedIn, MaySee],
        is: |_, _| 0,
    },
    Count {
        name: "ActivityPage.unread_count",
        operation: "list_activity",
        // What is new of all places counts; it is never more than a hundred.
        at: |body, _| body["unread_count"].as_u64().map(|count| count.saturating_sub(100)),
        asks: &[SignedIn],
        is: |_, _| 0,
    },
    recounted("Sums.unread_count", |body, _| body["counted"]["unread_count"].as_u64(), unread),
    recounted("Sums.mention_count", |body, _| body["counted"]["mention_count"].as_u64(), |_, _| 0),
    recounted("Sums.message_count", |body, _| body["counted"]["message_count"].as_u64(), standing),
    recounted("Sums.reply_count", |body, _| body["counted"]["reply_count"].as_u64(), answers),
    // The maker's own.
    recounted("Sums.reaction_count", |body, _| body["counted"]["reaction_count"].as_u64(), stands),
    recounted("Sums.thread_count", |body, _| body["counted"]["thread_count"].as_u64(), followed),
    recounted(
        "Sums.thread_unread_count",
        |body, _| body["counted"]["thread_unread_count"].as_u64(),
        |place, cell| followed(place, cell) * unread_answers(place, cell),
    ),
    Count {
        name: "members listed",
        operation: "list_members",
        at: |body, _| u64::try_from(body["items"].as_array()?.len()).ok(),
        asks: &[SignedIn, MaySee],
        is: people,
    },
    Count {
        name: "pins listed",
        operation: "list_pins",
        at: |body, _| u64::try_from(body["items"].as_array()?.len()).ok(),
        asks: &[SignedIn, MaySee],
        is: stands,
    },
];

/// What the facts come to; that it is what is shown, the table of routes has asked.
const fn recounted(name: &'static str, at: fn(&Value, &Target) -> Option<u64>, is: fn(&Place, Cell) -> u64) -> Count {
    Count { name, operation: "recount_conversation", at, asks: &[SignedIn, MaySee], is }
}

/// Asks for every count. Once, whoever wants to know.
pub async fn swept() -> &'static Swept {
    static SWEPT: OnceCell<Swept> = OnceCell::const_new();
    SWEPT.get_or_init(sweep).await
}

async fn sweep() -> Swept {
    let mut outcomes = Vec::new();
    for place in still_places().await {
        for viewer in place.spot.viewers() {
            // Nothing changes here, so one answer serves all counts that stand in it.
            let mut answers = HashMap::new();
            for count in COUNTS {
                if !answers.contains_key(count.operation) {
                    answers.insert(count.operation, answer(count.operation, place, viewer).await);
                }
                outcomes
                    .push(check(count, place, Cell::of(viewer, place.spot.object), &answers[count.operation]).await);
            }
        }
    }
    Swept::of(outcomes)
}

async fn answer(operation: &str, place: &Place, viewer: Viewer) -> Answer {
    let world = world().await;
    let (target, row) = (Target::of(world, place, viewer), row(operation, ""));
    let answer = ask(world, row, viewer, &target).await;
    the_rest(world, row, viewer, &target, answer).await
}

async fn check(count: &Count, place: &Place, cell: Cell, answer: &Answer) -> Result<(), String> {
    let target = Target::of(world().await, place, cell.viewer);
    let told = (outcome(count.asks, cell) == Outcome::Allowed).then(|| (count.is)(place, cell));
    let found = (count.at)(&answer.body, &target);
    if told == found {
        return Ok(());
    }
    let Cell { viewer, object, .. } = cell;
    Err(format!("{} of {}: {viewer:?} before {object:?} gets {found:?}, not {told:?}", count.name, count.operation))
}
