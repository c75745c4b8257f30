//! A disk that forgets: it remembers what would be on it after a power cut, sector by sector, and
//! can put the files into such a state. Programs see the files as an operating system shows them.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use rustix::io::Errno;

use super::contents::{Change, Contents};
use super::random::Random;
use crate::disk::{Disk, DiskFile};

/// What a disk says is durable and is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lie {
    Bytes,
    Names,
}

/// Shared with the store on it.
#[derive(Debug)]
pub(super) struct SimulatedDisk {
    state: Arc<Mutex<State>>,
    gate: Arc<(Mutex<Gate>, Condvar)>,
}

#[derive(Debug, Default)]
struct Gate {
    /// Nothing may change.
    closed: bool,
    /// Somebody waits before it.
    awaited: bool,
}

#[derive(Debug)]
struct State {
    files: Vec<Contents>,
    /// As programs see them.
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    unsynced_names: Vec<Naming>,
    lie: Option<Lie>,
    /// Changes until the process or the power goes.
    left: u64,
    dead: bool,
    failed: bool,
    /// Syncs until one fails, once.
    sound_syncs: u64,
    /// Bytes that may still be allocated.
    room: u64,
    /// Rises when the process or the power goes: files opened before are of no use then.
    life: u64,
    random: Random,
}

#[derive(Debug, Clone)]
enum Naming {
    Made(PathBuf, usize),
    Renamed(PathBuf, PathBuf, usize),
    Removed(PathBuf),
}

#[derive(Debug)]
struct SimulatedFile {
    file: File,
    number: usize,
    life: u64,
    disk: SimulatedDisk,
}

impl SimulatedDisk {
    pub(super) fn new(seed: u64, lie: Option<Lie>) -> Self {
        let state = State {
            files: Vec::new(),
            names: BTreeMap::new(),
            durable_names: BTreeMap::new(),
            unsynced_names: Vec::new(),
            lie,
            left: u64::MAX,
            dead: false,
            failed: false,
            sound_syncs: u64::MAX,
            room: u64::MAX,
            life: 0,
            random: Random::new(seed),
        };
        Self { state: Arc::new(Mutex::new(state)), gate: Arc::default() }
    }

    pub(super) fn share(&self) -> Arc<Self> {
        Arc::new(self.clone_handle())
    }

    fn clone_handle(&self) -> Self {
        Self { state: self.state.clone(), gate: self.gate.clone() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The process or the power goes at the change after so many others.
    pub(super) fn die_after(&self, changes: u64) {
        self.state().left = changes;
    }

    /// One sync fails after so many others; what it should have made durable is never written.
    pub(super) fn fail_sync_after(&self, syncs: u64) {
        self.state().sound_syncs = syncs;
    }

    pub(super) fn set_room(&self, bytes: u64) {
        self.state().room = bytes;
    }

    /// Nothing changes until `release`.
    pub(super) fn hold(&self) {
        *self.gate.0.lock().unwrap() = Gate { closed: true, awaited: false };
    }

    pub(super) fn release(&self) {
        self.gate.0.lock().unwrap().closed = false;
        self.gate.1.notify_all();
    }

    /// Whether somebody waits for the release.
    pub(super) fn is_awaited(&self) -> bool {
        self.gate.0.lock().unwrap().awaited
    }

    /// Whether a change or a sync has failed in this life.
    pub(super) fn has_failed(&self) -> bool {
        let state = self.state();
        state.dead || state.failed
    }

    /// A new process on the same machine: everything written is seen, synced or not.
    pub(super) fn restart(&self) {
        let mut state = self.state();
        (state.left, state.sound_syncs) = (u64::MAX, u64::MAX);
        (state.dead, state.failed) = (false, false);
        state.life += 1;
    }

    /// The machine after a power cut: of what was not synced, anything may be there.
    pub(super) fn power_cut(&self) {
        self.restart();
        let mut state = self.state();
        let old: Vec<PathBuf> = state.names.keys().cloned().collect();
        let State { random, durable_names, unsynced_names, files, .. } = &mut *state;
        for naming in unsynced_names.drain(..).filter(|_| random.one_in(2)) {
            naming.apply(durable_names);
        }
        files.iter_mut().for_each(|file| file.lose(random));
        state.names = state.durable_names.clone();
        old.iter().for_each(|path| fs::remove_file(path).unwrap());
        for (path, number) in &state.names {
            fs::write(path, &state.files[*number].seen).unwrap();
        }
    }

    fn pass(&self) -> MutexGuard<'_, State> {
        let mut gate = self.gate.0.lock().unwrap();
        gate.awaited = true;
        drop(self.gate.1.wait_while(gate, |gate| gate.closed).unwrap());
        self.state()
    }

    fn file(&self, number: usize, path: &Path, life: u64) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().write(true).open(path)?;
        Ok(Box::new(SimulatedFile { file, number, life, disk: self.clone_handle() }))
    }
}

