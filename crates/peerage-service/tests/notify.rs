//! What the database tells of a change, whoever makes it.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fmt::Debug;
use std::str::FromStr;

use futures_util::StreamExt as _;
use futures_util::stream::poll_fn;
use peerage_model::{
    Actor as Who, ActorRole, LoginRequest, LogoutRequest, OnConflict, PauseRequest, Penalty, UnpauseRequest,
};
use peerage_store::{
    AccountPatch, Actor, AgentPatch, ImportRow, Mode, NewAgent, NewPhone, PhonePatch, ReasonPatch, SitePatch, Store,
    VoicePatch,
};
use peerage_testkit::db::TestDb;
use tokio::sync::mpsc;
use tokio_postgres::{AsyncMessage, NoTls};

fn t<T>(text: &str) -> T
where
    T: FromStr,
    T::Err: Debug,
{
    text.parse().unwrap()
}

/// A database, somebody who changes it, and somebody who listens.
struct Stage {
    db: TestDb,
    store: Store,
    heard: mpsc::UnboundedReceiver<String>,
    runtime: tokio::runtime::Runtime,
    _client: tokio_postgres::Client,
}

impl Stage {
    fn new() -> Self {
        let db = TestDb::new();
        let store = Store::open(&t(db.app_url()), Actor::new("test:ada").unwrap()).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (tell, heard) = mpsc::unbounded_channel();
        let client = runtime.block_on(async {
            let (client, mut connection) = tokio_postgres::connect(db.url(), NoTls).await.unwrap();
            tokio::spawn(async move {
                let mut messages = poll_fn(|context| connection.poll_message(context));
                while let Some(Ok(message)) = messages.next().await {
                    if let AsyncMessage::Notification(told) = message {
                        let channel = told.channel().trim_start_matches("peerage_");
                        let _ = tell.send(format!("{channel}: {}", told.payload()));
                    }
                }
            });
            let listen = "listen peerage_accounts; listen peerage_agents; listen peerage_settings; listen mark";
            client.batch_execute(listen).await.unwrap();
            client
        });
        Self {
            db,
            store,
            heard,
            runtime,
            _client: client,
        }
    }

    /// With an agent 1001 and a phone 2001.
    fn with_people() -> Self {
        let mut stage = Self::new();
        let agent = NewAgent::new(t("1001"), t("Ada King"));
        stage.store.add_agent(&agent, &t("correct-horse-battery")).unwrap();
        let phone = NewPhone::new(t("2001"), t("Desk 1"));
        stage.store.add_phone(&phone, &t("correct-horse-battery")).unwrap();
        stage.heard();
        stage
    }

    /// What was told since it was last asked, in order.
    fn heard(&mut self) -> Vec<String> {
        self.db.psql("notify mark");
        self.runtime.block_on(async {
            let mut all = Vec::new();
            loop {
                match self.heard.recv().await.unwrap() {
                    mark if mark == "mark: " => return all,
                    told => all.push(told),
                }
            }
        })
    }

    /// What a statement of a DBA's tells.
    fn sql(&mut self, statement: &str) -> Vec<String> {
        self.db.psql(statement);
        self.heard()
    }

    fn accounts(&mut self) -> Vec<String> {
        let mut told = self.heard();
        told.retain(|told| told.starts_with("accounts"));
        told
    }
}

fn voice(codecs: &str) -> AgentPatch {
    AgentPatch {
        account: AccountPatch {
            voice: VoicePatch {
                codecs: Some(t(codecs)),
                ..VoicePatch::default()
            },
            ..AccountPatch::default()
        },
        ..AgentPatch::default()
    }
}

#[test]
fn each_change_of_what_asterisk_is_told_tells_the_account() {
    let mut stage = Stage::with_people();
    let number = t("1001");
    stage.store.set_agent(&number, &voice("opus,ulaw")).unwrap();
    assert_eq!(stage.accounts(), ["accounts: 1001"]);

    let patch = AgentPatch {
        account: AccountPatch {
            secret: Some(t("another-secret-of-it")),
            ..AccountPatch::default()
        },
        ..AgentPatch::default()
    };
    stage.store.set_agent(&number, &patch).unwrap();
    assert_eq!(stage.accounts(), ["accounts: 1001"]);

    stage.store.remove_phone(&t("2001")).unwrap();
    assert_eq!(stage.accounts(), ["accounts: 2001"]);

    stage
        .store
        .set_site(
            &t("default"),
            &SitePatch {
                offer_sha256: Some(true),
                ..SitePatch::default()
            },
        )
        .unwrap();
    assert_eq!(stage.accounts(), ["accounts: 1001"]);
}

#[test]
fn a_new_number_tells_the_old_one_too() {
    let mut stage = Stage::with_people();
    let patch = AgentPatch {
        account: AccountPatch {
            number: Some(t("1009")),
            secret: Some(t("another-secret-of-it")),
            ..AccountPatch::default()
        },
        ..AgentPatch::default()
    };
    stage.store.set_agent(&t("1001"), &patch).unwrap();
    let told = stage.accounts().join(" ");
    assert!(told.contains("1001") && told.contains("1009"), "{told}");
}

#[test]
fn a_dbas_statements_tell_as_the_operations_do_and_what_is_rolled_back_tells_nothing() {
    let mut stage = Stage::with_people();
    let context = "update peerage.sip_account set context = 'elsewhere' where number = '1001'";
    assert_eq!(stage.sql(context), ["accounts: 1001"]);
    let disabled = "update peerage.sip_account set disabled = true where number = '2001'";
    assert_eq!(stage.sql(disabled), ["accounts: 2001"]);
    assert_eq!(stage.sql(&format!("begin; {context}; rollback")), [] as [&str; 0]);
    let digest = "update peerage.sip_secret set md5 = md5('x') where number = '1001'";
    assert_eq!(stage.sql(digest), ["accounts: 1001"]);
    // Asterisk had not been told of it any more.
    let removed = "delete from peerage.sip_account where number = '2001'";
    assert_eq!(stage.sql(removed), ["settings: phone"]);
    // Each number once, whatever happens to it in one transaction.
    let often =
        "begin; update peerage.sip_account set video = true; update peerage.sip_account set video = false; commit";
    assert_eq!(stage.sql(often), ["accounts: 1001"]);
}

