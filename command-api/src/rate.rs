//! How often somebody may try to register, sign in and refresh.

use service_kit::{ClientIp, Limit, TooMany};

use crate::config::Rates;

/// The limits on routes that strangers can reach.
pub(crate) struct Limits {
    register: Limit<ClientIp>,
    login: Limit<ClientIp>,
    identifier: Limit<String>,
    refresh: Limit<ClientIp>,
}

impl Limits {
    pub(crate) fn new(rates: Rates) -> Self {
        Self {
            register: Limit::per_minute(rates.register),
            login: Limit::per_minute(rates.login),
            identifier: Limit::per_minute(rates.login),
            refresh: Limit::per_minute(rates.refresh),
        }
    }

    pub(crate) fn register(&self, from: ClientIp) -> Result<(), TooMany> {
        self.register.check(&from)
    }

    /// Counts per address and per identifier, known or not: guessing from many addresses is guessing too.
    pub(crate) fn login(&self, from: ClientIp, identifier: &str) -> Result<(), TooMany> {
        self.login.check(&from)?;
        self.identifier.check(&identifier.trim().to_lowercase())
    }

    pub(crate) fn refresh(&self, from: ClientIp) -> Result<(), TooMany> {
        self.refresh.check(&from)
    }
}
