//! PJSIP's caches (`contrib/asterisk/sorcery.conf`).

use futures_util::future::join_all;
use peerage_ami::{Action, Value};
use peerage_model::Number;

use super::settled::{Settled, send};
use crate::nodes::Node;

/// The caches, by their names in `sorcery.conf`.
const CACHES: [&str; 3] = ["peerage-endpoint", "peerage-auth", "peerage-aor"];
/// The cache of fixed hosts. Asterisk keeps it whole, so it forgets nothing of it but all.
const IDENTIFY: &str = "peerage-identify";

/// Makes Asterisk read these anew; returns those of which it has not said that it will.
pub(super) async fn forget(node: &Node, numbers: &[Number]) -> Vec<Number> {
    if empty(node, IDENTIFY).await.is_no() {
        return numbers.to_vec();
    }
    let forgotten = join_all(numbers.iter().map(|number| async move {
        let expired = join_all(CACHES.map(|cache| expire(node, cache, number))).await;
        (number, expired.into_iter().any(Settled::is_no))
    }));
    let open = forgotten.await.into_iter().filter(|(_, open)| *open);
    open.map(|(number, _)| number.clone()).collect()
}

/// Makes Asterisk read everything anew; false when it has not said that it will.
pub(super) async fn forget_all(node: &Node) -> bool {
    let emptied = join_all(CACHES.into_iter().chain([IDENTIFY]).map(|cache| empty(node, cache)));
    !emptied.await.into_iter().any(Settled::is_no)
}

async fn empty(node: &Node, cache: &'static str) -> Settled {
    // Never anything that a value cannot be.
    let Ok(cache) = Value::try_from(cache) else {
        return Settled::Yes;
    };
    send(node, "empty", Action::cache_expire(cache)).await
}

async fn expire(node: &Node, cache: &'static str, number: &Number) -> Settled {
    // Neither is ever anything that a value cannot be.
    let (Ok(cache), Ok(number)) = (Value::try_from(cache), Value::try_from(number.as_str())) else {
        return Settled::Yes;
    };
    send(node, "expire", Action::cache_expire_object(cache, number)).await
}
