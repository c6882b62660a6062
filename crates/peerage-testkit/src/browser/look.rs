//! How a page looks.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use serde_json::json;

use super::{Browser, Window};

impl Browser {
    /// Gives the page exactly this much room, whatever a window would be on a screen.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn resize(&self, window: Window) -> Result<()> {
        let metrics = json!({
            "width": window.width,
            "height": window.height,
            "deviceScaleFactor": 1,
            "mobile": false,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
        Ok(())
    }

    /// Shows the page as a system that wishes it dark, or light, would.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn prefer(&self, scheme: &str) -> Result<()> {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", features).await?;
        Ok(())
    }

    /// Writes what is seen of the page to a PNG file.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub async fn screenshot(&self, file: &Path) -> Result<()> {
        if let Some(directory) = file.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(file, self.client.screenshot().await?)?;
        Ok(())
    }

    /// The same of the whole page, at a window's width.
    ///
    /// # Errors
    ///
    /// As [`Browser::screenshot`].
    pub async fn screenshot_all(&self, window: Window, file: &Path) -> Result<()> {
        self.resize(window).await?;
        let height = self
            .script("return document.documentElement.scrollHeight", Vec::new())
            .await?;
        let height = height
            .as_u64()
            .and_then(|height| u32::try_from(height).ok())
            .unwrap_or(window.height);
        let height = height.clamp(window.height, 4000);
        self.resize(Window { height, ..window }).await?;
        let taken = self.screenshot(file).await;
        self.resize(window).await?;
        taken
    }

    /// Fails if the page is wider than its window; tables and the like may scroll by themselves.
    ///
    /// # Errors
    ///
    /// With what sticks out.
    pub async fn assert_fits(&self) -> Result<()> {
        let script = "
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const scrolls = one => one && one !== document.body && (['auto', 'scroll', 'hidden'].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
            const out = [...document.body.querySelectorAll('*')]
                .filter(one => one.getBoundingClientRect().right > width + 1 && !scrolls(one.parentElement))
                .map(one => `${one.localName}#${one.id}.${one.className} ends at ${Math.round(one.getBoundingClientRect().right)}`);
            return [`the page is ${document.documentElement.scrollWidth} wide, its window ${width}`, ...out]";
        let out: Vec<String> = serde_json::from_value(self.script(script, Vec::new()).await?)?;
        if out.is_empty() {
            return Ok(());
        }
        bail!("{} does not fit:\n{}", self.path().await?, out.join("\n"))
    }
}
