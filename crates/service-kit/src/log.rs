//! Logs: one line per happening, readable alone, with dotted fields. Never secrets, never message text.

use tracing_subscriber::EnvFilter;

use crate::Env;

/// Starts logging to standard error, as `CONFAB_LOG` and `CONFAB_LOG_FORMAT` say. A second call changes nothing.
pub fn init(env: &mut Env) {
    let filter: EnvFilter =
        env.read("CONFAB_LOG", "info,eventstore=off,async_nats=warn", "What to log, as `level` or `target=level,…`");
    let format: String = env.read("CONFAB_LOG_FORMAT", "text", "How to log: `text` or `json`");
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let outcome = match format.as_str() {
        "text" => builder.with_target(false).try_init(),
        "json" => builder.json().flatten_event(true).try_init(),
        _ => return env.fault("CONFAB_LOG_FORMAT", "must be `text` or `json`"),
    };
    // An error means that a test or an outer program has its own subscriber.
    drop(outcome);
}
