//! The only place where rules meet I/O: load, decide, append, and decide again when somebody was faster.

use std::time::Duration;

use domain::{Aggregate, Command, EventOf, IdOf, RefusalOf};
use event_log::{Appended, End, EventLog, Expected, Folded, LogError, NewEvent, Retention};
use events::{Family, Metadata, Position, SessionId, StreamName, UserId};
use service_kit::{Principal, RequestId};
use uuid::Uuid;

use crate::measure::Measure;
use crate::retention::retention;

/// How often a command is decided before its sender is asked to come back later.
pub(crate) const ATTEMPTS: u32 = 12;
/// The namespace of event ids. Never changes: an id made with it may be made again by a late retry.
const EVENT_IDS: Uuid = Uuid::from_u128(0x3d1c_8f0e_66b0_4a6e_8a8e_5b0f_94d2_7c15);

/// Who gives a command, and in which request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cause {
    pub(crate) request: RequestId,
    pub(crate) actor: Option<UserId>,
    pub(crate) session: Option<SessionId>,
}

impl Cause {
    pub(crate) fn of(request: RequestId, by: Principal) -> Self {
        Self { request, actor: Some(by.user), session: Some(by.session) }
    }

    pub(crate) fn metadata(&self) -> Metadata {
        let request = self.request.0;
        Metadata { actor: self.actor, session: self.session, correlation_id: request, causation_id: request }
    }
}

/// What came of a command.
#[derive(Debug, Clone)]
pub(crate) struct Decided<E> {
    /// The last event's position; of the last event there was, when nothing needed to happen.
    pub(crate) position: Position,
    /// What happened.
    pub(crate) events: Vec<E>,
}

/// Why nothing came of a command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure<R: std::error::Error + 'static> {
    #[error("refused")]
    Refused(#[source] R),
    #[error("others were faster too many times")]
    Busy,
    #[error("the event store failed")]
    Log(#[from] LogError),
}

/// Carries a command out on the aggregate with this id.
pub(crate) async fn execute<C: Command>(
    log: &EventLog,
    id: &IdOf<C>,
    cause: &Cause,
    command: &C,
) -> Result<Decided<EventOf<C>>, Failure<RefusalOf<C>>> {
    let stream = C::On::stream(id);
    let measure = Measure::start(&stream);
    let outcome = attempt_often(log, &stream, cause, command).await;
    measure.end(match &outcome {
        Ok(_) => "done",
        Err(Failure::Refused(_)) => "refused",
        Err(Failure::Busy) => "busy",
        Err(Failure::Log(_)) => "failed",
    });
    outcome
}

async fn attempt_often<C: Command>(
    log: &EventLog,
    stream: &StreamName,
    cause: &Cause,
    command: &C,
) -> Result<Decided<EventOf<C>>, Failure<RefusalOf<C>>> {
    for attempt in 0..ATTEMPTS {
        let Folded { state, end } = load::<C::On>(log, stream).await?;
        let events = command.decide(&state).map_err(Failure::Refused)?;
        if let Some(decided) = append(log, stream, cause, end, events).await? {
            return Ok(decided);
        }
        tokio::time::sleep(Duration::from_millis(u64::from(attempt) * 3)).await;
    }
    Err(Failure::Busy)
}

/// What the stream of an aggregate comes to.
pub(crate) async fn load<A: Aggregate>(log: &EventLog, stream: &StreamName) -> Result<Folded<A::State>, LogError> {
    log.fold(stream, A::evolve).await
}

/// Appends what was decided on a stream as it was read; `None` when somebody was faster.
pub(crate) async fn append<E: Family>(
    log: &EventLog,
    stream: &StreamName,
    cause: &Cause,
    end: End,
    events: Vec<E>,
) -> Result<Option<Decided<E>>, LogError> {
    if events.is_empty() {
        return Ok(Some(Decided { position: end.position, events }));
    }
    let expected = match end.revision {
        Some(revision) => Expected::Exact(revision),
        None => expected_of_nothing(log, stream).await?,
    };
    match log.append(stream, expected, number(stream, cause, &events)).await? {
        Appended::At(position) => Ok(Some(Decided { position, events })),
        Appended::Conflict => Ok(None),
    }
}

/// What to expect of a stream in which nothing stands. What it will keep is said first: said afterwards, a process that
/// dies in between would leave a stream that keeps everything for ever.
async fn expected_of_nothing(log: &EventLog, stream: &StreamName) -> Result<Expected, LogError> {
    let Some(retention) = retention(stream) else { return Ok(Expected::NoStream) };
    log.retain(stream, retention).await?;
    Ok(match retention {
        // Something may have stood there; the store knows, the reader cannot.
        Retention::For(_) => Expected::Any,
        Retention::Newest(_) => Expected::NoStream,
    })
}

/// Gives events their ids. The same events of the same request always get the same ids, so a repeated append is known
/// to the store; and since the content counts, a request id that a client uses twice does no harm.
pub(crate) fn number<E: Family>(stream: &StreamName, cause: &Cause, events: &[E]) -> Vec<NewEvent<E>> {
    let numbered = events.iter().enumerate().map(|(n, event)| {
        let (name, content) = event.encode();
        let actor = cause.actor.map(UserId::uuid).unwrap_or_default();
        let text = format!("{}\n{actor}\n{stream}\n{n}\n{name}\n{content}", cause.request.0);
        NewEvent { id: Uuid::new_v5(&EVENT_IDS, text.as_bytes()), event: event.clone(), metadata: cause.metadata() }
    });
    numbered.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use events::PresenceEvent;

    fn ids(request: u128, events: &[PresenceEvent]) -> Vec<Uuid> {
        let cause = Cause { request: RequestId(Uuid::from_u128(request)), actor: None, session: None };
        let stream = StreamName::presence(UserId::new(Uuid::nil()));
        number(&stream, &cause, events).into_iter().map(|event| event.id).collect()
    }

    #[test]
    fn a_retry_makes_the_same_ids_and_anything_else_makes_others() {
        let (online, away) = (PresenceEvent::CameOnline {}, PresenceEvent::WentAway {});
        assert_eq!(ids(1, std::slice::from_ref(&online)), ids(1, std::slice::from_ref(&online)));
        assert_ne!(ids(1, std::slice::from_ref(&online)), ids(2, std::slice::from_ref(&online)));
        assert_ne!(ids(1, std::slice::from_ref(&online)), ids(1, &[away]));
        let twice = ids(1, &[online.clone(), online]);
        assert_ne!(twice[0], twice[1]);
    }
}
