//! Every cell of the table of events: everybody listens while everything happens, and afterwards each comes back from
//! where she began and hears the same again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt;
use futures::stream;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::{OnceCell, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use crate::asking::{Swept, places, still_places};
use crate::cell::{Cell, Object, Outcome, Viewer, outcome};
use crate::events::{Audience, By, Cause, EVENTS, EventRow};
use crate::place::{Place, Spot, Target};
use crate::routes::{self, row};
use crate::socket::Socket;
use crate::world::{Answer, Person, World, world};

/// How many rows happen at once.
const AT_ONCE: usize = 8;

/// Somebody who listens until she is told to stop.
struct Listener {
    viewer: Viewer,
    from: u64,
    heard: Arc<Mutex<Vec<Value>>>,
    reached: watch::Receiver<u64>,
    began: std::time::Instant,
    task: JoinHandle<()>,
}

impl Listener {
    async fn start(world: &World, viewer: Viewer, from: Option<u64>) -> Self {
        let person = world.person(viewer).unwrap();
        let began = std::time::Instant::now();
        let mut socket = Socket::ready(world.server, &person.token, from).await;
        if viewer == Viewer::Member {
            socket.send(json!({ "type": "watch", "users": [world.extra.id] })).await;
        }
        let (from, heard) = (socket.cursor, Arc::new(Mutex::new(Vec::new())));
        let (reach, reached) = watch::channel(0);
        let into = Arc::clone(&heard);
        let task = tokio::spawn(async move { listen(socket, &into, &reach).await });
        Self { viewer, from, heard, reached, began, task }
    }

    /// What she heard up to a position.
    async fn until(mut self, world: &World, position: u64, how: &str) -> Vec<Value> {
        let reached = self.reached.wait_for(|reached| *reached >= position);
        tokio::time::timeout(Duration::from_secs(30), reached).await.expect("everything came").unwrap();
        self.task.abort();
        let (heard, person) = (std::mem::take(&mut *self.heard.lock().unwrap()), world.person(self.viewer));
        heard.iter().for_each(|frame| world.hear_since(self.began, person, how.to_owned(), &frame.to_string(), true));
        heard
    }
}

async fn listen(mut socket: Socket, heard: &Mutex<Vec<Value>>, reach: &watch::Sender<u64>) {
    let mut asked = Instant::now();
    loop {
        let frame = socket.next_within(Duration::from_millis(100)).await;
        match frame {
            Some(frame) if frame["type"] == "pong" => reach.send_modify(|at| *at = frame["cursor"].as_u64().unwrap()),
            Some(frame) => heard.lock().unwrap().push(frame),
            None => {}
        }
        if asked.elapsed() > Duration::from_millis(100) {
            asked = Instant::now();
            socket.send(json!({ "type": "ping" })).await;
        }
    }
}

/// What happened at one spot, or was tried.
struct Happened {
    row: &'static EventRow,
    spot: Option<Spot>,
    /// What the event names.
    marker: String,
    /// It stands after this.
    after: u64,
    /// It stands exactly here, where that is known.
    at: Option<u64>,
    /// Whether it was to happen.
    expected: bool,
    /// Where the ex-member left.
    left: u64,
    fault: Option<String>,
}

/// Lets everything happen, and asks who heard of it. Once, whoever wants to know.
pub async fn swept() -> &'static Swept {
    static SWEPT: OnceCell<Swept> = OnceCell::const_new();
    SWEPT.get_or_init(sweep).await
}

