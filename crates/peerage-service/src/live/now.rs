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
        if let Some(call) = app.calls().of(number) {
            agent.state = call.state();
            agent.since = Some(call.since);
        }
    }
    Ok(now)
}
