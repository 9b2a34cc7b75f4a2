//! The one WebSocket of the control API: what a person sees as it happens, or every journal entry.

use std::collections::BTreeMap;

use axum::{
    extract::{
        Query, State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    response::{IntoResponse, Response},
};
use cogwright_sim_world::{Event, Timestamp, UserId, Viewer, World};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{broadcast::error::RecvError, mpsc};

use super::error::ControlError;
use crate::{Sim, json};

/// Frames that may wait for a slow reader; with one more it is closed with [`TOO_SLOW`].
const QUEUE: usize = 1024;
/// Close code for a reader that did not keep up; it reconnects and reads the view again.
const TOO_SLOW: u16 = 4008;

/// The people who are looking on. Lives inside the world's mutex, so that order is kept.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    open: Vec<Stream>,
}

#[derive(Debug)]
struct Stream {
    user: UserId,
    frames: mpsc::Sender<String>,
}

/// What a person's client is sent.
#[derive(Serialize)]
struct Frame<'a> {
    seq: u64,
    event: &'a str,
    data: &'a Value,
}

impl Streams {
    /// Opens a stream for a person.
    fn open(&mut self, user: UserId) -> mpsc::Receiver<String> {
        let (frames, receiver) = mpsc::channel(QUEUE);
        self.open.push(Stream { user, frames });
        receiver
    }

    /// Sends an event to everybody who may see it. A stream whose queue is full is dropped, which closes it.
    pub(crate) fn dispatch(&mut self, world: &World, now: Timestamp, seq: u64, event: &Event) {
        self.open.retain(|stream| {
            if stream.frames.is_closed() {
                return false;
            }
            let Some(data) = world.sees(event, &Viewer::Person(stream.user), now) else { return true };
            let frame = json::text(&Frame { seq, event: event.kind.name(), data: &data });
            stream.frames.try_send(frame).is_ok()
        });
    }

    /// Tells everybody to read the view again (the world was replaced).
    pub(crate) fn view_changed(&mut self, seq: u64) {
        let frame = json::text(&Frame { seq, event: "VIEW_CHANGED", data: &json!({}) });
        self.open.retain(|stream| stream.frames.try_send(frame.clone()).is_ok());
    }
}

/// `GET /stream`.
pub(crate) async fn upgrade(
    State(sim): State<Sim>,
    Query(query): Query<BTreeMap<String, String>>,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else {
        return ControlError::bad("This is a WebSocket; open it with one.").into_response();
    };
    if query.contains_key("journal") {
        return upgrade.on_upgrade(move |socket| journal(sim, socket));
    }
    let Some(user) = query.get("user").and_then(|u| u.parse::<UserId>().ok()) else {
        return ControlError::field("user", "Give ?user=ID or ?journal=1.").into_response();
    };
    if sim.read(|world, _| world.user(user).is_err()) {
        return ControlError::NotFound(format!("There is no user {user}.")).into_response();
    }
    upgrade.on_upgrade(move |socket| person(sim, user, socket))
}

async fn person(sim: Sim, user: UserId, mut socket: WebSocket) {
    let mut frames = sim.state().streams.open(user);
    let stop = sim.tasks().token();
    loop {
        tokio::select! {
            () = stop.cancelled() => break close(socket, 1001, "stopping").await,
            frame = frames.recv() => match frame {
                Some(frame) => if socket.send(Message::text(frame)).await.is_err() { break },
                None => break close(socket, TOO_SLOW, "too slow; reconnect and read the view again").await,
            },
            // Nothing is expected from the client; reading notices that it has gone.
            received = socket.recv() => if !matches!(received, Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Text(_)))) { break },
        }
    }
}

async fn journal(sim: Sim, mut socket: WebSocket) {
    let mut live = sim.journal().subscribe();
    let stop = sim.tasks().token();
    loop {
        tokio::select! {
            () = stop.cancelled() => break close(socket, 1001, "stopping").await,
            entry = live.recv() => match entry {
                Ok(entry) => if socket.send(Message::text(json::text(&*entry))).await.is_err() { break },
                Err(RecvError::Lagged(_)) => break close(socket, TOO_SLOW, "too slow; reconnect and query the journal").await,
                Err(RecvError::Closed) => break,
            },
            received = socket.recv() => if !matches!(received, Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Text(_)))) { break },
        }
    }
}

async fn close(mut socket: WebSocket, code: u16, reason: &'static str) {
    // A socket that is gone already needs no goodbye.
    drop(socket.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await);
}
