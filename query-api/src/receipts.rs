//! How far the members of a conversation are, as far as others are told. Who keeps her reading to herself shows nothing of
//! it and is shown nothing; that a device has received something shows of everybody.

use std::collections::HashSet;

use events::public::Message;
use events::{ConversationId, Position, UserId};
use mongodb::bson::{Document, doc};
use read_model::{ConversationDoc, InboxDoc, MembershipDoc, MembershipKey};
use serde::{Deserialize, Serialize};
use service_kit::{Problem, not_found};
use utoipa::ToSchema;

use crate::page::Page;
use crate::reading::{self, Reading, number};

/// How far a member is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Receipt {
    /// Who.
    user: UserId,
    /// Position of the newest message that a device of hers has.
    delivered: Position,
    /// Position of the newest message that she has read; absent if she or you keep that to yourselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    read: Option<Position>,
}

/// Somebody who has a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct MessageReceipt {
    /// Who.
    user: UserId,
    /// Whether she has seen it; false also if she or you keep that to yourselves.
    seen: bool,
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) after: Option<UserId>,
    pub(crate) limit: usize,
}

impl Reading {
    /// The members of a conversation of the viewer's with their receipts; nobody where receipts are not told.
    ///
    /// # Errors
    /// 404 unless she is a member.
    pub(crate) async fn receipts(
        &self,
        viewer: UserId,
        id: ConversationId,
        part: Part,
    ) -> Result<Page<Receipt>, Problem> {
        if !self.must_belong(viewer, id).await?.tells_of_receipts() {
            return Ok(Page::whole(Vec::new()));
        }
        let (found, more) = self.members(id, doc! {}, part).await?;
        let hidden = self.hidden_from(viewer, &found).await?;
        let items = found.into_iter().map(|doc| Receipt {
            user: doc.user,
            delivered: doc.told.delivered,
            read: (!hidden.contains(&doc.user)).then_some(doc.told.read),
        });
        Ok(Page::forwards(items.collect(), more, |last: &Receipt| last.user.to_string()))
    }

    /// Who has a message, and has seen it: members who were there when it was posted, and not its author. What stands in
    /// a thread alone is seen where nobody is told of it.
    ///
    /// # Errors
    /// 404 unless the viewer is a member.
    pub(crate) async fn message_receipts(
        &self,
        viewer: UserId,
        message: &Message,
        part: Part,
    ) -> Result<Page<MessageReceipt>, Problem> {
        if !self.must_belong(viewer, message.conversation).await?.tells_of_receipts() {
            return Ok(Page::whole(Vec::new()));
        }
        let (at, listed) = (message.position, message.thread.is_none() || message.in_channel);
        let stay =
            doc! { "joined": { "$lte": number(at) }, "$or": [{ "left": null }, { "left": { "$gte": number(at) } }] };
        let reached = doc! {
            "told.delivered": { "$gte": number(at) },
            "intervals": { "$elemMatch": stay },
            "$expr": { "$ne": ["$user", message.author.to_string()] },
        };
        let (found, more) = self.members(message.conversation, reached, part).await?;
        let hidden = self.hidden_from(viewer, &found).await?;
        let items = found.into_iter().map(|doc| MessageReceipt {
            user: doc.user,
            seen: listed && doc.told.read >= at && !hidden.contains(&doc.user),
        });
        Ok(Page::forwards(items.collect(), more, |last: &MessageReceipt| last.user.to_string()))
    }

    /// Up to where this person has read everything.
    ///
    /// # Errors
    /// 503 when MongoDB is away.
    pub(crate) async fn all_read(&self, viewer: UserId) -> Result<Position, Problem> {
        let inbox: Option<InboxDoc> = reading::one(&self.inboxes, viewer.to_string()).await?;
        Ok(inbox.map_or(Position::START, |inbox| inbox.read))
    }

    async fn members(
        &self,
        of: ConversationId,
        filter: Document,
        Part { after, limit }: Part,
    ) -> Result<(Vec<MembershipDoc>, bool), Problem> {
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let mut members = doc! { "conversation": of.to_string(), "user": { "$gt": after }, "member": true };
        members.extend(filter);
        reading::some(&self.memberships, members, doc! { "user": 1 }, &[], limit).await
    }

    /// Whose reading the viewer is not shown: of those who keep it to themselves, and of all others if she does.
    async fn hidden_from(&self, viewer: UserId, members: &[MembershipDoc]) -> Result<HashSet<UserId>, Problem> {
        let asked = members.iter().map(|doc| doc.user).chain([viewer]).map(|user| user.to_string());
        let discreet = doc! { "_id": { "$in": asked.collect::<Vec<_>>() }, "read_receipts": false };
        let (found, _) =
            reading::some::<InboxDoc>(&self.inboxes, discreet, Document::new(), &[], members.len() + 1).await?;
        let discreet: HashSet<UserId> = found.into_iter().map(|inbox| inbox.user).collect();
        let all = discreet.contains(&viewer);
        let others = members.iter().map(|doc| doc.user).filter(|user| *user != viewer);
        Ok(others.filter(|user| all || discreet.contains(user)).collect())
    }

    /// The conversation, if the viewer is its member.
    ///
    /// # Errors
    /// 404 when it does not exist, or she is not.
    async fn must_belong(&self, viewer: UserId, id: ConversationId) -> Result<ConversationDoc, Problem> {
        let key = MembershipKey { conversation: id, user: viewer };
        let (conversation, membership) = tokio::try_join!(
            reading::one(&self.conversations, id.to_string()),
            reading::one::<MembershipDoc>(&self.memberships, key.to_string())
        )?;
        conversation.filter(|_| membership.is_some_and(|membership| membership.member)).ok_or_else(not_found)
    }
}
