//! The browser shows what a person sees, and finds what is wrong with a page.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::{fs, thread};

use anyhow::Result;
use peerage_testkit::browser::{Browser, Key, NARROW, WIDE};

/// A page that is as it should be.
const GOOD: &str = "<main><h1>Peers</h1>
  <form><label for=name>Name</label><input id=name><button id=go type=button>Go</button></form>
  <a href='/other'>Other page</a>
</main>";

/// Serves a page with this in its body, under the policy that the console has, with one script of this content.
fn serve(body: &str, script: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let page = format!(
        "<!doctype html><html lang=en><head><title>Test</title><script src=/script.js defer></script></head>
        <body>{body}</body></html>"
    );
    let script = script.to_owned();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (page, script) = (page.clone(), script.clone());
            thread::spawn(move || {
                let mut request = [0; 4096];
                let count = stream.read(&mut request).unwrap_or(0);
                let request = String::from_utf8_lossy(&request[..count]).into_owned();
                let (kind, content) = match request.split(' ').nth(1) {
                    Some("/script.js") => ("text/javascript", script),
                    _ => ("text/html", page),
                };
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\n\
                    Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'\r\nConnection: close\r\n\r\n{content}",
                    content.len()
                );
            });
        }
    });
    url
}

async fn on(body: &str, script: &str) -> Result<Browser> {
    let browser = Browser::start(WIDE).await?;
    browser.open(&serve(body, script)).await?;
    Ok(browser)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_fault_passes_under_a_strict_policy() -> Result<()> {
    let browser = on(GOOD, "document.querySelector('#go').addEventListener('click', () => document.querySelector('h1').textContent = document.querySelector('#name').value)").await?;
    browser.fill("#name", "Ada").await?;
    browser.press("Go").await?;
    browser.wait_for_text("h1", "Ada").await?;
    browser.assert_accessible().await?;
    browser.assert_fits().await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_not_everybody_can_use_is_found() -> Result<()> {
    let browser = on("<main><h1>Peers</h1><input id=name></main>", "").await?;
    let violations = browser.axe().await?;
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert_eq!(
        (violations[0].rule.as_str(), violations[0].impact.as_str()),
        ("label", "critical")
    );
    assert!(violations[0].nodes[0].starts_with("#name: Fix any"), "{violations:?}");
    let error = browser.assert_accessible().await.unwrap_err().to_string();
    assert!(error.contains("label (critical)"), "{error}");
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_a_pages_script_fails_the_test() -> Result<()> {
    let browser = on(GOOD, "undefined.go()").await?;
    let error = browser.end().await.unwrap_err().to_string();
    assert!(error.contains("javascript") && error.contains("TypeError"), "{error}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_security_policy_refuses_fails_the_test() -> Result<()> {
    let browser = on("<main style='color: red'><h1>Peers</h1></main>", "").await?;
    let error = browser.end().await.unwrap_err().to_string();
    assert!(error.contains("Content Security Policy"), "{error}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_wider_than_its_window_is_found() -> Result<()> {
    let script = "document.querySelector('h1').style.width = '500px'";
    let browser = on(GOOD, script).await?;
    browser.assert_fits().await?;
    browser.resize(NARROW).await?;
    assert_eq!(browser.script("return innerWidth", vec![]).await?, 360);
    let error = browser.assert_fits().await.unwrap_err().to_string();
    assert!(error.contains("h1##") || error.contains("h1#"), "{error}");
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_goes_from_element_to_element_and_presses_them() -> Result<()> {
    let browser = on(GOOD, "document.querySelector('#go').addEventListener('click', () => document.querySelector('h1').textContent = 'Gone')").await?;
    let focused = browser.key(Key::Tab).await?;
    assert_eq!(
        (focused.tag.as_str(), focused.id.as_str(), focused.label.as_str()),
        ("input", "name", "Name")
    );
    browser.type_in("Ada").await?;
    assert_eq!(browser.value("#name", "value").await?.as_deref(), Some("Ada"));
    browser.tab_and_enter("Go").await?;
    browser.wait_for_text("h1", "Gone").await?;
    let error = browser
        .tab_to("a button", |focused| focused.id == "absent")
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("Other page"), "{error}");
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_browsers_do_not_share_what_they_keep() -> Result<()> {
    let url = serve(GOOD, "");
    let (one, other) = (Browser::start(WIDE).await?, Browser::start(NARROW).await?);
    for browser in [&one, &other] {
        browser.open(&url).await?;
    }
    one.script("document.cookie = 'mine=1'", vec![]).await?;
    assert_eq!(one.script("return document.cookie", vec![]).await?, "mine=1");
    assert_eq!(other.script("return document.cookie", vec![]).await?, "");
    one.end().await?;
    other.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screenshot_has_the_size_of_the_window() -> Result<()> {
    let browser = on(GOOD, "").await?;
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("page.png");
    browser.screenshot_all(NARROW, &file).await?;
    let bytes = fs::read(&file)?;
    let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    assert_eq!((&bytes[1..4], side(16), side(20)), (&b"PNG"[..], 360, 780));
    browser.end().await
}

/// The processes whose command line holds this word.
fn processes(word: &str) -> usize {
    let all = fs::read_dir("/proc").unwrap().flatten();
    all.filter(|entry| {
        fs::read(entry.path().join("cmdline")).is_ok_and(|line| String::from_utf8_lossy(&line).contains(word))
    })
    .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_runs_on_when_a_test_panics() -> Result<()> {
    let browser = on(GOOD, "").await?;
    let profile = browser.profile();
    assert!(processes(&profile) > 0);
    let test = tokio::spawn(async move {
        browser.wait_for("h1").await.unwrap();
        panic!("as a test does");
    });
    assert!(test.await.is_err());
    assert_eq!(processes(&profile), 0);
    assert!(!fs::exists(&profile)?);
    Ok(())
}
