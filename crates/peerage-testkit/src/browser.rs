//! A real browser for a test: Debian's Chromium, driven over WebDriver by its own chromedriver.
//!
//! Each browser has a chromedriver, a profile and so cookies of its own; any number run side by side. All of it ends
//! when the value is dropped, and with the test process whatever becomes of that.
//!
//! Actions wait until they can be done, and what is waited for has [`PATIENCE`]; an error says what was waited for and
//! what the page showed instead. What the page's script does wrong, and what its content security policy refuses, is
//! collected: [`Browser::end`] fails if there was any.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use peerage_testkit::browser::{Browser, WIDE};
//!
//! let browser = Browser::start(WIDE).await?;
//! browser.open("http://127.0.0.1:8080/sign-in").await?;
//! browser.fill("#username", "ada").await?;
//! browser.press("Sign in").await?;
//! browser.wait_for_path("/agent").await?;
//! assert_eq!(browser.axe().await?, []);
//! browser.end().await
//! # }
//! ```

mod act;
mod axe;
mod chromedriver;
mod complaints;
mod keyboard;
mod look;
mod wait;

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

pub use axe::Violation;
use chromedriver::Chromedriver;
pub use complaints::Complaint;
pub use keyboard::{Focused, Key};

/// How long to wait for what takes a moment on an idle machine.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// What a page has to fit into, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// A small telephone's.
pub const NARROW: Window = Window {
    width: 360,
    height: 780,
};

/// A telephone's of usual size.
pub const HANDHELD: Window = Window {
    width: 390,
    height: 780,
};

/// A desk's.
pub const WIDE: Window = Window {
    width: 1440,
    height: 900,
};

/// A running browser with one window. End it with [`Browser::end`].
pub struct Browser {
    client: fantoccini::Client,
    /// URL of the WebDriver session.
    session: String,
    /// For the commands of chromedriver's own.
    http: reqwest::Client,
    complaints: Mutex<Vec<Complaint>>,
    outage: AtomicBool,
    // Last: it must run until the rest is gone.
    driver: Chromedriver,
}

impl Browser {
    /// Starts one with an empty page.
    ///
    /// # Errors
    ///
    /// When Chromium or chromedriver is not there or does not start.
    pub async fn start(window: Window) -> Result<Self> {
        let driver = Chromedriver::start()?;
        let url = driver.url();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(driver.capabilities()?)
            .connect(&url)
            .await
            .with_context(|| format!("no browser; chromedriver said:\n{}", driver.said()))?;
        let id = client.session_id().await?.context("the browser has no session")?;
        let browser = Self {
            session: format!("{url}/session/{id}"),
            http: reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?,
            client,
            complaints: Mutex::default(),
            outage: AtomicBool::new(false),
            driver,
        };
        browser.resize(window).await?;
        Ok(browser)
    }

    /// Goes to an address and waits until the page has loaded.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn open(&self, url: &str) -> Result<()> {
        self.client
            .goto(url)
            .await
            .with_context(|| format!("cannot open {url}"))
    }

    /// Loads the page anew.
    ///
    /// # Errors
    ///
    /// When that fails.
    pub async fn reload(&self) -> Result<()> {
        self.client.refresh().await.context("cannot reload the page")
    }

    /// Goes back in the history of the window.
    ///
    /// # Errors
    ///
    /// When that fails.
    pub async fn back(&self) -> Result<()> {
        self.client.back().await.context("cannot go back")
    }

    /// What a script returns that runs in the page as the body of a function, with these `arguments`.
    ///
    /// # Errors
    ///
    /// When the script throws, or the page is just being left.
    pub async fn script(&self, body: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(body, arguments).await?)
    }

    /// The same of a script that calls its last argument with what it returns.
    ///
    /// # Errors
    ///
    /// As [`Browser::script`], and when it does not call.
    pub async fn script_async(&self, body: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute_async(body, arguments).await?)
    }

    /// The directory of what it keeps.
    #[must_use]
    pub fn profile(&self) -> String {
        self.driver.profile()
    }

    /// Ends it.
    ///
    /// # Errors
    ///
    /// When any of its pages had something to complain of: see [`Browser::complaints`].
    pub async fn end(self) -> Result<()> {
        let judged = self.assert_no_complaints().await;
        // A browser that does not go by itself is killed.
        let _ = tokio::time::timeout(PATIENCE, self.client.clone().close()).await;
        judged
    }

    /// A command of chromedriver's that WebDriver does not have.
    async fn command(&self, path: &str, body: Value) -> Result<Value> {
        let url = format!("{}/{path}", self.session);
        let answer = self.http.post(&url).json(&body).send().await?;
        let status = answer.status();
        let mut answer: Value = answer.json().await?;
        anyhow::ensure!(status.is_success(), "{path}: {answer}");
        Ok(answer["value"].take())
    }

    /// A command of the Chrome DevTools Protocol.
    async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        self.command("goog/cdp/execute", json!({"cmd": command, "params": parameters}))
            .await
    }
}
