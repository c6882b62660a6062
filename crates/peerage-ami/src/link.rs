//! A connection that comes back.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use tokio::time::{Instant, sleep, timeout_at};

use crate::backlog::Backlog;
use crate::backoff::Backoff;
use crate::events::{Events, Notice};
use crate::in_flight::Order;
use crate::login::log_in;
use crate::outcome::{NotSent, Outcome, Unknown};
use crate::session::{Command, Session, at_least_a_moment, refuse};
use crate::wire::Wire;
use crate::{Action, Failure, Frame, Settings, State};

#[cfg(test)]
mod tests;

/// A connection to one Asterisk that is made, and made again, for as long as it is wanted.
///
/// Clones are the same link. It ends with [`Link::shut_down`], or when the last clone is dropped.
#[derive(Clone)]
pub struct Link {
    commands: mpsc::Sender<Command>,
    slots: Arc<Semaphore>,
    state: watch::Receiver<State>,
    notices: Backlog,
    answer_within: Duration,
}

impl Link {
    /// Begins to connect.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with its timers and sockets enabled.
    #[must_use]
    pub fn open(settings: Settings) -> Self {
        let (commands, orders) = mpsc::channel(settings.in_flight());
        let (state, seen) = watch::channel(State::Connecting);
        let notices = Backlog::new(settings.backlog(), settings.backlog_bytes);
        let link = Self {
            commands,
            slots: Arc::new(Semaphore::new(settings.in_flight())),
            state: seen,
            notices: notices.clone(),
            answer_within: settings.answer_within,
        };
        let supervisor = Supervisor {
            commands: orders,
            told: Told { state, notices },
            settings,
        };
        tokio::spawn(supervisor.run());
        link
    }

    /// Sends an action, and says what became of it within [`Settings::answer_within`].
    ///
    /// It is never sent twice, and never kept for later: while the link is down it is not sent. Actions are sent in the order
    /// in which `send` was called and polled first. When the call is abandoned, the action may or may not be done.
    pub async fn send(&self, action: Action) -> Outcome {
        self.send_within(action, self.answer_within).await
    }

    /// [`Link::send`] with a time of its own.
    pub async fn send_within(&self, action: Action, within: Duration) -> Outcome {
        self.hand_over(action, within, None).await
    }

    /// [`Link::send`] for what must not begin to be sent from a moment on: this is looked at just before its first byte goes
    /// out, whatever it waited for until then.
    pub async fn send_until(&self, action: Action, not_after: Instant) -> Outcome {
        self.hand_over(action, self.answer_within, Some(not_after)).await
    }

    async fn hand_over(&self, action: Action, within: Duration, not_after: Option<Instant>) -> Outcome {
        let deadline = Instant::now() + at_least_a_moment(within);
        let slot = match timeout_at(deadline, Arc::clone(&self.slots).acquire_owned()).await {
            Ok(Ok(slot)) => slot,
            Ok(Err(_)) => return Outcome::NotSent(NotSent::Closed),
            Err(_) => return Outcome::NotSent(NotSent::Busy),
        };
        let (reply, outcome) = oneshot::channel();
        let order = Order {
            action,
            deadline,
            not_after,
            reply,
            slot,
        };
        if self.commands.send(Command::Send(order)).await.is_err() {
            return Outcome::NotSent(NotSent::Closed);
        }
        // Only a runtime that is torn down does not answer.
        outcome.await.unwrap_or(Outcome::Unknown(Unknown::Lost))
    }

    /// How the link is, now and from now on.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<State> {
        self.state.clone()
    }

    /// Waits until the link is up; false when it is closed instead.
    pub async fn wait_until_up(&self) -> bool {
        let mut state = self.state.clone();
        let settled = state.wait_for(|state| state.is_up() || *state == State::Closed).await;
        settled.is_ok_and(|state| state.is_up())
    }

    /// A reader of events, from now on. To miss nothing, subscribe first and look at the state then.
    #[must_use]
    pub fn subscribe(&self) -> Events {
        Events(self.notices.subscribe())
    }

    /// Gives up what was sent and is not answered: what the network has not taken yet is thrown away, and the link connects
    /// anew. Nothing happens when everything is answered. What had reached Asterisk's machine may still be done.
    pub async fn abandon(&self) {
        // A link that is closed holds nothing.
        let _ = self.commands.send(Command::Abandon).await;
    }

    /// Ends the link: takes no more actions, waits for the answers of those in flight until their deadlines, signs off.
    pub async fn shut_down(&self) {
        // Closed already, if nobody takes it.
        let _ = self.commands.send(Command::Close).await;
        let mut state = self.state.clone();
        // The sender goes only after it has told so.
        let _ = state.wait_for(|state| *state == State::Closed).await;
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("state", &*self.state.borrow())
            .finish_non_exhaustive()
    }
}

