//! Whoever an access token belongs to, as the rules know her.

use domain::account::Actor;
use service_kit::Principal;

/// The person and the role that her token says.
pub(crate) const fn actor(by: Principal) -> Actor {
    Actor { user: by.user, role: by.role }
}
