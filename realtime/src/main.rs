//! realtime alone: reads its configuration, serves until told to stop.

use std::process::ExitCode;

use realtime::Config;
use service_kit::{Env, init_log, shutdown_signal};

#[tokio::main]
async fn main() -> ExitCode {
    let mut env = Env::process();
    init_log(&mut env);
    let config = Config::read(&mut env);
    if std::env::args().any(|argument| argument == "--help") {
        println!("{}", env.help("realtime", "websockets: events to everybody they are for, commands to command-api"));
        return ExitCode::SUCCESS;
    }
    if let Err(faults) = env.finish() {
        eprintln!("{faults}");
        return ExitCode::from(2);
    }
    match serve(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("realtime: {error:#}");
            ExitCode::from(1)
        }
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(config.listen).await?;
    realtime::run(config, listener, shutdown_signal()).await
}
