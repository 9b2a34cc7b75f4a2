//! A unit of work on its way to a storage thread and its answer on the way back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::connection::{Db, Opened};
use super::meter::Meter;
use crate::StoreError;

/// Tells the caller the outcome, once it is known whether the work was committed.
pub(crate) type Ack = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// The work. It gets the file, or nothing if there is none to read, or why it cannot be had.
/// The first value of its answer is why its changes are not to stay, if they are not.
pub(crate) type Task =
    Box<dyn FnOnce(Result<Option<&Db<'_>>, StoreError>) -> (Option<StoreError>, Ack) + Send>;

/// Wraps typed work; its outcome arrives at the receiver.
pub(crate) fn task<T, F>(work: F) -> (Task, oneshot::Receiver<Result<Option<T>, StoreError>>)
where
    T: Send + 'static,
    F: FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let task: Task = Box::new(move |db| {
        let outcome = match db {
            Ok(Some(db)) => work(db).map(Some),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        let failed = outcome.as_ref().err().cloned();
        let ack: Ack = Box::new(move |committed| {
            // Nobody waits any more: the caller was cancelled, the work was done all the same.
            let _ = sender.send(committed.and(outcome));
        });
        (failed, ack)
    });
    (task, receiver)
}

/// Runs a task's work. A panic in it drops the answer's sender, which the caller sees as our fault.
pub(crate) fn run(task: Task, file: &Opened, meter: &Meter) -> Option<(Option<StoreError>, Ack)> {
    let db = file.db(meter);
    catch_unwind(AssertUnwindSafe(move || task(Ok(Some(&db))))).ok()
}

/// Answers a task that never ran.
pub(crate) fn refuse(task: Task, error: StoreError) {
    let (_, ack) = task(Err(error));
    ack(Ok(()));
}

/// Undoes whatever is open. A failure leaves nothing to undo: SQLite has rolled back by itself.
pub(crate) fn rollback(connection: &Connection) {
    if !connection.is_autocommit() {
        let _ = connection.execute_batch("ROLLBACK");
    }
}
