//! The public forms of receipts. Whether a receipt is told to others stands in the fact itself, as it was decided when it
//! was written: nothing is looked up, and coming back shows what was told.

use super::audience::Audience;
use super::event::PublicEvent;
use crate::{ConversationId, InboxEvent, ReceiptEvent, UserId};

/// The public form of a fact of `receipt-{conversation}.{user}` and whom it is for.
pub(super) fn receipt_form(
    conversation: ConversationId,
    user: UserId,
    event: &ReceiptEvent,
) -> Option<(Audience, PublicEvent)> {
    Some(match *event {
        ReceiptEvent::DeliveredUpTo(pointers) => {
            let delivered_position = pointers.told.delivered;
            let public = PublicEvent::DeliveredUpTo { conversation, user, delivered_position };
            (pointers.shared.then_some(Audience::Conversation(conversation))?, public)
        }
        ReceiptEvent::ReadUpTo(pointers) => {
            let read_position = pointers.read;
            let others = Audience::Receipts { conversation, of: user };
            let audience = if pointers.shared { others } else { Audience::User(user) };
            (audience, PublicEvent::ReadUpTo { conversation, user, read_position })
        }
        ReceiptEvent::MarkedUnread(pointers) => {
            let read_position = pointers.read;
            (Audience::User(user), PublicEvent::MarkedUnread { conversation, user, read_position })
        }
    })
}

/// The public form of a fact of `inbox-{user}`, which is for herself.
pub(super) fn inbox_form(user: UserId, event: &InboxEvent) -> PublicEvent {
    match *event {
        InboxEvent::ReadReceiptsSet { read_receipts, .. } => PublicEvent::ReadReceiptsSet { user, read_receipts },
        InboxEvent::AllReadUpTo { read, .. } => PublicEvent::AllReadUpTo { user, read_position: read },
    }
}
