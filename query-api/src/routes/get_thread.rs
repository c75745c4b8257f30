//! `GET /v1/messages/{message}/thread`

use axum::Json;
use axum::extract::State;
use events::public::Message;
use events::{MessageId, Position};
use read_model::{Conversations, FollowDoc, FollowKey, Follows, Inboxes, Memberships, Messages, View};
use serde::{Deserialize, Serialize};
use service_kit::{PathOf, Principal, Problem, QueryOf};
use utoipa::ToSchema;

use super::list_messages::Wanted;
use crate::freshness::MinPosition;
use crate::page::limit;
use crate::timeline::{Line, Timeline};
use crate::{App, reading};

/// The answers to a message, and your place among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Thread {
    /// The answers on this page, oldest first.
    items: Vec<Message>,
    /// Give this as `before` for the page before this one; absent on the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Position>,
    /// Give this as `after` for the page after this one; absent on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Position>,
    /// Whether you follow the thread.
    following: bool,
    /// Answers after this position are new to you, if you follow the thread.
    read_position: Position,
}

/// The views that a thread is read from.
const VIEWS: [&str; 5] = [
    Messages::COLLECTION,
    Conversations::COLLECTION,
    Memberships::COLLECTION,
    Follows::COLLECTION,
    Inboxes::COLLECTION,
];

/// The answers to a message, oldest first; without a cursor the newest ones.
///
/// A permalink `/archives/{conversation}/p{position}?thread={message}` is resolved by `around={position}`.
#[utoipa::path(get, path = "/v1/messages/{message}/thread", tag = "threads",
    params(("message" = MessageId, Path, description = "The one at its head"), Wanted, MinPosition),
    responses((status = 200, body = Thread), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn get_thread(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    PathOf(root): PathOf<MessageId>,
    QueryOf(wanted): QueryOf<Wanted>,
    least: MinPosition,
) -> Result<Json<Thread>, Problem> {
    let (window, limit) = (wanted.window()?, limit(wanted.limit)?);
    app.freshness.reach(least, &VIEWS).await?;
    app.reading.message(user, root).await?;
    let all_read = app.reading.all_read(user).await?;
    let place: Option<FollowDoc> = reading::one(&app.reading.follows, FollowKey { root, user }.to_string()).await?;
    let mut page = Timeline { messages: &app.reading.messages, line: Line::Thread(root) }.page(window, limit).await?;
    app.reading.quote(user, page.items.iter_mut()).await?;
    let (following, read) =
        place.map_or((false, Position::START), |place| (place.following, place.read_with(all_read)));
    Ok(Json(Thread { items: page.items, before: page.before, after: page.after, following, read_position: read }))
}
