//! The line is cut, or the service dies: the page says so, and comes back right.

use std::time::{Duration, Instant};

use anyhow::Result;
use peerage_model::{ActorRole, PauseRequest, QualifySeconds, SiteName};
use peerage_store::SitePatch;
use peerage_testkit::browser::{Browser, WIDE};
use peerage_testkit::proxy::Proxy;

use crate::house::House;
use crate::people::PASSWORD;
use crate::truth::{free, paused};

/// "Within seconds", ten times over for a machine that has other work.
const SECONDS: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_shows_within_seconds_and_what_was_missed_is_there_when_it_is_back() -> Result<()> {
    let house = House::start().await?;
    house.offer("lunch", "Lunch");
    let queue = house.queue("sales");
    let ada = house.agent("Ada King", &[&queue], |_| {});
    house.online(&ada)?;
    let own = format!("PJSIP/{ada}");
    let line = Proxy::to(house.address())?;
    let browser = Browser::start(WIDE).await?;
    browser.expect_outage();
    browser.open(&format!("http://{}/sign-in", line.address())).await?;
    browser.fill("[name=username]", ada.as_str()).await?;
    browser.fill("[name=password]", PASSWORD).await?;
    browser.press("Sign in").await?;
    browser.wait_for_path("/agent").await?;
    browser.press("Log in").await?;
    browser.wait_for("#state[data-state=available]").await?;
    let shown = "return document.querySelector('#connection').innerText.trim()";
    assert_eq!(browser.script(shown, vec![]).await?, "");

    // Nothing arrives, nothing is closed: the worst kind.
    line.stall();
    let cut = Instant::now();
    browser
        .wait_until("the banner says that the connection is lost", shown, vec![])
        .await?;
    assert!(cut.elapsed() < SECONDS, "only after {:?}", cut.elapsed());
    let myself = peerage_model::Actor::new(ada.to_string(), ActorRole::Agent(ada.clone()));
    let lunch = PauseRequest {
        reason: Some("lunch".parse()?),
        queue: None,
    };
    house.store.pause(&ada, &lunch, &myself)?;
    house.wait_for_truth(&queue, &[paused(&own, "lunch")]).await?;

    line.pass();
    browser.wait_for("#state[data-state=paused]").await?;
    browser
        .wait_until(
            "the banner is gone",
            "return !document.querySelector('#connection').innerText.trim()",
            vec![],
        )
        .await?;
    browser.press("Resume").await?;
    browser.wait_for("#state[data-state=available]").await?;
    house.assert_truth(&queue, &[free(&own)])?;
    house.assert_agreement().await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_which_is_away_asterisk_or_the_database_and_both_come_back_right() -> Result<()> {
    let mut house = House::start().await?;
    house.offer("lunch", "Lunch");
    let queue = house.queue("sales");
    // An Asterisk that is to ask a phone for OPTIONS while the database is away finds no contact, and takes the phone for gone until it
    // registers again. Whether that happens here would be a matter of the minute.
    let ada = house.agent("Ada King", &[&queue], |new| {
        new.account.voice.qualify = QualifySeconds::try_from(0).unwrap();
    });
    house.online(&ada)?;
    let own = format!("PJSIP/{ada}");
    let browser = house.signed_in(&ada, WIDE).await?;
    browser.expect_outage();
    browser.press("Log in").await?;
    browser.wait_for("#state[data-state=available]").await?;
    let says = |what: &str| format!("return /{what}/i.test(document.querySelector('#connection').innerText)");
    let nothing = "return !document.querySelector('#connection').innerText.trim()";
    browser.wait_until("nothing is away", nothing, vec![]).await?;

    house.asterisk.kill()?;
    browser
        .wait_until("the banner names the link", &says("link to Asterisk"), vec![])
        .await?;
    let myself = peerage_model::Actor::new(ada.to_string(), ActorRole::Agent(ada.clone()));
    let lunch = PauseRequest {
        reason: Some("lunch".parse()?),
        queue: None,
    };
    house.store.pause(&ada, &lunch, &myself)?;
    browser.wait_for("#state[data-state=paused]").await?;
    house.asterisk.restart()?;
    browser.wait_until("the link is back", nothing, vec![]).await?;
    house.wait_for_truth(&queue, &[paused(&own, "lunch")]).await?;

    house.let_database(false);
    browser
        .wait_until("the banner names the database", &says("database"), vec![])
        .await?;
    house.let_database(true);
    browser.wait_until("the database is back", nothing, vec![]).await?;
    browser.press("Resume").await?;
    browser.wait_for("#state[data-state=available]").await?;
    house.wait_for_truth(&queue, &[free(&own)]).await?;
    house.assert_agreement().await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_stopped_and_started_again_finds_its_agents_at_work() -> Result<()> {
    let house = House::start().await?;
    house.offer("lunch", "Lunch");
    let queue = house.queue("sales");
    let ada = house.agent("Ada King", &[&queue], |_| {});
    house.online(&ada)?;
    let own = format!("PJSIP/{ada}");
    let browser = house.signed_in(&ada, WIDE).await?;
    browser.expect_outage();
    browser.press("Log in").await?;
    browser.wait_for("#state[data-state=available]").await?;

    house.end_service().await?;
    let banner = "return document.querySelector('#connection').innerText.trim()";
    browser
        .wait_until("the banner says that the service is gone", banner, vec![])
        .await?;
    // Calls go on ringing: Asterisk needs no service for that.
    house.assert_truth(&queue, &[free(&own)])?;

    house.begin_service().await?;
    browser
        .wait_until(
            "the banner is gone",
            "return !document.querySelector('#connection').innerText.trim()",
            vec![],
        )
        .await?;
    browser.press("Pause").await?;
    browser.wait_for("#state[data-state=paused]").await?;
    let members = house.truth(&queue)?;
    assert!(members.len() == 1 && members[0].1.is_some(), "{members:?}");
    house.assert_agreement().await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_killed_and_started_again_loses_nothing() -> Result<()> {
    let house = House::start().await?;
    house.end_service().await?;
    let service = house.serve()?;
    house.offer("lunch", "Lunch");
    let queue = house.queue("sales");
    let ada = house.agent("Ada King", &[&queue], |_| {});
    house.online(&ada)?;
    let own = format!("PJSIP/{ada}");
    let browser = house.signed_in(&ada, WIDE).await?;
    browser.expect_outage();
    browser.press("Log in").await?;
    browser.wait_for("#state[data-state=available]").await?;
    browser.click("label:has(> input[name=reason][value=lunch])").await?;
    browser.press("Pause").await?;
    browser.wait_for("#state[data-state=paused]").await?;

    service.kill()?;
    let banner = "return document.querySelector('#connection').innerText.trim()";
    browser
        .wait_until("the banner says that the service is gone", banner, vec![])
        .await?;
    // What is pressed meanwhile fails in words, and is not lost in silence.
    browser.press("Resume").await?;
    browser
        .wait_for_text("main [role=alert]", "The service did not answer")
        .await?;
    house.assert_truth(&queue, &[paused(&own, "lunch")])?;

    let service = house.serve()?;
    browser
        .wait_until(
            "the banner is gone",
            "return !document.querySelector('#connection').innerText.trim()",
            vec![],
        )
        .await?;
    // What was not known then is known now.
    browser.wait_gone("main [role=alert]").await?;
    browser.press("Resume").await?;
    browser.wait_for("#state[data-state=available]").await?;
    house.assert_truth(&queue, &[free(&own)])?;
    house.assert_agreement().await?;
    browser.end().await?;
    service.kill()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_whose_page_is_gone_is_logged_out_when_the_time_is_up() -> Result<()> {
    let house = House::start().await?;
    let queue = house.queue("sales");
    let settings = SitePatch {
        disconnection_timeout: Some(5.try_into()?),
        ..SitePatch::default()
    };
    house.store.set_site(&SiteName::default(), &settings)?;
    let ada = house.agent("Ada King", &[&queue], |_| {});
    let grace = house.agent("Grace Hopper", &[&queue], |_| {});
    let (one, other) = (house.signed_in(&ada, WIDE).await?, house.signed_in(&grace, WIDE).await?);
    for browser in [&one, &other] {
        browser.press("Log in").await?;
        browser.wait_for("#state").await?;
    }
    let stays = free(format!("PJSIP/{grace}"));
    house.assert_truth(&queue, &[free(format!("PJSIP/{ada}")), stays.clone()])?;
    one.end().await?;
    house.wait_for_truth(&queue, &[stays]).await?;
    // Back again, the page says what happened.
    let again = house.signed_in(&ada, WIDE).await?;
    again.wait_for_text("#ended", "disconnected for too long").await?;
    again.end().await?;
    other.end().await
}
