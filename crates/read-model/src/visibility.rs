//! The one rule of who may see a conversation and what stands in it. Every read asks here; whoever may not see a
//! thing is told that it does not exist.

use events::Visibility;

use crate::{ConversationDoc, MembershipDoc};

/// Whether a signed-in person may see a conversation and its messages: public ones are everybody's, the rest is for
/// its present members. `membership` is hers in this conversation, if she has or had one.
#[must_use]
pub fn may_see(conversation: &ConversationDoc, membership: Option<&MembershipDoc>) -> bool {
    match conversation.card.visibility {
        Visibility::Public => true,
        Visibility::Private => {
            membership.is_some_and(|membership| membership.member && membership.conversation == conversation.card.id)
        }
    }
}
