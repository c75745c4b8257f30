//! How far people have received and read: HTTP and NATS both come through here.

use domain::inbox::{Inbox, MarkAllRead, State};
use domain::message;
use domain::receipt::{MarkDelivered, MarkRead, MarkUnread};
use events::{ConversationId, MessageId, Position, UserId};
use service_kit::{Principal, Problem};

use crate::app::App;
use crate::execute::Cause;
use crate::messages::{done, hidden, state};
use crate::problems::{Answer, log_problem};
use crate::threads;

/// How far somebody says that she is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report {
    pub(crate) conversation: ConversationId,
    pub(crate) up_to: Position,
    /// How far her device has heard of everything, as far as it says so.
    pub(crate) known: Option<Position>,
}

/// Moves somebody's read pointer forward.
pub(crate) async fn mark_read(app: &App, by: Principal, cause: &Cause, report: Report) -> Result<Position, Problem> {
    let Report { conversation, up_to, known } = report;
    let reader = app.conversations.reader(conversation, by.user).await?;
    let newest = newest(app, up_to).await?;
    // What is told to nobody need not be asked about.
    let read_receipts = reader.tells() && inbox(app, by.user).await?.read_receipts;
    let command = MarkRead { by: reader, up_to, newest, read_receipts, known };
    done(app, (conversation, by.user), cause, &command).await
}

/// Moves what somebody's devices have received forward.
pub(crate) async fn mark_delivered(
    app: &App,
    by: Principal,
    cause: &Cause,
    report: Report,
) -> Result<Position, Problem> {
    let Report { conversation, up_to, .. } = report;
    let reader = app.conversations.reader(conversation, by.user).await?;
    let newest = newest(app, up_to).await?;
    done(app, (conversation, by.user), cause, &MarkDelivered { by: reader, up_to, newest }).await
}

/// Moves somebody's read pointer back to before a message: that of the thread, if it stands in one alone.
pub(crate) async fn mark_unread(
    app: &App,
    by: Principal,
    cause: &Cause,
    message: MessageId,
) -> Result<Position, Problem> {
    let message::State::Posted(posted) = state(app, message).await? else {
        return Err(message::Refusal::Missing.problem());
    };
    let conversation = posted.first.conversation;
    let reader = app.conversations.reader(conversation, by.user).await.map_err(hidden)?;
    let (from, all_read) = (posted.position, inbox(app, by.user).await?.read);
    match posted.first.thread.filter(|_| !posted.first.in_channel) {
        Some(root) => threads::mark_unread(app, reader, cause, root, from, all_read).await,
        None => done(app, (conversation, by.user), cause, &MarkUnread { by: reader, from, all_read }).await,
    }
}

/// Marks all that somebody reads as read.
pub(crate) async fn mark_all_read(
    app: &App,
    by: Principal,
    cause: &Cause,
    up_to: Position,
) -> Result<Position, Problem> {
    let newest = newest(app, up_to).await?;
    done(app, by.user, cause, &MarkAllRead { up_to, newest }).await
}

/// What holds for all that somebody reads.
async fn inbox(app: &App, user: UserId) -> Result<State, Problem> {
    app.state_of::<Inbox>(&user).await
}

/// The newest position there is, as far as it matters to whoever has read up to here.
pub(crate) async fn newest(app: &App, up_to: Position) -> Result<Position, Problem> {
    let known = app.newest();
    if up_to <= known {
        return Ok(known);
    }
    // Another node may have written it.
    let newest = app.log.head().await.map_err(|error| log_problem(&error))?;
    app.saw(newest);
    Ok(newest)
}
