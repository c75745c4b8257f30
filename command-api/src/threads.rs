//! What a person says about a thread: that she follows it or not, and how far she has read.

use domain::conversation::Reader;
use domain::follow::{FollowThread, MarkThreadRead, UnfollowThread};
use domain::message::Head;
use events::{MessageId, Position};
use service_kit::{Principal, Problem};

use crate::app::App;
use crate::execute::Cause;
use crate::messages::{done, hidden, state};
use crate::problems::Answer;
use crate::receipts::newest;

/// Follows a thread.
pub(crate) async fn follow(app: &App, by: Principal, cause: &Cause, root: MessageId) -> Result<Position, Problem> {
    let (reader, thread) = enter(app, by, root).await?;
    done(app, (root, by.user), cause, &FollowThread { by: reader, thread }).await
}

/// Stops following a thread.
pub(crate) async fn unfollow(app: &App, by: Principal, cause: &Cause, root: MessageId) -> Result<Position, Problem> {
    let (reader, thread) = enter(app, by, root).await?;
    done(app, (root, by.user), cause, &UnfollowThread { by: reader, thread }).await
}

/// Moves somebody's read pointer in a thread forward.
pub(crate) async fn mark_read(
    app: &App,
    by: Principal,
    cause: &Cause,
    root: MessageId,
    up_to: Position,
) -> Result<Position, Problem> {
    let (reader, thread) = enter(app, by, root).await?;
    let newest = newest(app, up_to).await?;
    done(app, (root, by.user), cause, &MarkThreadRead { by: reader, thread, up_to, newest }).await
}

/// The thread, and the proof that this person belongs to where it stands. To strangers there is none.
async fn enter(app: &App, by: Principal, root: MessageId) -> Result<(Reader, Head), Problem> {
    let head = state(app, root).await?.head(root).map_err(Answer::problem)?;
    let reader = app.conversations.reader(head.conversation(), by.user).await.map_err(|failure| {
        let problem = hidden(failure);
        if problem.status == 404 { domain::message::Refusal::NoSuchThread.problem() } else { problem }
    })?;
    Ok((reader, head))
}
