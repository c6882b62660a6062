use std::collections::HashMap;

use peerage_model::{DisplayState, Number};
use peerage_store::{AgentNow, StoreError};

use crate::app::App;

/// These agents as they are right now, calls included; one who is not in service is missing.
pub(crate) async fn agents_now(app: &App, numbers: Vec<Number>) -> Result<HashMap<Number, AgentNow>, StoreError> {
    let mut now = app
        .db(move |store| store.agents_now(&numbers.iter().collect::<Vec<_>>()))
        .await?;
    for (number, agent) in &mut now {
        let call = app.calls().of(number);
        if call.up {
            agent.state = DisplayState::OnCall;
        } else if call.ringing {
            agent.state = DisplayState::Ringing;
        }
    }
    Ok(now)
}
