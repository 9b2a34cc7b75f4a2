//! What the tests stand on: a served local Discord with the default world, its control API, and a gateway
//! client that knows nothing but the protocol.

use std::time::Duration;

use cogwright_sim::{Sim, SimConfig};
use cogwright_sim_world::{DefaultIds, World, intents};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config, tungstenite::Message};

/// No wait in these tests takes longer; a longer one is a failure.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// All intents.
pub(crate) const ALL: u64 = intents::ALL;

/// A served local Discord.
pub(crate) struct Stage {
    pub(crate) sim: Sim,
    pub(crate) ids: DefaultIds,
    http: reqwest::Client,
}

impl Stage {
    /// Without the pause before HELLO, which would add up.
    pub(crate) async fn new() -> Self {
        Self::with(SimConfig { hello_delay: Duration::ZERO, ..SimConfig::default() }).await
    }

    pub(crate) async fn with(config: SimConfig) -> Self {
        let mut ids = None;
        let sim = Sim::serve(config, |addresses, now| {
            let (world, default) = World::default_world(&addresses.cdn_base, now);
            ids = Some(default);
            world
        })
        .await
        .expect("a port");
        Self { sim, ids: ids.expect("the world was made"), http: reqwest::Client::new() }
    }

    /// Calls the control API and expects success.
    pub(crate) async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.sim.addresses().control_url);
        let mut request = self.http.request(method.parse().expect("a method"), url);
        if method != "GET" {
            request = request.json(&body);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let answer: Value = response.json().await.unwrap_or_default();
        assert!(status.is_success(), "{method} {path} {body}: {status} {answer}");
        answer
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.control("POST", path, body).await
    }

    /// Calls the control API and expects a refusal.
    pub(crate) async fn refused(&self, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.sim.addresses().control_url);
        let response = self.http.post(url).json(&body).send().await.expect("an answer");
        assert!(response.status().is_client_error(), "POST {path} {body}: {}", response.status());
        response.json().await.expect("JSON")
    }

    /// Calls REST as the default bot.
    pub(crate) async fn rest(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        self.rest_with(&self.ids.token, method, path, body).await
    }

    pub(crate) async fn rest_with(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let url = format!("{}/v10{path}", self.sim.addresses().api_base);
        let mut request = self.http.request(method.parse().expect("a method"), url);
        request = request.header("Authorization", format!("Bot {token}"));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or_default())
    }

    /// The owner of the guild writes something.
    pub(crate) async fn say(&self, text: &str) -> Value {
        self.post(
            "/actor/send_message",
            json!({ "user": self.ids.user, "channel": self.ids.channel, "text": text }),
        )
        .await
    }

    pub(crate) async fn advance(&self, ms: u64) {
        self.post("/clock/advance", json!({ "ms": ms })).await;
    }

    pub(crate) async fn settings(&self, change: Value) {
        self.control("PATCH", "/settings", change).await;
    }

    /// A further application in the default guild: its id and token.
    pub(crate) async fn application(&self, more: Value) -> (String, String) {
        let mut body = json!({ "name": "second", "guilds": [self.ids.guild], "permissions": "0" });
        for (key, value) in more.as_object().expect("an object") {
            body[key] = value.clone();
        }
        let made = self.post("/world/applications", body).await;
        let text = |key: &str| made[key].as_str().map(str::to_owned);
        let id = text("application").or_else(|| made["application"]["id"].as_str().map(str::to_owned));
        (id.expect("an id"), text("token").expect("a token"))
    }

    pub(crate) async fn connect(&self, query: &str) -> Client {
        let address = format!("{}/{query}", self.sim.addresses().gateway_url);
        // With Nagle's algorithm, a frame after one that is not answered would wait 40 ms.
        let (socket, _) = connect_async_with_config(address, None, true).await.expect("upgrade");
        Client { socket, seen: Vec::new(), seq: 0, nonce: 0 }
    }

    /// A connection after HELLO.
    pub(crate) async fn greeted(&self) -> Client {
        let mut client = self.connect("?v=10&encoding=json").await;
        assert_eq!(client.frame().await["op"], 10);
        client
    }

    /// A client of the default bot, identified and with its guilds received.
    pub(crate) async fn bot(&self, intents: u64) -> Client {
        self.bot_with(json!({ "intents": intents })).await
    }

    /// The same with further fields of IDENTIFY. Time moves by the five seconds that keep identifies apart.
    pub(crate) async fn bot_with(&self, identify: Value) -> Client {
        self.advance(5000).await;
        let mut client = self.greeted().await;
        // Without the GUILDS intent no guild follows.
        let guilds_follow = identify["intents"].as_u64().is_none_or(|i| i & intents::GUILDS != 0);
        let ready = client.identify(self.ids.token.as_str(), identify).await;
        for _ in ready["guilds"].as_array().expect("guilds").iter().filter(|_| guilds_follow) {
            client.until("GUILD_CREATE").await;
        }
        client
    }
}

