//! The tasks as a newcomer meets them: the real `xtask` in a small checkout, with stand-ins for the machine's tools.
//! Nothing here needs the network, and nothing of this checkout is touched.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

mod checkout;
mod engines;
mod test;
mod up;
