//! Waiting for what a page must show.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::{Browser, PATIENCE};

/// `visible(element)`: whether a person can see it.
pub(super) const VISIBLE: &str = "
const visible = element => element.checkVisibility({visibilityProperty: true}) && element.getClientRects().length > 0;
const words = element => (element.innerText ?? '').replace(/\\s+/g, ' ').trim();
";

/// How often is asked.
const PAUSE: Duration = Duration::from_millis(40);

impl Browser {
    /// Waits until a script, the body of a function that gets `arguments`, returns something other than null, false,
    /// 0 or an empty text; returns that.
    ///
    /// # Errors
    ///
    /// When it does not; the error tells `what` was waited for and what the page shows.
    pub async fn wait_until(&self, what: &str, script: &str, arguments: Vec<Value>) -> Result<Value> {
        let script = format!("{VISIBLE}\n{script}");
        let started = Instant::now();
        loop {
            // A page that is just being left has no answer.
            let answer = self.client.execute(&script, arguments.clone()).await;
            let trouble = match answer {
                Ok(Value::Null | Value::Bool(false)) => None,
                Ok(Value::Number(zero)) if zero.as_f64() == Some(0.0) => None,
                Ok(Value::String(empty)) if empty.is_empty() => None,
                Ok(found) => return Ok(found),
                Err(error) => Some(error),
            };
            if started.elapsed() > PATIENCE {
                let trouble = trouble
                    .map(|error| format!("\nlast error: {error}"))
                    .unwrap_or_default();
                bail!(
                    "waited {PATIENCE:?} in vain until: {what}{trouble}\n{}",
                    self.shown().await
                );
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until something that matches the selector can be seen.
    ///
    /// # Errors
    ///
    /// When there is nothing of the kind.
    pub async fn wait_for(&self, css: &str) -> Result<()> {
        let seen = "return [...document.querySelectorAll(arguments[0])].some(visible)";
        self.wait_until(&format!("{css} is there"), seen, vec![json!(css)])
            .await?;
        Ok(())
    }

    /// Waits until nothing that matches the selector can be seen.
    ///
    /// # Errors
    ///
    /// When it stays.
    pub async fn wait_gone(&self, css: &str) -> Result<()> {
        let gone = "return document.body && ![...document.querySelectorAll(arguments[0])].some(visible)";
        self.wait_until(&format!("{css} is gone"), gone, vec![json!(css)])
            .await?;
        Ok(())
    }

    /// Waits until one of those that match the selector shows this text among others; returns all that it shows.
    ///
    /// # Errors
    ///
    /// When none does.
    pub async fn wait_for_text(&self, css: &str, text: &str) -> Result<String> {
        let what = format!("{css} shows `{text}`");
        let shown = "return [...document.querySelectorAll(arguments[0])].filter(visible).map(words)
            .find(text => text.includes(arguments[1]))";
        let all = self.wait_until(&what, shown, vec![json!(css), json!(text)]).await?;
        Ok(all.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until none of those that match the selector shows this text.
    ///
    /// # Errors
    ///
    /// When one goes on to.
    pub async fn wait_text_gone(&self, css: &str, text: &str) -> Result<()> {
        let what = format!("{css} no longer shows `{text}`");
        let gone = "return document.body && ![...document.querySelectorAll(arguments[0])].filter(visible)
            .some(element => words(element).includes(arguments[1]))";
        self.wait_until(&what, gone, vec![json!(css), json!(text)]).await?;
        Ok(())
    }

    /// Waits until the page at this path is there and loaded, whatever its query.
    ///
    /// # Errors
    ///
    /// When another one stays.
    pub async fn wait_for_path(&self, path: &str) -> Result<()> {
        let what = format!("the page is {path}");
        let there = "return location.pathname === arguments[0] && document.readyState === 'complete'";
        self.wait_until(&what, there, vec![json!(path)]).await?;
        Ok(())
    }

    /// Where the browser is and what the page says, for errors.
    pub async fn shown(&self) -> String {
        let all = "return [location.href, document.title, document.body?.innerText ?? '']";
        match self.client.execute(all, Vec::new()).await {
            Ok(shown) => {
                let part = |index: usize| shown[index].as_str().unwrap_or_default();
                format!("--- {} ({})\n{}\n---", part(0), part(1), part(2).trim())
            }
            Err(error) => format!("--- (the page cannot be read: {error})"),
        }
    }
}
