//! The stream of an open page, and what pages report.

use std::time::Duration;

use futures_util::StreamExt as _;
use peerage_model::{Actor, ActorRole, LogLevel, PauseRequest};
use peerage_store::{AgentPatch, ClientLogFilter};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::browser::Browser;
use crate::support::{Centre, Who};

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open stream.
struct Stream {
    body: std::pin::Pin<Box<dyn futures_util::Stream<Item = Vec<u8>> + Send>>,
    text: String,
}

impl Stream {
    async fn open(centre: &Centre, browser: &Browser<'_>, last: Option<&str>) -> Self {
        let mut request = browser.client.get(centre.at("/events"));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let chunks = answer.bytes_stream();
        Self {
            body: Box::pin(chunks.map(|chunk| chunk.map(|chunk| chunk.to_vec()).unwrap_or_default())),
            text: String::new(),
        }
    }

    /// The next event: id, name, data; none when the stream has ended.
    async fn next(&mut self) -> Option<(String, String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    event
                        .lines()
                        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                        .unwrap_or_default()
                        .to_owned()
                };
                let found = (
                    field("id"),
                    field("event"),
                    serde_json::from_str(&field("data")).unwrap(),
                );
                self.text = rest.to_owned();
                return Some(found);
            }
            let chunk = timeout(PATIENCE, self.body.next()).await.expect("an event in time")?;
            if chunk.is_empty() {
                return None;
            }
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next event of this name.
    async fn named(&mut self, wanted: &str) -> Value {
        loop {
            let (_, name, data) = self.next().await.expect("the stream goes on");
            if name == wanted {
                return data;
            }
        }
    }
}

