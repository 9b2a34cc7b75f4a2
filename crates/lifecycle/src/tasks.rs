//! A tree of named, tracked tasks that are cancelled from the top down.

use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long aborted stragglers get to reach their next await point and fall.
const ABORT_GRACE: Duration = Duration::from_millis(500);

/// A node in a tree of tasks: spawns tasks, makes child nodes, ends them all.
///
/// Clones share the node. Cancelling only raises the [token](Tasks::token): a task that is to
/// stop early has to watch it; one that does not is waited for and, past the grace of
/// [`shutdown`](Tasks::shutdown), aborted and reported by name.
#[derive(Clone, Debug)]
pub struct Tasks {
    node: Arc<Node>,
}

#[derive(Debug)]
struct Node {
    name: Cow<'static, str>,
    id: u64,
    token: CancellationToken,
    /// Own tracker last, ancestors' before it: a task counts for every node above it.
    trackers: Vec<TaskTracker>,
    /// Ids of the ancestors and of this node, for finding a node's tasks in `tree`.
    path: Arc<[u64]>,
    tree: Arc<Tree>,
}

/// What all nodes of one tree share.
#[derive(Debug, Default)]
struct Tree {
    ids: AtomicU64,
    live: Mutex<BTreeMap<u64, Live>>,
}

#[derive(Debug)]
struct Live {
    name: String,
    path: Arc<[u64]>,
    abort: Option<AbortHandle>,
}

impl Tree {
    fn next_id(&self) -> u64 {
        self.ids.fetch_add(1, Ordering::Relaxed)
    }

    fn live(&self) -> MutexGuard<'_, BTreeMap<u64, Live>> {
        // The map is whole after every statement, so a panic elsewhere does not spoil it.
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the task off the list however it ends: by itself, by a panic or by an abort.
struct Entry {
    tree: Arc<Tree>,
    id: u64,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.tree.live().remove(&self.id);
    }
}

