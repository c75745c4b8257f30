//! Who may open a socket at all: pages on the list, and so many sockets per address and in total.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, header};
use service_kit::{ClientIp, Problem};

/// The door of one node.
#[derive(Debug, Default)]
pub(crate) struct Door {
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One socket's place; given back when dropped.
#[derive(Debug)]
pub(crate) struct Pass {
    door: Arc<Door>,
    address: IpAddr,
}

/// Refuses a page that is not on the list. Programs that are no browsers name none.
pub(crate) fn check_origin(headers: &HeaderMap, allowed: &[String]) -> Result<(), Problem> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let known = origin.to_str().is_ok_and(|origin| allowed.iter().any(|one| one.eq_ignore_ascii_case(origin)));
    let refusal = || Problem::new(403, "origin_not_allowed", "This page may not open sockets here.");
    if known { Ok(()) } else { Err(refusal()) }
}

impl Door {
    /// Lets one more socket in.
    pub(crate) fn enter(self: &Arc<Self>, who: ClientIp, most: usize, most_each: usize) -> Result<Pass, Problem> {
        let mut inside = self.inside();
        if inside.total >= most {
            return Err(Problem::unavailable("too_many_sockets", "There are too many sockets: try again later."));
        }
        let hers = inside.by_address.entry(who.0).or_default();
        if *hers >= most_each {
            return Err(Problem::new(429, "too_many_sockets", "Too many sockets from this address."));
        }
        *hers += 1;
        inside.total += 1;
        Ok(Pass { door: Arc::clone(self), address: who.0 })
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut inside = self.door.inside();
        inside.total -= 1;
        if let Some(hers) = inside.by_address.get_mut(&self.address) {
            *hers -= 1;
            if *hers == 0 {
                inside.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ORIGIN, text.parse().unwrap())])
    }

    #[test]
    fn foreign_pages_are_refused_and_programs_are_not() {
        let allowed = ["http://localhost:8080".to_owned()];
        assert!(check_origin(&HeaderMap::new(), &allowed).is_ok());
        assert!(check_origin(&origin("http://localhost:8080"), &allowed).is_ok());
        for foreign in ["http://localhost:8081", "http://localhost:8080.evil.example", "null", ""] {
            assert_eq!(check_origin(&origin(foreign), &allowed).unwrap_err().status, 403, "{foreign:?}");
        }
    }

    #[test]
    fn places_are_counted_and_given_back() {
        let (door, one, other) = (Arc::new(Door::default()), ip("10.0.0.1"), ip("10.0.0.2"));
        let first = door.enter(one, 2, 1).unwrap();
        assert_eq!(door.enter(one, 2, 1).unwrap_err().status, 429);
        let _second = door.enter(other, 2, 1).unwrap();
        assert_eq!(door.enter(ip("10.0.0.3"), 2, 1).unwrap_err().status, 503);
        drop(first);
        assert!(door.enter(one, 2, 1).is_ok());
    }

    fn ip(text: &str) -> ClientIp {
        ClientIp(text.parse().unwrap())
    }
}
