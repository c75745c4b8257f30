//! What clients ask before they begin: what the server can do, and where its leader is.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{SystemTime, UNIX_EPOCH};

use tonic::Extensions;
use tonic::codegen::http::uri::Authority;
use tonic::transport::server::TcpConnectInfo;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::grpc::wire::{UuidForm, write_uuid};
use crate::protocol::event_store::client::gossip::gossip_server::Gossip;
use crate::protocol::event_store::client::gossip::member_info::VNodeState;
use crate::protocol::event_store::client::gossip::{ClusterInfo, EndPoint, MemberInfo};
use crate::protocol::event_store::client::server_features::server_features_server::ServerFeatures;
use crate::protocol::event_store::client::server_features::{SupportedMethod, SupportedMethods};

/// The protocol that is spoken, as clients compare versions; not the version of this program.
const SPOKEN_VERSION: &str = "24.2.0";

const METHODS: [(&str, &str); 7] = [
    ("event_store.client.streams.streams", "append"),
    ("event_store.client.streams.streams", "batchappend"),
    ("event_store.client.streams.streams", "read"),
    ("event_store.client.streams.streams", "delete"),
    ("event_store.client.streams.streams", "tombstone"),
    ("event_store.client.gossip.gossip", "read"),
    ("event_store.client.server_features.serverfeatures", "getsupportedmethods"),
];

/// One node, which is always its own leader.
#[derive(Debug, Clone)]
pub(crate) struct Discovery {
    pub(crate) instance: Uuid,
    pub(crate) listening: SocketAddr,
}

#[tonic::async_trait]
impl ServerFeatures for Discovery {
    async fn get_supported_methods(&self, _: Request<()>) -> Result<Response<SupportedMethods>, Status> {
        let methods = METHODS.map(|(service, method)| SupportedMethod {
            method_name: method.into(),
            service_name: service.into(),
            features: Vec::new(),
        });
        Ok(Response::new(SupportedMethods {
            methods: methods.into(),
            event_store_server_version: SPOKEN_VERSION.into(),
        }))
    }
}

#[tonic::async_trait]
impl Gossip for Discovery {
    async fn read(&self, request: Request<()>) -> Result<Response<ClusterInfo>, Status> {
        let end_point = self.end_point(request.extensions());
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let member = MemberInfo {
            instance_id: Some(write_uuid(self.instance, UuidForm::Structured)),
            time_stamp: i64::try_from(now.unwrap_or_default().as_millis()).unwrap_or(0),
            state: VNodeState::Leader.into(),
            is_alive: true,
            http_end_point: Some(end_point),
        };
        Ok(Response::new(ClusterInfo { members: vec![member] }))
    }
}

impl Discovery {
    /// The name by which this client came works for it, and stands in the certificate. Without one it is the address.
    fn end_point(&self, request: &Extensions) -> EndPoint {
        let named = request.get::<Authority>().and_then(|authority| Some((authority.host(), authority.port_u16()?)));
        if let Some((host, port)) = named {
            let address = host.trim_matches(['[', ']']).to_owned();
            return EndPoint { address, port: u32::from(port) };
        }
        let reached = request.get::<TcpConnectInfo>().and_then(TcpConnectInfo::local_addr).unwrap_or(self.listening);
        let address = match reached.ip() {
            ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            ip => ip,
        };
        EndPoint { address: address.to_string(), port: u32::from(reached.port()) }
    }
}