async fn sweep() -> Swept {
    let world = world().await;
    let nobody = tokio::spawn(say_nothing(format!("ws://{}/v1/realtime", world.server.address)));
    let signed_in = [Viewer::Stranger, Viewer::ExMember, Viewer::Member, Viewer::Admin];
    let mut listeners = Vec::new();
    for viewer in signed_in {
        listeners.push(Listener::start(world, viewer, None).await);
    }
    // Made while everybody listens: that they came to be is an event too.
    let shared = places().await;
    let rows = stream::iter(EVENTS).map(|row| happen(world, row, &shared)).buffer_unordered(AT_ONCE);
    let happened: Vec<Happened> = rows.collect::<Vec<_>>().await.into_iter().flatten().collect();
    let last = world.post(&world.maker, "/v1/conversations", json!({ "kind": "direct", "user": world.maker.id })).await;
    let mut outcomes: Vec<Result<(), String>> =
        happened.iter().filter_map(|happened| happened.fault.clone()).map(Err).collect();
    for listener in listeners {
        let (viewer, from) = (listener.viewer, listener.from);
        let live = listener.until(world, last.position, "live").await;
        let again = Listener::start(world, viewer, Some(from)).await.until(world, last.position, "by resume").await;
        for (heard, how) in [(&live, "live"), (&again, "by resume")] {
            outcomes.extend(happened.iter().filter_map(|happened| check(happened, viewer, heard, how)));
            outcomes.extend(happened.iter().filter_map(|happened| nothing_after_leaving(happened, viewer, heard, how)));
        }
    }
    let silence = nobody.await.unwrap();
    outcomes.extend(happened.iter().filter_map(|happened| check(happened, Viewer::Nobody, &silence, "live")));
    Swept::of(outcomes)
}

/// A socket that never says who it is: everything that it is told until it is closed.
async fn say_nothing(url: String) -> Vec<Value> {
    let (mut stream, _) = connect_async(url).await.unwrap();
    let mut heard = Vec::new();
    while let Some(Ok(message)) = stream.next().await {
        match message {
            Message::Text(text) => heard.push(serde_json::from_str(&text).unwrap()),
            Message::Close(frame) => assert_eq!(frame.map(|frame| u16::from(frame.code)), Some(1008)),
            _ => {}
        }
    }
    heard
}

async fn happen(world: &World, row: &'static EventRow, shared: &[Place]) -> Vec<Happened> {
    let alone = |marker: &str| Happened {
        row,
        spot: None,
        marker: marker.to_owned(),
        after: 0,
        at: None,
        expected: true,
        left: u64::MAX,
        fault: None,
    };
    match row.cause {
        Cause::Registering => return vec![alone(&world.register("Newcomer").await.id)],
        Cause::Coming => {
            drop(Socket::ready(world.server, &world.extra.token, None).await);
            return vec![alone(&world.extra.id)];
        }
        Cause::Setting { operation } => {
            let (still, member) = (&still_places().await[0], world.person(Viewer::Member).unwrap());
            let target = Target::of(world, still, Viewer::Member);
            let at = Some(ask(world, row, routes::row(operation, ""), member, &target).await.done().position);
            return vec![Happened { at, ..alone("") }];
        }
        Cause::Opening | Cause::Route { .. } => {}
    }
    let alone_places;
    let places = if row.is_harmless() {
        shared
    } else {
        alone_places = places().await;
        &alone_places
    };
    let mut happened = Vec::new();
    for place in places {
        happened.push(match row.cause {
            Cause::Route { operation, note, by } => bring_about(world, row, place, (operation, note, by)).await,
            Cause::Opening | Cause::Setting { .. } | Cause::Registering | Cause::Coming => Happened {
                spot: Some(place.spot),
                expected: row.only.contains(&place.spot.object),
                left: place.position,
                ..alone(&place.conversation)
            },
        });
    }
    happened
}

async fn bring_about(
    world: &World,
    event: &'static EventRow,
    place: &Place,
    (operation, note, by): (&str, &str, By),
) -> Happened {
    let (viewer, object) = (Viewer::Member, place.spot.object);
    let (actor, cell) = match by {
        By::Keeper => place.keeper(world),
        By::Member => (world.person(viewer).unwrap(), Cell { viewer, object, made: place.maker_is(world, viewer) }),
        By::Admin => (
            world.person(Viewer::Admin).unwrap(),
            Cell { viewer: Viewer::Admin, object, made: place.maker_is(world, Viewer::Admin) },
        ),
    };
    let route = row(operation, note);
    let target = (event.tweak)(Target::of(world, place, viewer));
    if let Some(first) = event.first {
        ask(world, event, routes::row(first, ""), actor, &target).await;
    }
    let expected = outcome(route.asks, cell) == Outcome::Allowed;
    let answer = match event.audience {
        Audience::Named if expected => ask_until_told(world, event, route, actor, &target).await,
        _ => ask(world, event, route, actor, &target).await,
    };
    let allowed = (200..300).contains(&answer.status);
    let fault = (allowed != expected).then(|| format!("{} at {:?}: {answer:?}", event.kind, place.spot));
    Happened {
        row: event,
        spot: Some(place.spot),
        marker: place.conversation.clone(),
        after: place.position,
        at: None,
        expected: expected && event.only.contains(&object),
        left: if object.is_channel() { place.position } else { u64::MAX },
        fault,
    }
}

