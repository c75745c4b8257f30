//! The routes, one handler per file; a handler's name is its operation's id.

pub(crate) mod count_mentions;
mod get_conversation;
mod get_me;
mod get_message;
mod get_message_history;
mod get_messages;
mod get_notification;
mod get_preferences;
mod get_profile;
mod get_thread;
mod get_user;
mod list_activity;
mod list_channels;
mod list_conversations;
mod list_drafts;
pub(crate) mod list_members;
mod list_message_receipts;
mod list_messages;
mod list_pins;
mod list_receipts;
mod list_saved;
mod list_threads;
mod list_users;
mod recount_conversation;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

/// Every route with its description.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_users::list_users))
        .routes(routes!(get_me::get_me))
        .routes(routes!(get_user::get_user))
        .routes(routes!(get_preferences::get_preferences))
        .routes(routes!(list_conversations::list_conversations))
        .routes(routes!(list_channels::list_channels))
        .routes(routes!(get_conversation::get_conversation))
        .routes(routes!(recount_conversation::recount_conversation))
        .routes(routes!(list_members::list_members))
        .routes(routes!(list_receipts::list_receipts))
        .routes(routes!(list_messages::list_messages))
        .routes(routes!(count_mentions::count_mentions))
        .routes(routes!(get_message::get_message))
        .routes(routes!(get_message_history::get_message_history))
        .routes(routes!(list_message_receipts::list_message_receipts))
        .routes(routes!(get_thread::get_thread))
        .routes(routes!(list_threads::list_threads))
        .routes(routes!(list_pins::list_pins))
        .routes(routes!(list_saved::list_saved))
        .routes(routes!(list_drafts::list_drafts))
        .routes(routes!(list_activity::list_activity))
        .routes(routes!(get_notification::get_notification))
        // Other names of routes, for those who know them by these.
        .routes(routes!(get_messages::get_messages))
        .routes(routes!(get_profile::get_profile))
}
