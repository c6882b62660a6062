//! Accounts made up at random, always the same ones.

mod dice;
mod files;

use super::subject::Subject;
use dice::Dice;

/// Where the dice start.
const SEED: u64 = 16_22;

/// Signs that mean something to the database driver, to Asterisk's files, to its caller ids, or to SQL, among others.
const SIGNS: [&str; 30] = [
    ";", "^", "\"", "\\", "'", "<", ">", ",", "=", "|", "&", "$", "{", "}", "[", "]", "(", ")", "#", "%", "@", "!",
    "^3B", "^5E", "\\;", "é", "漢", "🦀", " ", "a",
];

/// The settings of an account, in the words of the Voice section.
#[derive(Debug)]
struct Account {
    number: String,
    kind: &'static str,
    host: Option<String>,
    nat: &'static str,
    transports: Vec<&'static str>,
    encryption: bool,
    codecs: Vec<&'static str>,
    video: bool,
    name: Option<String>,
    caller: Option<String>,
    context: &'static str,
    call_groups: Vec<u8>,
    pickup_groups: Vec<u8>,
    named_call_groups: Vec<&'static str>,
    named_pickup_groups: Vec<&'static str>,
    chanspy: bool,
    record: &'static str,
    qualify_seconds: u32,
    max_contacts: u32,
}

/// This many accounts, whose settings are drawn over everything that the Voice section allows.
pub(super) fn accounts(count: usize) -> Vec<Subject> {
    let mut dice = Dice::new(SEED);
    (0..count)
        .map(|index| Subject::from(&Account::draw(&mut dice, index)))
        .collect()
}

impl Account {
    fn draw(dice: &mut Dice, index: usize) -> Self {
        // No two alike: there may be one fixed peer at an address.
        let host = match dice.below(8) {
            0 => Some(format!("2001:db8::{:x}", index + 1)),
            1..=3 => Some(format!("127.10.{}.{}", index / 200, index % 200 + 1)),
            _ => None,
        };
        let mut transports = dice.some_of(&["udp", "tcp", "tls", "ws", "wss"], 1);
        if host.is_some() && is_browser(&transports) {
            // Asterisk cannot open a WebSocket.
            transports.push("tcp");
        }
        Self {
            number: format!("{}{index}", dice.one_of(&["1", "a.", "Z-9."])),
            kind: dice.one_of(&["user", "peer", "friend"]),
            nat: dice.one_of(&["yes", "no", "force_rport", "comedia", "never", "route"]),
            encryption: is_browser(&transports) || dice.below(2) == 0,
            codecs: dice.some_of(&["ulaw", "alaw", "gsm", "g722", "g729", "opus"], 1),
            video: dice.below(2) == 0,
            name: (dice.below(3) > 0).then(|| name(dice)),
            caller: (dice.below(3) > 0).then(|| format!("{}{}", dice.one_of(&["", "+", "x_"]), dice.below(100_000))),
            context: dice.one_of(&["from-sip", "peerage-outbound", "other_1.x"]),
            call_groups: dice.some_of(&[0, 1, 2, 3, 31, 32, 62, 63], 0),
            pickup_groups: dice.some_of(&[0, 1, 2, 3, 31, 32, 62, 63], 0),
            named_call_groups: dice.some_of(&["sales", "support", "a.b", "c_d-e"], 0),
            named_pickup_groups: dice.some_of(&["sales", "support", "a.b", "c_d-e"], 0),
            chanspy: dice.below(2) == 0,
            record: dice.one_of(&["inactive", "wav", "wav49", "gsm"]),
            // Nobody is at the fixed hosts, and Asterisk would complain of that all the time.
            qualify_seconds: if host.is_some() {
                0
            } else {
                dice.one_of(&[0, 1, 60, 3600, 86400])
            },
            max_contacts: dice.one_of(&[1, 2, 10, 100]),
            host,
            transports,
        }
    }

    /// The list of an SQL `update`.
    fn row(&self) -> String {
        let text = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let maybe = |value: &Option<String>| value.as_deref().map_or_else(|| "null".to_owned(), text);
        let columns = [
            ("type", text(self.kind)),
            ("host", text(self.host.as_deref().unwrap_or("dynamic"))),
            ("nat", text(self.nat)),
            ("transports", array(&self.transports)),
            ("encryption", self.encryption.to_string()),
            ("codecs", array(&self.codecs)),
            ("video", self.video.to_string()),
            ("callerid_name", maybe(&self.name)),
            ("callerid_number", maybe(&self.caller)),
            ("context", text(self.context)),
            ("call_groups", array(&self.call_groups)),
            ("pickup_groups", array(&self.pickup_groups)),
            ("named_call_groups", array(&self.named_call_groups)),
            ("named_pickup_groups", array(&self.named_pickup_groups)),
            ("chanspy", self.chanspy.to_string()),
            ("record", text(self.record)),
            ("qualify_seconds", self.qualify_seconds.to_string()),
            ("max_contacts", self.max_contacts.to_string()),
        ];
        columns.map(|(column, value)| format!("{column} = {value}")).join(", ")
    }

    fn is_browser(&self) -> bool {
        is_browser(&self.transports)
    }
}

impl From<&Account> for Subject {
    fn from(account: &Account) -> Self {
        Self {
            number: account.number.clone(),
            row: account.row(),
            secret: true,
            known: true,
            sip: account.sip(),
            pjsip: account.pjsip(),
            auth22: String::new(),
        }
    }
}

fn is_browser(transports: &[&str]) -> bool {
    transports.iter().all(|transport| transport.starts_with("ws"))
}

/// 1 to 79 bytes.
fn name(dice: &mut Dice) -> String {
    let most = dice.below(79) + 1;
    let mut name = String::from("A");
    loop {
        let sign = dice.one_of(&SIGNS);
        if name.len() + sign.len() > most {
            return name;
        }
        name.insert_str(if dice.below(2) == 0 { 0 } else { name.len() }, sign);
    }
}

fn array<T: ToString>(items: &[T]) -> String {
    format!("'{{{}}}'", list(items))
}

fn list<T: ToString>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}

/// Parts of rows, of which each must occur.
const DRAWN: &str = "type = 'user' / type = 'peer' / type = 'friend' / host = 'dynamic' / host = '127. / \
    host = '2001: / nat = 'yes' / nat = 'no' / nat = 'force_rport' / nat = 'comedia' / nat = 'never' / nat = 'route' / \
    '{udp}' / '{tcp}' / '{tls}' / '{ws}' / '{wss}' / '{ws,wss}' / encryption = true / encryption = false / \
    '{ulaw / '{alaw / '{gsm / '{g722 / '{g729 / '{opus / video = true / video = false / \
    callerid_name = null / callerid_number = null / context = 'other_1.x' / \
    call_groups = '{}' / call_groups = '{0 / call_groups = '{63 / named_call_groups = '{} / \
    named_call_groups = '{sales / pickup_groups = '{}' / pickup_groups = '{0 / pickup_groups = '{63 / \
    named_pickup_groups = '{} / \
    chanspy = true / chanspy = false / record = 'inactive' / record = 'wav' / record = 'wav49' / record = 'gsm' / \
    qualify_seconds = 0 / qualify_seconds = 86400 / max_contacts = 1 / max_contacts = 100";

#[test]
fn everything_that_the_voice_section_allows_is_drawn() {
    let accounts = accounts(super::GENERATED);
    let missing = |part: &&str| !accounts.iter().any(|account| account.row.contains(*part));
    let missing: Vec<&str> = DRAWN.split(" / ").filter(missing).collect();
    assert_eq!(missing, [""; 0]);
}
