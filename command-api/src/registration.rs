//! A registration is several facts in several streams, and the password is the last one: without it there is no account.
//! So it can stop anywhere and be taken up again by whoever comes with the same identifiers; of two who race, the one
//! whose password is set first has registered, and the other is told that the identifier is taken.

use domain::account::{Email, PersonName, Phone, RegisterAccount};
use domain::conversation::{ChannelName, Conversation, CreateChannel, JoinChannel, State as ConversationState};
use domain::credential::{self, Credential, Password, SetPassword};
use domain::identifier::{ClaimIdentifier, Identifier, Name, State as IdentifierState};
use domain::profile::CreateProfile;
use domain::workspace::{self, FoundWorkspace, Workspace};
use domain::{Aggregate, Command};
use event_log::{Appended, Expected};
use events::{ConversationId, Role, UserId, Visibility};
use service_kit::Problem;
use uuid::Uuid;

use crate::app::App;
use crate::execute::{Cause, Failure, execute, number};
use crate::problems::{busy, log_problem, taken};

/// What a person registers with.
pub(crate) struct Registration {
    pub(crate) name: PersonName,
    pub(crate) email: Option<Email>,
    pub(crate) phone: Option<Phone>,
    pub(crate) password: Password,
    /// Whether the same request may come again, and then finds itself done.
    pub(crate) repeatable: bool,
}

impl Registration {
    fn names(&self) -> Vec<Name> {
        let email = self.email.clone().map(Name::Email);
        email.into_iter().chain(self.phone.clone().map(Name::Phone)).collect()
    }
}

/// Registers somebody under the proposed id, or under that of the unfinished registration she takes up. A repeat under
/// the same proposed id and with the same password finds her registered.
pub(crate) async fn register(
    app: &App,
    registration: &Registration,
    proposed: UserId,
    cause: Cause,
) -> Result<UserId, Problem> {
    let names = registration.names();
    let user = match choose_user(app, &names, proposed).await? {
        Chosen::Unfinished(user) => user,
        Chosen::Finished(name, phc) => return repeated(app, registration, &name, proposed, phc).await,
    };
    let phc = app.passwords.hash(&registration.password).await?;
    let cause = Cause { actor: Some(user), ..cause };
    claim(app, &names, user, &cause).await?;
    prepare(app, registration, user, &cause).await?;
    if commit(app, user, &cause, SetPassword { phc }).await? {
        return Ok(user);
    }
    let Some(name) = names.first() else { return Err(busy()) };
    match password_of(app, user).await? {
        Some(phc) if user == proposed => repeated(app, registration, name, user, phc).await,
        Some(_) | None => Err(taken(name)),
    }
}

/// The proposed person is registered. Only whoever repeats the request and knows the password is that person.
async fn repeated(
    app: &App,
    registration: &Registration,
    name: &Name,
    user: UserId,
    phc: String,
) -> Result<UserId, Problem> {
    let same = registration.repeatable && app.passwords.verify(registration.password.reveal(), Some(phc)).await?;
    if same { Ok(user) } else { Err(taken(name)) }
}

enum Chosen {
    /// Nobody has finished under this id.
    Unfinished(UserId),
    /// The proposed id itself is registered: this is a repeat. With the password's hash.
    Finished(Name, String),
}

/// Looks who has the identifiers before anything is written.
async fn choose_user(app: &App, names: &[Name], proposed: UserId) -> Result<Chosen, Problem> {
    let mut chosen = proposed;
    for name in names {
        let IdentifierState::Owned { owner } = app.state_of::<Identifier>(name).await? else { continue };
        let owner = UserId::new(owner);
        match password_of(app, owner).await? {
            Some(phc) if owner == proposed => return Ok(Chosen::Finished(name.clone(), phc)),
            Some(_) => return Err(taken(name)),
            None => chosen = owner,
        }
    }
    Ok(Chosen::Unfinished(chosen))
}

/// The hash of somebody's password; `None` when she has not finished registering.
pub(crate) async fn password_of(app: &App, user: UserId) -> Result<Option<String>, Problem> {
    Ok(match app.state_of::<Credential>(&user).await? {
        credential::State::Missing => None,
        credential::State::Set { phc } => Some(phc),
    })
}

