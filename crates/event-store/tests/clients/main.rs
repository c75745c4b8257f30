//! Other people's clients against a server process of its own each: they append, read, filter,
//! subscribe across a killed and restarted server, delete, set metadata, and get the errors that
//! they have types for. What npm and pip have to bring is pinned, and kept under `target/clients`.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

mod fetch;
mod official_rust;
mod script;
mod server;

use server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn the_official_rust_client() {
    official_rust::scenario(Server::start()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_rust_client_over_tls_with_a_password() {
    official_rust::scenario(Server::start_guarded()).await;
}

#[test]
fn the_official_node_client() {
    script::run(fetch::node(), Server::start());
}

#[test]
fn the_official_node_client_over_tls_with_a_password() {
    script::run(fetch::node(), Server::start_guarded());
}

#[test]
fn the_python_client() {
    script::run(fetch::python(), Server::start());
}

#[test]
fn the_python_client_over_tls_with_a_password() {
    script::run(fetch::python(), Server::start_guarded());
}
