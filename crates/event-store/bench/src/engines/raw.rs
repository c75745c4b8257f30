//! The disk itself: a group is appended to a file and synced. Can find nothing again.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::{Engine, Placed};

pub(crate) struct Raw {
    file: File,
    group: Vec<u8>,
}

impl Raw {
    pub(crate) fn open(folder: &Path) -> Self {
        Self { file: File::create(folder.join("raw")).unwrap(), group: Vec::new() }
    }
}

impl Engine for Raw {
    fn name(&self) -> &'static str {
        "raw fdatasync"
    }

    fn commit(&mut self, group: &[Placed]) {
        self.group.clear();
        group.iter().for_each(|placed| self.group.extend(placed.value()));
        self.file.write_all(&self.group).unwrap();
        self.file.sync_data().unwrap();
    }
}