/// The task behind a link.
struct Supervisor {
    commands: mpsc::Receiver<Command>,
    told: Told,
    settings: Settings,
}

impl Supervisor {
    async fn run(mut self) {
        let mut backoff = Backoff::new(self.settings.first_wait, self.settings.longest_wait);
        loop {
            let attempt = connect(&self.settings, &self.told);
            let failure = match refuse_until(attempt, &mut self.commands).await {
                None => break,
                Some(Err(failure)) => failure,
                Some(Ok(wire)) => {
                    let up = Instant::now();
                    let failure = self.serve(wire).await;
                    backoff.was_up(up.elapsed());
                    match failure {
                        None => break,
                        Some(failure) => failure,
                    }
                }
            };
            self.told.down(&self.settings.address, failure);
            let wait = backoff.next(getrandom::u32().unwrap_or_default());
            if refuse_until(sleep(wait), &mut self.commands).await.is_none() {
                break;
            }
        }
        self.commands.close();
        while let Some(command) = self.commands.recv().await {
            refuse(command, NotSent::Closed);
        }
        self.told.closed();
    }

    /// Serves a connection until it fails; none when the link is closed.
    async fn serve(&mut self, wire: Wire) -> Option<Failure> {
        self.told.up(&self.settings.address, wire.reader.version());
        let told = &self.told;
        let mut session = Session::new(wire, prefix(), &self.settings);
        let ended = session.run(&mut self.commands, |event| told.event(event)).await;
        // Whoever learns what became of an action finds the state that goes with it.
        if let Err(failure) = &ended {
            told.down(&self.settings.address, failure.clone());
        }
        session.lose();
        ended.err()
    }
}

async fn connect(settings: &Settings, told: &Told) -> Result<Wire, Failure> {
    let mut wire = Wire::connect(&settings.address, settings.connect_within, settings.limits).await?;
    log_in(&mut wire, settings, |event| told.event(event)).await?;
    Ok(wire)
}

/// Waits, and meanwhile sends nothing; none when the link is to be closed.
async fn refuse_until<T>(awaited: impl Future<Output = T>, commands: &mut mpsc::Receiver<Command>) -> Option<T> {
    let mut awaited = std::pin::pin!(awaited);
    loop {
        tokio::select! {
            done = &mut awaited => return Some(done),
            command = commands.recv() => match command {
                None | Some(Command::Close) => return None,
                Some(command) => refuse(command, NotSent::Down),
            }
        }
    }
}

/// What the ids of a connection's actions begin with.
fn prefix() -> String {
    // Without randomness they can be guessed, which only other users of the same Asterisk could make use of.
    format!("{:016x}-", getrandom::u64().unwrap_or_default())
}

/// Those who look at the link.
struct Told {
    state: watch::Sender<State>,
    notices: Backlog,
}

impl Told {
    fn up(&self, address: &str, version: &str) {
        tracing::info!(address, version, "Asterisk's Manager interface is connected");
        self.state.send_replace(State::Up {
            since: SystemTime::now(),
            version: version.to_owned(),
        });
        self.notify(Notice::Up);
    }

    fn down(&self, address: &str, failure: Failure) {
        let since = match &*self.state.borrow() {
            State::Down { since, failure: known } => {
                if *known == failure {
                    return;
                }
                *since
            }
            _ => SystemTime::now(),
        };
        tracing::warn!(address, %failure, "Asterisk's Manager interface is not connected");
        let was_up = self.state.send_replace(State::Down { since, failure }).is_up();
        if was_up {
            self.notify(Notice::Down);
        }
    }

    fn closed(&self) {
        self.state.send_replace(State::Closed);
    }

    fn event(&self, frame: Frame) {
        self.notify(Notice::Event(Arc::new(frame)));
    }

    fn notify(&self, notice: Notice) {
        self.notices.push(notice);
    }
}

impl Drop for Told {
    /// Whatever ends the task behind a link, readers see the end.
    fn drop(&mut self) {
        self.notices.close();
    }
}
