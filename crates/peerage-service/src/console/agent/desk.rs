//! What the pages show, loaded.

use peerage_model::{DisplayState, Number, OfferedPhone, SessionState};
use peerage_store::{AgentNow, Desk, Reason, StateError};

use crate::app::App;
use crate::auth::SignedIn;
use crate::live::agents_now;
use crate::problem::Problem;

/// Data of an agent's work page.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) desk: Desk,
    pub(super) now: AgentNow,
    /// All reasons, those of the system too.
    pub(super) reasons: Vec<Reason>,
}

/// The agent that somebody is.
pub(super) fn own_number(user: &SignedIn) -> Result<Number, Problem> {
    user.agent.clone().ok_or_else(|| {
        Problem::not_permitted("this page is for agents, and your user is not an agent")
            .hint("ask an administrator to link your user to an agent")
    })
}

/// Loads the data of an agent's work page.
pub(super) async fn load(app: &App, number: &Number) -> Result<Loaded, Problem> {
    let own = number.clone();
    let (desk, reasons) = app
        .db(move |store| Ok::<_, StateError>((store.desk(&own)?, store.pause_reasons()?)))
        .await?;
    let now = agents_now(app, vec![number.clone()]).await?.remove(number);
    let now = now.ok_or_else(|| Problem::not_found(format!("there is no agent {number}")))?;
    Ok(Loaded { desk, now, reasons })
}

/// The telephones that may be offered; none without hot desk.
pub(super) async fn telephones(app: &App, desk: &Desk) -> Result<Vec<OfferedPhone>, Problem> {
    if !desk.situation.hot_desk {
        return Ok(Vec::new());
    }
    let site = desk.situation.site.clone();
    Ok(app.db(move |store| store.telephone_list(&site)).await?)
}

impl Loaded {
    /// What the session is, apart from calls; none when logged out.
    pub(super) fn session_state(&self) -> Option<SessionState> {
        let session = self.desk.situation.session.as_ref()?;
        Some(session.pauses.state(&session.queues))
    }

    /// Whether a call is seen.
    pub(super) fn has_call(&self) -> bool {
        matches!(self.now.state, DisplayState::OnCall | DisplayState::Ringing)
    }

    /// The reason of this code.
    pub(super) fn reason(&self, code: &str) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.code.as_str() == code)
    }

    /// What people call the reason of this code; a text that is no code stands for itself.
    pub(super) fn label<'a>(&'a self, code: &'a str) -> &'a str {
        self.reason(code).map_or(code, |reason| &reason.label)
    }

    /// What agents are offered.
    pub(super) fn offered(&self) -> impl Iterator<Item = &Reason> {
        self.reasons.iter().filter(|reason| reason.selectable && !reason.system)
    }
}

/// Who did something, as people say it: the way by which they came in is of no interest.
pub(super) fn person(actor: &str) -> String {
    match actor.split_once(':') {
        Some(("console" | "cli" | "api", name)) => name.to_owned(),
        Some(("asterisk", node)) => format!("Asterisk {node}"),
        Some(("token", name)) => format!("API token {name}"),
        _ => actor.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::person;

    #[test]
    fn people_are_called_by_their_names() {
        assert_eq!(person("console:sue"), "sue");
        assert_eq!(person("asterisk:pbx1"), "Asterisk pbx1");
        assert_eq!(person("root"), "root");
    }
}
