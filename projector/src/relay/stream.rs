//! The JetStream stream `CONFAB`: what it is called, how it is made, what its messages carry.

use std::future::{Future, IntoFuture};
use std::time::Duration;

use async_nats::jetstream::context::{Context, ContextBuilder, PublishErrorKind};
use async_nats::jetstream::stream::{Config, DiscardPolicy, StorageType};
use async_nats::{ConnectOptions, HeaderMap};
use bytes::Bytes;
use events::Position;
use events::public::{Audience, PublicEvent, PublicFact};
use service_kit::nats;

use super::{Ended, IN_FLIGHT};

/// The stream's name.
pub const STREAM: &str = "CONFAB";
/// Header: the position of the fact in a message.
pub const POSITION_HEADER: &str = "Confab-Position";
/// Header: the position in the message before it, `0` if there was none. A consumer that has another one last has
/// missed something.
pub const PREVIOUS_HEADER: &str = "Confab-Previous";
/// Header: the audience as JSON, so that nobody needs to read the body.
pub const AUDIENCE_HEADER: &str = "Confab-Audience";

const EXPECTED_SEQUENCE_HEADER: &str = "Nats-Expected-Last-Sequence";
const EXPECTED_STREAM_HEADER: &str = "Nats-Expected-Stream";
/// How long NATS may take for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// NATS did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{0}")]
    Request(#[from] async_nats::Error),
    #[error("the last message of the stream has no position")]
    Foreign,
}

/// The position of a message's fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Relayed(pub(crate) Position);

/// The end of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tail {
    pub(crate) sequence: u64,
    pub(crate) last: Option<Relayed>,
}

/// A connection that writes to the stream.
pub(crate) struct Stream {
    jetstream: Context,
}

impl Stream {
    /// Connects in the background, for as long as it takes.
    pub(crate) async fn connect(url: &str) -> Result<Self, nats::Failure> {
        let options = ConnectOptions::new()
            .name("confab-relay")
            .request_timeout(Some(PATIENCE))
            .reconnect_delay_callback(|attempt| Duration::from_millis(50 << attempt.min(4)));
        let client = nats::connect(url, options).await?;
        let builder = ContextBuilder::new().timeout(PATIENCE).max_ack_inflight(2 * IN_FLIGHT);
        Ok(Self { jetstream: builder.backpressure_on_inflight(true).build(client) })
    }

    /// The last message, which is the relay's checkpoint. Makes the stream when there is none.
    pub(crate) async fn tail(&self) -> Result<Tail, Failure> {
        let stream = self.jetstream.get_or_create_stream(settings()).await.map_err(async_nats::Error::from)?;
        let state = stream.get_info().await.map_err(async_nats::Error::from)?.state;
        if state.messages == 0 {
            return Ok(Tail { sequence: state.last_sequence, last: None });
        }
        let message = stream.get_raw_message(state.last_sequence).await.map_err(async_nats::Error::from)?;
        let position = message.headers.get(POSITION_HEADER).and_then(|value| value.as_str().parse().ok());
        let last = position.map(|position| Relayed(Position(position))).ok_or(Failure::Foreign)?;
        Ok(Tail { sequence: state.last_sequence, last: Some(last) })
    }

    /// Throws every message away; sequences go on.
    pub(crate) async fn purge(&self) -> Result<(), Failure> {
        let stream = self.jetstream.get_stream(STREAM).await.map_err(async_nats::Error::from)?;
        stream.purge().await.map(drop).map_err(|error| Failure::Request(error.into()))
    }

    /// Sends a message after the tail, which moves with it. The outcome comes with the returned future, in order.
    pub(crate) async fn publish(
        &self,
        tail: &mut Tail,
        position: Position,
        subject: String,
        audience: &Audience,
        frame: Bytes,
    ) -> Result<impl Future<Output = Result<(), Ended>> + Send + use<>, Ended> {
        let headers = headers(*tail, position, audience).map_err(|error| Ended::Stopped(error.to_string()))?;
        let sent = self.jetstream.publish_with_headers(subject, headers, frame);
        let sent = sent.await.map_err(ended)?;
        *tail = Tail { sequence: tail.sequence + 1, last: Some(Relayed(position)) };
        Ok(async move { sent.into_future().await.map(drop).map_err(ended) })
    }
}

fn ended(error: async_nats::jetstream::context::PublishError) -> Ended {
    match error.kind() {
        PublishErrorKind::WrongLastSequence => Ended::Overtaken,
        PublishErrorKind::MaxPayloadExceeded => Ended::Stopped("a fact is larger than NATS takes".to_owned()),
        _ => Ended::Nats(Failure::Request(error.into())),
    }
}

fn settings() -> Config {
    Config {
        name: STREAM.to_owned(),
        subjects: vec!["confab.event.>".to_owned()],
        storage: StorageType::File,
        discard: DiscardPolicy::Old,
        max_age: Duration::from_secs(24 * 60 * 60),
        max_bytes: 1 << 30,
        // Nothing is recognised by message ids here: the expected sequence says it better.
        duplicate_window: Duration::from_secs(1),
        ..Config::default()
    }
}

/// Where a fact goes.
pub(crate) fn subject(audience: &Audience, fact: &PublicFact) -> String {
    match (audience, &fact.event) {
        (
            Audience::Conversation(id)
            | Audience::Members { conversation: id, .. }
            | Audience::Receipts { conversation: id, .. },
            _,
        ) => {
            format!("confab.event.conversation.{id}")
        }
        (Audience::User(id), _) => format!("confab.event.user.{id}"),
        (Audience::Watchers(id), _) => format!("confab.event.presence.{id}"),
        (Audience::Everyone, PublicEvent::ProfileCreated { user }) => format!("confab.event.profile.{}", user.id),
        (Audience::Everyone, _) => "confab.event.everyone".to_owned(),
    }
}

fn headers(tail: Tail, position: Position, audience: &Audience) -> serde_json::Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert(POSITION_HEADER, position.to_string());
    headers.insert(PREVIOUS_HEADER, tail.last.map_or(Position::START, |Relayed(last)| last).to_string());
    headers.insert(AUDIENCE_HEADER, serde_json::to_string(audience)?);
    headers.insert(EXPECTED_SEQUENCE_HEADER, tail.sequence.to_string());
    headers.insert(EXPECTED_STREAM_HEADER, STREAM);
    Ok(headers)
}
