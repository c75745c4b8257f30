//! How a realtime node vouches that somebody went offline when none of her own tokens can say so any more.
//!
//! The claim stands in the header `Confab-Node` of a `set_presence` command:
//! `hex(hmac_sha256(CONFAB_NODE_KEY, "{user}:{state}:{unix seconds}")) + ":" + unix seconds`.

use events::UserId;
use events::public::PresenceState;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How far two machines' clocks may differ, in seconds; also how long a claim is good.
const TOLERANCE_S: u64 = 60;

/// The claim that this user is in this state now (Unix seconds).
#[must_use]
pub fn sign(key: &str, user: UserId, state: PresenceState, now_s: u64) -> String {
    format!("{}:{now_s}", hex::encode(mac(key, user, state, now_s).finalize().into_bytes()))
}

/// Whether a claim says this about this user, was made with this key, and is fresh.
#[must_use]
pub fn verify(key: &str, claim: &str, user: UserId, state: PresenceState, now_s: u64) -> bool {
    let Some((signature, seconds)) = claim.split_once(':') else { return false };
    let (Ok(signature), Ok(made_s)) = (hex::decode(signature), seconds.parse::<u64>()) else { return false };
    made_s.abs_diff(now_s) <= TOLERANCE_S && mac(key, user, state, made_s).verify_slice(&signature).is_ok()
}

fn mac(key: &str, user: UserId, state: PresenceState, seconds: u64) -> Hmac<Sha256> {
    let state = match state {
        PresenceState::Active => "active",
        PresenceState::Away => "away",
        PresenceState::Offline => "offline",
    };
    let mut mac = match Hmac::<Sha256>::new_from_slice(key.as_bytes()) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes keys of any length"),
    };
    mac.update(format!("{user}:{state}:{seconds}").as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const ANN: UserId = UserId::new(Uuid::from_u128(1));
    const BOB: UserId = UserId::new(Uuid::from_u128(2));

    #[test]
    fn a_claim_is_good_for_one_person_one_state_and_one_minute() {
        let claim = sign(KEY, ANN, PresenceState::Offline, 1_000);
        assert!(verify(KEY, &claim, ANN, PresenceState::Offline, 1_060));
        assert!(verify(KEY, &claim, ANN, PresenceState::Offline, 940));
        assert!(!verify(KEY, &claim, ANN, PresenceState::Offline, 1_061));
        assert!(!verify(KEY, &claim, BOB, PresenceState::Offline, 1_000));
        assert!(!verify(KEY, &claim, ANN, PresenceState::Active, 1_000));
        assert!(!verify("another key", &claim, ANN, PresenceState::Offline, 1_000));
    }

    #[test]
    fn what_is_no_claim_is_not_good() {
        let redated = sign(KEY, ANN, PresenceState::Offline, 1_000).replace(":1000", ":1001");
        for claim in ["", ":", "00:1000", "zz:1000", redated.as_str()] {
            assert!(!verify(KEY, claim, ANN, PresenceState::Offline, 1_000), "{claim:?}");
        }
    }

    #[test]
    fn the_form_is_the_documented_one() {
        let claim = sign("key", UserId::new(Uuid::nil()), PresenceState::Offline, 7);
        // printf '%s' '00000000-0000-0000-0000-000000000000:offline:7' | openssl dgst -sha256 -hmac key
        assert_eq!(claim, "850a0678795ab5f8c8396fbf86fd01db44715b30404b8d1ba1c83f7cfc8de97c:7");
    }
}
