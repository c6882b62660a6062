use crate::text::{only, text};
use crate::vocabulary::vocabulary;
use crate::{DialNumber, Driver, Number};

vocabulary! {
    /// The kinds of place where an agent's calls ring.
    InterfaceKind, field "interface_kind" {
        /// The agent's own account.
        Internal = "internal",
        /// The agent's phone field: another account, or an outside number.
        Phone = "phone",
        /// The agent's mobile, an outside number.
        Mobile = "mobile",
        /// A telephone picked at login.
        HotDesk = "hot_desk",
    }
}

text! {
    /// A number outside, reached through the dialplan: `[+]?[0-9*#]{1,40}`.
    OutsideNumber, field "phone",
    rule "up to 40 digits, `*` or `#`, `+` before them if wanted",
    accepts |text| only(
        text.strip_prefix('+').unwrap_or(text),
        |c| c.is_ascii_digit() || matches!(c, '*' | '#'),
        40,
    )
}

impl TryFrom<&DialNumber> for OutsideNumber {
    type Error = crate::Invalid;

    /// Refuses what can only be the number of an account, such as `desk-9`.
    fn try_from(number: &DialNumber) -> Result<Self, Self::Error> {
        Self::try_from(number.as_str())
    }
}

text! {
    /// What app_queue dials for an agent.
    ///
    /// `PJSIP/<number>` or `SIP/<number>` is a device; `Local/<digits>@peerage-outbound/n` an
    /// outside number, by way of the dialplan; `/n` keeps the Local channel in the call, or the
    /// queue would lose sight of it.
    Interface, field "interface",
    rule "PJSIP/<number>, SIP/<number>, or Local/<digits>@peerage-outbound/n",
    accepts |text| device(text).is_some() || outside(text).is_some()
}

/// The end of an outside number's dial string; the context is in `contrib/asterisk/extensions.conf`.
const OUTBOUND: &str = "@peerage-outbound/n";

const fn technology(driver: Driver) -> &'static str {
    match driver {
        Driver::Pjsip => "PJSIP",
        Driver::Sip => "SIP",
    }
}

fn device(text: &str) -> Option<(Driver, Number)> {
    let (before, number) = text.split_once('/')?;
    let driver = *Driver::ALL.iter().find(|driver| technology(**driver) == before)?;
    Some((driver, Number::try_from(number).ok()?))
}

fn outside(text: &str) -> Option<OutsideNumber> {
    let number = text.strip_prefix("Local/")?.strip_suffix(OUTBOUND)?;
    OutsideNumber::try_from(number).ok()
}

impl Interface {
    /// The device of an account, at a site of this driver.
    pub fn of(driver: Driver, number: &Number) -> Self {
        Self(format!("{}/{number}", technology(driver)))
    }

    /// A number outside.
    pub fn outside(number: &OutsideNumber) -> Self {
        Self(format!("Local/{number}{OUTBOUND}"))
    }

    /// The driver and the account, when it is a device.
    pub fn device(&self) -> Option<(Driver, Number)> {
        device(&self.0)
    }

    /// The number, when it is outside. Such a place is never called unreachable: nobody can tell.
    pub fn outside_number(&self) -> Option<OutsideNumber> {
        outside(&self.0)
    }
}

/// A place where an agent's calls ring.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// Its kind.
    pub kind: InterfaceKind,
    /// What app_queue dials; its device state counts too.
    pub interface: Interface,
    /// The telephone of a hot desk; `None` for the other kinds, and only for them.
    pub telephone: Option<Number>,
}

impl Place {
    /// The agent's own account.
    pub fn internal(driver: Driver, number: &Number) -> Self {
        Self {
            kind: InterfaceKind::Internal,
            interface: Interface::of(driver, number),
            telephone: None,
        }
    }

    /// A telephone picked at login.
    pub fn hot_desk(driver: Driver, telephone: &Number) -> Self {
        Self {
            kind: InterfaceKind::HotDesk,
            interface: Interface::of(driver, telephone),
            telephone: Some(telephone.clone()),
        }
    }
}

impl std::fmt::Display for Place {
    /// As it stands in a sentence: `phone 200`, or `mobile (Local/...)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.telephone {
            Some(telephone) => write!(f, "phone {telephone}"),
            None => write!(f, "{} ({})", self.kind, self.interface),
        }
    }
}
