//! `GET /v1/channels`

use axum::Json;
use axum::extract::State;
use mongodb::bson::{Document, doc};
use read_model::{Conversations, Inboxes, Memberships, Messages, View};
use serde::Deserialize;
use service_kit::{Principal, Problem, QueryOf};
use utoipa::IntoParams;

use crate::App;
use crate::conversation::Conversation;
use crate::freshness::MinPosition;
use crate::page::{Page, limit};

/// Longer than any channel's name.
const LONGEST_NAME: usize = 80;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// How many at most, 1–100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// The cursor of the page before.
    after: Option<String>,
    /// What the names begin with.
    q: Option<String>,
    /// Whether those that are archived are wanted, instead of those that are not.
    #[param(default = false)]
    archived: Option<bool>,
}

/// Public channels, by name: those that are not archived, or those that are.
#[utoipa::path(get, path = "/v1/channels", tag = "conversations", params(Wanted, MinPosition), responses(
    (status = 200, body = Page<Conversation>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list_channels(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    QueryOf(wanted): QueryOf<Wanted>,
    least: MinPosition,
) -> Result<Json<Page<Conversation>>, Problem> {
    let limit = limit(wanted.limit)?;
    let views = [Conversations::COLLECTION, Memberships::COLLECTION, Messages::COLLECTION, Inboxes::COLLECTION];
    app.freshness.reach(least, &views).await?;
    let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let select = vec![
        doc! { "$match": {
            "kind": "channel",
            "visibility": "public",
            "name": names(&wanted),
            "archived": wanted.archived.unwrap_or_default(),
        } },
        doc! { "$sort": { "name": 1, "_id": 1 } },
        doc! { "$limit": one_more },
    ];
    let mut found = app.reading.described(user, select).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    Ok(Json(Page::forwards(found, more, |last| last.card.name.clone().unwrap_or_default())))
}

/// The range of names that are wanted. A prefix is a range too, so no pattern is ever made of what somebody typed.
fn names(wanted: &Wanted) -> Document {
    let prefix = wanted.q.as_deref().unwrap_or_default().trim_start_matches('#').to_lowercase();
    let prefix: String = prefix.chars().take(LONGEST_NAME + 1).collect();
    let mut range = doc! { "$gte": &prefix, "$lt": format!("{prefix}\u{10ffff}") };
    if let Some(after) = &wanted.after {
        range.insert("$gt", after);
    }
    range
}
