//! `test`: runs every step whatever the others say, counts all tests in its last line, and leaves nothing behind.

use std::process::Output;

use crate::checkout::{Checkout, eventually, running};

/// A program that says that it is ready, until it is stopped.
const CONFAB: &str = r#"exec python3 -c "
import http.server, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == '/readyz' else 404)
        self.end_headers()
http.server.HTTPServer(('127.0.0.1', int(sys.argv[2])), Ready).serve_forever()
" "$@""#;

const NPM: &str = r#"
case "$*" in
    ci) mkdir -p node_modules ;;
    *build) mkdir -p dist ;;
    *gen) mkdir -p src/api/generated; cp ../openapi/openapi.json src/api/generated/schema.ts ;;
    *test) echo '      Tests  20 passed (20)' ;;
    *e2e) echo "driving $CHROMIUM at $CONFAB_E2E_URL"; echo '  3 passed (1.0s)' ;;
esac"#;

fn checkout(tested: &str) -> Checkout {
    let checkout = Checkout::equipped();
    checkout.link_python();
    checkout.tool("npm", NPM);
    let chromium = checkout.tool("chromium", "echo Chromium 150");
    assert!(chromium.exists());
    let confab = checkout.tool("confab", CONFAB);
    let message = format!(r#"{{"target":{{"name":"confab"}},"executable":"{}"}}"#, confab.display());
    let cargo = format!(
        r#"case "$1" in
    test) {tested} ;;
    build) echo '{message}' ;;
    run) for folder; do :; done; echo 1 >"$folder/openapi.json" ;;
esac"#
    );
    checkout.tool("cargo", &cargo);
    assert!(checkout.run(&["gen"]).status.success());
    checkout
}

fn last_line(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).lines().next_back().unwrap_or_default().to_owned()
}

#[test]
fn all_steps_are_counted_in_the_last_line() {
    let checkout = checkout("echo 'test result: ok. 100 passed; 0 failed; 0 ignored'");
    let output = checkout.run(&["test"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(last_line(&output), "123 passed, 0 failed");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let chromium = checkout.path("machine/chromium");
    assert!(said.contains(&format!("driving {} at http://127.0.0.1:", chromium.display())), "{said}");
    eventually(|| !running(&checkout.path(".confab/browser-tests")));
    assert!(!checkout.path(".confab/browser-tests").exists());
    assert!(!checkout.path(".confab/generated").exists());

    let quick = checkout.run(&["test", "--quick"]);
    assert_eq!(last_line(&quick), "120 passed, 0 failed");
}

#[test]
fn a_red_step_does_not_hide_the_others() {
    let checkout = checkout("echo 'test result: FAILED. 98 passed; 2 failed; 0 ignored'; exit 101");
    std::fs::write(checkout.path("openapi/openapi.json"), "stale").unwrap();
    let output = checkout.run(&["test"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(last_line(&output), "121 passed, 3 failed");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("Rust tests: A Rust test failed (exit code 101; see above)\n"), "{said}");
    let stale = "openapi/openapi.json, web/src/api/generated/schema.ts";
    assert!(!said.contains(stale), "the types are those of the documents that the code generates");
    assert!(said.contains("generated files: Not what the code generates: openapi/openapi.json. Run"), "{said}");
}

#[test]
fn a_step_whose_base_is_missing_is_red() {
    let checkout = checkout("echo 'test result: ok. 100 passed; 0 failed; 0 ignored'");
    checkout.tool("node", "echo v18.0.0");
    let output = checkout.run(&["test"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(last_line(&output), "100 passed, 6 failed");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("browser tests: not run, because of: client packages\n"), "{said}");
}
