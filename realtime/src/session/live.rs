//! What a session does with the frames of somebody who has said hello.

use events::Position;
use service_kit::TokenError;

use super::commands::{Command, Commands};
use super::{Output, Proof, error};
use crate::protocol::{Activity, ClientFrame};

#[derive(Debug)]
pub(super) struct Live {
    pub(super) proof: Proof,
    /// The newest position sent; nothing at or below it is sent again.
    pub(super) delivered: Position,
    pub(super) activity: Activity,
    pub(super) commands: Commands,
    /// A token under check, with the id of its frame.
    pub(super) renewal: Option<(String, Option<String>)>,
}

impl Live {
    pub(super) fn take(&mut self, frame: ClientFrame, out: &mut Vec<Output>) {
        let frame = match Command::of(frame) {
            Ok(command) => return self.commands.give(command, out),
            Err(frame) => frame,
        };
        match frame {
            ClientFrame::Typing { conversation, thread, .. } => out.push(Output::Typing { conversation, thread }),
            ClientFrame::Presence { state, .. } => {
                if self.activity != state {
                    self.activity = state;
                    out.push(Output::Present(state));
                }
            }
            ClientFrame::Watch { users, .. } => out.push(Output::Watch(users)),
            ClientFrame::Token { token, id } => {
                self.renewal = Some((token.clone(), id));
                out.push(Output::Verify(token));
            }
            ClientFrame::Ping { .. } => out.push(Output::Reached),
            // The first comes once; the others are commands.
            ClientFrame::Hello { .. }
            | ClientFrame::Send { .. }
            | ClientFrame::Edit { .. }
            | ClientFrame::Delete { .. }
            | ClientFrame::React { .. }
            | ClientFrame::Unreact { .. }
            | ClientFrame::Read { .. }
            | ClientFrame::Delivered { .. }
            | ClientFrame::Command { .. } => {}
        }
    }

    /// The new token, when it is a valid one of the same person and session.
    pub(super) fn renewed(&mut self, outcome: Result<Proof, TokenError>, out: &mut Vec<Output>) -> Option<String> {
        let (token, id) = self.renewal.take()?;
        match outcome {
            Ok(proof) if (proof.user, proof.session) == (self.proof.user, self.proof.session) => {
                self.proof.expires = proof.expires.max(self.proof.expires);
                Some(token)
            }
            Ok(_) => {
                error(id, TokenError::Invalid.into(), out);
                None
            }
            Err(refusal) => {
                error(id, refusal.into(), out);
                None
            }
        }
    }
}
