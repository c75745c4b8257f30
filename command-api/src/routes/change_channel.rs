//! `PATCH /v1/conversations/{conversation}`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::account::Actor;
use domain::conversation::{ChangeChannel, ChannelName, Purpose};
use events::{ConversationId, PostingPolicy, Visibility};
use garde::Validate;
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::actor::actor;
use crate::app::App;
use crate::channels::change;
use crate::execute::Cause;
use crate::fields::Faults;

/// What shall be different. What is absent stays as it is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct Changes {
    /// Lower-case letters, digits, dashes and underscores.
    #[schema(min_length = 1, max_length = 80)]
    name: Option<String>,
    /// What it is about right now; blank for nothing.
    #[schema(max_length = 250)]
    topic: Option<String>,
    /// What it is for; blank for nothing.
    #[schema(max_length = 250)]
    description: Option<String>,
    /// `private` makes a public channel private, for good.
    visibility: Option<Visibility>,
    /// Who of its members may post.
    posting: Option<PostingPolicy>,
    /// Whether its members are told how far each of them is; only while there are 50 of them at most.
    receipts: Option<bool>,
}

impl Changes {
    fn read(&self, by: Actor) -> Result<ChangeChannel, Problem> {
        let mut faults = Faults::default();
        let name = faults.check_optional("/name", self.name.as_deref(), ChannelName::parse);
        let topic = faults.check_optional("/topic", self.topic.as_deref(), Purpose::parse);
        let description = faults.check_optional("/description", self.description.as_deref(), Purpose::parse);
        faults.none()?;
        let Self { visibility, posting, receipts, .. } = *self;
        Ok(ChangeChannel { by, name, topic, description, visibility, posting, receipts })
    }
}

/// Change a channel.
///
/// Members change name, topic and description. Only whoever made it and admins say who may find it, who
/// may post, and whether receipts are told.
#[utoipa::path(patch, path = "/v1/conversations/{conversation}", tag = "conversations",
    security(("access_token" = [])), params(("conversation" = ConversationId, Path)), request_body = Changes,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 403, body = Problem, description = "not_a_member, managers_only"),
        (status = 404, body = Problem, description = "conversation_not_found"),
        (status = 409, body = Problem,
            description = "channel_name_taken, conversation_archived, general_channel, not_a_channel, stays_private, \
                too_many_for_receipts"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn change_channel(
    State(app): State<App>,
    by: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    request: RequestId,
    Valid(changes): Valid<Changes>,
) -> Result<impl IntoResponse, Problem> {
    let command = changes.read(actor(by))?;
    let position = change(&app, conversation, &Cause::of(request, by), &command).await?;
    Ok(Written::answer(position))
}
