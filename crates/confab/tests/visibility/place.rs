//! The conversations that cells come to, each with its people, a message, answers, a reaction and a pin.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::cell::{Cell, Object, Viewer};
use crate::rig::text;
use crate::world::{Person, World};

/// What the reaction of every place's maker is; others react otherwise.
pub const REACTED: &str = "%F0%9F%8E%89";
const REACTION: &str = "%F0%9F%91%8D";

/// An object, and whose it is if it is somebody's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spot {
    pub object: Object,
    pub owner: Option<Viewer>,
}

impl Spot {
    /// Every object; what is one's own is one for each who has any.
    pub fn all() -> Vec<Self> {
        let owners = Viewer::ALL.into_iter().filter(|viewer| Object::Own.has(*viewer)).map(Some);
        let own = owners.map(|owner| Self { object: Object::Own, owner });
        let rest = Object::ALL.into_iter().filter(|object| *object != Object::Own);
        own.chain(rest.map(|object| Self { object, owner: None })).collect()
    }

    /// Who comes to it.
    pub fn viewers(self) -> impl Iterator<Item = Viewer> {
        let comes = move |viewer: &Viewer| self.owner.is_none_or(|owner| owner == *viewer) && self.object.has(*viewer);
        Viewer::ALL.into_iter().filter(comes)
    }
}

/// A conversation as its maker left it.
pub struct Place {
    pub spot: Spot,
    pub maker: Person,
    pub conversation: String,
    /// The name of a channel.
    pub name: String,
    pub message: String,
    /// The member's answer.
    pub answer: String,
    pub text: String,
    pub former: String,
    pub answered: String,
    /// Where the last fact of its making stands.
    pub position: u64,
}

/// What a request names.
#[derive(Debug, Clone)]
pub struct Target {
    pub conversation: String,
    pub name: String,
    pub message: String,
    pub answer: String,
    pub text: String,
    pub former: String,
    pub answered: String,
    pub is_restricted: bool,
    pub is_deleted: bool,
    pub position: u64,
    pub author: String,
    pub member: String,
    /// Somebody who is in it.
    pub user: String,
    /// Somebody who is not.
    pub extra: String,
    pub emoji: String,
    pub session: String,
    pub email: String,
    pub password: String,
    pub spare_refresh: Option<String>,
    pub over_refresh: Option<String>,
}

impl Target {
    /// What this viewer would name here.
    pub fn of(world: &World, place: &Place, viewer: Viewer) -> Self {
        let (spares, person) = (world.spares.get(&viewer), world.person(viewer));
        Self {
            conversation: place.conversation.clone(),
            name: place.name.clone(),
            message: place.message.clone(),
            answer: place.answer.clone(),
            text: place.text.clone(),
            former: place.former.clone(),
            answered: place.answered.clone(),
            is_deleted: place.spot.object == Object::Deleted,
            is_restricted: place.spot.object == Object::Restricted,
            position: place.position,
            author: place.maker.id.clone(),
            member: world.person(Viewer::Member).unwrap().id.clone(),
            user: world.guest.id.clone(),
            extra: world.extra.id.clone(),
            emoji: REACTION.to_owned(),
            session: person.map_or_else(|| Uuid::now_v7().to_string(), |person| person.session.clone()),
            email: person.map_or_else(|| "nobody@example.org".to_owned(), |person| person.email.clone()),
            password: person.map_or_else(|| "not a password".to_owned(), |person| person.password.clone()),
            spare_refresh: spares.map(|[spare, ..]| spare.refresh.clone()),
            over_refresh: spares.map(|[_, over, _]| over.refresh.clone()),
        }
    }

    /// The same request for what never existed.
    pub fn absent(&self) -> Self {
        let fresh = || Uuid::now_v7().to_string();
        let (conversation, message, answer, session) = (fresh(), fresh(), fresh(), fresh());
        Self { conversation, message, answer, session, ..self.clone() }
    }

