//! The thread of `main.db`. Tasks that wait together share one commit, because at FULL a commit is an fsync.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use tokio::sync::mpsc;

use super::connection::Opened;
use super::meter::Meter;
use super::task::{Ack, Task, refuse, rollback, run};
use crate::StoreError;

/// Tasks that share a commit at most; bounds how long the first of them waits.
const BATCH: usize = 256;

/// How a task may be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// It only reads.
    Read,
    /// It writes; its commit may be shared.
    Write,
    /// It must not run within a transaction, as a checkpoint.
    Outside,
}

/// What the thread is told.
pub(crate) struct MainMessage {
    pub(crate) how: How,
    pub(crate) task: Task,
}

/// Works until all senders are gone, then closes the file.
pub(crate) fn work(file: Opened, mut queue: mpsc::Receiver<MainMessage>, meter: &Meter) {
    meter.set_open(1);
    while let Some(first) = queue.blocking_recv() {
        let work = || {
            let mut batch = Batch { file: &file, meter, acks: Vec::new(), open: false };
            batch.add(first);
            for _ in 1..BATCH {
                let Ok(next) = queue.try_recv() else { break };
                batch.add(next);
            }
            batch.flush();
        };
        // Whoever waits is answered as its sender is dropped.
        if catch_unwind(AssertUnwindSafe(work)).is_err() {
            tracing::error!("a fault of ours on the storage thread of main.db; what was under way is undone");
            rollback(&file.connection);
        }
    }
    meter.set_open(0);
}

/// Tasks between BEGIN and COMMIT, each within a savepoint of its own.
struct Batch<'f> {
    file: &'f Opened,
    meter: &'f Meter,
    acks: Vec<Ack>,
    open: bool,
}

impl Batch<'_> {
    fn add(&mut self, message: MainMessage) {
        if let Err(error) = self.enter(message.how) {
            return refuse(message.task, error);
        }
        let (mut failed, mut kept) = (None, false);
        if let Some((why, ack)) = run(message.task, self.file, self.meter) {
            (kept, failed) = (why.is_none(), why);
            self.acks.push(ack);
        }
        if message.how != How::Write {
            return;
        }
        // SQLite ends the whole transaction by itself on some errors (full disk): what others did in it is gone then, and
        // the error is theirs as well.
        let undone = self.connection().is_autocommit();
        let end = if kept { "RELEASE task" } else { "ROLLBACK TO task; RELEASE task" };
        let ended = if undone { Ok(()) } else { self.connection().execute_batch(end) };
        let path = &self.file.path;
        let error = match (ended, undone) {
            (Err(error), _) => StoreError::sql(path)(error),
            (Ok(()), true) => failed.unwrap_or_else(|| StoreError::Database {
                path: path.clone(),
                detail: "the transaction was undone".to_owned(),
                retry: true,
                full: false,
            }),
            (Ok(()), false) => return,
        };
        self.fail(error);
    }

    fn enter(&mut self, how: How) -> Result<(), StoreError> {
        match how {
            How::Read => return Ok(()),
            How::Outside => {
                self.flush();
                return Ok(());
            }
            How::Write => {}
        }
        let begin = if self.open { "SAVEPOINT task" } else { "BEGIN IMMEDIATE; SAVEPOINT task" };
        if let Err(error) = self.connection().execute_batch(begin) {
            if !self.open {
                rollback(self.connection());
            }
            return Err(StoreError::sql(&self.file.path)(error));
        }
        self.open = true;
        Ok(())
    }

    fn fail(&mut self, error: StoreError) {
        rollback(self.connection());
        self.open = false;
        for ack in self.acks.drain(..) {
            ack(Err(error.clone()));
        }
    }

    /// Commits what is open and answers everybody so far.
    fn flush(&mut self) {
        if self.open {
            if let Err(error) = self.connection().execute_batch("COMMIT") {
                return self.fail(StoreError::sql(&self.file.path)(error));
            }
            self.open = false;
            self.meter.commit();
        }
        // Readers too are answered only now: they may have seen what was not committed yet.
        for ack in self.acks.drain(..) {
            ack(Ok(()));
        }
    }

    fn connection(&self) -> &Connection {
        &self.file.connection
    }
}
