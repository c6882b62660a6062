//! A TCP connection, read as frames.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::{Instant, timeout};

use crate::{Action, Failure, Fault, Frame, Limits, Parser, Value};

/// Bytes taken from the socket at once.
const CHUNK: usize = 16 * 1024;

/// Both halves of a connection.
pub(crate) struct Wire {
    pub(crate) reader: Reader,
    pub(crate) writer: OwnedWriteHalf,
}

pub(crate) struct Reader {
    stream: OwnedReadHalf,
    parser: Parser,
    chunk: Vec<u8>,
    arrived: VecDeque<Frame>,
    /// What is wrong with what came after them.
    fault: Option<Fault>,
    /// When bytes last came.
    pub(crate) heard: Instant,
}

impl Wire {
    pub(crate) async fn connect(address: &str, within: Duration, limits: Limits) -> Result<Self, Failure> {
        let stream = timeout(within, TcpStream::connect(address))
            .await
            .map_err(|_elapsed| Failure::Unreachable("no answer in time".into()))?
            .map_err(|error| Failure::unreachable(&error))?;
        // Actions are small and wanted now; without this the second one waits for the first one's acknowledgement.
        stream.set_nodelay(true).map_err(|error| Failure::broken(&error))?;
        let (reader, writer) = stream.into_split();
        let reader = Reader {
            stream: reader,
            parser: Parser::new(limits),
            chunk: vec![0; CHUNK],
            arrived: VecDeque::new(),
            fault: None,
            heard: Instant::now(),
        };
        Ok(Self { reader, writer })
    }

    pub(crate) async fn send(&mut self, action: &Action, id: &Value) -> Result<(), Failure> {
        let bytes = action.encode(id);
        self.writer
            .write_all(&bytes)
            .await
            .map_err(|error| Failure::broken(&error))
    }
}

impl Reader {
    /// The next frame. Nothing is lost when the call is abandoned.
    pub(crate) async fn frame(&mut self) -> Result<Frame, Failure> {
        loop {
            if let Some(frame) = self.arrived.pop_front() {
                return Ok(frame);
            }
            if let Some(fault) = self.fault {
                return Err(fault.into());
            }
            let read = self.stream.read(&mut self.chunk).await;
            let bytes = match read.map_err(|error| Failure::broken(&error))? {
                0 => return Err(Failure::HungUp),
                count => self.chunk.get(..count).unwrap_or_default(),
            };
            self.heard = Instant::now();
            let mut frames = Vec::new();
            // What came before a fault is still true, so it goes first.
            self.fault = self.parser.feed(bytes, &mut frames).err();
            self.arrived.extend(frames);
        }
    }

    /// The version of the protocol; empty before the greeting.
    pub(crate) fn version(&self) -> &str {
        self.parser.version().unwrap_or_default()
    }
}
