//! One endpoint as data: what the router mounts and what the OpenAPI document describes.

use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::to_bytes,
    extract::{FromRequestParts, Query, RawPathParams, Request, State},
    http::{
        HeaderValue, Method,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
        },
    },
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use cogwright_sim_world::{Upload, UserId};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::error::ControlError;
use crate::{EntryKind, Sim, journal::Fields};

/// The largest control body: a few 10 MiB files in base64.
const MAX_BODY: usize = 40 << 20;

/// The media type of most answers.
const JSON: &[&str] = &["application/json"];

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);

pub(crate) type Answer = Result<Value, ControlError>;
type Running = Pin<Box<dyn Future<Output = Result<Sent, ControlError>> + Send>>;
type Run = Arc<dyn Fn(Call<Value>) -> Running + Send + Sync>;

/// What is sent back.
#[derive(Debug)]
enum Sent {
    Json(Value),
    Document(Document),
}

/// An answer for people rather than programs.
#[derive(Debug)]
pub(crate) struct Document {
    /// `Content-Type`.
    pub(crate) kind: &'static str,
    /// `Content-Security-Policy`: what a browser may do with it. As everything in it was written by whoever
    /// wrote a message, that is next to nothing.
    pub(crate) policy: &'static str,
    pub(crate) text: String,
}

impl IntoResponse for Sent {
    fn into_response(self) -> Response {
        let document = match self {
            Self::Json(value) => return Json(value).into_response(),
            Self::Document(document) => document,
        };
        let mut response = document.text.into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(document.kind));
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(document.policy));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// A call with its body read.
#[derive(Debug)]
pub(crate) struct Call<B> {
    pub(crate) sim: Sim,
    path: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    pub(crate) body: B,
}

impl<B> Call<B> {
    /// A path parameter as an id.
    pub(crate) fn id<T: std::str::FromStr>(&self, name: &str) -> Result<T, ControlError> {
        let text = self.path.get(name).map_or("", String::as_str);
        text.parse().map_err(|_| {
            ControlError::field(name, format!("`{text}` is not an id; ids are decimal numbers as strings."))
        })
    }

    /// A query parameter, read as `T`.
    pub(crate) fn query<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, ControlError> {
        let Some(text) = self.query.get(name) else { return Ok(None) };
        let wrong = || ControlError::field(name, format!("`{text}` is not a valid value of ?{name}="));
        text.parse().map(Some).map_err(|_| wrong())
    }
}

/// An endpoint without a body has this one: `{}` or nothing.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// One endpoint.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) body: Option<fn(&mut SchemaGenerator) -> Schema>,
    /// Media types of its answer.
    pub(crate) answers: &'static [&'static str],
    run: Run,
}

impl Endpoint {
    /// An endpoint with a typed JSON body.
    pub(crate) fn with_body<B, F, R>(
        method: Method,
        path: &'static str,
        summary: &'static str,
        run: F,
    ) -> Self
    where
        B: DeserializeOwned + JsonSchema + Send + 'static,
        F: Fn(Call<B>) -> R + Send + Sync + 'static,
        R: Future<Output = Answer> + Send + 'static,
    {
        let run = Arc::new(run);
        let run = move |call: Call<Value>| -> Running {
            let run = Arc::clone(&run);
            Box::pin(async move {
                let body = typed(call.body)?;
                run(Call { sim: call.sim, path: call.path, query: call.query, body }).await.map(Sent::Json)
            })
        };
        let body: fn(&mut SchemaGenerator) -> Schema = SchemaGenerator::subschema_for::<B>;
        Self { method, path, summary, body: Some(body), answers: JSON, run: Arc::new(run) }
    }

    /// `POST` with a typed JSON body and a handler that does not wait.
    pub(crate) fn post<B>(path: &'static str, summary: &'static str, run: fn(Call<B>) -> Answer) -> Self
    where
        B: DeserializeOwned + JsonSchema + Send + 'static,
    {
        Self::with_body(Method::POST, path, summary, move |call| std::future::ready(run(call)))
    }

    /// `PATCH` with a typed JSON body.
    pub(crate) fn patch<B>(path: &'static str, summary: &'static str, run: fn(Call<B>) -> Answer) -> Self
    where
        B: DeserializeOwned + JsonSchema + Send + 'static,
    {
        Self::with_body(Method::PATCH, path, summary, move |call| std::future::ready(run(call)))
    }

    /// `GET` or `DELETE`, no body.
    pub(crate) fn plain(
        method: Method,
        path: &'static str,
        summary: &'static str,
        run: fn(Call<Value>) -> Answer,
    ) -> Self {
        let run: Run = Arc::new(move |call| Box::pin(std::future::ready(run(call).map(Sent::Json))));
        Self { method, path, summary, body: None, answers: JSON, run }
    }