    /// A path with its parameters filled in.
    pub fn fill(&self, path: &str) -> String {
        let filled = [
            ("{conversation}", &self.conversation),
            ("{message}", &self.message),
            ("{user}", &self.user),
            ("{emoji}", &self.emoji),
            ("{session}", &self.session),
        ];
        let path = filled.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value));
        assert!(!path.contains('{'), "Target::fill does not know a parameter of {path}");
        path
    }
}

impl Place {
    /// Makes a place. The people of a group or direct conversation stay as they are, so `fresh` makes those.
    pub async fn prepare(world: &World, spot: Spot, fresh: &Person) -> Self {
        let maker = match (spot.object, spot.owner) {
            (Object::Group | Object::Direct, _) => fresh,
            (_, Some(owner)) => world.person(owner).unwrap(),
            (_, None) => &world.maker,
        };
        let mark = Uuid::new_v4().simple().to_string();
        let said = |what: &str| format!("planted {what} {mark}");
        let topic = said("topic");
        let conversation = Self::open(world, spot.object, maker, &format!("n-{mark}"), &topic).await;
        let mut place = Self {
            spot,
            maker: maker.clone(),
            name: format!("n-{mark}"),
            message: Uuid::now_v7().to_string(),
            answer: Uuid::now_v7().to_string(),
            text: said("text"),
            former: said("former"),
            answered: said("answer"),
            conversation,
            position: 0,
        };
        place.talk(world).await;
        place.settle(world).await;
        place.plant(world, &topic);
        place
    }

    /// Says who may ever read what was said here: by request as things are now, by frame as they were then.
    fn plant(&self, world: &World, topic: &str) {
        let cells = self.spot.viewers().map(|viewer| Cell::of(viewer, self.spot.object));
        let cells: Vec<Cell> = cells
            .chain(
                self.spot
                    .owner
                    .map(|_| Viewer::ALL.map(|viewer| Cell::of(viewer, Object::Others)))
                    .into_iter()
                    .flatten(),
            )
            .collect();
        let ids = |may: &dyn Fn(&Cell) -> bool| {
            let who = cells.iter().filter(|cell| may(cell));
            who.filter_map(|cell| Some(world.person(cell.viewer)?.id.clone())).collect::<Vec<_>>()
        };
        let stands = self.spot.object != Object::Deleted;
        let were_there = ids(&|cell| {
            cell.belongs() || (cell.viewer == Viewer::ExMember && self.spot.object.is_channel()) || cell.made
        });
        let may_see = ids(&|cell| cell.may_see());
        let now = if stands { may_see.clone() } else { Vec::new() };
        world.planted.add(&self.text, &now, &were_there, "");
        world.planted.add(&self.former, &now, &were_there, "/history");
        world.planted.add(&self.answered, &may_see, &were_there, "");
        world.planted.add(topic, &may_see, &were_there, "");
    }

    /// The member begins to write, and writes something else then: that is for nobody else, and the first for nobody at all.
    pub async fn begin_to_write(&self, world: &World) {
        let member = world.person(Viewer::Member).unwrap();
        let hers = [member.id.clone()];
        for (kind, route) in [("former-draft", "nowhere"), ("draft", "/drafts")] {
            let text = format!("planted {kind} {}", Uuid::new_v4().simple());
            let body = json!({ "conversation": self.conversation, "text": text });
            world.send(Some(member), Method::PUT, "/v1/drafts", Some(body), None).await.done();
            world.planted.add(&text, &hers, &hers, route);
        }
    }

    async fn open(world: &World, object: Object, maker: &Person, name: &str, topic: &str) -> String {
        let member = &world.person(Viewer::Member).unwrap().id;
        let body = match object {
            Object::Group => json!({ "kind": "group", "members": [member, world.guest.id] }),
            Object::Direct => json!({ "kind": "direct", "user": member }),
            Object::Private => json!({ "kind": "channel", "name": name, "topic": topic, "visibility": "private" }),
            Object::Own | Object::Others | Object::Archived | Object::Deleted | Object::Restricted => {
                json!({ "kind": "channel", "name": name, "topic": topic })
            }
        };
        text(&world.post(maker, "/v1/conversations", body).await.body["id"])
    }

