//! `GET /.well-known/jwks.json`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;

use crate::app::App;

/// The public keys that access tokens are signed with (RFC 7517).
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "auth",
    responses((status = 200, body = serde_json::Value, description = "a JSON Web Key Set")))]
pub(crate) async fn show_signing_keys(State(app): State<App>) -> impl IntoResponse {
    ([("cache-control", "public, max-age=300")], Json(app.key.public_keys()))
}
