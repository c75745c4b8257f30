//! Process plumbing that every service shares: configuration, problems, checked input, identity, limits, health,
//! logs, metrics, serving. It knows no rule and no view.

mod body;
mod client_ip;
mod config;
mod health;
mod identity;
mod limit;
mod log;
mod metrics;
pub mod nats;
mod problem;
mod request_id;
mod serve;

pub use body::{PathOf, QueryOf, Valid};
pub use client_ip::{ClientIp, NoNetwork, TrustedProxies};
pub use config::{Env, Fault, Faults, Variable};
pub use health::{Gate, Readiness, health_routes};
pub use identity::{Claims, Principal, TOKEN_AUDIENCE, TOKEN_ISSUER, TokenError, Verifier};
pub use limit::{Limit, TooMany};
pub use log::init as init_log;
pub use metrics::{install as install_metrics, routes as metrics_routes};
pub use problem::{FieldError, Problem, not_found};
pub use request_id::RequestId;
pub use serve::{layered, public, serve, shutdown_signal};