    /// Brings the people in; the message, what became of it, and the answers.
    async fn talk(&mut self, world: &World) {
        let (member, ex) = (world.person(Viewer::Member).unwrap(), world.person(Viewer::ExMember).unwrap());
        let messages = format!("/v1/conversations/{}/messages", self.conversation);
        if self.spot.object.is_channel() {
            let users: Vec<&str> = [member, ex, &world.guest].map(|person| person.id.as_str()).to_vec();
            let path = format!("/v1/conversations/{}/members", self.conversation);
            world.post(&self.maker, &path, json!({ "users": users })).await;
        }
        world.post(&self.maker, &messages, json!({ "id": self.message, "text": self.former })).await;
        self.change(world, Method::PATCH, "", Some(json!({ "text": self.text }))).await;
        let answer = |id: &str| json!({ "id": id, "text": self.answered, "thread": self.message });
        world.post(member, &messages, answer(&self.answer)).await;
        if self.spot.object.is_channel() {
            world.post(ex, &messages, answer(&Uuid::now_v7().to_string())).await;
        }
        self.change(world, Method::PUT, &format!("/reactions/{REACTED}"), None).await;
        self.change(world, Method::PUT, "/pin", None).await;
    }

    async fn change(&mut self, world: &World, method: Method, rest: &str, body: Option<Value>) {
        let path = format!("/v1/messages/{}{rest}", self.message);
        self.position = world.send(Some(&self.maker), method, &path, body, None).await.done().position;
    }

    /// Makes it what it is, and lets those leave who are not in it any more.
    async fn settle(&mut self, world: &World) {
        let path = format!("/v1/conversations/{}", self.conversation);
        match self.spot.object {
            Object::Archived => drop(world.post(&self.maker, &format!("{path}/archive"), json!({})).await),
            Object::Deleted => self.change(world, Method::DELETE, "", None).await,
            Object::Restricted => {
                let body = Some(json!({ "posting": "admins" }));
                world.send(Some(&self.maker), Method::PATCH, &path, body, None).await.done();
            }
            Object::Own | Object::Others | Object::Private | Object::Group | Object::Direct => {}
        }
        if !self.spot.object.is_channel() {
            return;
        }
        let owner = self.spot.owner.filter(|owner| *owner == Viewer::Admin);
        for leaver in owner.into_iter().chain([Viewer::ExMember]) {
            let leaver = world.person(leaver).unwrap();
            self.position = world.post(leaver, &format!("{path}/leave"), json!({})).await.position;
        }
    }

    /// Whether its maker is in it still.
    pub fn has_maker(&self) -> bool {
        self.spot.owner.is_none_or(|owner| owner == Viewer::Member)
    }

    /// Whether this viewer made it.
    pub fn maker_is(&self, world: &World, viewer: Viewer) -> bool {
        world.person(viewer).is_some_and(|person| person.id == self.maker.id)
    }

    /// How many people are in it.
    pub fn people(&self) -> u64 {
        match self.spot.object {
            Object::Own | Object::Direct => 2,
            Object::Group
            | Object::Others
            | Object::Private
            | Object::Archived
            | Object::Deleted
            | Object::Restricted => 3,
        }
    }

    /// Somebody in it who makes things happen, and the cell that she is in.
    pub fn keeper<'a>(&'a self, world: &'a World) -> (&'a Person, Cell) {
        let cell = Cell { viewer: Viewer::Member, object: self.spot.object, made: self.has_maker() };
        (if self.has_maker() { &self.maker } else { &world.guest }, cell)
    }
}
