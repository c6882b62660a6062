//! Every page that a link leads to: nobody is left out, nothing sticks out, no script fails.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use peerage_testkit::browser::{Browser, NARROW, WIDE, Window};
use serde_json::json;

use crate::house::House;
use crate::sample::Sample;

/// Where links lead from the page, on this site and without downloads.
const LINKS: &str = "
return [...document.querySelectorAll('a[href]')]
    .filter(link => link.origin === location.origin && !link.pathname.endsWith('.csv') && !link.hasAttribute('download'))
    .map(link => link.pathname + link.search)";

/// The status with which the page came.
const STATUS: &str = "return performance.getEntriesByType('navigation')[0].responseStatus";

/// What is the same page for one and another agent, queue, day.
fn shape(path: &str) -> String {
    let path = path.split('?').next().unwrap_or(path);
    let part = |part: &str| {
        if part.contains(|c: char| c.is_ascii_digit()) {
            "-".to_owned()
        } else {
            part.to_owned()
        }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Where pictures of a role's pages are put.
fn pictures(role: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages").join(role)
}

/// Looks at a page that is open, in both widths; returns what is wrong.
async fn look(browser: &Browser, role: &str, shape: &str) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let name = shape.trim_matches('/').replace('/', "_");
    for (width, window) in [("wide", WIDE), ("narrow", NARROW)] {
        browser.resize(window).await?;
        for judged in [browser.assert_accessible().await, browser.assert_fits().await] {
            if let Err(fault) = judged {
                faults.push(format!("{width}: {fault}"));
            }
        }
        let file = pictures(role).join(format!("{name}.{width}.png"));
        browser.screenshot_all(window, &file).await?;
    }
    browser.resize(WIDE).await?;
    Ok(faults)
}

/// Goes to every page that can be reached from these, each shape once.
async fn visit_all(house: &House, browser: &Browser, role: &str, from: &[&str]) -> Result<BTreeSet<String>> {
    let mut waiting: VecDeque<String> = from.iter().map(|path| (*path).to_owned()).collect();
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    while let Some(path) = waiting.pop_front() {
        if !seen.insert(shape(&path)) {
            continue;
        }
        browser.open(&house.url(&path)).await?;
        let status = browser.script(STATUS, vec![]).await?;
        if status != json!(200) {
            faults.push(format!("{path} comes with status {status}"));
        }
        for fault in look(browser, role, &shape(&path)).await? {
            faults.push(format!("{path} {fault}"));
        }
        let links: Vec<String> = serde_json::from_value(browser.script(LINKS, vec![]).await?)?;
        waiting.extend(links);
    }
    for complaint in browser.complaints().await? {
        faults.push(complaint.to_string());
    }
    if faults.is_empty() {
        return Ok(seen);
    }
    bail!("{} faults:\n{}", faults.len(), faults.join("\n"))
}

async fn signed_in(sample: &Sample, user: &str) -> Result<Browser> {
    sample.house.signed_in(user, WIDE).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_an_agent_is_for_everybody_on_every_screen() -> Result<()> {
    let sample = Sample::start().await?;
    let browser = signed_in(&sample, sample.agent.as_str()).await?;
    // Before login, and at work.
    look_at(&browser, "agent", "choose").await?;
    browser.press("Log in").await?;
    browser.wait_for("#state").await?;
    let seen = visit_all(&sample.house, &browser, "agent", &["/agent", "/password"]).await?;
    assert!(
        seen.contains("/agent/history") && seen.contains("/agent/move"),
        "{seen:?}"
    );
    let nomad = signed_in(&sample, sample.nomad.as_str()).await?;
    nomad.click("details[data-drop] > summary").await?;
    look_at(&nomad, "agent", "telephones").await?;
    nomad.end().await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_supervisor_is_for_everybody_on_every_screen() -> Result<()> {
    let sample = Sample::start().await?;
    let browser = signed_in(&sample, &sample.supervisor).await?;
    let seen = visit_all(&sample.house, &browser, "supervisor", &["/board"]).await?;
    for page in [
        "/board",
        "/board/agents/-",
        "/board/phones",
        "/board/phones/-",
        "/board/times",
    ] {
        assert!(seen.contains(page), "no link leads to {page}: {seen:?}");
    }
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_an_administrator_is_for_everybody_on_every_screen() -> Result<()> {
    let sample = Sample::start().await?;
    let browser = signed_in(&sample, &sample.admin).await?;
    let seen = visit_all(&sample.house, &browser, "admin", &["/"]).await?;
    for page in [
        "/admin/agents",
        "/admin/agents/new",
        "/admin/agents/-",
        "/admin/agents/-/asterisk",
        "/admin/telephones/-",
        "/admin/queues/sales",
        "/admin/reasons",
        "/admin/users",
        "/admin/sites",
        "/admin/nodes",
        "/admin/tokens",
        "/admin/import",
        "/audit",
        "/client-logs",
    ] {
        assert!(seen.contains(page), "no link leads to {page}: {seen:?}");
    }
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_for_signing_in_is_for_everybody_on_every_screen() -> Result<()> {
    let house = House::shared().await;
    let browser = Browser::start(WIDE).await?;
    browser.open(&house.url("/sign-in")).await?;
    look_at(&browser, "anybody", "sign-in").await?;
    house.sign_in(&browser, "nobody", "wrong").await?;
    browser.wait_for("main [role=alert]").await?;
    look_at(&browser, "anybody", "refused").await?;
    browser.end().await
}

async fn look_at(browser: &Browser, role: &str, name: &str) -> Result<()> {
    let faults = look(browser, role, name).await?;
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{}", faults.join("\n"))
}

/// Writes the pictures that the README shows, when asked to: they are to be looked at before they are kept.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_the_main_pages_can_be_taken() -> Result<()> {
    let sample = Sample::start().await?;
    let directory = match std::env::var_os("PEERAGE_WRITE_SCREENSHOTS") {
        Some(_) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/screenshots"),
        None => pictures("main"),
    };
    let desk = Window {
        width: 1200,
        height: 760,
    };
    let browser = sample.house.signed_in(&sample.agent, desk).await?;
    browser.press("Log in").await?;
    browser.wait_for("#state").await?;
    browser.assert_fits().await?;
    browser.screenshot(&directory.join("work.png")).await?;
    browser.end().await?;
    let browser = sample.house.signed_in(&sample.supervisor, desk).await?;
    browser.wait_for("#board").await?;
    browser.assert_fits().await?;
    browser.screenshot(&directory.join("board.png")).await?;
    browser.end().await?;
    let browser = sample.house.signed_in(&sample.admin, desk).await?;
    browser
        .open(&sample.house.url(&format!("/admin/agents/{}", sample.agent)))
        .await?;
    browser.wait_for("main h1").await?;
    browser.assert_fits().await?;
    browser.screenshot(&directory.join("settings.png")).await?;
    browser.end().await
}
