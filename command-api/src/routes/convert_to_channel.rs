//! `POST /v1/conversations/{conversation}/convert`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::conversation::{ChannelName, ConvertToChannel};
use events::ConversationId;
use garde::Validate;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::app::App;
use crate::channels::convert;
use crate::execute::Cause;

/// The channel to be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct NewChannel {
    /// Lower-case letters, digits, dashes and underscores.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
}

/// Make a group a private channel: the same people, all that they said, and a name.
#[utoipa::path(post, path = "/v1/conversations/{conversation}/convert", tag = "conversations",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)), request_body = NewChannel,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 409, body = Problem, description = "not_a_group, channel_name_taken"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn convert_to_channel(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
    Valid(NewChannel { name }): Valid<NewChannel>,
) -> Result<impl IntoResponse, Problem> {
    let name = ChannelName::parse(&name).map_err(|error| Problem::invalid_field("/name", &error.to_string()))?;
    let command = ConvertToChannel { by: by.user, name };
    let position = convert(&app, conversation, &Cause::of(request, by), &command).await?;
    Ok(Written::answer(position))
}