async fn pause(centre: &Centre, agent: &'static str) {
    let store = centre.store.clone();
    tokio::task::spawn_blocking(move || {
        let sue = Actor::new("console:sue", ActorRole::Supervisor);
        let number = agent.parse().unwrap();
        store.log_in(&number, &Default::default(), &sue).unwrap();
        store.pause(&number, &PauseRequest::default(), &sue).unwrap()
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_hears_at_once_what_was_changed_by_whomever_and_only_what_concerns_it() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    let bob = Browser::of(&centre, Who::Bob).await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let mut adas = Stream::open(&centre, &ada, None).await;
    let mut bobs = Stream::open(&centre, &bob, None).await;
    let mut anns = Stream::open(&centre, &ann, None).await;
    for stream in [&mut adas, &mut bobs, &mut anns] {
        let (_, name, hello) = stream.next().await.unwrap();
        assert_eq!((name.as_str(), &hello["database"]), ("hello", &json!(true)));
        assert!(hello["now"].is_string());
    }
    pause(&centre, "1001").await;
    assert_eq!(adas.named("change").await, json!({ "what": "agents" }));
    let seen = anns.named("change").await;
    assert_eq!(seen, json!({ "what": "agents", "numbers": ["1001"] }));
    // Bob hears beats, and nothing of Ada.
    for _ in 0..2 {
        let (_, name, _) = bobs.next().await.unwrap();
        assert_eq!(name, "beat");
    }
    pause(&centre, "1002").await;
    assert_eq!(bobs.named("change").await, json!({ "what": "agents" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_hears_of_the_own_agents() {
    let centre = Centre::start().await;
    let sue = Browser::of(&centre, Who::Sue).await;
    let mut stream = Stream::open(&centre, &sue, None).await;
    stream.named("hello").await;
    // Bob is in none of her queues, Ada is.
    pause(&centre, "1002").await;
    pause(&centre, "1001").await;
    assert_eq!(
        stream.named("change").await,
        json!({ "what": "agents", "numbers": ["1001"] })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_comes_back_knows_whether_it_missed_anything() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    let mut stream = Stream::open(&centre, &ada, None).await;
    let (id, _, hello) = stream.next().await.unwrap();
    assert_eq!(hello["missed"], json!(true), "it has heard nothing yet");
    let (_, _, hello) = Stream::open(&centre, &ada, Some(&id)).await.next().await.unwrap();
    assert_eq!(hello["missed"], json!(false));
    pause(&centre, "1001").await;
    stream.named("change").await;
    let (_, _, hello) = Stream::open(&centre, &ada, Some(&id)).await.next().await.unwrap();
    assert_eq!(hello["missed"], json!(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_agent_signs_in_elsewhere_is_told_and_its_stream_ends() {
    let centre = Centre::start().await;
    let first = Browser::of(&centre, Who::Ada).await;
    let mut stream = Stream::open(&centre, &first, None).await;
    stream.named("hello").await;
    let _second = Browser::of(&centre, Who::Ada).await;
    assert_eq!(stream.named("end").await, json!({ "why": "signed_in_elsewhere" }));
    assert!(stream.next().await.is_none());
    let answer = first.client.get(centre.at("/events")).send().await.unwrap();
    assert_eq!(answer.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_is_disabled_in_sql_is_told_too() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    let mut stream = Stream::open(&centre, &ada, None).await;
    stream.named("hello").await;
    centre
        .db
        .psql("update peerage.login_account set disabled = true where username = 'ada'");
    assert_eq!(stream.named("end").await, json!({ "why": "disabled" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_end_with_the_service() {
    let mut centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    let mut stream = Stream::open(&centre, &ada, None).await;
    stream.named("hello").await;
    let client = ada.client.clone();
    timeout(PATIENCE, centre.restart())
        .await
        .expect("a stop that does not wait for pages");
    while stream.next().await.is_some() {}
    // The cookie still holds after the restart.
    let answer = client.get(centre.at("/agent")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

async fn report(centre: &Centre, browser: &Browser<'_>, entries: Value) -> u16 {
    let answer = browser
        .client
        .post(centre.at("/client-log"))
        .header("x-csrf-token", &browser.csrf)
        .json(&json!({ "entries": entries }))
        .send()
        .await
        .unwrap();
    answer.status().as_u16()
}

async fn kept(centre: &Centre) -> Vec<(LogLevel, String)> {
    let store = centre.store.clone();
    let logs = tokio::task::spawn_blocking(move || store.client_logs(&ClientLogFilter::default()).unwrap());
    let logs = logs.await.unwrap();
    logs.into_iter().map(|log| (log.level, log.event)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_reports_at_the_level_of_its_agent_whatever_it_sends() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    let entries = json!([
        { "level": "error", "event": "it broke", "detail": "here", "at": "2026-01-01T00:00:00Z" },
        { "level": "info", "event": "a click" },
        { "level": "nonsense", "event": "x" },
    ]);
    assert_eq!(report(&centre, &ada, entries.clone()).await, 204);
    assert_eq!(kept(&centre).await, [], "off is the default");
    let store = centre.store.clone();
    tokio::task::spawn_blocking(move || {
        let patch = AgentPatch {
            client_log_level: Some(LogLevel::Warning),
            ..AgentPatch::default()
        };
        store.set_agent(&"1001".parse().unwrap(), &patch).unwrap()
    })
    .await
    .unwrap();
    assert_eq!(report(&centre, &ada, entries).await, 204);
    assert_eq!(kept(&centre).await, [(LogLevel::Error, "it broke".to_owned())]);
    // A page is told the level with its stream.
    let hello = Stream::open(&centre, &ada, None).await.named("hello").await;
    assert_eq!(hello["level"], json!("warning"));
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_are_bounded_and_need_the_token_of_the_page() {
    let centre = Centre::start().await;
    let bob = Browser::of(&centre, Who::Bob).await;
    let answer = bob
        .client
        .post(centre.at("/client-log"))
        .json(&json!({ "entries": [] }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 403);
    let long = json!([{ "level": "error", "event": "x", "detail": "y".repeat(100_000) }]);
    assert_eq!(report(&centre, &bob, long).await, 413);
    let many: Vec<Value> = (0..50).map(|_| json!({ "level": "error", "event": "x" })).collect();
    let mut answers = Vec::new();
    for _ in 0..10 {
        answers.push(report(&centre, &bob, json!(many)).await);
    }
    assert_eq!(answers.first(), Some(&204));
    assert_eq!(answers.last(), Some(&429));
    let ann = Browser::of(&centre, Who::Admin).await;
    assert_eq!(
        report(&centre, &ann, json!([])).await,
        403,
        "only agents' pages can send reports"
    );
}
