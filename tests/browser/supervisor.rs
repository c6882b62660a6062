//! A supervisor: who is where, and what is done about it.

use anyhow::Result;
use jiff::Timestamp;
use peerage_model::{ConflictPolicy, Number, QueueName};
use peerage_testkit::browser::{Browser, WIDE};
use peerage_testkit::sipp::Manner;
use serde_json::json;

use crate::hot_desk::pick;
use crate::house::House;
use crate::truth::{free, paused};

/// The line of an agent on the board.
fn line(agent: &Number) -> String {
    format!("#board tr:has([name=agent][value='{agent}'])")
}

/// The line of a queue.
fn queue_line(queue: &QueueName) -> String {
    format!("#board tr:has(a[href='/board?queue={queue}'])")
}

/// An agent at work in a browser, and the supervisor's board in another.
struct Floor {
    house: &'static House,
    queue: QueueName,
    agent: Number,
    boss: String,
    page: Browser,
    board: Browser,
}

impl Floor {
    async fn open() -> Result<Self> {
        let house = House::shared().await;
        house.offer("lunch", "Lunch");
        let queue = house.queue("sales");
        let agent = house.agent("Ada King", &[&queue], |_| {});
        house.online(&agent)?;
        let boss = house.supervisor(&[&queue]).to_string();
        let page = house.signed_in(&agent, WIDE).await?;
        page.press("Log in").await?;
        page.wait_for("#state[data-state=available]").await?;
        let board = house.signed_in(&boss, WIDE).await?;
        board.wait_for_text(&line(&agent), "Available").await?;
        Ok(Self {
            house,
            queue,
            agent,
            boss,
            page,
            board,
        })
    }

    fn own(&self) -> String {
        format!("PJSIP/{}", self.agent)
    }

    async fn tick(&self) -> Result<()> {
        self.board
            .tick(&format!("{} [name=agent]", line(&self.agent)), true)
            .await
    }

