//! The HTTP routes: one handler per file. Extractors check, bodies map.

mod add_default_channel;
mod add_members;
mod add_reaction;
mod archive_channel;
mod change_channel;
mod change_preferences;
mod clear_dnd;
mod clear_status;
mod convert_to_channel;
mod create_conversation;
mod create_group;
mod delete_message;
mod edit_message;
mod follow_thread;
mod join_channel;
mod join_group;
mod leave_channel;
mod leave_group;
mod list_sessions;
mod log_in;
mod log_out;
mod mark_activity_read;
mod mark_all_read;
mod mark_delivered;
mod mark_read;
mod mark_thread_read;
mod mark_unread;
mod mute_conversation;
mod pin_message;
mod post_message;
mod refresh_session;
mod register;
mod remove_default_channel;
mod remove_member;
mod remove_reaction;
mod revoke_session;
mod run_command;
mod save_draft;
mod save_message;
mod send_message;
mod set_dnd;
mod set_notification_level;
mod set_saved_state;
mod set_status;
mod show_signing_keys;
mod star_conversation;
mod unarchive_channel;
mod unfollow_thread;
mod unmute_conversation;
mod unpin_message;
mod unsave_message;
mod unstar_conversation;

use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, IntoResponseParts};
use events::{ConversationId, Position, UserId};
use garde::Validate;
use serde::{Deserialize, Serialize};
use service_kit::{Problem, RequestId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes as operations;
use uuid::Uuid;

use crate::app::App;

pub(crate) use create_conversation::Begun;

/// Where a write's last event stands; given to a `GET` as `Confab-Min-Position`, it reads one's own writes.
const POSITION: HeaderName = HeaderName::from_static("confab-position");
/// The namespace of request ids derived from `Idempotency-Key`. Never changes, or late repeats would be new requests.
const KEYS: Uuid = Uuid::from_u128(0x77c4_2a90_51de_4f6c_9c3b_e8a4_6d10_b2f3);

/// Every route of command-api, with its documentation.
#[must_use]
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(operations!(register::register))
        .routes(operations!(log_in::log_in))
        .routes(operations!(refresh_session::refresh_session))
        .routes(operations!(log_out::log_out))
        .routes(operations!(show_signing_keys::show_signing_keys))
        .routes(operations!(list_sessions::list_sessions))
        .routes(operations!(revoke_session::revoke_session))
        .routes(operations!(add_default_channel::add_default_channel))
        .routes(operations!(remove_default_channel::remove_default_channel))
        .routes(operations!(create_conversation::create_conversation))
        .routes(operations!(change_channel::change_channel))
        .routes(operations!(archive_channel::archive_channel))
        .routes(operations!(unarchive_channel::unarchive_channel))
        .routes(operations!(convert_to_channel::convert_to_channel))
        .routes(operations!(join_channel::join_channel))
        .routes(operations!(leave_channel::leave_channel))
        .routes(operations!(add_members::add_members))
        .routes(operations!(remove_member::remove_member))
        .routes(operations!(star_conversation::star_conversation))
        .routes(operations!(unstar_conversation::unstar_conversation))
        .routes(operations!(mute_conversation::mute_conversation))
        .routes(operations!(unmute_conversation::unmute_conversation))
        .routes(operations!(set_notification_level::set_notification_level))
        .routes(operations!(change_preferences::change_preferences))
        .routes(operations!(set_dnd::set_dnd, clear_dnd::clear_dnd))
        .routes(operations!(mark_delivered::mark_delivered))
        .routes(operations!(mark_activity_read::mark_activity_read))
        .routes(operations!(mark_read::mark_read))
        .routes(operations!(mark_unread::mark_unread))
        .routes(operations!(mark_all_read::mark_all_read))
        .routes(operations!(post_message::post_message))
        .routes(operations!(run_command::run_command))
        .routes(operations!(set_status::set_status, clear_status::clear_status))
        .routes(operations!(edit_message::edit_message, delete_message::delete_message))
        .routes(operations!(add_reaction::add_reaction, remove_reaction::remove_reaction))
        .routes(operations!(follow_thread::follow_thread, unfollow_thread::unfollow_thread))
        .routes(operations!(mark_thread_read::mark_thread_read))
        .routes(operations!(
            save_message::save_message,
            set_saved_state::set_saved_state,
            unsave_message::unsave_message
        ))
        .routes(operations!(save_draft::save_draft))
        .routes(operations!(pin_message::pin_message, unpin_message::unpin_message))
        .merge(aliases())
}

/// Other names of routes, for those who know them by these.
fn aliases() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(operations!(send_message::send_message))
        .routes(operations!(create_group::create_group))
        .routes(operations!(join_group::join_group))
        .routes(operations!(leave_group::leave_group))
}

/// Every route, ready to be merged or served; `service_kit::public` goes around it.
pub fn router(app: App) -> axum::Router {
    routes().split_for_parts().0.with_state(app)
}

/// The documentation of every route.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().into_openapi()
}

/// The conversation that an alias is about.
#[derive(Debug, Clone, Copy, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct Which {
    /// Which conversation.
    conversation: ConversationId,
}

/// What a write without a new thing answers.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct Written {
    /// Where its event stands.
    position: Position,
}

impl Written {
    fn answer(position: Position) -> impl IntoResponse {
        with_position(position, axum::Json(Self { position }))
    }
}

/// Adds the header that says how far a reader must have come to see this write.
pub(crate) fn with_position<R: IntoResponse>(position: Position, response: R) -> (impl IntoResponseParts, R) {
    ([(POSITION, position.0.to_string())], response)
}

/// The id of a request that may be repeated under an `Idempotency-Key`: the same key, by the same person on the same
/// route, is the same request. `None` without a key.
///
/// # Errors
/// 400 for a key that is empty, longer than 255 characters, or not text.
fn repeatable(headers: &HeaderMap, route: &str, by: Option<UserId>) -> Result<Option<RequestId>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| (1..=255).contains(&key.len()));
    let key = key.ok_or_else(|| {
        Problem::new(400, "invalid_idempotency_key", "Idempotency-Key must have 1 to 255 ASCII characters.")
    })?;
    let by = by.map(UserId::uuid).unwrap_or_default();
    Ok(Some(RequestId(Uuid::new_v5(&KEYS, format!("{route}\n{by}\n{key}").as_bytes()))))
}

/// What the device calls itself.
fn user_agent(headers: &HeaderMap) -> Option<String> {
    Some(headers.get("user-agent")?.to_str().ok()?.to_owned())
}
