//! A small call centre on a database of its own, the service on top of it, and clients signed in as each of its people.
//!
//! | who            | role       | is                                                                   |
//! |----------------|------------|----------------------------------------------------------------------|
//! | [`Who::Admin`] | admin      | `ann`                                                                |
//! | [`Who::Sue`]   | supervisor | `sue`, of queue `sales`                                              |
//! | [`Who::Ada`]   | agent      | `ada`, agent 1001 (phone and mobile set), in `sales` and `support`   |
//! | [`Who::Bob`]   | agent      | `bob`, agent 1002, in `support` alone: none of Sue's                 |
//!
//! Agent 1003 (Cy) has hot desk, is in `sales`, and has no user. Telephones: 2001 and 2002. Pause reasons: `lunch` (the default), `coffee`.

use std::sync::OnceLock;

use peerage_model::Secret;
use peerage_service::{Running, Settings};
use peerage_store::{Actor, DatabaseUrl, NewAgent, NewLogin, NewPhone, QueuePatch, ReasonPatch, Store, Tokens};
use peerage_testkit::db::TestDb;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder, redirect};

/// The password of everybody here.
pub(crate) const PASSWORD: &str = "correct-horse-battery";

/// Somebody of the call centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Admin,
    Sue,
    Ada,
    Bob,
}

impl Who {
    pub(crate) const ALL: [Self; 4] = [Self::Admin, Self::Sue, Self::Ada, Self::Bob];

    /// The name to sign in with.
    pub(crate) fn username(self) -> &'static str {
        match self {
            Self::Admin => "ann",
            Self::Sue => "sue",
            Self::Ada => "ada",
            Self::Bob => "bob",
        }
    }

    fn role(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Sue => "supervisor",
            Self::Ada | Self::Bob => "agent",
        }
    }

    fn agent(self) -> Option<&'static str> {
        match self {
            Self::Admin | Self::Sue => None,
            Self::Ada => Some("1001"),
            Self::Bob => Some("1002"),
        }
    }

    /// The token of this person's program.
    pub(crate) fn token(self) -> String {
        format!("peerage_test_token_of_{}", self.username())
    }
}

/// The call centre, with its service. What is dropped first is the service, then the database.
pub(crate) struct Centre {
    /// The running service; `None` once stopped.
    pub(crate) service: Option<Running>,
    /// The store, for what a test prepares or looks at.
    pub(crate) store: Store,
    /// The database, for what only SQL can say.
    pub(crate) db: TestDb,
    base: String,
}

impl Centre {
    /// The call centre with the defaults of the service.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The call centre with settings of one's own.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let (db, store) = tokio::task::spawn_blocking(prepared).await.unwrap();
        let mut settings = settings(&db);
        change(&mut settings);
        let service = Running::start(settings).await.unwrap();
        let base = format!("http://{}", service.address());
        Self {
            service: Some(service),
            store,
            db,
            base,
        }
    }

    /// The address of a path, such as `/api/v1/me`.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Ends the service, and begins it again on the same database and address.
    pub(crate) async fn restart(&mut self) {
        let mut settings = settings(&self.db);
        if let Some(service) = self.service.take() {
            settings.listen = service.address();
            service.stop().await;
        }
        self.service = Some(Running::start(settings).await.unwrap());
    }

    /// A client that is not signed in. It follows no redirect, and keeps cookies.
    pub(crate) fn nobody(&self) -> Client {
        client().build().unwrap()
    }

    /// A program with this person's token.
    pub(crate) fn program(&self, who: Who) -> Client {
        bearer(&who.token())
    }

    /// A browser in which this person has signed in.
    pub(crate) async fn browser(&self, who: Who) -> Client {
        let browser = self.nobody();
        let form = [("username", who.username()), ("password", PASSWORD)];
        let answer = browser.post(self.at("/sign-in")).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
        browser
    }
}