impl Tasks {
    /// The root of a new tree. `name` prefixes the names of all tasks below it.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        let tree = Arc::new(Tree::default());
        let id = tree.next_id();
        Self {
            node: Arc::new(Node {
                name: name.into(),
                id,
                token: CancellationToken::new(),
                trackers: vec![TaskTracker::new()],
                path: Arc::from([id]),
                tree,
            }),
        }
    }

    /// A node below this one, cancelled and waited for with it. Its own shutdown leaves this
    /// node alone.
    pub fn child(&self, name: impl Into<Cow<'static, str>>) -> Self {
        let parent = &self.node;
        let id = parent.tree.next_id();
        let mut trackers = parent.trackers.clone();
        trackers.push(TaskTracker::new());
        let path = parent.path.iter().copied().chain([id]).collect();
        Self {
            node: Arc::new(Node {
                name: format!("{}/{}", parent.name, name.into()).into(),
                id,
                token: parent.token.child_token(),
                trackers,
                path,
                tree: Arc::clone(&parent.tree),
            }),
        }
    }

    /// Runs `future` as a task of this node. A panic in it is logged with the task's name and
    /// ends there.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn spawn<F>(&self, name: impl Into<Cow<'static, str>>, future: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let node = &self.node;
        let name = format!("{}/{}", node.name, name.into());
        let id = node.tree.next_id();
        let entry = Entry { tree: Arc::clone(&node.tree), id };
        let tokens: Vec<_> = node.trackers.iter().map(TaskTracker::token).collect();
        let label = name.clone();
        let wrapped = async move {
            let entry = entry;
            if let Err(panic) = AssertUnwindSafe(future).catch_unwind().await {
                tracing::error!(task = %label, panic = panic_text(&*panic), "task panicked");
            }
            // Off the list first, then uncounted: whoever waits sees an empty list.
            drop(entry);
            drop(tokens);
        };
        let live = Live { name, path: Arc::clone(&node.path), abort: None };
        // Listed before it starts, because it may end before `spawn` returns.
        node.tree.live().insert(id, live);
        #[expect(clippy::disallowed_methods, reason = "this is the one place that starts tasks")]
        let handle = tokio::spawn(wrapped);
        if let Some(live) = node.tree.live().get_mut(&id) {
            live.abort = Some(handle.abort_handle());
        }
    }

    /// The token that is raised when this node or one above it is cancelled.
    pub fn token(&self) -> CancellationToken {
        self.node.token.clone()
    }

    /// Raises the token of this node and of all nodes below it. Does not wait.
    pub fn cancel(&self) {
        self.node.token.cancel();
    }

    /// Names of the tasks of this node and below that are still running.
    pub fn running(&self) -> Vec<String> {
        let live = self.node.tree.live();
        live.values().filter(|task| task.path.contains(&self.node.id)).map(|task| task.name.clone()).collect()
    }

    /// Cancels, waits up to `grace` for all tasks of this node and below, aborts and logs the
    /// rest. Answers with the names of those stragglers, empty when all ended by themselves.
    pub async fn shutdown(&self, grace: Duration) -> Vec<String> {
        self.cancel();
        let Some(tracker) = self.node.trackers.last() else {
            return Vec::new();
        };
        tracker.close();
        if tokio::time::timeout(grace, tracker.wait()).await.is_ok() {
            return Vec::new();
        }
        let stragglers = self.running();
        for name in &stragglers {
            tracing::warn!(task = %name, "task did not stop in time; aborting it");
        }
        {
            let live = self.node.tree.live();
            let own = live.values().filter(|task| task.path.contains(&self.node.id));
            for abort in own.filter_map(|task| task.abort.as_ref()) {
                abort.abort();
            }
        }
        // A task that never reaches an await point cannot be aborted; do not wait for it for ever.
        let _ = tokio::time::timeout(ABORT_GRACE, tracker.wait()).await;
        stragglers
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    if let Some(text) = panic.downcast_ref::<&'static str>() {
        text
    } else if let Some(text) = panic.downcast_ref::<String>() {
        text
    } else {
        "a panic without a text"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    const LONG: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn a_task_that_watches_its_token_ends_in_time() {
        let tasks = Tasks::new("root");
        let child = tasks.child("inner");
        let token = child.token();
        child.spawn("watcher", async move { token.cancelled().await });
        assert_eq!(tasks.running(), ["root/inner/watcher"]);
        assert!(tasks.shutdown(LONG).await.is_empty());
        assert!(tasks.running().is_empty());
    }

    #[tokio::test]
    async fn stragglers_are_named_and_aborted() {
        let tasks = Tasks::new("root");
        let (guard, dropped) = oneshot::channel::<()>();
        tasks.child("inner").spawn("stuck", async move {
            let _guard = guard;
            std::future::pending::<()>().await;
        });
        let left = tasks.shutdown(Duration::from_millis(20)).await;
        assert_eq!(left, ["root/inner/stuck"]);
        assert!(dropped.await.is_err(), "the straggler was not aborted");
    }

    #[tokio::test]
    async fn a_panic_ends_in_its_task() {
        let tasks = Tasks::new("root");
        tasks.spawn("bad", async { panic!("oh") });
        let (sender, receiver) = oneshot::channel();
        tasks.spawn("good", async move {
            let _ = sender.send(7);
        });
        assert_eq!(receiver.await, Ok(7));
        assert!(tasks.shutdown(LONG).await.is_empty());
    }

    #[tokio::test]
    async fn a_child_ends_without_its_parent() {
        let tasks = Tasks::new("root");
        let (child, other) = (tasks.child("a"), tasks.child("b"));
        let (child_token, other_token) = (child.token(), other.token());
        child.spawn("task", async move { child_token.cancelled().await });
        other.spawn("task", async move { other_token.cancelled().await });
        assert!(child.shutdown(LONG).await.is_empty());
        assert!(!tasks.token().is_cancelled());
        assert_eq!(tasks.running(), ["root/b/task"]);
        assert!(tasks.shutdown(LONG).await.is_empty());
    }

    #[tokio::test]
    async fn a_parent_cancels_children_made_later() {
        let tasks = Tasks::new("root");
        tasks.cancel();
        assert!(tasks.child("late").token().is_cancelled());
    }

    #[tokio::test]
    async fn a_task_may_still_be_started_while_draining() {
        let tasks = Tasks::new("root");
        let inner = tasks.clone();
        let token = tasks.token();
        let (sender, receiver) = oneshot::channel();
        tasks.spawn("first", async move {
            token.cancelled().await;
            inner.spawn("last words", async move {
                let _ = sender.send("bye");
            });
        });
        assert!(tasks.shutdown(LONG).await.is_empty());
        assert_eq!(receiver.await, Ok("bye"));
    }
}
