//! The web client's files, with the headers that keep a browser strict about them.

use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use service_kit::not_found;
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};

/// Only our own files run. Styles may stand in the page, since component libraries put them there.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The built client in this folder; any path that is no file is a page of the client.
pub(crate) fn routes(folder: &Path) -> Router {
    let page = ServeFile::new(folder.join("index.html"));
    let files = ServeDir::new(folder).fallback(page);
    Router::new().fallback_service(files).layer(CompressionLayer::new()).layer(middleware::from_fn(headers))
}

async fn headers(request: Request, next: Next) -> Response {
    // The build leaves notes to itself in dotfiles.
    if request.uri().path().contains("/.") {
        return not_found().into_response();
    }
    // The bundler puts a hash of the content into the name of every file under /assets.
    let lasting = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let cache =
        if lasting && response.status().is_success() { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}