/// Asks again until it has notified the member: what follows of a message follows a moment later, and other rows let her
/// want quiet for a moment.
async fn ask_until_told(world: &World, event: &EventRow, row: &routes::Row, actor: &Person, target: &Target) -> Answer {
    for _ in 0..20 {
        let answer = ask(world, event, row, actor, target).await;
        let Some(posted) = answer.body["id"].as_str() else { return answer };
        let path = format!("/v1/messages/{posted}/notifications");
        for _ in 0..100 {
            let why = world.send(world.person(Viewer::Member), Method::GET, &path, None, None).await;
            match why.body["outcome"].as_str() {
                Some("notified" | "own_message") => return answer,
                Some("held_back") => break,
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("{} never came", event.kind);
}

async fn ask(world: &World, event: &EventRow, row: &routes::Row, actor: &Person, target: &Target) -> Answer {
    let (method, path) = world.operation(row.operation);
    let body = event.body.or(row.body).map(|body| body(target));
    world.send(Some(actor), method, &target.fill(&path), body, None).await
}

/// Whether this viewer heard of it exactly if she was to. `None` where there is no such cell.
fn check(happened: &Happened, viewer: Viewer, heard: &[Value], how: &str) -> Option<Result<(), String>> {
    let Happened { row, spot, marker, after, at, expected, .. } = happened;
    if spot.is_some_and(|spot| !spot.viewers().any(|comes| comes == viewer)) {
        return None;
    }
    let kind = if row.audience == Audience::Watchers { "presence" } else { row.kind };
    if row.audience == Audience::Watchers && how == "by resume" {
        return None;
    }
    let is_it = |frame: &&Value| {
        let position = frame["cursor"].as_u64().unwrap_or(u64::MAX);
        let named = frame["event"]["type"] == kind || frame["type"] == kind;
        named && position > *after && at.is_none_or(|at| at == position) && frame.to_string().contains(marker)
    };
    let found = heard.iter().any(|frame| is_it(&frame));
    let entitled = match row.audience {
        Audience::Members => viewer == Viewer::Member,
        Audience::Actor | Audience::Named | Audience::Watchers => viewer == Viewer::Member,
        Audience::Maker => spot.is_some_and(|spot| spot.object == Object::Own),
        Audience::Everyone => viewer != Viewer::Nobody,
    };
    let name = format!("{} {how}: {viewer:?} at {spot:?}", row.kind);
    Some(match (found, entitled && *expected) {
        (true, true) | (false, false) => Ok(()),
        (true, false) => Err(format!("{name}: heard of it")),
        (false, true) => Err(format!("{name}: heard nothing")),
    })
}

/// Whoever has left hears nothing of the place after the position of leaving, of whatever kind.
fn nothing_after_leaving(
    happened: &Happened,
    viewer: Viewer,
    heard: &[Value],
    how: &str,
) -> Option<Result<(), String>> {
    let left = viewer == Viewer::ExMember || happened.spot.is_some_and(|spot| spot.owner == Some(viewer));
    if !left || viewer == Viewer::Member || happened.spot.is_none() {
        return None;
    }
    let later = heard.iter().find(|frame| {
        let after = frame["cursor"].as_u64().is_some_and(|cursor| cursor > happened.left);
        after && frame.to_string().contains(&happened.marker)
    });
    Some(later.map_or(Ok(()), |frame| Err(format!("{viewer:?} {how}, after leaving {:?}: {frame}", happened.spot))))
}