    async fn end(self) -> Result<()> {
        self.page.end().await?;
        self.board.end().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_from_the_board_reaches_asterisk_and_the_agents_page_at_once_and_so_does_its_end() -> Result<()> {
    let floor = Floor::open().await?;
    floor.tick().await?;
    floor.board.choose("#steer [name=reason]", "lunch").await?;
    floor.board.press_in("#steer", "Pause").await?;
    floor.board.wait_for_text(&line(&floor.agent), "Paused").await?;
    floor
        .house
        .assert_truth(&floor.queue, &[paused(floor.own(), "lunch")])?;
    floor.page.wait_for("#state[data-state=paused]").await?;
    floor
        .page
        .wait_for_text("#state", &format!("Paused by {}", floor.boss))
        .await?;

    floor.tick().await?;
    floor.board.press_in("#steer", "Resume").await?;
    floor.board.wait_for_text(&line(&floor.agent), "Available").await?;
    floor.house.assert_truth(&floor.queue, &[free(floor.own())])?;
    floor.page.wait_for("#state[data-state=available]").await?;
    floor.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_is_logged_out_by_a_supervisor_sees_by_whom_and_why_at_once() -> Result<()> {
    let floor = Floor::open().await?;
    floor.tick().await?;
    floor.board.fill("#steer [name=words]", "the shift is over").await?;
    floor.board.press_and_confirm("#steer", "Log out now").await?;
    let said = floor.page.wait_for_text("#ended", "logged you out").await?;
    assert!(
        said.contains(&floor.boss) && said.contains("the shift is over"),
        "{said}"
    );
    floor.house.assert_truth(&floor.queue, &[])?;
    floor.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_agent_does_shows_on_the_board_by_itself() -> Result<()> {
    let floor = Floor::open().await?;
    // What is ticked stays ticked while the list changes.
    floor.tick().await?;
    floor.page.press("Pause").await?;
    floor.board.wait_for_text(&line(&floor.agent), "Paused").await?;
    floor
        .board
        .wait_for(&format!("{} [name=agent]:checked", line(&floor.agent)))
        .await?;
    floor.page.press("Log out").await?;
    floor.board.wait_gone(&line(&floor.agent)).await?;
    floor.house.assert_truth(&floor.queue, &[])?;
    floor.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_neither_sees_nor_steers_the_agents_of_others() -> Result<()> {
    let floor = Floor::open().await?;
    let theirs = floor.house.queue("theirs");
    let stranger = floor.house.agent("Grace Hopper", &[&theirs], |_| {});
    floor.house.log_in(&stranger);
    floor.board.reload().await?;
    floor.board.wait_for(&line(&floor.agent)).await?;
    floor.board.wait_gone(&line(&stranger)).await?;
    // Not even who knows the address.
    let send = "
        const [path, done] = arguments;
        const csrf = document.querySelector('[name=csrf]').value;
        fetch(path, {method: 'POST', body: new URLSearchParams({csrf, do: 'log_out'})}).then(answer => done(answer.status));";
    let sent = floor
        .board
        .script_async(send, vec![json!(format!("/board/agents/{stranger}/steer"))]);
    assert_eq!(sent.await?, 403);
    floor
        .board
        .open(&floor.house.url(&format!("/board/agents/{stranger}")))
        .await?;
    floor
        .board
        .wait_for("main [role=alert][data-code=not_permitted]")
        .await?;
    floor
        .house
        .assert_truth(&theirs, &[free(format!("PJSIP/{stranger}"))])?;
    floor.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_wait_are_counted_while_they_do() -> Result<()> {
    let house = House::shared().await;
    let queue = house.queue("lonely");
    let boss = house.supervisor(&[&queue]).to_string();
    let board = house.signed_in(&boss, WIDE).await?;
    let waiting = format!("{} td[data-label=Waiting]", queue_line(&queue));
    board.wait_for_text(&waiting, "0").await?;
    let call = house.call(&queue)?;
    board.wait_for_text(&waiting, "1").await?;
    house.hang_up(&queue)?;
    board.wait_for_text(&waiting, "0").await?;
    drop(call);
    board.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn ringing_is_not_counted_as_on_a_call() -> Result<()> {
    let house = House::shared().await;
    let queue = house.queue("sales");
    let [ada, grace] = ["Ada King", "Grace Hopper"].map(|name| house.agent(name, &[&queue], |_| {}));
    for agent in [&ada, &grace] {
        house.online_as(agent, Manner::Ring)?;
        house.log_in(agent);
    }
    let boss = house.supervisor(&[&queue]).to_string();
    let board = house.signed_in(&boss, WIDE).await?;
    let count = |label: &str| format!("{} td[data-label='{label}']", queue_line(&queue));
    board.wait_for_text(&count("Available"), "2").await?;
    let call = house.call(&queue)?;
    board.wait_for_text(&count("Ringing"), "2").await?;
    assert_eq!(board.text(&count("On a call")).await?, "0");
    assert_eq!(board.text(&count("Available")).await?, "0");
    for (state, seen) in [("ringing", 2), ("on_call", 0)] {
        board.open(&house.url(&format!("/board?state={state}"))).await?;
        board.wait_for("#board").await?;
        assert_eq!(board.texts("#board [name=agent]").await?.len(), seen, "{state}");
    }
    let admin = house.signed_in(house.admin(), WIDE).await?;
    admin
        .open(&house.url(&format!("/admin/agents?state=ringing&search={ada}")))
        .await?;
    admin.wait_for_text("#list [data-state=ringing]", "Ringing").await?;
    house.hang_up(&queue)?;
    drop(call);
    admin.end().await?;
    board.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn call_that_is_up_is_called_the_same_everywhere() -> Result<()> {
    let floor = Floor::open().await?;
    let call = floor.house.call(&floor.queue)?;
    call.wait_for_status(200)?;
    floor.page.wait_for_text("#state", "On a call").await?;
    floor.board.wait_for_text(&line(&floor.agent), "On a call").await?;
    let count = format!("{} td[data-label='On a call']", queue_line(&floor.queue));
    floor.board.wait_for_text(&count, "1").await?;
    let option = "return document.querySelector('[name=state] option[value=on_call]').textContent";
    assert_eq!(floor.board.script(option, vec![]).await?, "On a call");
    let admin = floor.house.signed_in(floor.house.admin(), WIDE).await?;
    admin
        .open(
            &floor
                .house
                .url(&format!("/admin/agents?state=on_call&search={}", floor.agent)),
        )
        .await?;
    admin.wait_for_text("#list [data-state=on_call]", "On a call").await?;
    assert_eq!(admin.script(option, vec![]).await?, "On a call");
    floor.house.hang_up(&floor.queue)?;
    admin.end().await?;
    floor.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_time_counts_from_the_last_call() -> Result<()> {
    let floor = Floor::open().await?;
    let call = floor.house.call(&floor.queue)?;
    call.wait_for_status(200)?;
    floor.page.wait_for("#state[data-state=on_call]").await?;
    let ended = Timestamp::now();
    floor.house.hang_up(&floor.queue)?;
    floor.page.wait_for("#state[data-state=available]").await?;
    floor.board.wait_for_text(&line(&floor.agent), "Available").await?;
    for (browser, clock) in [
        (&floor.page, "#state .state-clock [data-since]".to_owned()),
        (&floor.board, format!("{} [data-since]", line(&floor.agent))),
    ] {
        let since: Timestamp = browser.value(&clock, "data-since").await?.unwrap_or_default().parse()?;
        assert!(since >= ended, "idle since {since}, before the call ended at {ended}");
    }
    floor.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stuck_telephone_is_released_with_a_reason() -> Result<()> {
    let house = House::shared().await;
    let site = house.site(ConflictPolicy::Deny);
    let queue = house.queue("sales");
    let ada = house.nomad("Ada King", &site, &[&queue]);
    let phone = house.telephone_at(&site, "The only one");
    house.online(&phone)?;
    let page = house.signed_in(&ada, WIDE).await?;
    pick(&page, &phone).await?;
    page.press("Log in").await?;
    page.wait_for("#state").await?;
    house.assert_truth(&queue, &[free(format!("PJSIP/{phone}"))])?;

    let boss = house.supervisor(&[&queue]).to_string();
    let board = house.signed_in(&boss, WIDE).await?;
    board.open(&house.url("/board/phones")).await?;
    board.press(&format!("{phone} The only one")).await?;
    board.fill("#phone [name=words]", "went home").await?;
    board.press(&format!("Release from {ada} Ada King")).await?;
    board.wait_for_text("[role=status]", "Released").await?;
    let said = page.wait_for_text("#ended", &boss).await?;
    assert!(said.contains("went home"), "{said}");
    house.assert_truth(&queue, &[])?;
    page.end().await?;
    board.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_that_comes_and_goes_does_so_on_the_page_of_telephones() -> Result<()> {
    let house = House::shared().await;
    let site = house.site(ConflictPolicy::Deny);
    let queue = house.queue("sales");
    house.nomad("Ada King", &site, &[&queue]);
    let phone = house.telephone_at(&site, "The only one");
    let boss = house.supervisor(&[&queue]).to_string();
    let board = house.signed_in(&boss, WIDE).await?;
    board.open(&house.url(&format!("/board/phones/{phone}"))).await?;
    board.wait_for_text("#phone", "never registered").await?;
    house.online(&phone)?;
    board.wait_for_text("#phone", "registered since").await?;
    house.unregister(&phone)?;
    board.wait_text_gone("#phone", "registered since").await?;
    board.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_by_force_needs_a_reason_and_ends_the_session_of_whoever_is_there() -> Result<()> {
    let house = House::shared().await;
    let site = house.site(ConflictPolicy::Deny);
    let queue = house.queue("sales");
    let [ada, grace] = ["Ada King", "Grace Hopper"].map(|name| house.nomad(name, &site, &[&queue]));
    let phone = house.telephone_at(&site, "The only one");
    house.online(&phone)?;
    let page = house.signed_in(&ada, WIDE).await?;
    pick(&page, &phone).await?;
    page.press("Log in").await?;
    page.wait_for("#state").await?;

    let boss = house.supervisor(&[&queue]).to_string();
    let board = house.signed_in(&boss, WIDE).await?;
    board.open(&house.url(&format!("/board/agents/{grace}"))).await?;
    let interface = format!("PJSIP/{phone}");
    board.fill("[name=telephone]", phone.as_str()).await?;
    board.press("Log in").await?;
    board.wait_for_text("main [role=alert]", "Ada King").await?;
    board.tick("[name=force]", true).await?;
    board.press("Log in").await?;
    board
        .wait_for("main [role=alert][data-code=force_needs_reason]")
        .await?;
    house.assert_truth(&queue, &[free(&interface)])?;
    let name = |house: &House| Ok::<_, anyhow::Error>(house.asterisk.queue_members(queue.as_str())?[0].name.clone());
    assert!(name(house)?.starts_with("Ada King"));

    board.tick("[name=force]", true).await?;
    board.fill("[name=why]", "needed here").await?;
    board.press("Log in").await?;
    board.wait_for_text("[role=status]", "Logged in").await?;
    let said = page.wait_for_text("#ended", &boss).await?;
    assert!(said.contains("needed here"), "{said}");
    house.assert_truth(&queue, &[free(&interface)])?;
    assert!(name(house)?.starts_with("Grace Hopper"));
    page.end().await?;
    board.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_times_of_a_day_are_a_chart_and_a_table_and_a_file() -> Result<()> {
    let floor = Floor::open().await?;
    floor.page.press("Pause").await?;
    floor.page.wait_for("#state[data-state=paused]").await?;
    floor.board.open(&floor.house.url("/board/times")).await?;
    let name = "Ada King";
    floor.board.wait_for_text("main", name).await?;
    floor.board.wait_for("main svg").await?;
    let fetch = "
        const done = arguments[0];
        const link = document.querySelector('main a[href*=\".csv\"]');
        fetch(link.href).then(answer => answer.text()).then(done)";
    let file = floor.board.script_async(fetch, vec![]).await?;
    let file = file.as_str().unwrap_or_default();
    let mut lines = file.lines();
    assert!(lines.next().is_some_and(|header| header.contains(',')), "{file}");
    assert!(
        lines.any(|line| line.contains(floor.agent.as_str()) && line.contains(name)),
        "{file}"
    );
    floor.end().await
}
