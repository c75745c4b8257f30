//! `GET /v1/conversations/{conversation}/members`

use axum::Json;
use axum::extract::State;
use events::{ConversationId, Timestamp, UserId};
use mongodb::bson::doc;
use read_model::{Conversations, MembershipDoc, Memberships, View};
use serde::{Deserialize, Serialize};
use service_kit::{PathOf, Principal, Problem, QueryOf};
use utoipa::{IntoParams, ToSchema};

use crate::freshness::MinPosition;
use crate::page::{Page, limit};
use crate::{App, reading};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// How many at most, 1–100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// The cursor of the page before.
    after: Option<UserId>,
}

/// A member of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Since when.
    pub joined_at: Timestamp,
}

/// The members of a conversation.
#[utoipa::path(get, path = "/v1/conversations/{conversation}/members", tag = "conversations",
    params(("conversation" = ConversationId, Path, description = "Which"), Wanted, MinPosition),
    responses((status = 200, body = Page<Member>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list_members(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    QueryOf(wanted): QueryOf<Wanted>,
    least: MinPosition,
) -> Result<Json<Page<Member>>, Problem> {
    let limit = limit(wanted.limit)?;
    app.freshness.reach(least, &[Conversations::COLLECTION, Memberships::COLLECTION]).await?;
    app.reading.must_see(user, conversation).await?;
    let after = wanted.after.map(|id| id.to_string()).unwrap_or_default();
    let members = doc! { "conversation": conversation.to_string(), "user": { "$gt": after }, "member": true };
    let (found, more) =
        reading::some::<MembershipDoc>(&app.reading.memberships, members, doc! { "user": 1 }, &[], limit).await?;
    let members = found.into_iter().map(|doc| Member { user: doc.user, joined_at: doc.joined_at }).collect();
    Ok(Json(Page::forwards(members, more, |last: &Member| last.user.to_string())))
}
