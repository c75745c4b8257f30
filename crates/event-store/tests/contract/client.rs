//! The official client with names that are the test's own, so that tests can share a server.

use std::ops::Deref;

use eventstore::{
    AppendToStreamOptions, Client, DeleteStreamOptions, EventData, Position, ReadStream, ReadStreamOptions, Result,
    StreamMetadata, StreamMetadataResult, SubscribeToStreamOptions, Subscription, TombstoneStreamOptions, WriteResult,
};
use uuid::Uuid;

/// What takes no name is the client's own.
#[derive(Clone)]
pub(crate) struct OwnNames {
    client: Client,
    prefix: String,
}

impl OwnNames {
    /// Nobody else is there: names are as the test says them.
    pub(crate) fn alone(client: Client) -> Self {
        Self { client, prefix: String::new() }
    }

    pub(crate) fn among_others(client: Client) -> Self {
        Self { client, prefix: format!("t{}-", Uuid::new_v4().simple()) }
    }

    pub(crate) fn name(&self, name: impl AsRef<str>) -> String {
        match name.as_ref().strip_prefix("$$") {
            Some(stream) => format!("$${}{stream}", self.prefix),
            None => format!("{}{}", self.prefix, name.as_ref()),
        }
    }

    pub(crate) async fn append_to_stream(
        &self,
        name: impl AsRef<str>,
        options: &AppendToStreamOptions,
        events: impl Into<Events>,
    ) -> Result<WriteResult> {
        self.client.append_to_stream(self.name(name), options, events.into().0).await
    }

    pub(crate) async fn read_stream(&self, name: impl AsRef<str>, options: &ReadStreamOptions) -> Result<ReadStream> {
        self.client.read_stream(self.name(name), options).await
    }

    pub(crate) async fn delete_stream(
        &self,
        name: impl AsRef<str>,
        options: &DeleteStreamOptions,
    ) -> Result<Option<Position>> {
        self.client.delete_stream(self.name(name), options).await
    }

    pub(crate) async fn tombstone_stream(
        &self,
        name: impl AsRef<str>,
        options: &TombstoneStreamOptions,
    ) -> Result<Option<Position>> {
        self.client.tombstone_stream(self.name(name), options).await
    }

    pub(crate) async fn subscribe_to_stream(
        &self,
        name: impl AsRef<str>,
        options: &SubscribeToStreamOptions,
    ) -> Subscription {
        self.client.subscribe_to_stream(self.name(name), options).await
    }

    pub(crate) async fn set_stream_metadata(
        &self,
        name: impl AsRef<str>,
        options: &AppendToStreamOptions,
        metadata: &StreamMetadata,
    ) -> Result<WriteResult> {
        self.client.set_stream_metadata(self.name(name).as_str(), options, metadata).await
    }

    pub(crate) async fn get_stream_metadata(
        &self,
        name: impl AsRef<str>,
        options: &ReadStreamOptions,
    ) -> Result<StreamMetadataResult> {
        self.client.get_stream_metadata(self.name(name).as_str(), options).await
    }
}

impl Deref for OwnNames {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// One event or several.
pub(crate) struct Events(Vec<EventData>);

impl From<Vec<EventData>> for Events {
    fn from(events: Vec<EventData>) -> Self {
        Self(events)
    }
}

impl From<EventData> for Events {
    fn from(event: EventData) -> Self {
        Self(vec![event])
    }
}
