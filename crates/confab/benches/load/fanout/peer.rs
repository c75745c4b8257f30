//! The bare `ws` broadcast server beside which Confab is measured: npm brings it once, as its lock file pins it, into
//! the target folder.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const FILES: [&str; 3] = ["package.json", "package-lock.json", "broadcast.mjs"];

/// The running server. It ends with its standard input.
pub struct Peer {
    pub address: String,
    child: Child,
}

impl Peer {
    pub fn start() -> Self {
        let mut node = Command::new("node");
        node.arg("broadcast.mjs").current_dir(fetched()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = node.spawn().expect("node is on the PATH");
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { address: address.trim().to_owned(), child }
    }

    pub fn processes(&self) -> Vec<u32> {
        vec![self.child.id()]
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The folder with the packages; the lock file's copy is written last, so a folder that was half made does not count.
fn fetched() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/load/fanout/ws");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("fanout-ws");
    fs::create_dir_all(&folder).unwrap();
    for file in FILES {
        fs::copy(source.join(file), folder.join(file)).unwrap();
    }
    let (whole, wanted) = (folder.join("whole"), fs::read_to_string(source.join("package-lock.json")).unwrap());
    if !fs::read_to_string(&whole).is_ok_and(|there| there == wanted) {
        println!("Fetching ws into {} with npm (once)", folder.display());
        let npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        let ended = Command::new("npm").args(npm).current_dir(&folder).status().expect("npm is on the PATH");
        assert!(ended.success(), "npm cannot fetch ws (see above): check the network.");
        fs::write(whole, wanted).unwrap();
    }
    folder
}
