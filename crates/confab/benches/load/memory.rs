//! What an idle socket costs: growth of the resident set of all of Confab's processes, engines included.

use std::time::Duration;

use futures::{StreamExt, stream};

use crate::crowd::{Crowd, open};
use crate::server::Server;

/// Sockets opened, and bytes that each took.
pub struct PerSocket {
    pub sockets: usize,
    pub bytes: f64,
}

pub async fn per_idle_socket(server: &Server, crowd: &Crowd, sockets: usize) -> PerSocket {
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = resident(server);
    let tokens = crowd.tokens.iter().cycle().take(sockets);
    let opened: Vec<_> = stream::iter(tokens).map(|token| open(&crowd.address, token)).buffered(32).collect().await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let after = resident(server);
    let count = opened.len();
    PerSocket { sockets: count, bytes: (after as f64 - before as f64) / count as f64 }
}

/// Bytes of memory that all processes hold.
fn resident(server: &Server) -> u64 {
    let of = |pid: u32| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default().trim().to_owned();
        line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) * 1024
    };
    server.processes().into_iter().map(of).sum()
}
