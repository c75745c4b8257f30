//! How a node vouches for somebody's presence, when no token of hers can say it any more: the header `Confab-Node`.

use events::UserId;
use events::public::PresenceState;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// `hex(hmac_sha256(key, "{user}:{state}:{unix seconds}")):{unix seconds}`.
pub(super) fn sign(key: &str, user: UserId, state: PresenceState, now_s: u64) -> String {
    let mut mac = match Hmac::<Sha256>::new_from_slice(key.as_bytes()) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes keys of any length"),
    };
    mac.update(format!("{user}:{}:{now_s}", word(state)).as_bytes());
    let signature = mac.finalize().into_bytes();
    let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}:{now_s}")
}

/// The state as the wire spells it.
pub(super) const fn word(state: PresenceState) -> &'static str {
    match state {
        PresenceState::Active => "active",
        PresenceState::Away => "away",
        PresenceState::Offline => "offline",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_claim_is_the_documented_one() {
        let claim = sign("key", UserId::new(Uuid::nil()), PresenceState::Offline, 7);
        // printf '%s' '00000000-0000-0000-0000-000000000000:offline:7' | openssl dgst -sha256 -hmac key
        assert_eq!(claim, "850a0678795ab5f8c8396fbf86fd01db44715b30404b8d1ba1c83f7cfc8de97c:7");
    }
}
