//! What a page did wrong by itself: errors of its script, what its content security policy refused, answers that failed.

use std::fmt;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use anyhow::{Result, bail};
use serde::Deserialize;
use serde_json::json;

use super::Browser;

/// A line of the browser's console.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Complaint {
    /// `SEVERE`, `WARNING`, ...
    pub level: String,
    /// `javascript`, `security`, `network`, `console-api`, ...
    pub source: String,
    /// Where and what.
    pub message: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.level, self.source, self.message)
    }
}

impl Complaint {
    /// Whether it is a fault. A refused form is an answer with a status of 400 to 499, which the console mentions, too.
    fn is_fault(&self, outage: bool) -> bool {
        if self.level != "SEVERE" {
            return false;
        }
        if self.source != "network" {
            return true;
        }
        !outage && !self.message.contains("status of 4")
    }
}

impl Browser {
    /// All that has been complained of so far.
    ///
    /// # Errors
    ///
    /// When the browser does not say.
    pub async fn complaints(&self) -> Result<Vec<Complaint>> {
        let new: Vec<Complaint> = serde_json::from_value(self.command("se/log", json!({"type": "browser"})).await?)?;
        let outage = self.outage.load(Ordering::Relaxed);
        let mut all = self.complaints.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend(new.into_iter().filter(|complaint| complaint.is_fault(outage)));
        Ok(all.clone())
    }

    /// From now on answers may fail to come: the test cuts the line.
    pub fn expect_outage(&self) {
        self.outage.store(true, Ordering::Relaxed);
    }

    /// Fails if there has been any complaint.
    ///
    /// # Errors
    ///
    /// With all of them.
    pub async fn assert_no_complaints(&self) -> Result<()> {
        let complaints = self.complaints().await?;
        if complaints.is_empty() {
            return Ok(());
        }
        let lines: Vec<_> = complaints.iter().map(ToString::to_string).collect();
        bail!("the browser complains:\n{}\n{}", lines.join("\n"), self.shown().await)
    }
}
