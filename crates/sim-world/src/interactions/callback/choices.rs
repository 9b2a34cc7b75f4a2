//! Type 8: choices for an autocomplete.

use std::cell::RefCell;

use serde_json::{Value, json};

use super::Done;
use crate::{
    ApiError, FormErrors, Interaction,
    body::{Form, join},
    commands,
};

/// See Discord docs: Receiving and Responding / Autocomplete.
const MAX_CHOICES: usize = 25;

pub(super) fn answer(interaction: &Interaction, data: &Value) -> Result<Done, ApiError> {
    let kind = interaction.data["options"].as_array().and_then(|o| focused_type(o)).unwrap_or(3);
    let errors = RefCell::new(FormErrors::default());
    let mut choices = Vec::new();
    if let Some(form) = Form::new(data, "data", &errors) {
        let given = form.list("choices", MAX_CHOICES).map(Vec::as_slice).unwrap_or_default();
        for (i, item) in given.iter().enumerate().take(MAX_CHOICES).filter(|(_, c)| !c.is_null()) {
            let path = join("data.choices", i);
            let read = Form::new(item, &path, &errors).and_then(|f| commands::read_choice(f, kind));
            if let Some((choice, _)) = read {
                choices.push(json!({ "name": choice["name"], "value": choice["value"] }));
            }
        }
    }
    errors.into_inner().finish()?;
    Ok(Done { choices: Some(Value::Array(choices)), ..Done::default() })
}

/// The type of the option that is being typed into, wherever it is nested.
fn focused_type(options: &[Value]) -> Option<i64> {
    options.iter().find_map(|o| {
        if o["focused"] == true {
            return o["type"].as_i64();
        }
        o["options"].as_array().and_then(|below| focused_type(below))
    })
}
