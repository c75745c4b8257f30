//! `up`: one line and an exit code for everything that is in the way, and the program with its arguments if nothing is.

use std::fs;
use std::net::TcpListener;

use crate::checkout::Checkout;

/// A stand-in for cargo whose build brings a stand-in for confab, which ends with 7.
fn with_cargo(checkout: &Checkout) {
    let confab = checkout.tool("confab", "exit 7");
    let message = format!(r#"{{"target":{{"name":"confab"}},"executable":"{}"}}"#, confab.display());
    checkout.tool("cargo", &format!("echo '{message}'"));
}

fn free_port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string()
}

#[test]
fn a_taken_port() {
    let checkout = Checkout::equipped();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let said = checkout.refused(&["up", "--port", &port]);
    assert!(said.starts_with(&format!("error: Port {port} of 127.0.0.1 cannot be had (")), "{said}");
    assert!(said.ends_with("stop what uses it, or choose another with --port.\n"), "{said}");
    assert_eq!(said.lines().count(), 1);
}

#[test]
fn a_folder_that_cannot_be_written() {
    let said = Checkout::equipped().refused(&["up", "--port", &free_port(), "--data-dir", "/proc/confab"]);
    assert!(said.starts_with("error: Cannot write to /proc/confab ("), "{said}");
    assert!(said.ends_with("choose another folder with --data-dir.\n"), "{said}");
    assert_eq!(said.lines().count(), 1);
}

#[test]
fn missing_and_old_tools() {
    let checkout = Checkout::bare();
    let port = free_port();
    let refused = || checkout.refused(&["up", "--port", &port]);
    assert_eq!(refused(), "error: node is missing: install Node 20 LTS or newer from https://nodejs.org.\n");
    checkout.tool("node", "echo v18.20.1");
    assert!(refused().starts_with("error: npm is missing: "));
    checkout.tool("npm", "");
    assert!(refused().starts_with("error: Node 18.20 is too old, 20.19 is needed: "));
    checkout.tool("node", "echo v20.19.0");
    assert!(refused().starts_with("error: python3 is missing: run `apt-get install python3 python3-pip`"));
    checkout.tool("python3", "exit 1");
    let said = refused();
    assert!(said.starts_with("error: pip for python3 is missing: run `apt-get install python3-pip`"));
    assert_eq!(said.lines().count(), 1);
}

#[test]
fn everything_is_built_once_and_the_program_takes_over() {
    let checkout = Checkout::equipped();
    with_cargo(&checkout);
    let port = free_port();
    for _ in 0..2 {
        let output = checkout.run(&["up", "--port", &port, "--data-dir", "elsewhere", "--demo", "--release"]);
        assert_eq!(output.status.code(), Some(7), "the exit code passes through: {output:?}");
    }
    assert_eq!(checkout.calls("npm"), ["ci", "run --silent build"]);
    assert!(checkout.calls("cargo")[0].ends_with("--release"));
    let data_dir = checkout.path("elsewhere");
    let dist = checkout.path("web/dist");
    let expected = format!("--port {port} --data-dir {} --web-dir {} --demo", data_dir.display(), dist.display());
    assert_eq!(checkout.calls("confab"), [expected.clone(), expected]);

    fs::write(checkout.path("web/src/App.tsx"), "// changed").unwrap();
    checkout.run(&["up", "--port", &port]);
    fs::write(checkout.path("web/package-lock.json"), "{\"changed\":1}").unwrap();
    checkout.run(&["up", "--port", &port]);
    let after = ["run --silent build", "ci", "run --silent build"];
    assert_eq!(checkout.calls("npm")[2..], after);
    let kept = format!("--data-dir {}", checkout.path(".confab").display());
    assert!(checkout.calls("confab")[2].contains(&kept));
}

#[test]
fn a_failing_build_starts_nothing() {
    let checkout = Checkout::equipped();
    with_cargo(&checkout);
    checkout.tool("cargo", "echo 'error[E0308]' >&2; exit 101");
    let said = checkout.refused(&["up", "--port", &free_port()]);
    assert!(said.ends_with("error: The build of confab failed (exit code 101; see above)\n"), "{said}");
    checkout.tool("npm", "exit 2");
    fs::remove_dir_all(checkout.path("web/node_modules")).unwrap();
    fs::remove_dir_all(checkout.path("web/dist")).unwrap();
    let said = checkout.refused(&["up", "--port", &free_port()]);
    assert!(said.ends_with("error: `npm ci` in web failed (exit code 2; see above)\n"), "{said}");
    assert!(checkout.calls("confab").is_empty());
}

/// Otherwise build scripts that look at these variables run anew whenever a task and a plain cargo take turns.
#[test]
fn cargo_hears_nothing_of_the_package_that_xtask_is() {
    let checkout = Checkout::equipped();
    let heard = checkout.path("heard");
    checkout.tool("cargo", &format!("env >'{}'; exit 1", heard.display()));
    let status = checkout.xtask(&["up", "--port", &free_port()]).env("CARGO_PKG_VERSION_MAJOR", "9").status().unwrap();
    assert_eq!(status.code(), Some(1));
    let heard = fs::read_to_string(heard).unwrap();
    assert!(heard.contains("PATH=") && !heard.contains("CARGO_PKG_") && !heard.contains("CARGO_MANIFEST_"), "{heard}");
}
