//! Demo content, made through the public API as any client would.

use anyhow::{Context, Result};
use events::ConversationId;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

/// Everybody's password.
const PASSWORD: &str = "open the pod bay doors";
const PEOPLE: [&str; 10] = [
    "Ada Lovelace",
    "Grace Hopper",
    "Alan Turing",
    "Katherine Johnson",
    "Edsger Dijkstra",
    "Barbara Liskov",
    "Donald Knuth",
    "Margaret Hamilton",
    "Tim Berners-Lee",
    "Radia Perlman",
];
const CHANNELS: [(&str, &str); 4] = [
    ("engineering", "How it is built."),
    ("design", "How it looks and feels."),
    ("launch", "Everything on the way to 1.0."),
    ("random", "Cats, coffee, the rest."),
];
/// Channel, author, text. Questions stand alone, so that answers can become threads.
const TALK: [(&str, usize, &str); 18] = [
    ("general", 0, "Welcome to Confab, everybody! 👋"),
    ("general", 1, "Glad to be here. Where do the release notes live?"),
    ("general", 2, "In the repository: every change the people can see has a line in the CHANGELOG."),
    ("general", 7, "Reminder: demo day is on Friday at three."),
    ("general", 9, "I will bring the spanning tree. 🌳"),
    ("engineering", 5, "Question: may a projector ever skip an event it cannot read?"),
    ("engineering", 4, "Never in silence. It stops, raises an alarm, and goes on when the event can be read."),
    ("engineering", 6, "Premature optimisation aside, the append path is one fsync per batch now."),
    ("engineering", 0, "Measured how? Medians and ratios, please, these machines are noisy."),
    ("engineering", 6, "Seven pairs, first pair dropped. The table is in the pull request."),
    ("design", 8, "Does the sidebar feel right at 260 pixels?"),
    ("design", 3, "On my screen yes. At 200 the longer names are cut, but the tooltip helps."),
    ("launch", 7, "Checklist for 1.0: docs, backup, one more fault run. What is missing?"),
    ("launch", 1, "A drill: somebody pulls the plug while we all type."),
    ("launch", 7, "Scheduled. Nobody knows when, that is the point."),
    ("random", 9, "I think that I shall never see a graph more lovely than a tree."),
    ("random", 2, "Can machines enjoy coffee?"),
    ("random", 3, "This one runs on it. ☕"),
];
const DIRECT: [(usize, usize, &str); 4] = [
    (1, 0, "Ada, do you have a minute for the notes on the engine?"),
    (0, 1, "For you, always. After lunch?"),
    (2, 0, "I broke it. The cipher, I mean."),
    (7, 1, "Your compiler just saved our landing."),
];

struct Demo {
    http: Client,
    address: String,
}

struct Person {
    id: String,
    token: String,
}

/// Fills the workspace behind this address with people, channels and talk, and prints two sign-ins. A workspace that
/// has the demo already stays as it is.
///
/// # Errors
/// When the API refuses or cannot be reached.
pub async fn seed(address: &str) -> Result<()> {
    let demo = Demo { http: Client::new(), address: address.to_owned() };
    if demo.sign_in(PEOPLE[0]).await?.is_none() {
        demo.fill().await.context("the demo could not be made")?;
    }
    println!("Demo sign-ins (password: {PASSWORD}):\n  {}\n  {}", email(PEOPLE[0]), email(PEOPLE[1]));
    Ok(())
}

fn email(name: &str) -> String {
    format!("{}@example.org", name.split(' ').next().unwrap_or(name).to_lowercase())
}

impl Demo {
    async fn fill(&self) -> Result<()> {
        let mut people = Vec::new();
        for name in PEOPLE {
            people.push(self.register(name).await?);
        }
        let mut channels = vec![("general", ConversationId::general().to_string())];
        for (index, (name, description)) in CHANNELS.into_iter().enumerate() {
            channels.push((name, self.channel(&people, index, name, description).await?));
        }
        for (channel, author, text) in TALK {
            let (_, id) =
                channels.iter().find(|(name, _)| *name == channel).context("talk stands in a known channel")?;
            self.post(&people[author], id, text).await?;
        }
        for (author, other, text) in DIRECT {
            let direct = json!({ "kind": "direct", "user": people[other].id });
            let direct = self.send(&people[author], "/v1/conversations", direct).await?;
            self.post(&people[author], text_of(&direct, "id")?, text).await?;
        }
        Ok(())
    }

    async fn channel(&self, people: &[Person], index: usize, name: &str, description: &str) -> Result<String> {
        let creator = &people[index];
        let channel = json!({ "kind": "channel", "name": name, "description": description });
        let channel = self.send(creator, "/v1/conversations", channel).await?;
        let id = text_of(&channel, "id")?.to_owned();
        for person in people.iter().filter(|person| person.id != creator.id) {
            self.send(person, &format!("/v1/conversations/{id}/join"), json!({})).await?;
        }
        Ok(id)
    }

    async fn post(&self, author: &Person, conversation: &str, text: &str) -> Result<Value> {
        let message = json!({ "id": Uuid::now_v7(), "text": text });
        self.send(author, &format!("/v1/conversations/{conversation}/messages"), message).await
    }

    async fn register(&self, name: &str) -> Result<Person> {
        let body = json!({ "name": name, "email": email(name), "password": PASSWORD });
        let answer = self.http.post(format!("{}/v1/auth/register", self.address)).json(&body).send().await?;
        person(answer).await
    }

    async fn sign_in(&self, name: &str) -> Result<Option<Person>> {
        let body = json!({ "identifier": email(name), "password": PASSWORD });
        let answer = self.http.post(format!("{}/v1/auth/login", self.address)).json(&body).send().await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            return Ok(None);
        }
        person(answer).await.map(Some)
    }

    async fn send(&self, person: &Person, path: &str, body: Value) -> Result<Value> {
        let request = self.http.post(format!("{}{path}", self.address)).bearer_auth(&person.token).json(&body);
        accepted(request.send().await?).await
    }
}

async fn person(answer: Response) -> Result<Person> {
    let answer = accepted(answer).await?;
    Ok(Person { id: text_of(&answer["user"], "id")?.to_owned(), token: text_of(&answer, "access_token")?.to_owned() })
}

async fn accepted(answer: Response) -> Result<Value> {
    let (status, path) = (answer.status(), answer.url().path().to_owned());
    let body: Value = answer.json().await?;
    anyhow::ensure!(status.is_success(), "{path} answered {status}: {}", body["title"]);
    Ok(body)
}

fn text_of<'a>(body: &'a Value, field: &str) -> Result<&'a str> {
    body[field].as_str().with_context(|| format!("the answer has no `{field}`"))
}
