//! The one way to connect to NATS: to a server or a cluster, as whoever the address names, for as long as it takes.

use std::io;
use std::str::Utf8Error;

use async_nats::{Client, ConnectError, ConnectOptions, ServerAddr};
use percent_encoding::percent_decode_str;

use crate::Env;

/// Why connecting cannot even begin. Neither says the address, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The address is not one.
    #[error("not the address of a NATS server")]
    Address(#[source] io::Error),
    /// User or password are not UTF-8 behind their percent signs.
    #[error("the user or password in the address of NATS cannot be read")]
    Identity(#[source] Utf8Error),
    /// The options contradict each other or name files that cannot be read.
    #[error("NATS cannot be connected to")]
    Options(#[source] ConnectError),
}

/// Connects to one server, or to the cluster of several addresses with commas between them, in the background: NATS may
/// start later, go, and come back. User and password, or a token, come from the first address that has them, since the
/// client itself leaves them aside; in an address they are percent-encoded.
///
/// # Errors
/// When an address is not one. A server that is away is no error.
pub async fn connect(url: &str, options: ConnectOptions) -> Result<Client, Failure> {
    let addresses = addresses(url)?;
    let options = options.retry_on_initial_connect().max_reconnects(None);
    let options = match identity(&addresses)? {
        Some((user, Some(password))) => options.user_and_password(user, password),
        Some((token, None)) => options.token(token),
        None => options,
    };
    options.connect(addresses).await.map_err(Failure::Options)
}

/// Reads `CONFAB_NATS_URL`; what is not an address is a fault in `env`.
pub fn address(env: &mut Env) -> String {
    let name = "CONFAB_NATS_URL";
    let url: String = env.read(name, "nats://127.0.0.1:4222", "NATS with JetStream; several addresses with commas");
    if addresses(&url).is_err() {
        env.fault(name, "is not a nats:// address");
    }
    url
}

fn addresses(url: &str) -> Result<Vec<ServerAddr>, Failure> {
    let one = |address: &str| match address.trim().parse::<ServerAddr>() {
        Ok(server) if server.host().is_empty() => Err(io::Error::new(io::ErrorKind::InvalidInput, "no host")),
        outcome => outcome,
    };
    url.split(',').map(|address| one(address).map_err(Failure::Address)).collect()
}

type Identity = (String, Option<String>);

fn identity(addresses: &[ServerAddr]) -> Result<Option<Identity>, Failure> {
    let Some((user, password)) = addresses.iter().find_map(|address| Some((address.username()?, address.password())))
    else {
        return Ok(None);
    };
    Ok(Some((decoded(user)?, password.map(decoded).transpose()?)))
}

fn decoded(part: &str) -> Result<String, Failure> {
    percent_decode_str(part).decode_utf8().map(String::from).map_err(Failure::Identity)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(url: &str) -> Option<Identity> {
        identity(&addresses(url).unwrap()).unwrap()
    }

    fn of(user: &str, password: Option<&str>) -> Option<Identity> {
        Some((user.to_owned(), password.map(str::to_owned)))
    }

    #[test]
    fn addresses_may_name_a_cluster_and_who_connects() {
        let servers = addresses("nats://10.0.0.1:4222, ann:secret@10.0.0.2").unwrap();
        let places: Vec<_> = servers.iter().map(|server| (server.host(), server.port())).collect();
        assert_eq!(places, [("10.0.0.1", 4222), ("10.0.0.2", 4222)]);
        assert_eq!(identity(&servers).unwrap(), of("ann", Some("secret")));
        assert_eq!(named("nats://10.0.0.1,nats://10.0.0.2"), None);
        assert_eq!(named("nats://t0ken@10.0.0.1"), of("t0ken", None));
        assert_eq!(named("nats://ann:p%40ss%2F%3A@10.0.0.1"), of("ann", Some("p@ss/:")));
    }

    #[test]
    fn what_is_no_address_is_said_without_repeating_it() {
        for url in ["http://ann:secret@10.0.0.1", "", "nats://::bad", "nats://ann:secret@10.0.0.1,http://x"] {
            let told = format!("{:?}", addresses(url).unwrap_err());
            assert!(!told.contains("secret"), "{told}");
        }
        let mut env = Env::of([("CONFAB_NATS_URL".to_owned(), "http://ann:secret@x".to_owned())]);
        address(&mut env);
        let told = env.finish().unwrap_err().to_string();
        assert!(told.contains("CONFAB_NATS_URL: is not a nats:// address") && !told.contains("secret"), "{told}");
        let servers = addresses("nats://ann:%FF@10.0.0.1").unwrap();
        assert!(matches!(identity(&servers), Err(Failure::Identity(_))));
    }
}
