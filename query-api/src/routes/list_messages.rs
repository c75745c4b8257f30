//! `GET /v1/conversations/{conversation}/messages`

use axum::Json;
use axum::extract::State;
use events::public::Message;
use events::{ConversationId, Position};
use read_model::{Conversations, Memberships, Messages, View};
use serde::Deserialize;
use service_kit::{PathOf, Principal, Problem, QueryOf};
use utoipa::IntoParams;

use crate::App;
use crate::freshness::MinPosition;
use crate::page::{Page, invalid_query, limit};
use crate::timeline::{Line, Timeline, Window};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// How many at most, 1–100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    pub(super) limit: Option<u16>,
    /// Only messages before this position, the newest of them.
    before: Option<u64>,
    /// Only messages after this position, the oldest of them.
    after: Option<u64>,
    /// Messages on both sides of this position.
    around: Option<u64>,
}

impl Wanted {
    pub(super) const fn stretch(limit: Option<u16>, before: Option<u64>, after: Option<u64>) -> Self {
        Self { limit, before, after, around: None }
    }

    pub(super) fn window(&self) -> Result<Window, Problem> {
        match (self.before, self.after, self.around) {
            (None, None, None) => Ok(Window::Newest),
            (Some(before), None, None) => Ok(Window::Before(Position(before))),
            (None, Some(after), None) => Ok(Window::After(Position(after))),
            (None, None, Some(around)) => Ok(Window::Around(Position(around))),
            _ => Err(invalid_query()),
        }
    }
}

/// The messages of a conversation, oldest first; without a cursor the newest ones. Answers in threads are left out.
///
/// A permalink `/archives/{conversation}/p{position}` is resolved by `around={position}`.
#[utoipa::path(get, path = "/v1/conversations/{conversation}/messages", tag = "messages",
    params(("conversation" = ConversationId, Path, description = "Where"), Wanted, MinPosition),
    responses((status = 200, body = Page<Message, Position>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list_messages(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    PathOf(conversation): PathOf<ConversationId>,
    QueryOf(wanted): QueryOf<Wanted>,
    least: MinPosition,
) -> Result<Json<Page<Message, Position>>, Problem> {
    let (window, limit) = (wanted.window()?, limit(wanted.limit)?);
    let views = [Conversations::COLLECTION, Memberships::COLLECTION, Messages::COLLECTION];
    app.freshness.reach(least, &views).await?;
    app.reading.must_see(user, conversation).await?;
    let line = Line::Conversation(conversation);
    let mut page = Timeline { messages: &app.reading.messages, line }.page(window, limit).await?;
    app.reading.quote(user, page.items.iter_mut()).await?;
    Ok(Json(page))
}
