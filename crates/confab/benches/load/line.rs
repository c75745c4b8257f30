//! Websockets read as cheaply as can be: one thread, one buffer, and of every frame no more than its header and its
//! first letters. Whatever is measured, the counting must not be it.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use mio::{Events, Interest, Poll, Token};

/// How the frame of an event begins; nothing else does.
const EVENT: &[u8] = br#"{"type":"event""#;
/// A header of the longest form, and the letters above.
const LONGEST_START: usize = 10 + EVENT.len();
const BUFFER: usize = 256 * 1024;
/// How long nothing at all may come while something is expected.
const PATIENCE: Duration = Duration::from_secs(20);

/// One socket.
struct Line {
    stream: mio::net::TcpStream,
    /// The start of a frame whose header has not come as a whole.
    begun: Vec<u8>,
    /// Bytes of the present frame that are still to come.
    skip: usize,
    /// Event frames so far.
    events: u64,
}

/// Sockets of one server.
pub struct Lines {
    lines: Vec<Line>,
    poll: Poll,
    ready: Events,
    buffer: Vec<u8>,
    /// The newest event frame, when somebody wants to see one.
    sample: Option<Vec<u8>>,
}

enum Frame {
    Event,
    Ping,
    Other,
}

impl Lines {
    pub fn new() -> Self {
        let (poll, ready) = (Poll::new().unwrap(), Events::with_capacity(4_096));
        Self { lines: Vec::new(), poll, ready, buffer: vec![0; BUFFER], sample: None }
    }

    /// Opens one more. With a token it says hello and waits for the welcome.
    pub fn open(&mut self, address: &str, path: &str, token: Option<&str>) {
        let stream = handshake(address, path, token);
        stream.set_nonblocking(true).unwrap();
        let mut stream = mio::net::TcpStream::from_std(stream);
        self.poll.registry().register(&mut stream, Token(self.lines.len()), Interest::READABLE).unwrap();
        self.lines.push(Line { stream, begun: Vec::new(), skip: 0, events: 0 });
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Event frames that a socket has had.
    pub fn events(&self, line: usize) -> u64 {
        self.lines[line].events
    }

    pub fn send(&mut self, line: usize, text: &str) {
        self.lines[line].stream.write_all(&masked(0x1, text.as_bytes())).unwrap();
    }

    /// Waits for frames and tells of each event which socket had it. False when none came for so long.
    pub fn turn(&mut self, wait: Duration, mut had: impl FnMut(usize)) -> bool {
        self.poll.poll(&mut self.ready, Some(wait)).unwrap();
        for event in &self.ready {
            let Token(index) = event.token();
            let line = &mut self.lines[index];
            let mut events = 0;
            line.drain(&mut self.buffer, &mut self.sample, &mut events);
            line.events += events;
            (0..events).for_each(|_| had(index));
        }
        !self.ready.is_empty()
    }

    /// Reads what comes until nothing has come for so long.
    pub fn settle(&mut self, quiet: Duration) {
        while self.turn(quiet, |_| {}) {}
    }

    /// Reads whatever comes for so long.
    pub fn listen(&mut self, length: Duration) {
        let end = Instant::now() + length;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            self.turn(left, |_| {});
        }
    }

    /// Sends, and gives the event frame that comes of it at the same socket.
    pub fn sample(&mut self, line: usize, text: &str) -> String {
        self.sample = Some(Vec::new());
        self.send(line, text);
        let start = Instant::now();
        while self.sample.as_ref().is_some_and(Vec::is_empty) {
            assert!(start.elapsed() < PATIENCE, "no event comes");
            self.turn(Duration::from_millis(100), |_| {});
        }
        String::from_utf8(self.sample.take().unwrap()).unwrap()
    }
}

impl Line {
    /// Reads everything that is there.
    fn drain(&mut self, buffer: &mut [u8], sample: &mut Option<Vec<u8>>, events: &mut u64) {
        loop {
            let kept = self.begun.len();
            buffer[..kept].copy_from_slice(&self.begun);
            let got = match self.stream.read(&mut buffer[kept..]) {
                Ok(0) => panic!("a socket was closed"),
                Ok(got) => got,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) => panic!("a socket broke: {error}"),
            };
            self.begun.clear();
            self.take(&buffer[..kept + got], sample, events);
            // The poll tells of whatever comes after a read that found less than it had room for.
            if kept + got < buffer.len() {
                return;
            }
        }
    }

    fn take(&mut self, mut bytes: &[u8], sample: &mut Option<Vec<u8>>, events: &mut u64) {
        loop {
            let skipped = self.skip.min(bytes.len());
            self.skip -= skipped;
            bytes = &bytes[skipped..];
            if bytes.is_empty() {
                return;
            }
            let Some((frame, header, length)) = start_of(bytes) else {
                self.begun.extend_from_slice(bytes);
                return;
            };
            match frame {
                Frame::Event => {
                    *events += 1;
                    if let Some(sample) = sample.as_mut()
                        && let Some(whole) = bytes.get(header..header + length)
                    {
                        *sample = whole.to_vec();
                    }
                }
                Frame::Ping => self.stream.write_all(&masked(0xA, &[])).unwrap(),
                Frame::Other => {}
            }
            self.skip = header + length;
        }
    }
}

/// What a frame is, how long its header and how long the rest; `None` while too little of it is here.
fn start_of(bytes: &[u8]) -> Option<(Frame, usize, usize)> {
    let (first, second) = (*bytes.first()?, usize::from(*bytes.get(1)?));
    let (header, length) = match second {
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().unwrap()))),
        127 => (10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().unwrap())).unwrap()),
        short => (2, short),
    };
    let begins = bytes.get(header..header + length.min(EVENT.len()))?;
    let frame = match first {
        0x81 if begins == EVENT => Frame::Event,
        0x81 if begins.starts_with(br#"{"type":"error"#) => panic!("refused: {}", String::from_utf8_lossy(bytes)),
        0x81 | 0x8A => Frame::Other,
        0x89 => Frame::Ping,
        _ => panic!("closed: {}", String::from_utf8_lossy(bytes)),
    };
    debug_assert!(header + begins.len() <= LONGEST_START);
    Some((frame, header, length))
}

/// A frame as a client sends it. A mask of zeros is one too, and costs its sender nothing.
fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match u16::try_from(payload.len()).expect("frames are short") {
        short @ 0..126 => frame.push(0x80 | short as u8),
        long => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&long.to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

fn handshake(address: &str, path: &str, token: Option<&str>) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let answer = read_until(&mut stream, b"\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 101"), "{answer}");
    if let Some(token) = token {
        stream.write_all(&masked(0x1, format!(r#"{{"type":"hello","token":"{token}"}}"#).as_bytes())).unwrap();
        let ready = short_frame(&mut stream);
        assert!(ready.contains(r#""type":"ready""#), "{ready}");
    }
    stream
}

fn short_frame(stream: &mut TcpStream) -> String {
    let mut header = [0; 2];
    stream.read_exact(&mut header).unwrap();
    let mut length = usize::from(header[1]);
    if length == 126 {
        stream.read_exact(&mut header).unwrap();
        length = usize::from(u16::from_be_bytes(header));
    }
    let mut payload = vec![0; length];
    stream.read_exact(&mut payload).unwrap();
    String::from_utf8_lossy(&payload).into_owned()
}

/// Reads byte by byte, so that nothing behind the end is lost.
fn read_until(stream: &mut TcpStream, end: &[u8]) -> String {
    let mut read = Vec::new();
    while !read.ends_with(end) {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        read.push(byte[0]);
    }
    String::from_utf8_lossy(&read).into_owned()
}
