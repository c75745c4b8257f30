//! command-api alone: reads its configuration, serves until told to stop.

use std::process::ExitCode;

use command_api::Config;
use service_kit::{Env, init_log, shutdown_signal};

#[tokio::main]
async fn main() -> ExitCode {
    let mut env = Env::process();
    init_log(&mut env);
    let config = Config::read(&mut env);
    if std::env::args().any(|argument| argument == "--help") {
        println!("{}", env.help("command-api", "the write side of Confab: HTTP and NATS commands to events"));
        return ExitCode::SUCCESS;
    }
    if let Err(faults) = env.finish() {
        eprintln!("{faults}");
        return ExitCode::from(2);
    }
    match serve(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("command-api: {error:#}");
            ExitCode::from(1)
        }
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(config.listen).await?;
    command_api::run(config, listener, shutdown_signal()).await
}
