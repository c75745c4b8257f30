//! `PATCH /v1/preferences`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::preference::{ArrangeSidebar, Sections};
use events::public::SidebarSection;
use garde::Validate;
use serde::Deserialize;
use service_kit::{Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::preferences::{invalid_sections, settle};

/// What shall be different.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct NewPreferences {
    /// The sections of your sidebar, in order, instead of those before. Each conversation stands in one at most.
    #[schema(max_items = 50)]
    sections: Vec<SidebarSection>,
}

/// Arrange your sidebar; for you alone, on all your devices.
#[utoipa::path(patch, path = "/v1/preferences", tag = "mine", security(("access_token" = [])),
    request_body = NewPreferences,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 409, body = Problem, description = "too_many_sections, too_many_in_sections"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn change_preferences(
    State(app): State<App>,
    by: Principal,
    request: RequestId,
    Valid(NewPreferences { sections }): Valid<NewPreferences>,
) -> Result<impl IntoResponse, Problem> {
    let sections = sections.into_iter().map(|section| (section.name, section.conversations)).collect();
    let command = ArrangeSidebar { sections: Sections::parse(sections).map_err(invalid_sections)? };
    let position = settle(&app, by, &Cause::of(request, by), &command).await?;
    Ok(Written::answer(position))
}
