//! Copies a store's log, while it is used, and puts a copy in a store's place.
//!
//! A copy holds what was acknowledged when it was begun, and nothing else. The index is left out: it
//! is made from the log at the first start.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{Disk, SystemDisk};
use crate::folder;
use crate::log::{Mark, Snapshot};
use crate::verify::{FilesError, Verified, snapshot};

/// Copies the store in a folder to a new folder, whether or not one has it open, and verifies the copy.
///
/// # Errors
/// The store is damaged, the target exists, or it cannot be written; then no target is there.
pub fn backup(data_dir: &Path, target: &Path) -> Result<Verified, FilesError> {
    absent(target)?;
    let copied = copy(&snapshot(data_dir)?, target)?;
    Ok(copied)
}

/// Makes a store, in a folder that has none, from a copy.
///
/// # Errors
/// The copy is damaged, the folder holds a store, or it cannot be written; then it is as before.
pub fn restore(copy_dir: &Path, data_dir: &Path) -> Result<Verified, FilesError> {
    let from = Snapshot::take(&folder::log(copy_dir), true)?;
    folder::make(&SystemDisk, data_dir)?;
    let _lock = folder::lock(data_dir)?;
    absent(&folder::log(data_dir))?;
    copy_log(&from, &folder::log(data_dir))
}

fn absent(path: &Path) -> Result<(), FilesError> {
    if path.exists() { Err(FilesError::Exists { path: path.to_path_buf() }) } else { Ok(()) }
}

fn copy(from: &Snapshot, target: &Path) -> Result<Verified, FilesError> {
    let partial = partial(target);
    clear(&partial)?;
    folder::make(&SystemDisk, &partial)?;
    let copied = copy_log(from, &folder::log(&partial))?;
    rename(&partial, target)?;
    Ok(copied)
}

/// The copy gets its name when it is whole, on the disk, and verified.
fn copy_log(from: &Snapshot, log: &Path) -> Result<Verified, FilesError> {
    let partial = partial(log);
    clear(&partial)?;
    folder::make(&SystemDisk, &partial)?;
    write_files(from, &partial).map_err(|source| FilesError::Write { path: partial.clone(), source })?;
    let seen = Snapshot::take(&partial, true)?.walk()?;
    rename(&partial, log)?;
    Ok(seen.into())
}

fn write_files(from: &Snapshot, folder: &Path) -> io::Result<()> {
    for (segment, length) in from.files() {
        let name = segment.path().file_name().unwrap_or_default();
        let mut file = File::create_new(folder.join(name))?;
        segment.copy(length, &mut file)?;
        file.sync_all()?;
    }
    let mut mark = Mark::open(&SystemDisk, folder)?;
    mark.set(from.end())?;
    mark.sync()?;
    SystemDisk.sync_folder(folder)
}

fn partial(path: &Path) -> PathBuf {
    path.with_extension("partial")
}

/// Removes what an interrupted copy left.
fn clear(partial: &Path) -> Result<(), FilesError> {
    match fs::remove_dir_all(partial) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(FilesError::Write { path: partial.to_path_buf(), source })
        }
        _ => Ok(()),
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), FilesError> {
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let renamed = fs::rename(from, to).and_then(|()| SystemDisk.sync_folder(parent));
    renamed.map_err(|source| FilesError::Write { path: to.to_path_buf(), source })
}
