use std::time::Duration;

use crate::{Credentials, Limits, Value};

/// What a link needs to know. [`Settings::new`] gives the defaults:
///
/// ```
/// use std::time::Duration;
/// use peerage_ami::{Credentials, Settings};
///
/// # fn main() -> Result<(), peerage_ami::Invalid> {
/// let credentials = Credentials::new("peerage".try_into()?, "sesame");
/// let settings = Settings {
///     keepalive: Duration::from_secs(3),
///     ..Settings::new("127.0.0.1:5038", credentials)
/// };
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// Host and port; a name is looked up at each attempt to connect.
    pub address: String,
    /// Who signs in.
    pub credentials: Credentials,
    /// Which events come: `on`, `off`, or classes such as `system,call,agent`; what the user may not read does not come
    /// anyway. [`Settings::boot_within`] needs `system` among them. Default `on`.
    pub events: Value,
    /// How long a TCP connection may take. Default 5 s.
    pub connect_within: Duration,
    /// How long signing in may take; Asterisk itself waits a second before it says no. Default 10 s.
    pub login_within: Duration,
    /// How long Asterisk may take from there until it has booted; the link is up only then. It counts from the sign-in,
    /// and afterwards the link connects anew. `None` does not wait: modules may then not be loaded yet. Default 2 minutes.
    pub boot_within: Option<Duration>,
    /// How long an action may take, from the call of [`Link::send`](crate::Link::send). Default 10 s.
    pub answer_within: Duration,
    /// After this long without a word from Asterisk it is asked, and given up after as long again. Asterisk does one
    /// action of a connection after the other: one that takes longer than both looks the same as a network that stalled.
    /// Default 10 s.
    pub keepalive: Duration,
    /// The wait after a first failure, doubled with each until [`Settings::longest_wait`]; chance takes up to half. Default
    /// 250 ms.
    pub first_wait: Duration,
    /// The longest wait between attempts. Default 15 s.
    pub longest_wait: Duration,
    /// Most actions that wait for their answer at once; more wait for their turn. Asterisk
    /// does one after the other, so many gain little. 1 to 4,096, default 256.
    pub in_flight: usize,
    /// Most events kept for a slow reader; older ones are counted and dropped. 1 to 65,536, default 4,096.
    pub backlog: usize,
    /// Most bytes of memory that those events take together. An event has about a kilobyte, and [`Limits::message`] at
    /// most. Default 8 MiB.
    pub backlog_bytes: usize,
    /// How large messages may be.
    pub limits: Limits,
    /// Most items in an answer that is a list. Default 20,000.
    pub list_items: usize,
    /// Most bytes in an answer that is a list. Default 8 MiB.
    pub list_bytes: usize,
}

impl Settings {
    /// The defaults.
    #[must_use]
    pub fn new(address: impl Into<String>, credentials: Credentials) -> Self {
        Self {
            address: address.into(),
            credentials,
            events: Value::fixed("on"),
            connect_within: Duration::from_secs(5),
            login_within: Duration::from_secs(10),
            boot_within: Some(Duration::from_secs(120)),
            answer_within: Duration::from_secs(10),
            keepalive: Duration::from_secs(10),
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(15),
            in_flight: 256,
            backlog: 4096,
            backlog_bytes: 8 * 1024 * 1024,
            limits: Limits::default(),
            list_items: 20_000,
            list_bytes: 8 * 1024 * 1024,
        }
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.clamp(1, 4096)
    }

    pub(crate) fn backlog(&self) -> usize {
        self.backlog.clamp(1, 1 << 16)
    }
}
