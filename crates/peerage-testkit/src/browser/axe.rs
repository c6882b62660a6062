//! Whether everybody can use a page, as far as a program can tell: axe-core.

use std::fmt;
use std::fs;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::Browser;
use crate::tools;

/// A rule that a page breaks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Violation {
    /// Its name, such as `color-contrast`.
    pub rule: String,
    /// `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// What is asked for.
    pub help: String,
    /// Where it is broken: selector, and what is wrong there.
    pub nodes: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.rule, self.impact, self.help)?;
        for node in &self.nodes {
            write!(f, "\n  {node}")?;
        }
        Ok(())
    }
}

/// Runs all rules of WCAG 2.2 A and AA, and axe's best practices.
const RUN: &str = "
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(
  results => done({violations: results.violations.map(violation => ({
    rule: violation.id,
    impact: violation.impact ?? 'minor',
    help: violation.help,
    nodes: violation.nodes.map(node => node.target.join(' ') + ': ' + (node.failureSummary ?? '').replace(/\\s+/g, ' ')),
  }))}),
  error => done({error: String(error)}),
);";

impl Browser {
    /// What axe-core finds wrong with the page as it is now.
    ///
    /// # Errors
    ///
    /// When it cannot be asked.
    pub async fn axe(&self) -> Result<Vec<Violation>> {
        if self.script("return typeof axe", Vec::new()).await? != "object" {
            let source = fs::read_to_string(tools::axe_core()?)?;
            self.script(&format!("{source}\nwindow.axe = axe;"), Vec::new()).await?;
        }
        let mut said = self.client.execute_async(RUN, Vec::new()).await?;
        if let Some(error) = said.get("error") {
            bail!("axe-core failed: {error}\n{}", self.shown().await);
        }
        serde_json::from_value(said["violations"].take()).context("axe-core answers in another way than it did")
    }

    /// Fails if axe-core finds anything.
    ///
    /// # Errors
    ///
    /// With all that it finds.
    pub async fn assert_accessible(&self) -> Result<()> {
        let violations = self.axe().await?;
        if violations.is_empty() {
            return Ok(());
        }
        let found: Vec<_> = violations.iter().map(ToString::to_string).collect();
        bail!("{} is not for everybody:\n{}", self.path().await?, found.join("\n"))
    }
}
