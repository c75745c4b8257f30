//! People who talk without a channel: that they are registered, and the one place where the same people always meet.

use std::collections::BTreeSet;

use domain::account::{Account, Registered};
use domain::conversation::{AddMembers, OpenDirect, OpenGroup, Refusal, State};
use events::public::ConversationKind;
use events::{ConversationId, UserId};
use futures::future::try_join_all;
use service_kit::{Principal, Problem};

use crate::actor::actor;
use crate::app::App;
use crate::channels::settle;
use crate::execute::{Cause, Failure, execute};
use crate::problems::{Answer, log_problem, user_not_found};
use crate::routes::Begun;

/// Most people of a group; checked before anybody is looked for.
const MOST: usize = 9;
/// How many groups of the same people may have become channels.
const MOST_CONVERTED: u32 = 50;

/// Proves that somebody has an account.
pub(crate) async fn registered(app: &App, user: UserId) -> Result<Registered, Problem> {
    app.state_of::<Account>(&user).await?.registered(user).map_err(|_| user_not_found())
}

/// Proves that all of them have accounts.
pub(crate) async fn all_registered(app: &App, users: &[UserId]) -> Result<Vec<Registered>, Problem> {
    let unique: BTreeSet<UserId> = users.iter().copied().collect();
    try_join_all(unique.into_iter().map(|user| registered(app, user))).await
}

/// Opens the direct conversation with somebody, or finds it open.
pub(crate) async fn open_direct(app: &App, by: UserId, with: UserId, cause: &Cause) -> Result<Begun, Problem> {
    let command = OpenDirect { by, with: registered(app, with).await? };
    let id = command.conversation();
    let decided = execute(&app.log, &id, cause, &command).await?;
    Ok(Begun::at(id, &decided))
}

/// Opens the group of these people, or finds it open. Groups of the same people that became channels are passed over.
pub(crate) async fn open_group(app: &App, by: UserId, with: &[UserId], cause: &Cause) -> Result<Begun, Problem> {
    let everybody: BTreeSet<UserId> = with.iter().copied().chain([by]).collect();
    if everybody.len() > MOST {
        return Err(Refusal::TooManyMembers.problem());
    }
    let with = all_registered(app, with).await?;
    for nth in 0..MOST_CONVERTED {
        let command = OpenGroup { by, with: with.clone(), nth };
        let id: ConversationId = command.conversation();
        match execute(&app.log, &id, cause, &command).await {
            Ok(decided) => return Ok(Begun::at(id, &decided)),
            Err(Failure::Refused(Refusal::AlreadyExists)) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    Err(Refusal::AlreadyExists.problem())
}

/// Opens what these people would talk in without a channel.
async fn open_among(app: &App, by: UserId, with: &[UserId], cause: &Cause) -> Result<Begun, Problem> {
    let others: BTreeSet<UserId> = with.iter().copied().filter(|user| *user != by).collect();
    match (others.len(), others.first()) {
        (0, _) | (_, None) => open_direct(app, by, by, cause).await,
        (1, Some(other)) => open_direct(app, by, *other, cause).await,
        _ => open_group(app, by, with, cause).await,
    }
}

/// Brings people into a channel; those of a group or direct conversation open the group of everybody together.
pub(crate) async fn bring_in(
    app: &App,
    by: Principal,
    cause: &Cause,
    conversation: ConversationId,
    users: &[UserId],
) -> Result<Begun, Problem> {
    if let Some(people) = people_of(app, conversation, by.user).await? {
        let everybody: Vec<UserId> = people.into_iter().chain(users.iter().copied()).collect();
        return open_among(app, by.user, &everybody, cause).await;
    }
    let command = AddMembers { by: actor(by), users: all_registered(app, users).await? };
    let position = settle(app, conversation, cause, &command).await?;
    Ok(Begun::known(conversation, position))
}

/// The people of a group or direct conversation that `user` is in; `None` for anything else.
async fn people_of(app: &App, id: ConversationId, user: UserId) -> Result<Option<Vec<UserId>>, Problem> {
    let state = app.conversations.read(id).await.map_err(|error| log_problem(&error))?;
    let State::Open(open) = &*state else { return Ok(None) };
    let fixed = open.kind != ConversationKind::Channel && open.members.contains(&user);
    Ok(fixed.then(|| open.members.iter().copied().collect()))
}
