//! Commands to the command service, by NATS request and reply. Nothing is retried here: whoever asked may ask again
//! with the same id.

use std::time::Duration;

use async_nats::{Client, HeaderMap, Request};
use events::public::CommandAnswer;
use serde::Deserialize;
use service_kit::Problem;
use uuid::Uuid;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Ok(CommandAnswer),
    Problem(Problem),
}

/// Has a command carried out. `identity` is the header that proves who gives it.
///
/// # Errors
/// The command's own problem, or 503 when nobody answers in time: then it may have been carried out or not.
pub(crate) async fn request(
    client: &Client,
    name: &str,
    identity: (&str, &str),
    body: String,
) -> Result<CommandAnswer, Problem> {
    let id = Uuid::now_v7();
    let mut headers = HeaderMap::new();
    headers.insert(identity.0, identity.1);
    headers.insert("Confab-Request-Id", id.to_string());
    let request = Request::new().headers(headers).payload(body.into()).timeout(Some(PATIENCE));
    let answer = client.send_request(format!("confab.command.{name}"), request).await.map_err(|error| {
        tracing::debug!(%error, command = name, request.id = %id, "a command was not answered");
        unavailable(id)
    })?;
    match serde_json::from_slice(&answer.payload) {
        Ok(Answer::Ok(answer)) => Ok(answer),
        Ok(Answer::Problem(problem)) => Err(problem),
        Err(error) => {
            tracing::error!(%error, command = name, request.id = %id, "a command's answer cannot be read");
            Err(unavailable(id))
        }
    }
}

fn unavailable(id: Uuid) -> Problem {
    let problem = Problem::unavailable("unavailable", "This cannot be done right now: try again with the same id.");
    Problem { request_id: Some(id.to_string()), ..problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use events::Position;

    #[test]
    fn both_kinds_of_answers_are_read() {
        let Answer::Ok(ok) = serde_json::from_str(r#"{"ok":{"position":7,"id":"x"}}"#).unwrap() else {
            panic!("no answer")
        };
        assert_eq!(ok, CommandAnswer::done(Position(7)));
        let text = serde_json::json!({ "problem": Problem::new(404, "not_found", "No.") }).to_string();
        let Answer::Problem(problem) = serde_json::from_str(&text).unwrap() else { panic!("no problem") };
        assert_eq!((problem.status, problem.code.as_str()), (404, "not_found"));
    }
}
