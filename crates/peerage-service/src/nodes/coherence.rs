//! Makes a node that caches forget what has changed.

use super::Node;

/// Keeps a node in step until its link is shut down.
pub(super) async fn run(node: Node) {
    let mut notices = node.link.subscribe();
    while notices.next().await.is_some() {}
}
