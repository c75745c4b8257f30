//! Commands that turn a setting of one's own over.

use domain::preference::{MuteConversation, Preference, StarConversation, State};
use events::public::CommandAnswer;
use service_kit::Problem;

use super::Running;
use crate::preferences::prefer;

impl Running<'_> {
    async fn settings(&self) -> Result<State, Problem> {
        self.app.state_of::<Preference>(&self.by.user).await
    }

    pub(super) async fn toggle_mute(&self) -> Result<CommandAnswer, Problem> {
        let muted = !self.settings().await?.muted.contains(&self.conversation);
        let command = |of| MuteConversation { of, muted };
        let position = prefer(self.app, self.by, self.cause, self.conversation, command).await?;
        let told = if muted { "Muted: nothing here notifies you." } else { "Not muted any more." };
        Ok(CommandAnswer::done(position).telling(told))
    }

    pub(super) async fn toggle_star(&self) -> Result<CommandAnswer, Problem> {
        let starred = !self.settings().await?.starred.contains(&self.conversation);
        let command = |of| StarConversation { of, starred };
        let position = prefer(self.app, self.by, self.cause, self.conversation, command).await?;
        Ok(CommandAnswer::done(position).telling(if starred { "Starred." } else { "Not starred any more." }))
    }
}
