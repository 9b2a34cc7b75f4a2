//! A successful answer.

use std::marker::PhantomData;
use std::time::SystemTime;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use twilight_http::response::marker::ListBody;

use super::error::RestError;
use super::wire::Answer;

/// A successful answer of Discord, read completely; `T` is what its body holds.
#[derive(Debug)]
pub struct RestResponse<T> {
    answer: Answer,
    body: PhantomData<fn() -> T>,
}

impl<T> RestResponse<T> {
    pub(crate) fn new(answer: Answer) -> Self {
        Self { answer, body: PhantomData }
    }

    /// HTTP status, 200 to 299.
    pub fn status(&self) -> u16 {
        self.answer.status.as_u16()
    }

    /// The body as it came.
    pub fn bytes(&self) -> &Bytes {
        &self.answer.body
    }

    /// When the server says that it answered, to the second.
    pub fn date(&self) -> Option<SystemTime> {
        httpdate::parse_http_date(self.answer.header("date")?).ok()
    }

    /// The body as any type.
    ///
    /// # Errors
    /// [`RestError::Answer`] when it does not fit.
    pub fn json<U: DeserializeOwned>(&self) -> Result<U, RestError> {
        serde_json::from_slice(&self.answer.body).map_err(|error| RestError::Answer(error.into()))
    }
}

impl<T: DeserializeOwned> RestResponse<T> {
    /// The body as what the request asks for.
    ///
    /// # Errors
    /// [`RestError::Answer`] when it does not fit.
    pub fn model(&self) -> Result<T, RestError> {
        self.json()
    }
}

impl<T: DeserializeOwned> RestResponse<ListBody<T>> {
    /// The items of a body that is a list.
    ///
    /// # Errors
    /// [`RestError::Answer`] when it does not fit.
    pub fn models(&self) -> Result<Vec<T>, RestError> {
        self.json()
    }
}