impl State {
    /// Fails when the process is gone, now or before.
    fn step(&mut self) -> io::Result<()> {
        self.dead |= self.left == 0;
        self.left = self.left.saturating_sub(1);
        if self.dead { Err(io::Error::other("the process is gone")) } else { Ok(()) }
    }

    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.unsynced_names.push(naming);
    }

    fn take_room(&mut self, bytes: u64) -> io::Result<()> {
        self.room = self.room.checked_sub(bytes).ok_or(io::ErrorKind::StorageFull)?;
        Ok(())
    }
}

impl Naming {
    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Self::Made(path, number) => {
                names.insert(path.clone(), *number);
            }
            Self::Renamed(from, to, number) => {
                names.remove(from);
                names.insert(to.clone(), *number);
            }
            Self::Removed(path) => {
                names.remove(path);
            }
        }
    }

    fn is_in(&self, folder: &Path) -> bool {
        let (Self::Made(path, _) | Self::Renamed(path, _, _) | Self::Removed(path)) = self;
        path.parent() == Some(folder)
    }
}

impl Disk for SimulatedDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.pass();
        state.step()?;
        state.take_room(1)?;
        OpenOptions::new().write(true).create_new(true).open(path)?;
        let number = state.files.len();
        state.files.push(Contents::default());
        state.name(Naming::Made(path.to_path_buf(), number));
        self.file(number, path, state.life)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let state = self.pass();
        let number = state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        self.file(*number, path, state.life)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.pass();
        state.step()?;
        fs::rename(from, to)?;
        let number = *state.names.get(from).ok_or(io::ErrorKind::NotFound)?;
        state.name(Naming::Renamed(from.to_path_buf(), to.to_path_buf(), number));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.pass();
        state.step()?;
        fs::remove_file(path)?;
        state.name(Naming::Removed(path.to_path_buf()));
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.pass();
        state.step()?;
        if state.lie == Some(Lie::Names) {
            return Ok(());
        }
        let State { durable_names, unsynced_names, .. } = &mut *state;
        unsynced_names.extract_if(.., |naming| naming.is_in(folder)).for_each(|naming| naming.apply(durable_names));
        Ok(())
    }

    fn free_bytes(&self, _folder: &Path) -> io::Result<u64> {
        Ok(self.pass().room)
    }
}

impl SimulatedFile {
    /// The state, if the process that opened this file still lives.
    fn pass(&self) -> io::Result<MutexGuard<'_, State>> {
        let state = self.disk.pass();
        if state.life == self.life { Ok(state) } else { Err(io::Error::other("opened in another life")) }
    }

    fn change_length(&self, state: &mut State, length: usize) -> io::Result<()> {
        self.file.set_len(length as u64)?;
        state.files[self.number].change(Change::Length(length));
        Ok(())
    }
}

impl DiskFile for SimulatedFile {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut state = self.pass()?;
        let (was_dead, stepped) = (state.dead, state.step());
        // The last write of a process may be half done.
        let part = match &stepped {
            Ok(()) => bytes,
            Err(_) if was_dead => &[],
            Err(_) => &bytes[..state.random.below(bytes.len() as u64 + 1) as usize],
        };
        self.file.write_all_at(part, offset)?;
        state.files[self.number].change(Change::Write { offset: offset as usize, bytes: part.to_vec() });
        stepped
    }

    fn allocate(&self, offset: u64, length: u64) -> io::Result<()> {
        let mut state = self.pass()?;
        state.step()?;
        state.take_room(length)?;
        let needed = state.files[self.number].seen.len().max((offset + length) as usize);
        self.change_length(&mut state, needed)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut state = self.pass()?;
        state.step()?;
        self.change_length(&mut state, length as usize)
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.pass()?;
        state.step()?;
        if state.lie == Some(Lie::Bytes) {
            return Ok(());
        }
        let fails = state.sound_syncs == 0;
        state.sound_syncs = state.sound_syncs.checked_sub(1).unwrap_or(u64::MAX);
        if fails {
            state.failed = true;
            let State { files, random, .. } = &mut *state;
            files[self.number].sync_in_vain(random);
            return Err(Errno::IO.into());
        }
        state.files[self.number].sync();
        Ok(())
    }
}