    /// `GET` of a document for people, of one of these media types.
    pub(crate) fn document(
        path: &'static str,
        summary: &'static str,
        answers: &'static [&'static str],
        run: fn(Call<Value>) -> Result<Document, ControlError>,
    ) -> Self {
        let run: Run = Arc::new(move |call| Box::pin(std::future::ready(run(call).map(Sent::Document))));
        Self { method: Method::GET, path, summary, body: None, answers, run }
    }

    /// `GET`.
    pub(crate) fn get(path: &'static str, summary: &'static str, run: fn(Call<Value>) -> Answer) -> Self {
        Self::plain(Method::GET, path, summary, run)
    }

    /// `DELETE`.
    pub(crate) fn delete(path: &'static str, summary: &'static str, run: fn(Call<Value>) -> Answer) -> Self {
        Self::plain(Method::DELETE, path, summary, run)
    }

    /// The same, but only for a `user` who can be acted as.
    pub(crate) fn acting(self) -> Self {
        let run = self.run;
        let guarded = move |call: Call<Value>| -> Running {
            match can_be_acted_as(&call) {
                Ok(()) => run(call),
                Err(error) => Box::pin(std::future::ready(Err(error))),
            }
        };
        Self { run: Arc::new(guarded), ..self }
    }

    /// Adds the endpoint to a router.
    pub(crate) fn mount(self, router: Router<Sim>) -> Router<Sim> {
        let filter = MethodFilter::try_from(self.method.clone()).unwrap_or(MethodFilter::GET);
        let path = self.path;
        router.route(
            path,
            on(filter, move |State(sim): State<Sim>, request: Request| self.clone().answer(sim, request)),
        )
    }

    async fn answer(self, sim: Sim, request: Request) -> Response {
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        let answer = match self.read(sim.clone(), request).await {
            Ok(call) => (self.run)(call).await,
            Err(error) => Err(error),
        };
        let response = match answer {
            Ok(sent) => sent.into_response(),
            Err(error) => error.into_response(),
        };
        let mut fields = Fields::with_room(3);
        fields.put("method", method.as_str().to_owned());
        fields.put("path", format!("{}{path}", super::PREFIX));
        fields.put("status", response.status().as_u16());
        sim.journal().push(sim.clock().now(), EntryKind::Control, fields);
        response
    }

    async fn read(&self, sim: Sim, request: Request) -> Result<Call<Value>, ControlError> {
        let (mut parts, body) = request.into_parts();
        let path = RawPathParams::from_request_parts(&mut parts, &sim)
            .await
            .map_err(|e| ControlError::bad(e.to_string()))?
            .iter()
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect();
        let query = Query::from_request_parts(&mut parts, &sim)
            .await
            .map_err(|e| ControlError::bad(e.to_string()))?;
        let bytes = tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, MAX_BODY))
            .await
            .map_err(|_| ControlError::Timeout("The body did not arrive in time.".into()))?
            .map_err(|_| ControlError::bad(format!("The body is larger than {} MiB.", MAX_BODY >> 20)))?;
        let body = if self.body.is_none() || bytes.is_empty() {
            Value::Object(Map::new())
        } else {
            let kind = parts.headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
            if kind.split(';').next().map(str::trim) != Some("application/json") {
                let message = "Send the body as JSON with `Content-Type: application/json`.";
                return Err(ControlError::NotJson(message.into()));
            }
            serde_json::from_slice(&bytes)
                .map_err(|e| ControlError::bad(format!("The body is not valid JSON: {e}.")))?
        };
        Ok(Call { sim, path, query: query.0, body })
    }
}

/// Whether the body's `user` exists and is no application's bot. A `user` that is missing or no id is told of when
/// the body is read.
fn can_be_acted_as(call: &Call<Value>) -> Result<(), ControlError> {
    let Ok(user) = serde_json::from_value::<UserId>(call.body["user"].clone()) else { return Ok(()) };
    call.sim.read(|world, _| {
        if world.user(user).is_err() {
            return Err(ControlError::NotFound(format!(
                "There is no user {user}; GET {}/world lists them.",
                super::PREFIX
            )));
        }
        if world.application(user.into()).is_ok() {
            let message = format!("{user} is an application's bot: it acts with its token, not as a person.");
            return Err(ControlError::field("user", message));
        }
        Ok(())
    })
}

/// Reads a body as `B`; what is wrong names its field.
fn typed<B: DeserializeOwned>(body: Value) -> Result<B, ControlError> {
    serde_path_to_error::deserialize(body).map_err(|e| {
        let path = e.path().to_string();
        let message = e.into_inner().to_string();
        if path == "." { ControlError::bad(message) } else { ControlError::field(&path, message) }
    })
}

/// A file in a control body.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// Its name.
    filename: String,
    /// Its content in base64.
    data: String,
    /// Its media type; guessed by clients from the name if absent.
    content_type: Option<String>,
    /// Alt text, up to 1024 characters.
    pub(crate) description: Option<String>,
    /// Hide it until clicked.
    #[serde(default)]
    spoiler: bool,
}

impl File {
    /// The file as an upload with index `index`.
    pub(crate) fn decode(self, index: usize) -> Result<Upload, ControlError> {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let bytes = STANDARD.decode(self.data.as_bytes()).map_err(|e| {
            ControlError::field(&format!("files.{index}.data"), format!("Not valid base64: {e}."))
        })?;
        let filename = if self.spoiler && !self.filename.starts_with("SPOILER_") {
            format!("SPOILER_{}", self.filename)
        } else {
            self.filename
        };
        Ok(Upload { index: index as u64, filename, content_type: self.content_type, bytes })
    }
}
