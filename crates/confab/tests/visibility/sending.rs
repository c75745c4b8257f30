//! Every cell of the table of websocket commands.

use std::time::Duration;

use futures::stream;
use futures::{FutureExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::asking::{Swept, lively_places, places, still_places};
use crate::cell::{Cell, Object, Outcome, Viewer, outcome};
use crate::frames::{FRAMES, FrameRow, Reply};
use crate::place::{Place, Target};
use crate::socket::Socket;
use crate::world::{Person, World, world};

/// Sends everything. Once, whoever wants to know.
pub async fn swept() -> &'static Swept {
    static SWEPT: OnceCell<Swept> = OnceCell::const_new();
    SWEPT.get_or_init(sweep).await
}

async fn sweep() -> Swept {
    let world = world().await;
    let rows = stream::iter(FRAMES).map(|row| sweep_row(world, row).boxed()).buffer_unordered(8);
    Swept::of(rows.collect::<Vec<_>>().await.into_iter().flatten())
}

async fn sweep_row(world: &World, row: &FrameRow) -> Vec<Result<(), String>> {
    let mut outcomes = Vec::new();
    if row.about_nothing {
        let place = still_places().await.iter().find(|place| place.spot.object == Object::Others).unwrap();
        for viewer in Viewer::ALL {
            outcomes.push(check(world, row, place, Cell::of(viewer, Object::Others)).await);
        }
        return outcomes;
    }
    let alone;
    let places = if row.is_harmless() {
        lively_places().await
    } else {
        alone = places().await;
        &alone
    };
    for place in places {
        let mut witness = match row.reply {
            Reply::Typing => Some(witness(world, place).await),
            Reply::Ack | Reply::Frame(_) | Reply::Silence => None,
        };
        for viewer in place.spot.viewers() {
            outcomes.push(check(world, row, place, Cell::of(viewer, place.spot.object)).await);
        }
        if let Some(socket) = &mut witness {
            outcomes.push(typed(world, place, socket).await);
        }
    }
    outcomes
}

/// Somebody who is in it and does not act.
async fn witness(world: &World, place: &Place) -> Socket {
    let person = if place.spot.object == Object::Direct { &place.maker } else { &world.guest };
    Socket::ready(world.server, &person.token, None).await
}

/// Those who were seen typing: the member, who may, and nobody else.
async fn typed(world: &World, place: &Place, witness: &mut Socket) -> Result<(), String> {
    let member = world.person(Viewer::Member).unwrap();
    if !place.spot.viewers().any(|viewer| viewer == Viewer::Member) {
        let mut socket = Socket::ready(world.server, &member.token, None).await;
        socket.send(json!({ "type": "typing", "conversation": place.conversation })).await;
    }
    let (mut seen, mut patience) = (Vec::new(), Duration::from_secs(5));
    while let Some(frame) = witness.next_within(patience).await {
        if frame["type"] == "typing" && frame["conversation"] == place.conversation.as_str() {
            seen.push(frame["user"].clone());
            patience = Duration::from_millis(300);
        }
    }
    if seen == [member.id.as_str()] {
        Ok(())
    } else {
        Err(format!("typing before {:?}: seen were {seen:?}", place.spot))
    }
}

async fn check(world: &World, row: &FrameRow, place: &Place, cell: Cell) -> Result<(), String> {
    let target = Target::of(world, place, cell.viewer);
    let name = format!("{} by socket: {:?} before {:?}", row.kind, cell.viewer, cell.object);
    let Some(person) = world.person(cell.viewer) else {
        let mut socket = Socket::open(world.server).await;
        socket.send(frame(row, &target, None)).await;
        let code = socket.closed().await;
        return if code == 1008 { Ok(()) } else { Err(format!("{name}: closed with {code}")) };
    };
    let frames = exchange(world, person, frame(row, &target, Some(person))).await;
    let problem = frames.iter().find(|frame| frame["type"] == "error");
    match outcome(row.asks(), cell) {
        Outcome::Allowed if answered(row.reply, &frames) => Ok(()),
        // What is not answered is not answered to those either who may not; who else hears of it is seen elsewhere.
        Outcome::Hidden if row.reply == Reply::Typing && problem.is_none() => Ok(()),
        Outcome::Refused(status, code)
            if problem
                .is_some_and(|frame| frame["problem"]["status"] == status && frame["problem"]["code"] == code) =>
        {
            Ok(())
        }
        Outcome::Hidden if problem.is_some_and(|frame| frame["problem"]["status"] == 404) => {
            let absent = exchange(world, person, frame(row, &target.absent(), Some(person))).await;
            let absent = absent.iter().find(|frame| frame["type"] == "error").map(problem_of);
            if absent == problem.map(problem_of) {
                Ok(())
            } else {
                Err(format!("{name}: {frames:?} is not {absent:?}"))
            }
        }
        expected => Err(format!("{name}: {expected:?} expected, not {frames:?}")),
    }
}

fn frame(row: &FrameRow, target: &Target, person: Option<&Person>) -> Value {
    let mut frame = (row.frame)(target);
    frame["type"] = row.kind.into();
    if matches!(row.kind, "hello" | "token") {
        frame["token"] = person.map_or("nobody's", |person| &person.token).into();
    }
    frame
}

/// Everything that comes after a frame: what it leads to stands before the answer to a ping, unless it is a command.
async fn exchange(world: &World, person: &Person, frame: Value) -> Vec<Value> {
    let first = frame["type"] == "hello";
    let mut socket = match first {
        true => Socket::open(world.server).await,
        false => Socket::ready(world.server, &person.token, None).await,
    };
    let is_answered = frame.get("id").is_some();
    socket.send(frame).await;
    if !first && !is_answered {
        socket.send(json!({ "type": "ping" })).await;
    }
    let mut frames = Vec::new();
    loop {
        let frame = socket.next().await;
        let ends = if is_answered { frame.get("id").is_some() } else { frame["type"] == "pong" };
        let ends = ends || (first && frame["type"] == "ready");
        world.hear(Some(person), "socket".to_owned(), &frame.to_string(), true);
        frames.push(frame);
        if ends {
            return frames;
        }
    }
}

fn answered(reply: Reply, frames: &[Value]) -> bool {
    let has = |kind: &str| frames.iter().any(|frame| frame["type"] == kind);
    match reply {
        Reply::Ack => has("ack"),
        Reply::Frame(kind) => has(kind),
        Reply::Typing | Reply::Silence => !has("error"),
    }
}

fn problem_of(frame: &Value) -> Value {
    let mut problem = frame["problem"].clone();
    problem.as_object_mut().unwrap().remove("request_id");
    problem
}
