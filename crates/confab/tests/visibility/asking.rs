//! Every cell of the table of routes: each viewer asks, and gets what the row's rule says.

use futures::StreamExt;
use futures::stream;
use reqwest::Method;
use tokio::sync::OnceCell;

use crate::cell::{Ask, Cell, Object, Outcome, Viewer, outcome};
use crate::place::{Place, Spot, Target};
use crate::routes::{ROUTES, Row};
use crate::world::{Answer, World, world};

/// How many rows are asked at once.
const AT_ONCE: usize = 12;

/// What a sweep found.
#[derive(Debug, Default)]
pub struct Swept {
    pub cells: usize,
    pub faults: Vec<String>,
}

impl Swept {
    pub fn of(outcomes: impl IntoIterator<Item = Result<(), String>>) -> Self {
        outcomes.into_iter().fold(Self::default(), |mut swept, outcome| {
            swept.cells += 1;
            swept.faults.extend(outcome.err());
            swept
        })
    }

    #[track_caller]
    pub fn expect(&self, cells: usize) {
        let faults = self.faults.join("\n  ");
        assert!(self.faults.is_empty(), "{} of {} cells:\n  {faults}", self.faults.len(), self.cells);
        assert!(self.cells >= cells, "only {} cells", self.cells);
    }
}

/// Places that nobody changes: one for each spot.
pub async fn still_places() -> &'static [Place] {
    static PLACES: OnceCell<Vec<Place>> = OnceCell::const_new();
    let prepared = async {
        let (world, places) = (world().await, places().await);
        for place in &places {
            place.begin_to_write(world).await;
        }
        places
    };
    PLACES.get_or_init(|| prepared).await
}

/// Places in which much happens, but nothing that makes them other ones.
pub async fn lively_places() -> &'static [Place] {
    static PLACES: OnceCell<Vec<Place>> = OnceCell::const_new();
    PLACES.get_or_init(places).await
}

/// One place for each spot.
pub async fn places() -> Vec<Place> {
    let world = world().await;
    let fresh = world.register("Fresh").await;
    let places = stream::iter(Spot::all()).map(|spot| Place::prepare(world, spot, &fresh));
    places.buffered(4).collect().await
}

/// Asks everything. Once, whoever wants to know.
pub async fn swept() -> &'static Swept {
    static SWEPT: OnceCell<Swept> = OnceCell::const_new();
    SWEPT.get_or_init(sweep).await
}

async fn sweep() -> Swept {
    let world = world().await;
    let rows = stream::iter(ROUTES).map(|row| sweep_row(world, row)).buffer_unordered(AT_ONCE);
    Swept::of(rows.collect::<Vec<_>>().await.into_iter().flatten())
}

/// Reads everything about two places again.
pub async fn read_again() -> Swept {
    let world = world().await;
    let mut outcomes = Vec::new();
    for row in ROUTES.iter().filter(|row| !row.about_nothing && world.operation(row.operation).0 == Method::GET) {
        for place in still_places().await {
            if matches!(place.spot.object, Object::Deleted | Object::Private) {
                sweep_place(world, row, place, &mut outcomes).await;
            }
        }
    }
    Swept::of(outcomes)
}

async fn sweep_row(world: &World, row: &Row) -> Vec<Result<(), String>> {
    let mut outcomes = Vec::new();
    if row.about_nothing {
        let place = still_places().await.iter().find(|place| place.spot.object == Object::Others).unwrap();
        let hers = row.asks.contains(&Ask::Hers);
        for viewer in Viewer::ALL {
            outcomes.push(check(world, row, place, Cell::of(viewer, Object::Others)).await);
            if hers && viewer != Viewer::Nobody {
                outcomes.push(check(world, row, place, Cell::of(viewer, Object::Own)).await);
            }
        }
        return outcomes;
    }
    let alone;
    let places = match (row.harmless, world.operation(row.operation).0) {
        (_, Method::GET) => still_places().await,
        (true, _) => lively_places().await,
        (false, _) => {
            alone = places().await;
            &alone
        }
    };
    for place in places {
        sweep_place(world, row, place, &mut outcomes).await;
    }
    outcomes
}

