//! What a person says about a thread: that she follows it or not, and how far she has read; and who comes into one by
//! answering, or by being named there.

use domain::conversation::Reader;
use domain::follow::{FollowThread, MarkThreadRead, MarkThreadUnread, UnfollowThread};
use domain::message::Head;
use events::{MessageId, Position, UserId};
use futures::future::try_join_all;
use service_kit::{Principal, Problem};

use crate::app::App;
use crate::execute::Cause;
use crate::messages::{done, hidden, state};
use crate::problems::{Answer, log_problem};
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
    known: Option<Position>,
) -> Result<Position, Problem> {
    let (reader, thread) = enter(app, by, root).await?;
    let newest = newest(app, up_to).await?;
    done(app, (root, by.user), cause, &MarkThreadRead { by: reader, thread, up_to, newest, known }).await
}

/// Moves somebody's read pointer in a thread back to before an answer.
pub(crate) async fn mark_unread(
    app: &App,
    by: Reader,
    cause: &Cause,
    root: MessageId,
    from: Position,
    all_read: Position,
) -> Result<Position, Problem> {
    let thread = state(app, root).await?.head(root).map_err(Answer::problem)?;
    done(app, (root, by.user()), cause, &MarkThreadUnread { by, thread, from, all_read }).await
}

/// Of those whom one answer names, so many begin to follow its thread: who names more calls a crowd.
const MOST_INVOLVED: usize = 50;

/// Has people follow a thread, as far as they belong to where it stands; also those who said before that they do not.
pub(crate) async fn involve(
    app: &App,
    cause: &Cause,
    thread: Head,
    users: impl Iterator<Item = UserId>,
) -> Result<(), Problem> {
    let place = app.conversations.state(thread.conversation()).await.map_err(|error| log_problem(&error))?;
    let readers = users.filter_map(|user| place.reader(user).ok()).take(MOST_INVOLVED);
    let follow = |by: Reader| async move {
        done(app, (thread.message(), by.user()), cause, &FollowThread { by, thread }).await.map(drop)
    };
    try_join_all(readers.map(follow)).await.map(drop)
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
