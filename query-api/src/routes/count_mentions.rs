//! `GET /v1/conversations/{conversation}/mentions`

use axum::Json;
use axum::extract::State;
use events::ConversationId;
use read_model::{Conversations, Memberships, Users, View};
use serde::{Deserialize, Serialize};
use service_kit::{PathOf, Principal, Problem};
use utoipa::ToSchema;

use crate::App;
use crate::freshness::MinPosition;

/// How many people a mention of many would speak to, yourself not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct MentionCounts {
    /// `@channel`: every member.
    channel: u32,
    /// `@here`: members who are active.
    here: u32,
}

/// How many people `@channel` and `@here` would speak to: ask before you do that in a large conversation.
#[utoipa::path(get, path = "/v1/conversations/{conversation}/mentions", tag = "conversations",
    params(("conversation" = ConversationId, Path, description = "Where"), MinPosition),
    responses((status = 200, body = MentionCounts), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn count_mentions(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    least: MinPosition,
) -> Result<Json<MentionCounts>, Problem> {
    let views = [Conversations::COLLECTION, Memberships::COLLECTION, Users::COLLECTION];
    app.freshness.reach(least, &views).await?;
    app.reading.must_see(user, conversation).await?;
    app.reading.mention_counts(user, conversation).await.map(Json)
}
