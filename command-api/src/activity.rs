//! What a person says about her activity: how far she has looked through it.

use domain::activity::MarkActivityRead;
use events::Position;
use service_kit::{Principal, Problem};

use crate::app::App;
use crate::execute::Cause;
use crate::messages::done;
use crate::receipts::newest;

/// Moves somebody's read pointer in her activity forward.
pub(crate) async fn mark_read(app: &App, by: Principal, cause: &Cause, up_to: Position) -> Result<Position, Problem> {
    let newest = newest(app, up_to).await?;
    done(app, by.user, cause, &MarkActivityRead { up_to, newest }).await
}
