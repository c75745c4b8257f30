//! `GET /v1/users`

use axum::Json;
use axum::extract::State;
use events::UserId;
use mongodb::bson::{Document, doc};
use read_model::{User, UserDoc, Users, View};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use service_kit::{Principal, Problem, QueryOf};
use utoipa::IntoParams;

use crate::freshness::MinPosition;
use crate::page::{Page, invalid_query, limit};
use crate::{App, reading};

/// Most people that are asked for by their ids.
const MOST_IDS: usize = 100;
/// Longer than anybody's name.
const LONGEST_NAME: usize = 80;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// How many at most, 1–100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// The cursor of the page before.
    after: Option<UserId>,
    /// Part of a name; large and small letters are the same.
    q: Option<String>,
    /// These alone, 100 ids at most with commas between them. Unknown ones are left out. Goes with nothing else.
    #[param(style = Form, explode = false, max_items = 100)]
    #[serde(default, deserialize_with = "separated")]
    ids: Option<Vec<UserId>>,
}

impl Wanted {
    /// What holds for the documents that are wanted, and how many there may be.
    fn selection(&self) -> Result<(Document, usize), Problem> {
        let Some(ids) = &self.ids else {
            let after = self.after.map(|id| id.to_string()).unwrap_or_default();
            let page = doc! { "_id": { "$gt": after }, "profile": { "$exists": true } };
            return Ok((self.named(page), limit(self.limit)?));
        };
        if self.limit.is_some() || self.after.is_some() || self.q.is_some() {
            return Err(invalid_query());
        }
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        Ok((doc! { "_id": { "$in": ids }, "profile": { "$exists": true } }, MOST_IDS))
    }

    fn named(&self, mut page: Document) -> Document {
        let part: String = self.q.as_deref().unwrap_or_default().trim().chars().take(LONGEST_NAME + 1).collect();
        if !part.is_empty() {
            let like = doc! { "$regex": literally(&part), "$options": "i" };
            page.insert("$or", [doc! { "profile.name": &like }, doc! { "profile.display_name": &like }]);
        }
        page
    }
}

/// A pattern that is met by these characters only: whatever could mean something in a pattern stands there as a number.
fn literally(part: &str) -> String {
    let one = |c: char| if c.is_alphanumeric() { c.to_string() } else { format!("\\x{{{:x}}}", u32::from(c)) };
    part.chars().map(one).collect()
}

/// A query has no lists, so ids come as one text.
fn separated<'de, D: Deserializer<'de>>(text: D) -> Result<Option<Vec<UserId>>, D::Error> {
    let text = String::deserialize(text)?;
    let ids: Vec<UserId> =
        text.split(',').take(MOST_IDS + 1).map(str::parse).collect::<Result<_, _>>().map_err(D::Error::custom)?;
    if ids.len() > MOST_IDS { Err(D::Error::custom("too many ids")) } else { Ok(Some(ids)) }
}

/// Everybody of the workspace in the order of joining, those with a name like this, or these.
#[utoipa::path(get, path = "/v1/users", tag = "people", params(Wanted, MinPosition),
    responses((status = 200, body = Page<User>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list_users(
    State(app): State<App>,
    _: Principal,
    QueryOf(wanted): QueryOf<Wanted>,
    least: MinPosition,
) -> Result<Json<Page<User>>, Problem> {
    let (selected, limit) = wanted.selection()?;
    app.freshness.reach(least, &[Users::COLLECTION]).await?;
    // What is private does not even leave the database.
    let hidden = ["email", "phone"];
    let (found, more) =
        reading::some::<UserDoc>(&app.reading.users, selected, doc! { "_id": 1 }, &hidden, limit).await?;
    let users = found.iter().filter_map(UserDoc::user).collect();
    Ok(Json(Page::forwards(users, more, |last| last.person.id.to_string())))
}
