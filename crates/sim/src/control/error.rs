//! What the control API says when it refuses.

use axum::{
    Json,
    http::{Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use cogwright_sim_world::ApiError;
use serde_json::json;

/// A refusal of the control API.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ControlError {
    /// The request itself is wrong.
    #[error("{message}")]
    BadRequest {
        /// What is wrong and what to do.
        message: String,
        /// The field it is about.
        field: Option<String>,
    },
    /// What was named does not exist.
    #[error("{0}")]
    NotFound(String),
    /// Discord's rules refuse the action.
    #[error("Discord's rules refuse this: {0}")]
    Discord(#[from] ApiError),
    /// Nothing matched in time.
    #[error("{0}")]
    Timeout(String),
    /// The guard refuses the caller.
    #[error("{0}")]
    Forbidden(String),
    /// No key, or a wrong one.
    #[error("{0}")]
    Unauthorized(String),
    /// Not JSON.
    #[error("{0}")]
    NotJson(String),
    /// Our own failure, for instance a full disk.
    #[error("{0}")]
    Failed(String),
}

impl ControlError {
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::BadRequest { message: message.into(), field: None }
    }

    pub(crate) fn field(field: &str, message: impl Into<String>) -> Self {
        Self::BadRequest { message: message.into(), field: Some(field.to_owned()) }
    }

    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::BadRequest { .. } => (StatusCode::BAD_REQUEST, "bad_request"),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            Self::Discord(e) => {
                (StatusCode::from_u16(e.status).unwrap_or(StatusCode::BAD_REQUEST), "discord")
            }
            Self::Timeout(_) => (StatusCode::REQUEST_TIMEOUT, "timeout"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            Self::Unauthorized(_) => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::NotJson(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json"),
            Self::Failed(_) => (StatusCode::INTERNAL_SERVER_ERROR, "failed"),
        }
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let mut error = json!({ "code": code, "message": self.to_string() });
        match &self {
            Self::BadRequest { field: Some(field), .. } => error["field"] = json!(field),
            Self::Discord(refusal) => error["discord"] = refusal.body(),
            _ => {}
        }
        (status, Json(json!({ "error": error }))).into_response()
    }
}

/// The answer to a path that is not there.
pub(crate) async fn unknown_path(uri: Uri) -> ControlError {
    let path = uri.path();
    ControlError::NotFound(format!(
        "There is no {path} here. GET {}/openapi.json lists what there is.",
        super::PREFIX
    ))
}

/// The answer to a wrong method.
pub(crate) async fn wrong_method(method: Method, uri: Uri) -> Response {
    let message = format!("{method} is not possible on {}; see {}/openapi.json.", uri.path(), super::PREFIX);
    let body = json!({ "error": { "code": "method_not_allowed", "message": message } });
    (StatusCode::METHOD_NOT_ALLOWED, Json(body)).into_response()
}
