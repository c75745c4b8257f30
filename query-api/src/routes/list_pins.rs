//! `GET /v1/conversations/{conversation}/pins`

use axum::Json;
use axum::extract::State;
use events::ConversationId;
use events::public::Message;
use mongodb::bson::doc;
use service_kit::{PathOf, Principal, Problem};

use crate::freshness::MinPosition;
use crate::page::Page;
use crate::reading::MESSAGE_VIEWS;
use crate::{App, reading};

/// More than can be pinned in one conversation.
const MOST: usize = 200;

/// What is pinned in a conversation, the newest pin first. There are 100 at most, so it is one page.
#[utoipa::path(get, path = "/v1/conversations/{conversation}/pins", tag = "messages",
    params(("conversation" = ConversationId, Path, description = "Where"), MinPosition),
    responses((status = 200, body = Page<Message>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list_pins(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    least: MinPosition,
) -> Result<Json<Page<Message>>, Problem> {
    app.freshness.reach(least, &MESSAGE_VIEWS).await?;
    app.reading.must_see(user, conversation).await?;
    let filter = doc! { "conversation": conversation.to_string(), "pinned.position": { "$exists": true } };
    let newest_first = doc! { "pinned.position": -1 };
    let (mut pins, _): (Vec<Message>, _) =
        reading::some(&app.reading.messages, filter, newest_first, &["former"], MOST).await?;
    app.reading.quote(user, pins.iter_mut()).await?;
    Ok(Json(Page::whole(pins)))
}
