//! `GET /v1/conversations`

use axum::Json;
use axum::extract::State;
use mongodb::bson::{Document, doc};
use read_model::{Conversations, Inboxes, Memberships, Messages, View};
use serde::Deserialize;
use service_kit::{Principal, Problem};

use crate::conversation::Conversation;
use crate::freshness::MinPosition;
use crate::page::Page;
use crate::{App, reading};

/// Most conversations of one person that are listed; far beyond what anybody reads.
const MOST: usize = 1_000;

#[derive(Deserialize)]
struct Joined {
    conversation: String,
}

/// Your conversations, with what is new in them.
#[utoipa::path(get, path = "/v1/conversations", tag = "conversations", params(MinPosition), responses(
    (status = 200, body = Page<Conversation>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list_conversations(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    least: MinPosition,
) -> Result<Json<Page<Conversation>>, Problem> {
    let views = [Conversations::COLLECTION, Memberships::COLLECTION, Messages::COLLECTION, Inboxes::COLLECTION];
    app.freshness.reach(least, &views).await?;
    let mine = doc! { "user": user.to_string(), "member": true };
    let joined = reading::some::<Joined>(&app.reading.memberships, mine, Document::new(), &["intervals"], MOST);
    let ids: Vec<String> = joined.await?.0.into_iter().map(|joined| joined.conversation).collect();
    let select = vec![doc! { "$match": { "_id": { "$in": ids } } }, doc! { "$sort": { "_id": 1 } }];
    Ok(Json(Page::whole(app.reading.described(user, select).await?)))
}
