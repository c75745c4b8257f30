//! The event catalogue: every stored name with its meaning and the shape of its data, read off the types themselves.

use serde::Serialize;
use serde_json::Value;
use utoipa::PartialSchema;

use crate::{
    AccountEvent, ActivityEvent, ConversationEvent, CredentialEvent, DraftEvent, FileEvent, FollowEvent,
    IdentifierEvent, InboxEvent, MessageEvent, NotificationEvent, PinsEvent, PreferenceEvent, PresenceEvent,
    ProfileEvent, ReceiptEvent, SavedEvent, SessionEvent, WorkspaceEvent,
};

/// One stored event.
#[derive(Debug, Clone, Serialize)]
pub struct CatalogueEntry {
    /// The pattern of the streams it stands in.
    pub stream: &'static str,
    /// Its stored name, version included.
    pub name: String,
    /// What it says.
    pub description: String,
    /// JSON Schema of its data.
    pub data: Value,
}

/// Every event that Confab writes, family by family.
#[must_use]
pub fn catalogue() -> Vec<CatalogueEntry> {
    [
        entries::<WorkspaceEvent>("workspace-main"),
        entries::<AccountEvent>("account-{user}"),
        entries::<CredentialEvent>("credential-{user}"),
        entries::<IdentifierEvent>("email-{sha256}, phone-{sha256}, channelname-{sha256}"),
        entries::<SessionEvent>("session-{id}"),
        entries::<ProfileEvent>("profile-{user}"),
        entries::<PresenceEvent>("presence-{user}"),
        entries::<ConversationEvent>("conversation-{id}"),
        entries::<MessageEvent>("message-{id}"),
        entries::<PinsEvent>("pins-{conversation}"),
        entries::<FollowEvent>("follow-{message}.{user}"),
        entries::<ReceiptEvent>("receipt-{conversation}.{user}"),
        entries::<InboxEvent>("inbox-{user}"),
        entries::<PreferenceEvent>("preference-{user}"),
        entries::<SavedEvent>("saved-{user}"),
        entries::<DraftEvent>("draft-{conversation}.{user}, draft-{conversation}.{thread}.{user}, draft-{user}"),
        entries::<NotificationEvent>("notification-{message}.{part}"),
        entries::<ActivityEvent>("activity-{user}"),
        entries::<FileEvent>("file-{id}"),
    ]
    .concat()
}

fn entries<F: PartialSchema>(stream: &'static str) -> Vec<CatalogueEntry> {
    let schema = serde_json::to_value(F::schema()).unwrap_or_default();
    let variants = schema["oneOf"].as_array().cloned().unwrap_or_default();
    variants.iter().map(|variant| entry(stream, variant)).collect()
}

fn entry(stream: &'static str, variant: &Value) -> CatalogueEntry {
    CatalogueEntry {
        stream,
        name: variant["properties"]["name"]["enum"][0].as_str().unwrap_or_default().to_owned(),
        description: variant["description"].as_str().unwrap_or_default().to_owned(),
        data: variant["properties"]["data"].clone(),
    }
}
