//! Generates the gRPC code from `proto/` with protox, so no `protoc` is needed.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=proto");
    let files = ["streams.proto", "gossip.proto", "serverfeatures.proto"];
    let descriptors = protox::compile(files, ["proto"])?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    generator(out.clone()).build_client(false).compile_fds(descriptors.clone())?;
    // For tests that must send what the official client never would.
    let client = out.join("client");
    std::fs::create_dir_all(&client)?;
    generator(client).build_server(false).compile_fds(descriptors)?;
    Ok(())
}

fn generator(out: PathBuf) -> tonic_prost_build::Builder {
    tonic_prost_build::configure()
        .extern_path(".event_store.client.Empty", "()")
        .bytes(".event_store.client")
        .include_file("protocol.rs")
        .out_dir(out)
}
