//! The words the specs are told in.

use events::{ConversationId, Position, SessionId, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::session::{Activity, Close, Input, Moment, Output, Pace, Proof, Session, Start};

pub(super) const ANN: UserId = UserId::new(Uuid::from_u128(1));
pub(super) const BOB: UserId = UserId::new(Uuid::from_u128(2));
pub(super) const LAPTOP: SessionId = SessionId::new(Uuid::from_u128(11));
pub(super) const ROOM: ConversationId = ConversationId::new(Uuid::from_u128(21));

/// A session, the time, and what it has put out since it was last asked.
pub(super) struct Story {
    pub(super) session: Session,
    now: Moment,
    out: Vec<Output>,
}

pub(super) fn an_open_socket() -> Story {
    Story { session: Session::new(Moment(0), Pace::default()), now: Moment(0), out: Vec::new() }
}

/// Ann, signed in, live from position 10 on.
pub(super) fn ann_is_live() -> Story {
    let mut story = an_open_socket()
        .says(json!({ "type": "hello", "token": "t1" }))
        .when(Input::Verified(Ok(ann_until(900_000))))
        .when(Input::Joined(Start::From(Position(10))));
    story.out.clear();
    story
}

pub(super) fn ann_until(expires: u64) -> Proof {
    Proof { user: ANN, session: LAPTOP, expires: Moment(expires) }
}

impl Story {
    pub(super) fn when(mut self, input: Input) -> Self {
        self.session.on(self.now, input, &mut self.out);
        self
    }

    pub(super) fn says(self, frame: Value) -> Self {
        self.when(Input::Frame(frame.to_string().into()))
    }

    /// Time passes, and the session is told whenever it wanted to be.
    pub(super) fn passes(mut self, ms: u64) -> Self {
        let end = self.now.after(ms);
        while let Some(due) = self.session.deadline().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.session.on(self.now, Input::Tick, &mut self.out);
        }
        self.now = end;
        self
    }

    pub(super) fn last(&self) -> Option<&Output> {
        self.out.last()
    }

    /// Checks everything that was put out since the last check.
    pub(super) fn then(mut self, expected: impl IntoIterator<Item = Output>) -> Self {
        let expected: Vec<Output> = expected.into_iter().collect();
        assert_eq!(std::mem::take(&mut self.out), expected);
        self
    }

    /// Checks the frames sent since the last check; other outputs are left aside.
    pub(super) fn then_sent(mut self, expected: impl IntoIterator<Item = Value>) -> Self {
        let sent = std::mem::take(&mut self.out).into_iter().filter_map(|output| match output {
            Output::Send(text) => serde_json::from_str(&text).ok(),
            _ => None,
        });
        assert_eq!(sent.collect::<Vec<Value>>(), expected.into_iter().collect::<Vec<_>>());
        self
    }

    /// Checks the id and code of the one error sent since the last check.
    pub(super) fn then_refused(mut self, id: Option<&str>, status: u16, code: &str) -> Self {
        let out = std::mem::take(&mut self.out);
        let [Output::Send(text)] = out.as_slice() else { panic!("not one frame but {out:?}") };
        let frame: Value = serde_json::from_str(text).unwrap();
        assert_eq!(frame["type"], "error");
        assert_eq!(frame["id"].as_str(), id);
        assert_eq!((&frame["problem"]["status"], &frame["problem"]["code"]), (&json!(status), &json!(code)));
        self
    }

    /// Checks that the socket was closed, last of all, and that nothing comes out of it any more.
    pub(super) fn then_closed(mut self, close: Close) {
        assert_eq!(self.out.pop(), Some(Output::Close(close)));
        self.out.clear();
        let mut after = self.says(json!({ "type": "ping" })).when(Input::Revoked).passes(1_000_000);
        assert_eq!(std::mem::take(&mut after.out), []);
        assert_eq!(after.session.deadline(), None);
    }
}

pub(super) fn verify(token: &str) -> Output {
    Output::Verify(token.to_owned())
}

pub(super) fn active() -> Output {
    Output::Present(Activity::Active)
}
