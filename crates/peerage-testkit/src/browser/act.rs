//! What a person does with a mouse and by typing.

use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use fantoccini::Locator;
use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use serde_json::json;

use super::wait::VISIBLE;
use super::{Browser, PATIENCE};

impl Browser {
    /// Clicks what matches the selector.
    ///
    /// # Errors
    ///
    /// When it never comes, or something lies over it.
    pub async fn click(&self, css: &str) -> Result<()> {
        self.act(&format!("click {css}"), Locator::Css(css), |element| async move {
            element.click().await
        })
        .await
    }

    /// Clicks the button or the link that reads like this.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn press(&self, label: &str) -> Result<()> {
        self.press_in("body", label).await
    }

    /// Presses a button that asks whether it is meant, and says yes.
    ///
    /// # Errors
    ///
    /// When there is no such button, or it does not ask.
    pub async fn press_and_confirm(&self, css: &str, label: &str) -> Result<()> {
        self.press_in(css, label).await?;
        self.client
            .accept_alert()
            .await
            .with_context(|| format!("`{label}` does not ask whether it is meant"))
    }

    /// Presses a button or a link within what matches the selector: the row of a table, say.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn press_in(&self, css: &str, label: &str) -> Result<()> {
        let what = format!("`{label}` can be pressed in {css}");
        // Marks it, so that what is clicked is what was found.
        let find = "
            for (const old of document.querySelectorAll('[data-test-pressed]')) old.removeAttribute('data-test-pressed');
            const found = [...document.querySelectorAll(arguments[0])]
                .flatMap(within => [...within.querySelectorAll('button, a[href], summary, input[type=submit]')])
                .find(one => visible(one) && !one.disabled && (words(one) || one.value || '') === arguments[1]);
            // Out from under what is fixed at the top.
            found?.scrollIntoView({block: 'center', behavior: 'instant'});
            found?.setAttribute('data-test-pressed', '');
            return Boolean(found)";
        let started = Instant::now();
        loop {
            self.wait_until(&what, find, vec![json!(css), json!(label)]).await?;
            let pressed = match self.client.find(Locator::Css("[data-test-pressed]")).await {
                Ok(button) => button.click().await,
                Err(error) => Err(error),
            };
            match pressed {
                Ok(()) => return Ok(()),
                Err(error) if !is_passing(&error) || started.elapsed() > PATIENCE => {
                    bail!("cannot press `{label}`: {error}\n{}", self.shown().await)
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(40)).await,
            }
        }
    }

    /// Moves the mouse over the first match of the selector, and leaves it there.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn hover(&self, css: &str) -> Result<()> {
        let element = self.client.find(Locator::Css(css)).await;
        let element = element.with_context(|| format!("there is no {css} to hover over"))?;
        let to_element = PointerAction::MoveToElement {
            element,
            duration: None,
            x: 0.0,
            y: 0.0,
        };
        let mouse = MouseActions::new("mouse".to_owned()).then(to_element);
        Ok(self.client.perform_actions(mouse).await?)
    }

    /// Types into a field, in place of what is there.
    ///
    /// # Errors
    ///
    /// When there is no such field.
    pub async fn fill(&self, css: &str, text: &str) -> Result<()> {
        self.act(&format!("fill {css}"), Locator::Css(css), |element| async move {
            element.clear().await?;
            element.send_keys(text).await
        })
        .await
    }

    /// Picks from a list, by the option's value.
    ///
    /// # Errors
    ///
    /// When there is no such list or option.
    pub async fn choose(&self, css: &str, value: &str) -> Result<()> {
        let what = format!("choose {value} in {css}");
        self.act(&what, Locator::Css(css), |element| async move {
            element.select_by_value(value).await
        })
        .await
    }

    /// Sets a check box or a radio button.
    ///
    /// # Errors
    ///
    /// When there is no such box.
    pub async fn tick(&self, css: &str, wanted: bool) -> Result<()> {
        // Out from under what is fixed at the top.
        let center = "document.querySelector(arguments[0])?.scrollIntoView({block: 'center', behavior: 'instant'})";
        self.script(center, vec![json!(css)]).await?;
        self.act(&format!("tick {css}"), Locator::Css(css), |element| async move {
            if element.is_selected().await? == wanted {
                return Ok(());
            }
            element.click().await
        })
        .await
    }

    /// Puts a file into a file field.
    ///
    /// # Errors
    ///
    /// When there is no such field or file.
    pub async fn attach(&self, css: &str, file: &Path) -> Result<()> {
        let file = file.canonicalize()?.display().to_string();
        let field = self.client.find(Locator::Css(css)).await;
        let field = field.with_context(|| format!("there is no {css}"))?;
        Ok(field.send_keys(&file).await?)
    }

    /// What the first match of the selector shows.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn text(&self, css: &str) -> Result<String> {
        self.wait_for(css).await?;
        let shown = format!("{VISIBLE} return words([...document.querySelectorAll(arguments[0])].find(visible))");
        let shown = self.script(&shown, vec![json!(css)]).await?;
        Ok(shown.as_str().unwrap_or_default().to_owned())
    }

    /// What each match of the selector shows, those that cannot be seen left out.
    ///
    /// # Errors
    ///
    /// When the page is just being left.
    pub async fn texts(&self, css: &str) -> Result<Vec<String>> {
        let shown = format!("{VISIBLE} return [...document.querySelectorAll(arguments[0])].filter(visible).map(words)");
        Ok(serde_json::from_value(self.script(&shown, vec![json!(css)]).await?)?)
    }

    /// The value of a field, or an attribute of another element.
    ///
    /// # Errors
    ///
    /// When there is no such element.
    pub async fn value(&self, css: &str, name: &str) -> Result<Option<String>> {
        self.wait_for(css).await?;
        let element = self.client.find(Locator::Css(css)).await?;
        Ok(match name {
            "value" => element.prop("value").await?,
            _ => element.attr(name).await?,
        })
    }

    /// Path and query of the page.
    ///
    /// # Errors
    ///
    /// When the browser does not say.
    pub async fn path(&self) -> Result<String> {
        let url = self.client.current_url().await?;
        Ok(match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        })
    }

    /// Does something with an element as soon as it can be done.
    async fn act<F>(&self, what: &str, locator: Locator<'_>, work: impl Fn(Element) -> F) -> Result<()>
    where
        F: Future<Output = Result<(), CmdError>>,
    {
        let started = Instant::now();
        loop {
            let done = match self.client.find(locator).await {
                Ok(element) => work(element).await,
                Err(error) => Err(error),
            };
            match done {
                Ok(()) => return Ok(()),
                Err(error) if !is_passing(&error) || started.elapsed() > PATIENCE => {
                    bail!("cannot {what}: {error}\n{}", self.shown().await)
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(40)).await,
            }
        }
    }
}

/// Whether it may work in a moment: the page is being loaded, or a part of it swapped.
fn is_passing(error: &CmdError) -> bool {
    error.is_no_such_element()
        || error.is_stale_element_reference()
        || error.is_element_not_interactable()
        || error.is_detached_shadow_root()
        || error.is_no_such_window()
        || ["element click intercepted", "does not belong to the document"]
            .iter()
            .any(|passing| error.to_string().contains(passing))
}