/// Everybody comes to one place, one after the other. Whoever is refused has changed nothing for the next.
async fn sweep_place(world: &World, row: &Row, place: &Place, outcomes: &mut Vec<Result<(), String>>) {
    for viewer in place.spot.viewers() {
        outcomes.push(check(world, row, place, Cell::of(viewer, place.spot.object)).await);
    }
}

async fn check(world: &World, row: &Row, place: &Place, cell: Cell) -> Result<(), String> {
    let mut target = Target::of(world, place, cell.viewer);
    if row.asks.contains(&Ask::Hers) {
        let spare = world.spares.get(&cell.viewer).map(|[_, _, spare]| &spare.session);
        target.session = spare.filter(|_| cell.made).unwrap_or(&world.maker.session).clone();
    }
    let name = format!("{} {}: {:?} before {:?}", row.operation, row.note, cell.viewer, cell.object);
    let answer = ask(world, row, cell.viewer, &target).await;
    let expected = outcome(row.asks, cell);
    match expected {
        Outcome::Allowed if !(200..300).contains(&answer.status) => Err(format!("{name}: refused with {answer:?}")),
        Outcome::Allowed => shown(world, row, cell, &target, &answer).await.map_err(|fault| format!("{name}: {fault}")),
        Outcome::Refused(status, code) if (answer.status, answer.code()) != (status, code) => {
            Err(format!("{name}: {status} {code} expected, not {answer:?}"))
        }
        Outcome::Hidden if answer.status != 404 => Err(format!("{name}: 404 expected, not {answer:?}")),
        Outcome::Hidden | Outcome::Refused(401, _) => {
            // To whom it is hidden, it is as if it had never been.
            let absent = ask(world, row, cell.viewer, &target.absent()).await;
            let same = (absent.status, &absent.bytes) == (answer.status, &answer.bytes);
            if same { Ok(()) } else { Err(format!("{name}: {answer:?} is not {absent:?}")) }
        }
        Outcome::Refused(..) => Ok(()),
    }
}

async fn shown(world: &World, row: &Row, cell: Cell, target: &Target, answer: &Answer) -> Result<(), String> {
    let Some(shows) = &row.shows else { return Ok(()) };
    let (what, expected) = ((shows.what)(target), outcome(shows.when, cell) == Outcome::Allowed);
    let found = the_rest(world, row, cell.viewer, target, answer.clone()).await.bytes.contains(&what);
    match (found, expected) {
        (true, false) => Err(format!("shows {what}")),
        (false, true) => Err(format!("does not show {what}: {}", answer.bytes)),
        (true, true) | (false, false) => Ok(()),
    }
}

/// An answer with the items of all the pages that follow it.
pub async fn the_rest(world: &World, row: &Row, viewer: Viewer, target: &Target, mut answer: Answer) -> Answer {
    let mut next = cursor(&answer.body).filter(|_| !row.about_nothing);
    while let Some(page) = next {
        let page = ask_page(world, row, viewer, target, Some(page)).await.done();
        next = cursor(&page.body);
        let items = page.body["items"].as_array().unwrap().clone();
        answer.body["items"].as_array_mut().unwrap().extend(items);
        answer.bytes.push_str(&page.bytes);
    }
    answer
}

/// How to ask for the next page: lists go forwards, threads and messages backwards.
fn cursor(body: &serde_json::Value) -> Option<String> {
    let of = |name: &str| Some(format!("{name}={}", body.get(name)?.to_string().trim_matches('"')));
    of("after").or_else(|| of("before"))
}

/// Sends the request of a row.
pub async fn ask(world: &World, row: &Row, viewer: Viewer, target: &Target) -> Answer {
    ask_page(world, row, viewer, target, None).await
}

async fn ask_page(world: &World, row: &Row, viewer: Viewer, target: &Target, page: Option<String>) -> Answer {
    let (method, path) = world.operation(row.operation);
    let query = [row.query.map(|query| query(target)), page].into_iter().flatten().collect::<Vec<_>>().join("&");
    let path = format!("{}{}{query}", target.fill(&path), if query.is_empty() { "" } else { "?" });
    let least = (method == Method::GET).then_some(target.position);
    world.send(world.person(viewer), method, &path, row.body.map(|body| body(target)), least).await
}
