//! Where a request came from: the other end of its connection, or whom a trusted proxy there speaks for.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::Env;

/// Each proxy appends the address that it was asked from.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address a request came from; IPv6 cut to its /64, which is what one household or server owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientIp(pub IpAddr);

impl From<IpAddr> for ClientIp {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        })
    }
}

impl<S> FromRequestParts<S> for ClientIp
where
    S: Send + Sync,
    TrustedProxies: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        // Without a socket (a router called in-process) there is one caller: ourselves.
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        Ok(TrustedProxies::from_ref(state).client(peer, &parts.headers).into())
    }
}

/// Who is believed when it says whom it speaks for. Nobody by default: what strangers say of themselves is worth nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// Reads `CONFAB_TRUSTED_PROXIES`; what is no list of addresses and networks is a fault in `env`.
    pub fn read(env: &mut Env) -> Self {
        env.read(
            "CONFAB_TRUSTED_PROXIES",
            "",
            "Proxies whose X-Forwarded-For is believed: addresses and networks, separated by commas",
        )
    }

    /// Walks from the peer towards the client for as long as the one who speaks is trusted and makes sense.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        // A line that is no text counts as one entry that makes no sense.
        let lines = headers.get_all(FORWARDED_FOR).iter().rev().map(|line| line.to_str().unwrap_or_default());
        for entry in lines.flat_map(|line| line.rsplit(',')) {
            if !self.trusts(client) {
                break;
            }
            let Some(before) = address(entry.trim()) else { break };
            client = before;
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Some proxies name the port as well.
fn address(entry: &str) -> Option<IpAddr> {
    let with_port = || entry.parse::<SocketAddr>().map(|socket| socket.ip());
    Some(entry.parse::<IpAddr>().or_else(|_| with_port()).ok()?.to_canonical())
}

/// An entry of the list that is not what it should be; by number, as no value of the configuration is repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {0} is neither an address (10.0.0.1, fd00::1) nor a network (10.0.0.0/8, fd00::/8)")]
pub struct NoNetwork(usize);

impl FromStr for TrustedProxies {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let entries = text.split(',').map(str::trim).enumerate().filter(|(_, entry)| !entry.is_empty());
        entries.map(|(index, entry)| network(entry).ok_or(NoNetwork(index + 1))).collect::<Result<_, _>>().map(Self)
    }
}

fn network(entry: &str) -> Option<IpNet> {
    let network = entry.parse::<IpNet>().or_else(|_| entry.parse::<IpAddr>().map(IpNet::from)).ok()?;
    match network {
        IpNet::V4(_) => Some(network),
        // Addresses are compared as what they stand for, so networks of mapped ones have to be that too.
        IpNet::V6(mapped) => Some(stands_for(mapped).map_or(network, IpNet::V4)),
    }
}

