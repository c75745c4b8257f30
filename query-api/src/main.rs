//! query-api alone: reads its configuration, serves until told to stop.

use std::process::ExitCode;

use query_api::Config;
use service_kit::{Env, init_log, shutdown_signal};

#[tokio::main]
async fn main() -> ExitCode {
    let mut env = Env::process();
    init_log(&mut env);
    let config = Config::read(&mut env);
    if std::env::args().any(|argument| argument == "--help") {
        println!("{}", env.help("query-api", "the read side of Confab: HTTP GETs from the read models"));
        return ExitCode::SUCCESS;
    }
    if let Err(faults) = env.finish() {
        eprintln!("{faults}");
        return ExitCode::from(2);
    }
    match serve(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("query-api: {error:#}");
            ExitCode::from(1)
        }
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(config.listen).await?;
    query_api::run(config, listener, shutdown_signal()).await
}
