//! What messages pass on, for one reader. It is looked up anew for each: who may not see an original learns of it only
//! that it is there.

use std::collections::HashMap;

use events::public::{Forwarded, Message, Quote};
use events::{MessageId, UserId};
use mongodb::bson::{Document, doc};
use read_model::{ConversationDoc, Conversations, MembershipDoc, Memberships, View, may_see};
use serde::Deserialize;

use crate::reading::joined;

/// What the aggregation gives.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    body: Message,
    place: Option<ConversationDoc>,
    membership: Option<MembershipDoc>,
}

impl Found {
    fn seen(self) -> Option<Quote> {
        let visible = may_see(self.place.as_ref()?, self.membership.as_ref());
        visible.then(|| Quote::from(self.body))
    }
}

/// These messages, with what says whether she may see them.
pub(crate) fn stages(viewer: UserId, originals: &[MessageId]) -> Vec<Document> {
    let ids: Vec<String> = originals.iter().map(ToString::to_string).collect();
    let hers = vec![doc! { "$match": { "user": viewer.to_string() } }];
    vec![
        doc! { "$match": { "_id": { "$in": ids } } },
        doc! { "$unset": "former" },
        doc! { "$project": { "body": "$$ROOT" } },
        joined(Memberships::COLLECTION, "body.conversation", "conversation", "membership", hers),
        joined(Conversations::COLLECTION, "body.conversation", "_id", "place", Vec::new()),
        doc! { "$set": { "membership": { "$first": "$membership" }, "place": { "$first": "$place" } } },
    ]
}

/// Gives each message what it passes on. What was not found, or is not for this reader, is unavailable.
pub(crate) fn fill(forwarding: &mut [&mut Message], found: Vec<Found>) {
    let seen: HashMap<MessageId, Quote> =
        found.into_iter().filter_map(Found::seen).map(|quote| (quote.id, quote)).collect();
    for message in forwarding {
        let quote = message.forwards.and_then(|original| seen.get(&original)).cloned();
        let unavailable = Forwarded::Unavailable { unavailable: true };
        message.forwarded = Some(quote.map_or(unavailable, |quote| Forwarded::Seen(Box::new(quote))));
    }
}
