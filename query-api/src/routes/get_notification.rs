//! `GET /v1/messages/{message}/notifications`

use axum::Json;
use axum::extract::State;
use events::MessageId;
use read_model::{Conversations, Memberships, Messages, Notifications, Preferences, View};
use service_kit::{PathOf, Principal, Problem};

use crate::App;
use crate::freshness::MinPosition;
use crate::notification::MyNotification;

/// Whether a message notified you, and why; never anything about anybody else.
///
/// It is decided a moment after the message was posted, or edited so that it mentions you; until then it counts as not
/// for you.
#[utoipa::path(get, path = "/v1/messages/{message}/notifications", tag = "mine",
    params(("message" = MessageId, Path, description = "Which"), MinPosition),
    responses((status = 200, body = MyNotification), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn get_notification(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    PathOf(message): PathOf<MessageId>,
    least: MinPosition,
) -> Result<Json<MyNotification>, Problem> {
    let views = [
        Notifications::COLLECTION,
        Preferences::COLLECTION,
        Messages::COLLECTION,
        Conversations::COLLECTION,
        Memberships::COLLECTION,
    ];
    app.freshness.reach(least, &views).await?;
    app.reading.notification(user, message).await.map(Json)
}
