//! One connection, from the moment it is up.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use crate::in_flight::{InFlight, Order};
use crate::outcome::NotSent;
use crate::wire::Wire;
use crate::{Action, Failure, Frame, Settings, Value};

/// How long Asterisk may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// What a link tells its connection.
pub(crate) enum Command {
    Send(Order),
    /// Throws away what was sent and is not answered.
    Abandon,
    Close,
}

pub(crate) struct Session {
    wire: Wire,
    in_flight: InFlight,
    keepalive: Duration,
    /// When Asterisk was last asked whether it is there.
    asked: Option<Instant>,
    /// Whether it is to be thrown away with what it has not delivered.
    is_abandoned: bool,
}

impl Session {
    pub(crate) fn new(wire: Wire, prefix: String, settings: &Settings) -> Self {
        Self {
            wire,
            in_flight: InFlight::new(prefix, settings),
            keepalive: at_least_a_moment(settings.keepalive),
            asked: None,
            is_abandoned: false,
        }
    }

    /// Serves until the link is closed, or fails. What is in flight then waits for [`Session::lose`].
    pub(crate) async fn run(
        &mut self,
        commands: &mut mpsc::Receiver<Command>,
        mut event: impl FnMut(Frame),
    ) -> Result<(), Failure> {
        let mut closing = false;
        loop {
            if closing && self.in_flight.is_settled() {
                self.log_off().await;
                return Ok(());
            }
            let wake = self.next_wake();
            let sending = self.in_flight.unsent(Instant::now()).is_some();
            tokio::select! {
                command = commands.recv(), if !closing => match command {
                    Some(Command::Send(order)) => self.in_flight.add(order),
                    Some(Command::Abandon) => {
                        if self.in_flight.is_in_doubt() {
                            // What the kernel has not sent goes with the connection, instead of being sent after it.
                            let socket: &TcpStream = self.wire.writer.as_ref();
                            socket.set_zero_linger().map_err(|error| Failure::broken(&error))?;
                            self.is_abandoned = true;
                            return Err(Failure::Abandoned);
                        }
                    }
                    Some(Command::Close) | None => {
                        closing = true;
                        commands.close();
                        while let Ok(command) = commands.try_recv() {
                            refuse(command, NotSent::Closed);
                        }
                    }
                },
                able = self.wire.writer.writable(), if sending => {
                    able.map_err(|error| Failure::broken(&error))?;
                    self.write()?;
                }
                frame = self.wire.reader.frame() => {
                    // A response that nobody waits for came too late.
                    if let Some(frame) = self.in_flight.take(frame?) && frame.event().is_some() {
                        event(frame);
                    }
                }
                () = sleep_until(wake) => self.woken()?,
            }
        }
    }

    /// Sends what is to be sent at this very moment: what waited for the socket may be too late by now.
    fn write(&mut self) -> Result<(), Failure> {
        let Some(unsent) = self.in_flight.unsent(Instant::now()) else {
            return Ok(());
        };
        match self.wire.writer.try_write(unsent) {
            Ok(count) => self.in_flight.wrote(count),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(Failure::broken(&error)),
        }
        Ok(())
    }

    /// When silence or a deadline calls next.
    fn next_wake(&self) -> Instant {
        let silence = self.since() + self.keepalive;
        self.in_flight
            .next_deadline()
            .map_or(silence, |deadline| deadline.min(silence))
    }

    /// Since when the silence lasts, or since when there is no answer to the question.
    fn since(&self) -> Instant {
        let heard = self.wire.reader.heard;
        self.asked.map_or(heard, |asked| asked.max(heard))
    }

    fn woken(&mut self) -> Result<(), Failure> {
        let now = Instant::now();
        if self.in_flight.expire(now) {
            self.ask(now);
        }
        if now >= self.since() + self.keepalive {
            if self.is_asked() {
                return Err(Failure::Silent);
            }
            self.ask(now);
        }
        Ok(())
    }

    /// Whether Asterisk was asked, and nothing came since.
    fn is_asked(&self) -> bool {
        self.asked.is_some_and(|asked| asked > self.wire.reader.heard)
    }

    fn ask(&mut self, now: Instant) {
        if !self.is_asked() {
            self.asked = Some(now);
            self.in_flight.ping();
        }
    }

    /// Nobody waits for the answer of anything any more; Asterisk hangs up after this.
    async fn log_off(&mut self) {
        if self.in_flight.is_writing() {
            return;
        }
        let goodbye = async {
            self.wire.send(&Action::logoff(), &Value::fixed("logoff")).await?;
            loop {
                self.wire.reader.frame().await?;
            }
        };
        // The connection ends here in any case.
        let _: Result<Result<(), Failure>, _> = timeout(GOODBYE, goodbye).await;
    }

    /// Ends the connection and settles what is in flight.
    pub(crate) fn lose(self) {
        let Self {
            wire,
            mut in_flight,
            is_abandoned,
            ..
        } = self;
        if is_abandoned {
            // Without the end that a half says when it is dropped: the whole socket is reset.
            wire.writer.forget();
            drop(wire.reader);
        }
        in_flight.lose();
    }
}

pub(crate) fn refuse(command: Command, why: NotSent) {
    if let Command::Send(order) = command {
        order.refuse(why);
    }
}

/// Nothing would be a busy loop; beyond a day nobody would see a difference, and the clock has an end.
pub(crate) fn at_least_a_moment(time: Duration) -> Duration {
    time.clamp(Duration::from_millis(1), Duration::from_secs(24 * 60 * 60))
}
