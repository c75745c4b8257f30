//! `GET /v1/get-messages`

use axum::Json;
use axum::extract::State;
use events::public::Message;
use events::{ConversationId, Position, UserId};
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, QueryOf};
use utoipa::IntoParams;

use super::list_messages::{Wanted, list_messages};
use crate::App;
use crate::freshness::MinPosition;
use crate::page::{Page, invalid_query};

/// Where, and which part.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MessagesOf {
    /// The conversation.
    conversation: Option<ConversationId>,
    /// Or the person: those of your direct conversation.
    user: Option<UserId>,
    /// How many at most, 1–100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Only messages before this position, the newest of them.
    before: Option<u64>,
    /// Only messages after this position, the oldest of them.
    after: Option<u64>,
}

/// The messages of a conversation or with a person, oldest first; an alias.
///
/// The same as `GET /v1/conversations/{conversation}/messages`.
#[utoipa::path(get, path = "/v1/get-messages", tag = "aliases", params(MessagesOf, MinPosition),
    responses((status = 200, body = Page<Message, Position>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn get_messages(
    state: State<App>,
    by: Principal,
    QueryOf(MessagesOf { conversation, user, limit, before, after }): QueryOf<MessagesOf>,
    least: MinPosition,
) -> Result<Json<Page<Message, Position>>, Problem> {
    let conversation = match (conversation, user) {
        (Some(conversation), None) => conversation,
        (None, Some(user)) => ConversationId::direct(&[by.user, user]),
        (Some(_), Some(_)) | (None, None) => return Err(invalid_query()),
    };
    list_messages(state, by, PathOf(conversation), QueryOf(Wanted::stretch(limit, before, after)), least).await
}
