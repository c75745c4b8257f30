//! How far others are, as they were told. What is not known has to be asked for: what was told before one came, or while
//! one, or the conversation, wanted to hear nothing of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// One other person's receipt, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
struct Receipt {
    delivered: Option<u64>,
    read: Option<u64>,
}

/// How far the others of one conversation are.
#[derive(Debug, Clone, Default)]
pub struct Others(BTreeMap<String, Receipt>);

impl Others {
    /// As they were fetched.
    pub fn of(fetched: &Value) -> Self {
        let receipt = |told: &Value| Receipt { delivered: told["delivered"].as_u64(), read: told["read"].as_u64() };
        let fetched = fetched.as_object().unwrap().iter();
        Self(fetched.map(|(user, told)| (user.clone(), receipt(told))).collect())
    }

    /// Takes in what somebody's devices have received.
    pub fn delivered(&mut self, user: &str, position: u64) {
        let known = self.0.entry(user.to_owned()).or_default();
        known.delivered = known.delivered.max(Some(position));
    }

    /// Takes in what somebody has read: she has received that too.
    pub fn read(&mut self, user: &str, position: u64) {
        let known = self.0.entry(user.to_owned()).or_default();
        known.read = Some(position);
        known.delivered = known.delivered.map(|delivered| delivered.max(position));
    }

    /// Nobody knows any more how far somebody is who was not there meanwhile.
    pub fn forget(&mut self, user: &str) {
        self.0.remove(user);
    }

    /// Nobody knows any more who has read how much.
    pub fn forget_reading(&mut self) {
        self.0.values_mut().for_each(|known| known.read = None);
    }

    /// What is known.
    pub fn answers(&self) -> Value {
        let fields = |known: &Receipt| {
            let fields = [("delivered", known.delivered), ("read", known.read)];
            fields.into_iter().filter_map(|(name, at)| Some((name.to_owned(), at?.into()))).collect::<Map<_, _>>()
        };
        self.0.iter().map(|(user, known)| (user.clone(), Value::from(fields(known)))).collect::<Map<_, _>>().into()
    }
}
