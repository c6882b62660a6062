//! Signing in.

use tokio::time::timeout;

use crate::outcome::bounded;
use crate::wire::Wire;
use crate::{Action, Failure, Frame, Settings, Value};

/// Signs in with the digest of a challenge, so that the secret itself is not on the wire, and waits until Asterisk has
/// booted. Events that come meanwhile go to `event`.
pub(crate) async fn log_in(wire: &mut Wire, settings: &Settings, mut event: impl FnMut(Frame)) -> Result<(), Failure> {
    let mut booted = false;
    let mut seen = |frame: Frame| {
        booted |= is_booted(&frame);
        event(frame);
    };
    timeout(settings.login_within, prove(wire, settings, &mut seen))
        .await
        .map_err(|_elapsed| Failure::Silent)??;
    let Some(within) = settings.boot_within else {
        return Ok(());
    };
    let boot = async {
        while !booted {
            let frame = wire.reader.frame().await?;
            booted = is_booted(&frame);
            if frame.event().is_some() {
                event(frame);
            }
        }
        Ok(())
    };
    timeout(within, boot).await.map_err(|_elapsed| Failure::NotBooted)?
}

fn is_booted(frame: &Frame) -> bool {
    frame.event() == Some("FullyBooted")
}

async fn prove(wire: &mut Wire, settings: &Settings, seen: &mut impl FnMut(Frame)) -> Result<(), Failure> {
    let answer = ask(wire, &Action::challenge(), seen).await?;
    let challenge = answer.get("Challenge").unwrap_or_default();
    let credentials = &settings.credentials;
    let key = Value::try_from(credentials.secret.key(challenge))
        .map_err(|invalid| Failure::LoginRefused(invalid.to_string()))?;
    let login = Action::login(credentials.user.clone(), key, settings.events.clone());
    ask(wire, &login, seen).await?;
    Ok(())
}

/// Sends one action and waits for its response; all others are Asterisk's mistake, and passed over.
async fn ask(wire: &mut Wire, action: &Action, seen: &mut impl FnMut(Frame)) -> Result<Frame, Failure> {
    wire.send(action, &Value::fixed(ID)).await?;
    loop {
        let frame = wire.reader.frame().await?;
        match frame.response() {
            Some("Success") if frame.action_id() == Some(ID) => return Ok(frame),
            Some("Error") => {
                let message = frame.get("Message").unwrap_or("without a reason");
                return Err(Failure::LoginRefused(bounded(message)));
            }
            Some(_) => {}
            None if frame.event().is_some() => seen(frame),
            None => {}
        }
    }
}

/// One action at a time, so one id does.
const ID: &str = "login";
