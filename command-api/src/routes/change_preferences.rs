//! `PATCH /v1/preferences`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::inbox::SetReadReceipts;
use domain::preference::{ChangePreferences, Keywords, QuietSchedule, Sections};
use events::QuietHours;
use events::public::SidebarSection;
use garde::Validate;
use serde::Deserialize;
use service_kit::{Principal, Problem, RequestId, Valid};
use utoipa::ToSchema;

use super::Written;
use crate::app::App;
use crate::execute::Cause;
use crate::messages::done;
use crate::preferences::{invalid_keywords, invalid_quiet_hours, invalid_sections, settle};
use crate::zones::is_zone;

/// What shall be different. What is absent stays as it is; the rest is given as a whole.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct NewPreferences {
    /// The sections of your sidebar, in order, instead of those before. Each conversation stands in one at most.
    #[schema(max_items = 50)]
    sections: Option<Vec<SidebarSection>>,
    /// Words and short phrases of which you want to hear, wherever you are a member. Large or small letters are the same.
    #[schema(max_items = 50)]
    keywords: Option<Vec<String>>,
    /// The hours of the week in which nothing notifies you.
    quiet_hours: Option<QuietHours>,
    /// Whether others see how far you have read. If not, you do not see it of them; what you have received they see.
    read_receipts: Option<bool>,
}

impl NewPreferences {
    fn read(self) -> Result<(ChangePreferences, Option<SetReadReceipts>), Problem> {
        let stored = |section: SidebarSection| (section.name, section.conversations);
        let sections = self.sections.map(|sections| Sections::parse(sections.into_iter().map(stored).collect()));
        let quiet_hours = self.quiet_hours.map(|hours| QuietSchedule::parse(hours, is_zone));
        let changes = ChangePreferences {
            sections: sections.transpose().map_err(invalid_sections)?,
            keywords: self.keywords.map(Keywords::parse).transpose().map_err(invalid_keywords)?,
            quiet_hours: quiet_hours.transpose().map_err(invalid_quiet_hours)?,
        };
        Ok((changes, self.read_receipts.map(|read_receipts| SetReadReceipts { read_receipts })))
    }
}

/// Change your settings, on all your devices. Only whether others see how far you have read is of consequence to them.
#[utoipa::path(patch, path = "/v1/preferences", tag = "mine", security(("access_token" = [])),
    request_body = NewPreferences,
    responses(
        (status = 200, body = Written), (status = 401, body = Problem),
        (status = 409, body = Problem,
            description = "too_many_sections, too_many_in_sections, too_many_keywords, too_many_quiet_hours"),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn change_preferences(
    State(app): State<App>,
    by: Principal,
    request: RequestId,
    Valid(wanted): Valid<NewPreferences>,
) -> Result<impl IntoResponse, Problem> {
    let (cause, (changes, receipts)) = (Cause::of(request, by), wanted.read()?);
    let mut position = settle(&app, by, &cause, &changes).await?;
    if let Some(command) = receipts {
        position = position.max(done(&app, by.user, &cause, &command).await?);
    }
    Ok(Written::answer(position))
}