async fn claim(app: &App, names: &[Name], user: UserId, cause: &Cause) -> Result<(), Problem> {
    for name in names {
        match execute(&app.log, name, cause, &ClaimIdentifier { owner: user.uuid() }).await {
            Ok(_) => {}
            Err(Failure::Refused(_)) => return Err(taken(name)),
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok(())
}

/// Everything but the password. Each step finds itself done when it is repeated.
async fn prepare(app: &App, registration: &Registration, user: UserId, cause: &Cause) -> Result<(), Problem> {
    let founder = founder(app, user, cause).await?;
    let role = if founder == user { Role::Owner } else { Role::Member };
    let (email, phone) = (registration.email.clone(), registration.phone.clone());
    match execute::<RegisterAccount>(&app.log, &user, cause, &RegisterAccount { email, phone, role }).await {
        Ok(_) => {}
        // An unfinished registration with other identifiers holds one of these.
        Err(Failure::Refused(domain::account::Refusal::AlreadyRegistered)) => {
            return Err(registration.names().first().map_or_else(busy, taken));
        }
        Err(failure) => return Err(failure.into()),
    }
    execute(&app.log, &user, cause, &CreateProfile { name: registration.name.clone() }).await?;
    join_general(app, founder, user, cause).await?;
    join_default_channels(app, user, cause).await
}

/// Whoever founded the workspace: this person, if nobody has before.
async fn founder(app: &App, user: UserId, cause: &Cause) -> Result<UserId, Problem> {
    let find = || async {
        match execute(&app.log, &(), cause, &FoundWorkspace { by: user }).await {
            Ok(_) => return Ok(user),
            Err(Failure::Refused(workspace::Refusal::AlreadyFounded)) => {}
            Err(failure) => return Err(Problem::from(failure)),
        }
        app.state_of::<Workspace>(&()).await?.owner.ok_or_else(busy)
    };
    app.founder.get_or_try_init(find).await.copied()
}

/// Everybody joins the general channel. It is never archived, private or left, so its newest revision does not matter
/// to the rule: many may join at once without getting in each other's way.
async fn join_general(app: &App, founder: UserId, user: UserId, cause: &Cause) -> Result<(), Problem> {
    let general = ConversationId::general();
    let mut state = app.conversations.state(general).await.map_err(|error| log_problem(&error))?;
    if *state == ConversationState::Missing {
        create_general(app, founder, cause).await?;
        state = app.conversations.state(general).await.map_err(|error| log_problem(&error))?;
    }
    let events = JoinChannel { user }.decide(&state).map_err(|refusal| Problem::from(Failure::Refused(refusal)))?;
    if events.is_empty() {
        return Ok(());
    }
    let stream = Conversation::stream(&general);
    // The ids come from the person alone, so that a registration taken up again joins once.
    let once = Cause { request: service_kit::RequestId(user.uuid()), ..*cause };
    let numbered = number(&stream, &once, &events).into_iter().map(|mut new| {
        new.metadata = cause.metadata();
        new
    });
    match app.log.append(&stream, Expected::Exists, numbered.collect()).await.map_err(|error| log_problem(&error))? {
        Appended::At(position) => {
            app.saw(position);
            Ok(())
        }
        Appended::Conflict => Err(busy()),
    }
}

/// Default channels are joined as far as that is possible: one may be archived or private by now.
async fn join_default_channels(app: &App, user: UserId, cause: &Cause) -> Result<(), Problem> {
    for channel in app.state_of::<Workspace>(&()).await?.default_channels {
        match execute(&app.log, &channel, cause, &JoinChannel { user }).await {
            Ok(decided) => app.saw(decided.position),
            Err(Failure::Refused(_)) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok(())
}

async fn create_general(app: &App, founder: UserId, cause: &Cause) -> Result<(), Problem> {
    let (id, name) = (ConversationId::general(), ChannelName::general());
    execute(&app.log, &Name::Channel(name.clone()), cause, &ClaimIdentifier { owner: id.uuid() }).await?;
    let command = CreateChannel { by: founder, name, topic: None, description: None, visibility: Visibility::Public };
    execute(&app.log, &id, cause, &command).await?;
    Ok(())
}

/// The password makes it final. The store lets one of several through: whether it was this one.
async fn commit(app: &App, user: UserId, cause: &Cause, command: SetPassword) -> Result<bool, Problem> {
    match execute(&app.log, &user, cause, &command).await {
        Ok(decided) => {
            app.saw(decided.position);
            Ok(true)
        }
        Err(Failure::Refused(credential::Refusal::AlreadySet)) => Ok(false),
        Err(failure) => Err(failure.into()),
    }
}

/// Whose identifier this is, if anybody's.
pub(crate) async fn owner_of(app: &App, name: &Name) -> Result<Option<UserId>, Problem> {
    Ok(match app.state_of::<Identifier>(name).await? {
        IdentifierState::Owned { owner } => Some(UserId::new(owner)),
        IdentifierState::Free => None,
    })
}

/// A stand-in for whoever has no account, so that looking for her takes as long.
pub(crate) const NOBODY: UserId = UserId::new(Uuid::nil());
