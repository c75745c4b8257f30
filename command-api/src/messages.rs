//! What happens to a message after it was posted: HTTP and NATS both come through here. Whoever does not belong to its
//! conversation is told that there is no such message.

use domain::account::{Account, Moderator};
use domain::conversation::{self, Participant, Poster};
use domain::message::{
    AddReaction, DeleteMessage, EditMessage, Emoji, Message, MessageText, Refusal, RemoveReaction, State,
};
use domain::pins::{PinMessage, UnpinMessage};
use domain::{Aggregate, Command, RefusalOf};
use events::{ConversationId, MessageId, Position};
use service_kit::{Principal, Problem};

use crate::app::App;
use crate::execute::{Cause, Failure, execute};
use crate::problems::Answer;
use crate::sessions::now;
use crate::threads;

/// Changes what a message says.
pub(crate) async fn edit(
    app: &App,
    by: Principal,
    cause: &Cause,
    message: MessageId,
    text: String,
) -> Result<Position, Problem> {
    let text = MessageText::parse(text).map_err(|error| Problem::invalid_field("/text", &error.to_string()))?;
    let (by, state) = author(app, by, message).await?;
    let command = EditMessage { by, text, now: now(), within: app.edit_within };
    involve(app, cause, &state, &command).await?;
    done(app, message, cause, &command).await
}

/// Whom an edited answer names anew follows its thread, as if it had named her when it was posted.
async fn involve(app: &App, cause: &Cause, answer: &State, edit: &EditMessage) -> Result<(), Problem> {
    let State::Posted(posted) = answer else { return Ok(()) };
    let Some(root) = posted.first.thread else { return Ok(()) };
    // What is refused, or changes nothing, names nobody.
    if edit.decide(answer).map_err(Answer::problem)?.is_empty() {
        return Ok(());
    }
    let head = state(app, root).await?.head(root).map_err(Answer::problem)?;
    threads::involve(app, cause, head, edit.mentions(posted).into_iter()).await
}

/// Deletes a message, and unpins it.
pub(crate) async fn delete(app: &App, by: Principal, cause: &Cause, message: MessageId) -> Result<Position, Problem> {
    let (participant, state) = reach(app, by, message).await?;
    let own = matches!(&state, State::Posted(posted) if posted.first.author == by.user);
    let moderator = if own { None } else { moderator(app, by).await? };
    let deleted = done(app, message, cause, &DeleteMessage { by: participant, moderator }).await?;
    let unpin = UnpinMessage { by: participant, message };
    let unpinned = done(app, participant.conversation(), cause, &unpin).await?;
    Ok(deleted.max(unpinned))
}

async fn moderator(app: &App, by: Principal) -> Result<Option<Moderator>, Problem> {
    Ok(app.state_of::<Account>(&by.user).await?.moderator(by.user))
}

/// Reacts to a message.
pub(crate) async fn add_reaction(
    app: &App,
    by: Principal,
    cause: &Cause,
    message: MessageId,
    emoji: &str,
) -> Result<Position, Problem> {
    let emoji = emoji_of(emoji)?;
    let (by, _) = reach(app, by, message).await?;
    done(app, message, cause, &AddReaction { by, emoji }).await
}

/// Takes a reaction back.
pub(crate) async fn remove_reaction(
    app: &App,
    by: Principal,
    cause: &Cause,
    message: MessageId,
    emoji: &str,
) -> Result<Position, Problem> {
    let emoji = emoji_of(emoji)?;
    let (by, _) = reach(app, by, message).await?;
    done(app, message, cause, &RemoveReaction { by, emoji }).await
}

fn emoji_of(text: &str) -> Result<Emoji, Problem> {
    Emoji::parse(text).map_err(|error| Problem::invalid_field("/emoji", &error.to_string()))
}

/// Pins a message.
pub(crate) async fn pin(app: &App, by: Principal, cause: &Cause, message: MessageId) -> Result<Position, Problem> {
    let (by, state) = author(app, by, message).await?;
    let living = state.living(message).map_err(Answer::problem)?;
    done(app, by.conversation(), cause, &PinMessage { by, message: living }).await
}

/// Takes a pin away.
pub(crate) async fn unpin(app: &App, by: Principal, cause: &Cause, message: MessageId) -> Result<Position, Problem> {
    let (by, _) = author(app, by, message).await?;
    done(app, by.conversation(), cause, &UnpinMessage { by: by.into(), message }).await
}

/// The message, and the proof that this person may post where it stands.
async fn author(app: &App, by: Principal, message: MessageId) -> Result<(Poster, State), Problem> {
    let (conversation, state) = posted(app, message).await?;
    Ok((app.conversations.poster(conversation, by).await.map_err(hidden)?, state))
}

/// The message, and the proof that this person may take part where it stands.
async fn reach(app: &App, by: Principal, message: MessageId) -> Result<(Participant, State), Problem> {
    let (conversation, state) = posted(app, message).await?;
    Ok((app.conversations.participant(conversation, by.user).await.map_err(hidden)?, state))
}

async fn posted(app: &App, message: MessageId) -> Result<(ConversationId, State), Problem> {
    match state(app, message).await? {
        State::Missing => Err(Refusal::Missing.problem()),
        State::Posted(posted) => Ok((posted.first.conversation, State::Posted(posted))),
    }
}

/// A message as its stream has it.
pub(crate) async fn state(app: &App, message: MessageId) -> Result<State, Problem> {
    app.state_of::<Message>(&message).await
}

/// To strangers a message in a conversation is as absent as one that was never posted.
pub(crate) fn hidden(failure: Failure<conversation::Refusal>) -> Problem {
    match failure {
        Failure::Refused(
            conversation::Refusal::Missing | conversation::Refusal::NotAMember | conversation::Refusal::Private,
        ) => Refusal::Missing.problem(),
        failure => failure.into(),
    }
}

/// Carries a command out and says where its fact stands.
pub(crate) async fn done<C>(
    app: &App,
    id: <C::On as Aggregate>::Id,
    cause: &Cause,
    command: &C,
) -> Result<Position, Problem>
where
    C: Command,
    RefusalOf<C>: Answer,
{
    let decided = execute(&app.log, &id, cause, command).await?;
    app.saw(decided.position);
    Ok(decided.position)
}
