//! A small call centre on a database of its own, and short ways to say what happens in it.

use std::cell::RefCell;
use std::fmt::Debug;
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use peerage_model::{
    Actor, ActorRole, Choice, LoginRequest, LogoutRequest, MoveRequest, OnConflict, PauseRequest, Refusal, RefusalCode,
    Secret, UnpauseRequest,
};
use peerage_store::{AgentPatch, Lease, NewAgent, NewPhone, StateError, Store};
use peerage_testkit::db::TestDb;

/// What an operation on the state answers: whether anything changed.
pub(super) type Outcome = Result<bool, StateError>;

pub(super) fn t<T>(text: &str) -> T
where
    T: FromStr,
    T::Err: Debug,
{
    text.parse().unwrap()
}

/// The agent of this number, acting for himself or herself.
pub(super) fn own(number: &str) -> Actor {
    Actor::new(format!("agent:{number}"), ActorRole::Agent(t(number)))
}

pub(super) fn supervisor() -> Actor {
    Actor::new("sue", ActorRole::Supervisor)
}

pub(super) fn admin() -> Actor {
    Actor::new("root", ActorRole::Admin)
}

pub(super) fn system() -> Actor {
    Actor::new("peerage", ActorRole::System)
}

pub(super) fn at(choice: Choice) -> LoginRequest {
    LoginRequest {
        choice: Some(choice),
        on_conflict: OnConflict::Refuse,
    }
}

pub(super) fn telephone(number: &str) -> Choice {
    Choice::Telephone(t(number))
}

pub(super) fn take_over(choice: Choice) -> LoginRequest {
    LoginRequest {
        choice: Some(choice),
        on_conflict: OnConflict::TakeOver,
    }
}

pub(super) fn force(choice: Choice, reason: Option<&str>) -> LoginRequest {
    LoginRequest {
        choice: Some(choice),
        on_conflict: OnConflict::Force(reason.map(t)),
    }
}

pub(super) fn to(choice: Choice) -> MoveRequest {
    MoveRequest {
        choice,
        on_conflict: OnConflict::Refuse,
    }
}

pub(super) fn because(reason: &str) -> PauseRequest {
    PauseRequest {
        reason: Some(t(reason)),
        queue: None,
    }
}

pub(super) fn in_queue(queue: &str, reason: &str) -> PauseRequest {
    PauseRequest {
        reason: Some(t(reason)),
        queue: Some(t(queue)),
    }
}

