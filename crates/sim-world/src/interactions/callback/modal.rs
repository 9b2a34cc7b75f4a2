//! Type 9: opens a modal. See Discord docs: Receiving and Responding / Modal.

use std::cell::RefCell;

use serde_json::{Value, json};

use super::Done;
use crate::{
    ApiError, FormErrors,
    body::Form,
    components::{self, Kind},
};

pub(super) fn open(data: &Value) -> Result<Done, ApiError> {
    let errors = RefCell::new(FormErrors::default());
    let modal = Form::new(data, "data", &errors).map(read);
    errors.into_inner().finish()?;
    Ok(Done { modal, ..Done::default() })
}

fn read(form: Form<'_>) -> Value {
    for key in ["custom_id", "title", "components"] {
        if form.get(key).is_none() {
            form.missing(key);
        }
    }
    let list = form.get("components").unwrap_or(&Value::Null);
    json!({
        "custom_id": form.string("custom_id", 1, 100),
        "title": form.string("title", 1, 45),
        "components": components::validate(list, &form.at("components"), Kind::Modal, form.errors()),
    })
}
