//! `GET /v1/conversations/{conversation}`

use axum::Json;
use axum::extract::State;
use events::ConversationId;
use read_model::{Conversations, Inboxes, Memberships, Messages, View};
use service_kit::{PathOf, Principal, Problem};

use crate::App;
use crate::conversation::Conversation;
use crate::freshness::MinPosition;

/// A conversation.
#[utoipa::path(get, path = "/v1/conversations/{conversation}", tag = "conversations",
    params(("conversation" = ConversationId, Path, description = "Which"), MinPosition),
    responses((status = 200, body = Conversation), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn get_conversation(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    least: MinPosition,
) -> Result<Json<Conversation>, Problem> {
    let views = [Conversations::COLLECTION, Memberships::COLLECTION, Messages::COLLECTION, Inboxes::COLLECTION];
    app.freshness.reach(least, &views).await?;
    app.reading.conversation(user, conversation).await.map(Json)
}