#[test]
fn registrations_tell_nothing() {
    let mut stage = Stage::with_people();
    let contact = "insert into asterisk.ps_contacts (id, uri, expiration_time, endpoint)
        values ('1001^3B@' || md5('0'), 'sip:1001@127.0.0.1:5060', 2000000000, '1001')";
    assert_eq!(stage.sql(contact), [] as [&str; 0]);
    assert_eq!(
        stage.sql("update asterisk.ps_contacts set expiration_time = 2000000001"),
        [] as [&str; 0]
    );
    assert_eq!(stage.sql("delete from asterisk.ps_contacts"), [] as [&str; 0]);
    for write in [
        "ipaddr = '127.0.0.1', port = '5060', regseconds = '2000000000', fullcontact = 'sip:1001@127.0.0.1'",
        "lastms = '12'",
        "fullcontact = '', ipaddr = '', port = '', regseconds = '0'",
    ] {
        let update = format!("update asterisk.sippeers set {write} where name = '1001'");
        assert_eq!(stage.sql(&update), [] as [&str; 0], "{write}");
    }
    let registered = stage
        .db
        .psql("select written_at is not null from peerage.sip_peer where number = '1001'");
    assert_eq!(registered, "t");
}

#[test]
fn an_import_and_a_loop_over_everybody_send_a_handful() {
    let mut stage = Stage::new();
    let lines = (0..3000).map(|n| {
        Ok(ImportRow {
            line: n + 1,
            row: NewAgent::new(t(&format!("{}", 10_000 + n)), t("Ada King")),
            secret: t("correct-horse-battery"),
        })
    });
    stage.store.import_agents(lines, Mode::Commit).unwrap();
    let told = stage.heard();
    assert!(
        told.contains(&"accounts: *".to_owned()) && told.contains(&"agents: *".to_owned()),
        "{told:?}"
    );
    assert!(told.len() <= 10, "{told:?}");

    let told = stage.sql(
        "do $$
        declare
          one bigint;
        begin
          for one in select id from peerage.sip_account
          loop
            update peerage.sip_account set video = true where id = one;
          end loop;
        end
        $$",
    );
    assert_eq!(told.last().unwrap(), "accounts: *");
    assert!(told.len() <= 201, "{}", told.len());
    // The next transaction counts for itself.
    let one = "update peerage.sip_account set video = false where number = '10001'";
    assert_eq!(stage.sql(one), ["accounts: 10001"]);
    let all = "update peerage.agent set alias = 'x'";
    assert_eq!(stage.sql(all), ["agents: *"]);
}

#[test]
fn what_an_agent_does_tells_the_agent() {
    let mut stage = Stage::with_people();
    stage
        .store
        .add_queue(&t("sales"), &peerage_store::QueuePatch::default())
        .unwrap();
    stage.store.assign(&t("sales"), &t("1001"), Penalty::default()).unwrap();
    let settings = stage.heard();
    assert_eq!(settings, ["settings: queue", "settings: queue_assignment"]);

    let (number, who) = (t("1001"), Who::new("agent:1001", ActorRole::Agent(t("1001"))));
    let log_in = LoginRequest {
        choice: None,
        on_conflict: OnConflict::Refuse,
    };
    assert!(stage.store.log_in(&number, &log_in, &who).unwrap());
    assert_eq!(stage.heard(), ["agents: 1001"]);
    let pause = PauseRequest::default();
    assert!(stage.store.pause(&number, &pause, &who).unwrap());
    assert_eq!(stage.heard(), ["agents: 1001"]);
    // Asterisk's own word changes nothing that is not so already.
    let echo = "update asterisk.queue_members set paused = '1' where queue_name = 'sales'";
    assert_eq!(stage.sql(echo), [] as [&str; 0]);
    assert!(stage.store.unpause(&number, &UnpauseRequest::default(), &who).unwrap());
    assert_eq!(stage.heard(), ["agents: 1001"]);
    assert!(stage.store.log_out(&number, &LogoutRequest::default(), &who).unwrap());
    assert_eq!(stage.heard(), ["agents: 1001"]);
    assert_eq!(
        stage.sql("update peerage.agent set full_name = 'Ada Byron'"),
        ["agents: 1001"]
    );
    assert_eq!(
        stage.sql("update peerage.agent set full_name = 'Ada Byron'"),
        [] as [&str; 0]
    );
}

#[test]
fn lists_and_forms_are_told_which_table_changed() {
    let mut stage = Stage::with_people();
    stage
        .store
        .add_pause_reason(&t("lunch"), &ReasonPatch::default())
        .unwrap();
    assert_eq!(stage.heard(), ["settings: pause_reason"]);
    let patch = PhonePatch {
        full_name: Some(t("Desk 9")),
        ..PhonePatch::default()
    };
    stage.store.set_phone(&t("2001"), &patch).unwrap();
    assert!(stage.heard().contains(&"settings: phone".to_owned()));
    assert_eq!(
        stage.sql("insert into peerage.node (name, login) values ('pbx1', 'pbx1')"),
        ["settings: node"]
    );
    assert_eq!(
        stage.sql("update peerage.site set time_zone = 'Europe/Rome'"),
        ["settings: site"]
    );
}
