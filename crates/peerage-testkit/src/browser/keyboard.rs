//! Working without a mouse.

use anyhow::{Result, bail};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde::Deserialize;

use super::Browser;

/// A key that is no letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// To the next element.
    Tab,
    /// To the one before.
    ShiftTab,
    /// Presses what has the focus, or sends the form.
    Enter,
    /// Presses or ticks what has the focus.
    Space,
    /// To the next choice.
    Down,
    /// Closes what is open.
    Escape,
}

impl Key {
    /// The code points that WebDriver has for them.
    fn codes(self) -> &'static [char] {
        match self {
            Self::Tab => &['\u{e004}'],
            Self::ShiftTab => &['\u{e008}', '\u{e004}'],
            Self::Enter => &['\u{e007}'],
            Self::Space => &[' '],
            Self::Down => &['\u{e015}'],
            Self::Escape => &['\u{e00c}'],
        }
    }
}

/// The element that gets what is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Focused {
    /// Its tag, such as `button`; `body` when nothing has the focus.
    pub tag: String,
    /// Its `id`, or nothing.
    pub id: String,
    /// What it reads, or what its label does.
    pub label: String,
    /// Whether a person sees that it has the focus.
    pub outlined: bool,
}

impl Browser {
    /// Presses a key, and tells what has the focus then.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn key(&self, key: Key) -> Result<Focused> {
        let mut actions = KeyActions::new("keyboard".into());
        for code in key.codes() {
            actions = actions.then(KeyAction::Down { value: *code });
        }
        for code in key.codes().iter().rev() {
            actions = actions.then(KeyAction::Up { value: *code });
        }
        self.client.perform_actions(actions).await?;
        self.focused().await
    }

    /// Types a text into what has the focus.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn type_in(&self, text: &str) -> Result<()> {
        let mut actions = KeyActions::new("keyboard".into());
        for value in text.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        Ok(self.client.perform_actions(actions).await?)
    }

    /// What has the focus.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn focused(&self) -> Result<Focused> {
        let script = "
            const one = document.activeElement;
            if (!one) return {tag: 'body', id: '', label: '', outlined: false};
            const label = one.labels?.[0]?.innerText || one.getAttribute('aria-label') || one.innerText || one.value || '';
            // A radio button may leave it to its label to show that.
            const around = one.labels?.[0];
            const outlined = [one, around, ...(around?.children ?? [])].filter(Boolean).map(shown => getComputedStyle(shown))
                .some(style => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none');
            return {tag: one.localName, id: one.id, label: label.replace(/\\s+/g, ' ').trim(), outlined}";
        Ok(serde_json::from_value(self.script(script, Vec::new()).await?)?)
    }

    /// Goes on with Tab until the focus is on what `wanted` says; the way there is what a person without a mouse goes.
    ///
    /// # Errors
    ///
    /// When it does not come up, or when the focus cannot be seen on the way.
    pub async fn tab_to(&self, what: &str, wanted: impl Fn(&Focused) -> bool) -> Result<Focused> {
        const LONGEST: usize = 400;
        let mut way = Vec::new();
        for _ in 0..LONGEST {
            let focused = self.key(Key::Tab).await?;
            if focused.tag != "body" && !focused.outlined {
                bail!("the focus cannot be seen on {focused:?}\n{}", self.shown().await);
            }
            if wanted(&focused) {
                return Ok(focused);
            }
            way.push(format!("{}#{} `{}`", focused.tag, focused.id, focused.label));
            // Round once: the page has no such element.
            if way.len() > 2 && way.iter().filter(|one| *one == &way[way.len() - 1]).count() > 2 {
                break;
            }
        }
        bail!("Tab does not lead to {what}, but to {way:#?}\n{}", self.shown().await)
    }

    /// Goes to the button or link that reads like this with Tab, and presses Enter.
    ///
    /// # Errors
    ///
    /// As [`Browser::tab_to`].
    pub async fn tab_and_enter(&self, label: &str) -> Result<Focused> {
        self.tab_to(label, |focused| focused.label == label).await?;
        self.key(Key::Enter).await
    }
}