/// A gateway client over plain text frames.
pub(crate) struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Dispatches received so far, in order.
    pub(crate) seen: Vec<Value>,
    pub(crate) seq: u64,
    nonce: u32,
}

impl Client {
    pub(crate) async fn message(&mut self) -> Message {
        let next = tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("a frame in time");
        next.expect("an open connection").expect("a whole frame")
    }

    /// The next text frame.
    pub(crate) async fn frame(&mut self) -> Value {
        loop {
            match self.message().await {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).expect("JSON");
                    if frame["op"] == 0 {
                        let seq = frame["s"].as_u64().expect("a sequence");
                        assert_eq!(seq, self.seq + 1, "sequences have no gaps: {frame}");
                        self.seq = seq;
                        self.seen.push(frame.clone());
                    } else {
                        assert!(
                            frame["s"].is_null() && frame["t"].is_null(),
                            "only dispatches count: {frame}"
                        );
                    }
                    return frame;
                }
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("not a text frame: {other:?}"),
            }
        }
    }

    /// Reads on until a dispatch of this name; its `d`.
    pub(crate) async fn until(&mut self, name: &str) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["t"] == name {
                return frame["d"].clone();
            }
        }
    }

    /// Reads on until a frame of this opcode.
    pub(crate) async fn until_op(&mut self, op: u64) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["op"] == op {
                return frame;
            }
        }
    }

    /// Reads on until the server closes; the code.
    pub(crate) async fn close_code(&mut self) -> u16 {
        loop {
            match self.message().await {
                Message::Close(frame) => return frame.expect("a code").code.into(),
                Message::Text(_) | Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("not expected: {other:?}"),
            }
        }
    }

    /// Reads on until the connection breaks, which has to be without a close frame.
    pub(crate) async fn cut_off(&mut self) {
        loop {
            match tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("an end in time") {
                Some(Ok(Message::Close(frame))) => panic!("a close frame: {frame:?}"),
                Some(Ok(_)) => {}
                None | Some(Err(_)) => return,
            }
        }
    }

    pub(crate) async fn send(&mut self, op: u64, d: Value) {
        self.text(json!({ "op": op, "d": d }).to_string()).await;
    }

    pub(crate) async fn text(&mut self, text: impl Into<String>) {
        self.socket.send(Message::text(text.into())).await.expect("sent");
    }

    pub(crate) async fn binary(&mut self, bytes: Vec<u8>) {
        self.socket.send(Message::binary(bytes)).await.expect("sent");
    }

    /// Closes with a code, or drops the connection without one.
    pub(crate) async fn leave(mut self, code: Option<u16>) {
        use tokio_tungstenite::tungstenite::protocol::CloseFrame;
        if let Some(code) = code {
            let frame = CloseFrame { code: code.into(), reason: "".into() };
            self.socket.close(Some(frame)).await.expect("closed");
            while let Some(Ok(_)) = self.socket.next().await {}
        }
    }

    pub(crate) async fn send_identify(&mut self, token: &str, more: Value) {
        let mut d = json!({ "token": token, "intents": ALL, "properties": { "os": "linux", "browser": "test", "device": "test" } });
        for (key, value) in more.as_object().expect("an object") {
            d[key] = value.clone();
        }
        self.send(2, d).await;
    }

    /// Identifies; READY's `d`.
    pub(crate) async fn identify(&mut self, token: &str, more: Value) -> Value {
        self.seq = 0;
        self.send_identify(token, more).await;
        self.until("READY").await
    }

    pub(crate) async fn resume(&mut self, token: &str, session: &str, seq: u64) {
        self.seq = seq;
        self.send(6, json!({ "token": token, "session_id": session, "seq": seq })).await;
    }

    pub(crate) async fn members(&mut self, d: Value) {
        self.send(8, d).await;
    }

    /// Everything dispatched up to now: asks for a member and reads on until the answer, which comes after all
    /// that happened before. The names of what was received since the last call, without the answer.
    pub(crate) async fn settled(&mut self, stage: &Stage) -> Vec<String> {
        self.nonce += 1;
        let nonce = format!("barrier {}", self.nonce);
        self.members(json!({ "guild_id": stage.ids.guild, "user_ids": [stage.ids.user], "nonce": nonce }))
            .await;
        while self.until("GUILD_MEMBERS_CHUNK").await["nonce"] != nonce.as_str() {}
        let mut names: Vec<String> =
            self.seen.iter().map(|f| f["t"].as_str().unwrap_or_default().to_owned()).collect();
        names.pop();
        self.seen.clear();
        names
    }
}