/// A program with this token, whatever it is.
pub(crate) fn bearer(token: &str) -> Client {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::try_from(format!("Bearer {token}")).unwrap());
    client().default_headers(headers).build().unwrap()
}

fn client() -> ClientBuilder {
    Client::builder()
        .no_proxy()
        .cookie_store(true)
        .redirect(redirect::Policy::none())
}

fn settings(db: &TestDb) -> Settings {
    let mut settings = Settings::new(url(db), "127.0.0.1:0".parse().unwrap());
    settings.owner = Some(db.owner_url().parse().unwrap());
    settings
}

fn url(db: &TestDb) -> DatabaseUrl {
    db.app_url().parse().unwrap()
}

fn secret() -> Secret {
    PASSWORD.parse().unwrap()
}

fn prepared() -> (TestDb, Store) {
    let db = TestDb::new().with_outside_numbers();
    let store = Store::open(&url(&db), Actor::new("test").unwrap()).unwrap();
    for (number, name) in [("1001", "Ada King"), ("1002", "Bob Fox"), ("1003", "Cy Young")] {
        let mut agent = NewAgent::new(number.parse().unwrap(), name.parse().unwrap());
        agent.profile.hot_desk = number == "1003";
        agent.profile.permissions.edit_own_numbers = true;
        if number == "1001" {
            agent.profile.phone = Some("2001".parse().unwrap());
            agent.profile.mobile = Some("+3969012345".parse().unwrap());
        }
        store.add_agent(&agent, &secret()).unwrap();
    }
    for number in ["2001", "2002"] {
        let phone = NewPhone::new(number.parse().unwrap(), format!("Desk {number}").parse().unwrap());
        store.add_phone(&phone, &secret()).unwrap();
    }
    for (queue, agents) in [("sales", ["1001", "1003"]), ("support", ["1001", "1002"])] {
        let queue = queue.parse().unwrap();
        store.add_queue(&queue, &QueuePatch::default()).unwrap();
        for agent in agents {
            store
                .assign(&queue, &agent.parse().unwrap(), "0".parse().unwrap())
                .unwrap();
        }
    }
    for code in ["lunch", "coffee"] {
        let settings = ReasonPatch {
            is_default: Some(code == "lunch"),
            ..ReasonPatch::default()
        };
        store.add_pause_reason(&code.parse().unwrap(), &settings).unwrap();
    }
    people(&db, &store);
    (db, store)
}

/// Users with the password, and tokens. The hash is computed once for all of them: that takes long, on purpose.
fn people(db: &TestDb, store: &Store) {
    static HASH: OnceLock<String> = OnceLock::new();
    for who in Who::ALL {
        let new = NewLogin {
            username: who.username().parse().unwrap(),
            role: who.role().parse().unwrap(),
            agent: who.agent().map(|number| number.parse().unwrap()),
        };
        store.add_login(&new, None).unwrap();
    }
    let hash = HASH.get_or_init(|| {
        store
            .set_login_password(&"ann".parse().unwrap(), Some(&secret().into()), Tokens::Keep)
            .unwrap();
        db.psql("select password_hash from peerage.login_account where username = 'ann'")
    });
    db.psql(&format!(
        "update peerage.login_account set password_hash = '{hash}';
         insert into peerage.supervisor_queue (login_id, queue_id)
           select login.id, queue.id
           from peerage.login_account as login, peerage.queue as queue
           where login.username = 'sue' and queue.name = 'sales';
         insert into peerage.api_token (name, token_digest, role, login_id)
           select username, encode(sha256(convert_to('peerage_test_token_of_' || username, 'UTF8')), 'hex'), role, id
           from peerage.login_account;"
    ));
}

/// Whether a text speaks of this number. In an id, a token or a part of a second it stands by chance.
pub(crate) fn mentions(text: &str, number: &str) -> bool {
    text.split(|sign: char| !sign.is_ascii_alphanumeric())
        .any(|word| word == number)
}
