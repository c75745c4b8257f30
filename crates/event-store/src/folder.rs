//! The folder of a store: made, locked, its names synced.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::Disk;
use crate::error::OpenError;

/// Held while a store may write to its folder; released by dropping it.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Where the log's files are.
pub(crate) fn log(folder: &Path) -> PathBuf {
    folder.join("log")
}

/// Where the index's files are.
pub(crate) fn index(folder: &Path) -> PathBuf {
    folder.join("index")
}

/// Makes the folder if needed and locks it.
pub(crate) fn prepare(disk: &dyn Disk, folder: &Path) -> Result<Lock, OpenError> {
    make(disk, folder)?;
    let lock = lock(folder)?;
    // The format before the log, which no released version wrote.
    if folder.join("events.sqlite3").exists() {
        return Err(OpenError::UnknownVersion { found: 1 });
    }
    make(disk, &log(folder))?;
    disk.sync_folder(folder).map_err(|source| OpenError::Folder { path: folder.to_path_buf(), source })?;
    Ok(lock)
}

/// A new folder is only safe from a power cut once the folder that names it is on the disk.
pub(crate) fn make(disk: &dyn Disk, folder: &Path) -> Result<(), OpenError> {
    let new: Vec<&Path> = folder.ancestors().take_while(|path| !path.exists()).collect();
    let failed = |source: io::Error| OpenError::Folder { path: folder.to_path_buf(), source };
    fs::create_dir_all(folder).map_err(failed)?;
    for parent in new.iter().filter_map(|path| path.parent()) {
        let here = parent.as_os_str().is_empty();
        disk.sync_folder(if here { Path::new(".") } else { parent }).map_err(failed)?;
    }
    Ok(())
}

/// Locks a folder that is there.
pub(crate) fn lock(folder: &Path) -> Result<Lock, OpenError> {
    let failed = |source: io::Error| OpenError::Folder { path: folder.to_path_buf(), source };
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked { path: folder.to_path_buf() }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}