pub(super) fn of_queue(queue: &str) -> UnpauseRequest {
    UnpauseRequest { queue: Some(t(queue)) }
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

/// What a query finds: a line for each row, its columns parted by commas.
pub(super) fn rows(connection: &mut PgConnection, query: &str) -> String {
    let query =
        format!("select coalesce(string_agg(btrim(found::text, '()'), E'\\n'), '') as value from ({query}) as found");
    let found: Value = diesel::sql_query(query).get_result(connection).unwrap();
    found.value
}

/// Ends every session and forgets it.
pub(super) const FORGET_SESSIONS: &str = "
  select peerage.end_session(id, 'admin', null, 'test', clock_timestamp()) from peerage.agent_session where ended_at is null;
  delete from peerage.agent_request;
  delete from peerage.agent_pause;
  delete from peerage.agent_state;
  delete from peerage.agent_place;
  delete from peerage.agent_session;";

/// All that is stored of agents' state, to see whether anything changed.
const STATE: &str = "
  select jsonb_agg(to_jsonb(one) order by id)::text from peerage.agent_session as one
  union all
  select jsonb_agg(to_jsonb(one) order by id)::text from peerage.agent_place as one
  union all
  select jsonb_agg(to_jsonb(one) order by uniqueid)::text from peerage.queue_login as one
  union all
  select jsonb_agg(to_jsonb(one) order by id)::text from peerage.agent_pause as one
  union all
  select jsonb_agg(to_jsonb(one) order by id)::text from peerage.agent_request as one
  union all
  select jsonb_agg(to_jsonb(one) order by id)::text from peerage.agent_state as one
  union all
  select jsonb_agg(to_jsonb(one) order by id)::text from peerage.queue_log as one";

/// Ada (1001) and Bo (1002) choose an interface; Bo's phone is phone 2001. Cy (1003) and Di (1004) have hot desk.
/// All four are in the queues sales (penalty 1) and support (penalty 2). Telephones: 2001, 2002, 2003; none is registered.
pub(super) struct Centre {
    pub(super) store: Store,
    connection: RefCell<PgConnection>,
    pub(super) db: TestDb,
}

impl Centre {
    pub(super) fn new() -> Self {
        let centre = Self::empty();
        for queue in ["billing", "sales", "support"] {
            centre.store.add_queue(&t(queue), &Default::default()).unwrap();
        }
        for reason in ["lunch", "training"] {
            centre.store.add_pause_reason(&t(reason), &Default::default()).unwrap();
        }
        for phone in ["2001", "2002", "2003"] {
            centre.add_phone(phone);
        }
        for (number, name, phone, mobile) in [
            ("1001", "Ada King", Some("+49301234"), Some("01701234")),
            ("1002", "Bo Diddley", Some("2001"), None),
            ("1003", "Cy Twombly", None, None),
            ("1004", "Di Brown", None, None),
        ] {
            let mut agent = NewAgent::new(t(number), t(name));
            agent.profile.phone = phone.map(t);
            agent.profile.mobile = mobile.map(t);
            agent.profile.hot_desk = number >= "1003";
            agent.profile.permissions.edit_own_numbers = true;
            centre.store.add_agent(&agent, &secret()).unwrap();
            centre.store.assign(&t("sales"), &t(number), t("1")).unwrap();
            centre.store.assign(&t("support"), &t(number), t("2")).unwrap();
        }
        centre
    }

    /// One in which there is nobody and nothing.
    pub(super) fn empty() -> Self {
        let db = TestDb::new().with_outside_numbers();
        Self {
            store: open(&db),
            connection: RefCell::new(db.connect()),
            db,
        }
    }

    pub(super) fn add_phone(&self, number: &str) {
        let phone = NewPhone::new(t(number), t(&format!("Desk {number}")));
        self.store.add_phone(&phone, &secret()).unwrap();
    }

    pub(super) fn set_agent(&self, number: &str, change: impl FnOnce(&mut AgentPatch)) {
        let mut patch = AgentPatch::default();
        change(&mut patch);
        assert!(self.store.set_agent(&t(number), &patch).unwrap());
    }

    /// Lets those who meet a telephone in use take it over.
    pub(super) fn let_take_over(&self) {
        self.exec("update peerage.site set conflict_policy = 'take_over'");
    }

    /// Registers a telephone as PJSIP does: bound at nine on the first of January 2026, until then or until 2100.
    pub(super) fn register(&self, number: &str, until: Option<&str>) {
        self.exec(&format!(
            "insert into peerage.sip_contact (id, uri, account_id, registered_at, expiration_time)
             select number || '^3B@' || md5(number), 'sip:' || number || '@10.0.0.7', id, '2026-01-01T09:00:00Z', 1
             from peerage.sip_account
             where number = '{number}';
             -- Longer than Asterisk can say.
             update peerage.sip_contact set expires_at = '{}' where aor = '{number}'",
            until.unwrap_or("2100-01-01T00:00:00Z")
        ));
    }

    /// See [`rows`].
    #[track_caller]
    pub(super) fn sql(&self, query: &str) -> String {
        rows(&mut self.connection.borrow_mut(), query)
    }

    /// What the database says to a statement of a role, which it refuses.
    #[track_caller]
    pub(super) fn refused_as(&self, role: &str, statement: &str) -> String {
        let mut connection = self.connection.borrow_mut();
        connection.batch_execute(&format!("set role {role}")).unwrap();
        let refused = connection.batch_execute(statement).unwrap_err().to_string();
        connection.batch_execute("reset role").unwrap();
        refused
    }

    /// The lease of a node, for a service that leads all of them.
    #[track_caller]
    pub(super) fn lease(&self, node: &str) -> Lease {
        let nodes = "(select array_agg(name) from peerage.node)";
        let lead = format!(
            "select epoch::text from peerage.lead('us', 'us', {nodes}, {nodes}, {nodes}, 3600) where node = '{node}'"
        );
        Lease {
            service: "us".to_owned(),
            epoch: self.sql(&lead).parse().unwrap(),
        }
    }

    #[track_caller]
    pub(super) fn exec(&self, statements: &str) {
        self.connection.borrow_mut().batch_execute(statements).unwrap();
    }

    /// What the database says to a statement that it refuses.
    #[track_caller]
    pub(super) fn fails(&self, statement: &str) -> String {
        self.connection
            .borrow_mut()
            .batch_execute(statement)
            .unwrap_err()
            .to_string()
    }

    /// Runs a query on the connection of these tests.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut PgConnection) -> T) -> T {
        work(&mut self.connection.borrow_mut())
    }

    pub(super) fn log_in(&self, number: &str, choice: Choice) -> Outcome {
        self.store.log_in(&t(number), &at(choice), &own(number))
    }

    pub(super) fn move_to(&self, number: &str, choice: Choice) -> Outcome {
        self.store.move_agent(&t(number), &to(choice), &own(number))
    }

    pub(super) fn log_out(&self, number: &str) -> Outcome {
        self.store.log_out(&t(number), &LogoutRequest::default(), &own(number))
    }

    pub(super) fn pause(&self, number: &str, request: &PauseRequest) -> Outcome {
        self.store.pause(&t(number), request, &own(number))
    }

    pub(super) fn unpause(&self, number: &str, request: &UnpauseRequest) -> Outcome {
        self.store.unpause(&t(number), request, &own(number))
    }

    /// The memberships of an agent: queue, paused, reason.
    pub(super) fn members(&self, number: &str) -> String {
        self.sql(&format!(
            "select login.queue_name, login.paused, login.reason_paused
             from peerage.queue_login as login
               join peerage.agent_session as session on session.id = login.session_id
             where session.agent_number = '{number}'
             order by login.queue_name"
        ))
    }

    /// The state of an agent's open session, with its reason.
    pub(super) fn state(&self, number: &str) -> String {
        self.sql(&format!(
            "select state, reason from report.agents_now where agent = '{number}'"
        ))
    }

    /// Who an agent is for app_queue in this queue.
    #[track_caller]
    pub(super) fn uniqueid(&self, number: &str, queue: &str) -> String {
        let uniqueid = self.sql(&format!(
            "select login.uniqueid
             from peerage.queue_login as login
               join peerage.agent_session as session on session.id = login.session_id
             where session.agent_number = '{number}'
               and login.queue_name = '{queue}'"
        ));
        assert_eq!(uniqueid.len(), 16, "{number} is not in {queue}");
        uniqueid
    }

    /// How the last session of an agent ended: cause, reason, by whom.
    pub(super) fn end(&self, number: &str) -> String {
        self.sql(&format!(
            "select end_cause, end_reason, ended_by
             from peerage.agent_session
             where agent_number = '{number}'
             order by id desc
             limit 1"
        ))
    }

    pub(super) fn is_logged_in(&self, number: &str) -> bool {
        self.store.situation(&t(number)).unwrap().session.is_some()
    }

    /// Asserts that an operation is a success that changes nothing.
    #[track_caller]
    pub(super) fn changes_nothing(&self, operation: impl FnOnce() -> Outcome) {
        let before = self.sql(STATE);
        assert!(!operation().unwrap(), "something changed, it says");
        assert_eq!(self.sql(STATE), before);
    }

    /// Asserts that an operation is refused in these words (message; hint), and changes nothing. `since T` is any time.
    #[track_caller]
    pub(super) fn refuses(&self, code: RefusalCode, words: &str, operation: impl FnOnce() -> Outcome) {
        let before = self.sql(STATE);
        let refusal = refusal(operation());
        let said = refusal.to_string();
        let said = if words.contains("since T") {
            without_time(&said)
        } else {
            said
        };
        assert_eq!((refusal.code(), said.as_str()), (code, words));
        assert_eq!(self.sql(STATE), before);
    }

    /// A connection of an Asterisk node's.
    pub(super) fn node(&self, name: &str) -> Node {
        let login = self.db.node(name);
        // Races are about what comes of waiting, not of giving up.
        self.exec(&format!(
            "alter role {0} reset lock_timeout; alter role {0} reset statement_timeout",
            login.user
        ));
        let tcp = self.db.tcp();
        let url = format!(
            "postgresql://{}:{}@{}:{}/{}",
            login.user, login.password, tcp.host, tcp.port, tcp.database
        );
        Node(PgConnection::establish(&url).unwrap())
    }

    /// Waits until somebody waits for a lock of another.
    pub(super) fn until_somebody_waits(&self) {
        self.until(
            "select count(*) > 0 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
    }

    /// Waits until a query says `t`.
    pub(super) fn until(&self, query: &str) {
        // A connection without a transaction: within one, the activity of others stands still.
        let mut connection = self.db.connect();
        let deadline = Instant::now() + Duration::from_secs(60);
        while rows(&mut connection, query) != "t" {
            assert!(Instant::now() < deadline, "it did not come to: {query}");
            thread::yield_now();
        }
    }
}

/// An Asterisk node, as far as its writes go.
pub(super) struct Node(PgConnection);

impl Node {
    /// Runs a statement and tells how many rows it wrote.
    pub(super) fn write(&mut self, statement: &str) -> QueryResult<usize> {
        diesel::sql_query(statement).execute(&mut self.0)
    }

    /// What app_queue does to a member, by its only key.
    #[track_caller]
    pub(super) fn update(&mut self, uniqueid: &str, set: &str) -> usize {
        self.write(&format!("UPDATE queue_members SET {set} WHERE uniqueid = '{uniqueid}'"))
            .unwrap()
    }

    pub(super) fn read(&mut self, query: &str) -> String {
        rows(&mut self.0, query)
    }
}

/// With `T` in place of the time after `since`.
fn without_time(words: &str) -> String {
    let (before, rest) = words.split_once("since ").unwrap();
    let (_, after) = rest.split_once(" UTC").unwrap();
    format!("{before}since T{after}")
}

pub(super) fn open(db: &TestDb) -> Store {
    Store::open(&t(db.app_url()), peerage_store::Actor::new("test:ada").unwrap()).unwrap()
}

pub(super) fn secret() -> Secret {
    t("correct-horse-battery")
}

#[track_caller]
pub(super) fn refusal<T: Debug>(result: Result<T, StateError>) -> Refusal {
    match result.unwrap_err() {
        StateError::Refused(refusal) => *refusal,
        StateError::Store(error) => panic!("no refusal: {error:?}"),
    }
}

/// The words of an error that is no refusal.
#[track_caller]
pub(super) fn failure<T: Debug>(result: Result<T, StateError>) -> String {
    match result.unwrap_err() {
        StateError::Refused(refusal) => panic!("refused: {refusal}"),
        StateError::Store(error) => error.message(),
    }
}
