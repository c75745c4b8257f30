//! Lets a call pass only with a known user and password, where there are users. What clients ask
//! before they have sent any (features and gossip) is open, as on the real server.

use std::sync::Arc;
use std::task::{Context, Poll};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::future::{BoxFuture, FutureExt};
use tonic::codegen::Service;
use tonic::codegen::http::{HeaderMap, Request, Response, header::AUTHORIZATION};
use tonic::transport::server::TcpConnectInfo;
use tonic::{Status, body::Body};

use crate::security::{Admission, Credentials, Users};

const OPEN: [&str; 2] = ["/event_store.client.gossip.Gossip/", "/event_store.client.server_features.ServerFeatures/"];

/// The services behind their door.
#[derive(Debug, Clone)]
pub(crate) struct Access<S> {
    pub(crate) services: S,
    pub(crate) users: Option<Arc<Users>>,
}

impl<S> Service<Request<Body>> for Access<S>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.services.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        // By what name the client came, which the services are not told otherwise.
        if let Some(authority) = request.uri().authority().cloned() {
            request.extensions_mut().insert(authority);
        }
        let users = self.users.clone().filter(|_| !OPEN.iter().any(|open| request.uri().path().starts_with(open)));
        let Some(users) = users else {
            return self.services.call(request).boxed();
        };
        // The clone has not been asked whether it is ready; the one that has goes with the call.
        let clone = self.services.clone();
        let mut services = std::mem::replace(&mut self.services, clone);
        async move {
            match admitted(&users, request.headers()).await {
                Ok(()) => services.call(request).await,
                Err(status) => {
                    let peer = request.extensions().get::<TcpConnectInfo>().and_then(TcpConnectInfo::remote_addr);
                    tracing::info!(?peer, reason = status.message(), "a call was refused");
                    Ok(status.into_http())
                }
            }
        }
        .boxed()
    }
}

async fn admitted(users: &Users, headers: &HeaderMap) -> Result<(), Status> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Err(Status::unauthenticated("this server needs a user and a password"));
    };
    let credentials = header.to_str().ok().and_then(read);
    let Some(credentials) = credentials else {
        return Err(Status::unauthenticated("the credentials must be HTTP Basic: a user and a password"));
    };
    match users.admit(credentials).await {
        Admission::Granted => Ok(()),
        Admission::Refused => Err(Status::unauthenticated("the user or the password is wrong")),
        Admission::Busy => Err(Status::resource_exhausted("too many sign in at once; try again")),
    }
}

fn read(header: &str) -> Option<Credentials> {
    let (scheme, token) = header.split_once(' ')?;
    let token = scheme.eq_ignore_ascii_case("basic").then(|| token.trim())?;
    let text = String::from_utf8(STANDARD.decode(token).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some(Credentials { user: user.into(), password: password.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_basic_credentials_are_read() {
        let read = |header| read(header).map(|found| (found.user, found.password));
        assert_eq!(read("Basic YW5uOnM6Mw=="), Some(("ann".into(), "s:3".into())));
        assert_eq!(read("basic YW5uOg=="), Some(("ann".into(), String::new())));
        for wrong in ["", "Basic", "Basic !", "Bearer YW5uOnM6Mw==", "Basic YW5u", "Basic /////w=="] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
