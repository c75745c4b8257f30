//! What a slash command answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, Position};

/// What came of a slash command.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommandAnswer {
    /// Where its newest fact stands; absent when it is about nothing but what to say or to open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// What to tell whoever gave it, and nobody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
    /// What the client should open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Open>,
}

/// Something to tell one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Said {
    /// As a message is written.
    pub text: String,
    /// Always true: nobody else sees it, and it is nowhere kept.
    pub ephemeral: bool,
}

/// What a client should open, show or hide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Open {
    /// The search, for this.
    Search {
        /// What for.
        text: String,
    },
    /// The list of keyboard shortcuts.
    Shortcuts,
    /// The dialogue for a status.
    Status,
    /// The dialogue for a time without notifications.
    Dnd,
    /// Pictures and videos of this conversation are hidden from now on.
    Collapse,
    /// They are shown.
    Expand,
    /// A conversation.
    Conversation {
        /// Which.
        conversation: ConversationId,
    },
    /// A conversation is taken out of sight; its people stay in it.
    Close {
        /// Which.
        conversation: ConversationId,
    },
}

impl CommandAnswer {
    /// Something happened.
    #[must_use]
    pub fn done(position: Position) -> Self {
        Self { position: Some(position), ..Self::default() }
    }

    /// Nothing happened, and something is to be told.
    #[must_use]
    pub fn told(text: impl Into<String>) -> Self {
        Self::default().telling(text)
    }

    /// Nothing happened, and something is to be opened.
    #[must_use]
    pub fn opened(open: Open) -> Self {
        Self { open: Some(open), ..Self::default() }
    }

    /// The same, with something to tell.
    #[must_use]
    pub fn telling(self, text: impl Into<String>) -> Self {
        Self { said: Some(Said { text: text.into(), ephemeral: true }), ..self }
    }

    /// The same, with something to open.
    #[must_use]
    pub fn opening(self, open: Open) -> Self {
        Self { open: Some(open), ..self }
    }
}
