//! `GET /v1/drafts`

use axum::Json;
use axum::extract::State;
use read_model::{Conversations, Drafts, Memberships, View};
use service_kit::{Principal, Problem};

use crate::App;
use crate::drafts::SavedDraft;
use crate::freshness::MinPosition;
use crate::page::Page;

/// What you have begun to write, the newest first. There are 100 at most, so it is one page.
#[utoipa::path(get, path = "/v1/drafts", tag = "mine", params(MinPosition),
    responses((status = 200, body = Page<SavedDraft>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list_drafts(
    State(app): State<App>,
    Principal { user, .. }: Principal,
    least: MinPosition,
) -> Result<Json<Page<SavedDraft>>, Problem> {
    let views = [Drafts::COLLECTION, Conversations::COLLECTION, Memberships::COLLECTION];
    app.freshness.reach(least, &views).await?;
    app.reading.drafts(user).await.map(|drafts| Json(Page::whole(drafts)))
}