fn stands_for(network: Ipv6Net) -> Option<Ipv4Net> {
    let bits = network.prefix_len().checked_sub(96)?;
    Ipv4Net::new(network.addr().to_ipv4_mapped()?, bits).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    /// The client of a request from this peer with these header lines, where 10.0.0.0/8 and fd00::1 are trusted.
    fn client(peer: &str, lines: &[&str]) -> String {
        let proxies: TrustedProxies = "10.0.0.0/8, fd00::1".parse().unwrap();
        let value = |line: &&str| (FORWARDED_FOR.parse().unwrap(), HeaderValue::from_bytes(line.as_bytes()).unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in lines.iter().map(value) {
            let _: bool = headers.append::<axum::http::HeaderName>(name, value);
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn one_household_is_one_client() {
        let of = |text: &str| ClientIp::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(of("2001:db8:1:2:3::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
    }

    #[test]
    fn a_trusted_peer_says_whom_it_speaks_for() {
        assert_eq!(client("10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(client("fd00::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(client("10.0.0.1", &["203.0.113.7:50123"]), "203.0.113.7");
        assert_eq!(client("10.0.0.1", &["[2001:db8::7]:443"]), "2001:db8::7");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn nobody_else_does() {
        assert_eq!(client("192.0.2.9", &["203.0.113.7"]), "192.0.2.9");
        assert_eq!(client("192.0.2.9", &["10.0.0.1"]), "192.0.2.9");
        assert_eq!(client("fd00::2", &["203.0.113.7"]), "fd00::2");
        let headers = HeaderMap::from_iter([(FORWARDED_FOR.parse().unwrap(), HeaderValue::from_static("203.0.113.7"))]);
        for peer in ["127.0.0.1", "10.0.0.1", "::1"] {
            let peer = peer.parse().unwrap();
            assert_eq!(TrustedProxies::default().client(peer, &headers), peer);
        }
    }

    /// What a client invents stands to the left of what the first trusted proxy has seen.
    #[test]
    fn invented_entries_are_not_reached() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(client("10.0.0.1", &["10.9.9.9, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(client("10.0.0.1", &["nonsense, 203.0.113.7"]), "203.0.113.7");
    }

    #[test]
    fn trusted_proxies_behind_each_other_are_passed() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1, 203.0.113.7,10.0.0.3 ,  fd00::1"]), "203.0.113.7");
        assert_eq!(client("10.0.0.1", &["10.0.0.5, 10.0.0.4"]), "10.0.0.5");
    }

    #[test]
    fn header_lines_are_one_list_in_their_order() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1", "203.0.113.7", "10.0.0.3"]), "203.0.113.7");
        assert_eq!(client("10.0.0.1", &["203.0.113.7, 10.0.0.4", "10.0.0.3"]), "203.0.113.7");
        assert_eq!(client("10.0.0.1", &["203.0.113.7", "198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn nonsense_ends_the_walk_where_it_last_made_sense() {
        for nonsense in
            ["unknown", "", "203.0.113", "203.0.113.7/24", "\u{fc}, 10.0.0.3", "203.0.113.7;10.0.0.3", "0x7f.1"]
        {
            assert_eq!(client("10.0.0.1", &[nonsense]), "10.0.0.1", "{nonsense:?}");
            assert_eq!(client("10.0.0.1", &["203.0.113.7", nonsense, "10.0.0.2"]), "10.0.0.2", "{nonsense:?}");
        }
        assert_eq!(client("10.0.0.1", &["203.0.113.7, unknown, 10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn a_mapped_address_is_the_one_it_stands_for() {
        assert_eq!(client("::ffff:10.0.0.1", &["::ffff:203.0.113.7"]), "203.0.113.7");
        assert_eq!(client("10.0.0.1", &["203.0.113.7, ::ffff:10.0.0.2"]), "203.0.113.7");
        let headers = HeaderMap::from_iter([(FORWARDED_FOR.parse().unwrap(), HeaderValue::from_static("203.0.113.7"))]);
        for list in ["::ffff:10.0.0.1", "::ffff:10.0.0.0/104", "10.1.2.3/8"] {
            let proxies: TrustedProxies = list.parse().unwrap();
            assert_eq!(proxies.client("10.0.0.1".parse().unwrap(), &headers).to_string(), "203.0.113.7", "{list}");
            assert_eq!(proxies.client("192.0.2.9".parse().unwrap(), &headers).to_string(), "192.0.2.9", "{list}");
        }
    }

    #[test]
    fn a_list_is_read_whole_or_refused() {
        let read = |list: &str| {
            let mut env = Env::of([("CONFAB_TRUSTED_PROXIES".to_owned(), list.to_owned())]);
            (TrustedProxies::read(&mut env), env.finish())
        };
        for nobody in ["", " ", ","] {
            assert_eq!(read(nobody), (TrustedProxies::default(), Ok(())), "{nobody:?}");
        }
        assert_eq!(read(" 10.0.0.0/8,fd00::1, ").0.0.len(), 2);
        for wrong in [
            "10.0.0.1, proxy.example",
            "::1, 10.0.0.0/33",
            "::1,fd00::/129",
            "::1,10.0.0.1:80",
            "::1,10.0.0.0/",
            "::1,1 2",
        ] {
            let (read, outcome) = read(wrong);
            assert_eq!(read, TrustedProxies::default(), "{wrong}");
            let faults = outcome.unwrap_err().to_string();
            assert!(faults.contains("CONFAB_TRUSTED_PROXIES: entry 2 is neither"), "{faults}");
        }
    }
}
