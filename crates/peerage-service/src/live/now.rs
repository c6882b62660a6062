use std::collections::HashMap;

use peerage_model::Number;
use peerage_store::{AgentNow, StoreError};

use crate::app::App;

/// These agents as they are right now, calls included: state, and since when; one who is not in service is missing.
pub(crate) async fn agents_now(app: &App, numbers: Vec<Number>) -> Result<HashMap<Number, AgentNow>, StoreError> {
    let mut now = app
        .db(move |store| store.agents_now(&numbers.iter().collect::<Vec<_>>()))
        .await?;
    for (number, agent) in &mut now {
        *agent = watched(app, number, agent.clone()).with_call();
    }
    Ok(now)
}

/// An agent with the calls that this service sees itself, in place of what some service has kept of them.
pub(crate) fn watched(app: &App, number: &Number, now: AgentNow) -> AgentNow {
    let call = app.calls().of(number);
    AgentNow { call, ..now }.idle_since(app.calls().ended(number))
}
