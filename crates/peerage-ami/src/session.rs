//! One connection, from the moment it is up.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
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
    Close,
}

pub(crate) struct Session {
    wire: Wire,
    in_flight: InFlight,
    keepalive: Duration,
    /// When Asterisk was last asked whether it is there.
    asked: Option<Instant>,
}

impl Session {
    pub(crate) fn new(wire: Wire, prefix: String, settings: &Settings) -> Self {
        Self {
            wire,
            in_flight: InFlight::new(prefix, settings),
            keepalive: at_least_a_moment(settings.keepalive),
            asked: None,
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
            let unsent = self.in_flight.unsent();
            let sending = unsent.is_some();
            tokio::select! {
                command = commands.recv(), if !closing => match command {
                    Some(Command::Send(order)) => self.in_flight.add(order),
                    Some(Command::Close) | None => {
                        closing = true;
                        commands.close();
                        while let Ok(command) = commands.try_recv() {
                            refuse(command, NotSent::Closed);
                        }
                    }
                },
                wrote = self.wire.writer.write(unsent.unwrap_or_default()), if sending => match wrote {
                    Ok(count) => self.in_flight.wrote(count),
                    Err(error) => return Err(Failure::broken(&error)),
                },
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

    /// Settles what is in flight: the connection is gone.
    pub(crate) fn lose(mut self) {
        self.in_flight.lose();
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
