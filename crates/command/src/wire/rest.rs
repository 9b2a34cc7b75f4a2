//! The real way to Discord: calls become requests of the REST client.

use cogwright_discord::{Form, Priority, Request, Rest, RestError, Route};
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::http::interaction::InteractionResponseType as Kind;
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, ChannelMarker, MessageMarker};

use super::{Answer, Call, Edit, MessageRef, Place, Wire, WireError};
use crate::reply::{Body, File, Purpose, modal_body};
use crate::spec::{Choice, ChoiceValue};

/// Flag of messages for one person. See Discord docs: Message / Message Flags.
const EPHEMERAL: u64 = 1 << 6;

/// Sends calls through the REST client.
#[derive(Clone, Debug)]
pub struct RestWire {
    rest: Rest,
    application: Id<ApplicationMarker>,
}

impl RestWire {
    /// For the application whose interactions are answered.
    pub fn new(rest: Rest, application: Id<ApplicationMarker>) -> Self {
        Self { rest, application }
    }

    async fn carry(&self, call: Call) -> Result<Option<MessageRef>, WireError> {
        let (request, shape) = self.request(&call)?;
        // The first answer to an interaction goes ahead by itself, by its route.
        let priority = match call {
            Call::Typing { .. } | Call::Delete { .. } => Priority::Normal,
            _ => Priority::Interaction,
        };
        let response = self.rest.send_raw::<()>(&request, priority).await?;
        let found = match shape {
            Shape::Nothing => None,
            // Discord has done what was asked; not being able to read where the message lies
            // must not turn that into a failure.
            Shape::Message => response.json::<Stub>().ok().map(Stub::place),
            Shape::Callback => {
                let callback = response.json::<Callback>().ok();
                callback.and_then(|callback| callback.resource?.message).map(Stub::place)
            }
        };
        Ok(found)
    }

    fn request(&self, call: &Call) -> Result<(Request, Shape), WireError> {
        let application = self.application.get();
        let (request, shape) = match call {
            Call::Send { channel, reply, reference, nonce } => {
                let mut body = json(&Body::new(reply, Purpose::Create))?;
                body["nonce"] = json!(nonce);
                body["enforce_nonce"] = json!(true);
                if let Some(message) = reference {
                    // The command's message may be deleted while it runs; the answer still comes.
                    body["message_reference"] = json!({"message_id": message, "fail_if_not_exists": false});
                }
                let route = Route::CreateMessage { channel_id: channel.get() };
                (build(&route, &body, reply.files(), true)?, Shape::Message)
            }
            Call::Edit { place, edit } => {
                let (body, files) = edit_body(edit)?;
                let (route, bot) = match place {
                    Place::Channel(at) => {
                        let (channel_id, message_id) = (at.channel.get(), at.message.get());
                        (Route::UpdateMessage { channel_id, message_id }, true)
                    }
                    Place::Original(token) => {
                        let route = Route::UpdateInteractionOriginal {
                            application_id: application,
                            interaction_token: token.as_str(),
                        };
                        (route, false)
                    }
                    Place::FollowUp(token, message) => {
                        let route = Route::UpdateWebhookMessage {
                            message_id: message.get(),
                            thread_id: None,
                            token: token.as_str(),
                            webhook_id: application,
                        };
                        (route, false)
                    }
                };
                (build(&route, &body, files, bot)?, Shape::Message)
            }
            Call::Delete { at } => {
                let (channel_id, message_id) = (at.channel.get(), at.message.get());
                (Request::from_route(&Route::DeleteMessage { channel_id, message_id }), Shape::Nothing)
            }
            Call::Typing { channel } => {
                let route = Route::CreateTypingTrigger { channel_id: channel.get() };
                (Request::from_route(&route), Shape::Nothing)
            }
            Call::Answer { interaction, token, answer } => {
                let (body, files, locate) = answer_body(answer)?;
                let route = Route::InteractionCallback {
                    interaction_id: interaction.get(),
                    interaction_token: token.as_str(),
                    with_response: locate,
                };
                let shape = if locate { Shape::Callback } else { Shape::Nothing };
                (build(&route, &body, files, false)?, shape)
            }
            Call::FollowUp { token, reply } => {
                let body = json(&Body::new(reply, Purpose::Create))?;
                let route = Route::ExecuteWebhook {
                    thread_id: None,
                    token: token.as_str(),
                    wait: Some(true),
                    with_components: None,
                    webhook_id: application,
                };
                (build(&route, &body, reply.files(), false)?, Shape::Message)
            }
        };
        Ok((request, shape))
    }
}

impl Wire for RestWire {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Option<MessageRef>, WireError>> {
        Box::pin(self.carry(call))
    }
}

/// What the answer of Discord holds.
enum Shape {
    Nothing,
    Message,
    Callback,
}

/// The part of a message that is needed.
#[derive(Deserialize)]
struct Stub {
    id: Id<MessageMarker>,
    channel_id: Id<ChannelMarker>,
}

impl Stub {
    fn place(self) -> MessageRef {
        MessageRef { channel: self.channel_id, message: self.id }
    }
}

#[derive(Deserialize)]
struct Callback {
    resource: Option<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    message: Option<Stub>,
}

fn edit_body(edit: &Edit) -> Result<(Value, &[File]), WireError> {
    match edit {
        Edit::Whole(reply) => Ok((json(&Body::new(reply, Purpose::Replace))?, reply.files())),
        Edit::Components(components) => Ok((json!({"components": components}), &[])),
    }
}

/// The callback's body, its files, and whether the message is to be located.
fn answer_body(answer: &Answer) -> Result<(Value, &[File], bool), WireError> {
    let (kind, data, files, locate): (_, _, &[File], _) = match answer {
        Answer::Message { reply, locate } => {
            let data = json(&Body::new(reply, Purpose::Create))?;
            (Kind::ChannelMessageWithSource, Some(data), reply.files(), *locate)
        }
        Answer::Defer { ephemeral } => {
            let data = ephemeral.then(|| json!({"flags": EPHEMERAL}));
            (Kind::DeferredChannelMessageWithSource, data, &[], false)
        }
        Answer::DeferUpdate => (Kind::DeferredUpdateMessage, None, &[], false),
        Answer::Update(edit) => {
            let (data, files) = edit_body(edit)?;
            (Kind::UpdateMessage, Some(data), files, false)
        }
        Answer::Choices(choices) => {
            let choices: Vec<_> = choices.iter().map(choice).collect();
            (Kind::ApplicationCommandAutocompleteResult, Some(json!({"choices": choices})), &[], false)
        }
        Answer::Modal(modal) => (Kind::Modal, Some(modal_body(modal)), &[], false),
    };
    let mut body = json!({"type": kind});
    if let Some(data) = data {
        body["data"] = data;
    }
    Ok((body, files, locate))
}

fn choice(choice: &Choice) -> Value {
    let value = match &choice.value {
        ChoiceValue::String(value) => json!(value),
        ChoiceValue::Integer(value) => json!(value),
        ChoiceValue::Number(value) => json!(value),
    };
    if choice.names.is_empty() {
        json!({"name": choice.name, "value": value})
    } else {
        json!({"name": choice.name, "name_localizations": choice.names, "value": value})
    }
}

fn json(value: &impl serde::Serialize) -> Result<Value, WireError> {
    serde_json::to_value(value).map_err(|error| WireError::Invalid(error.to_string()))
}

/// Files travel as parts named `files[n]` beside `payload_json`.
///
/// See Discord docs: API Reference / Uploading Files.
fn build(route: &Route<'_>, body: &Value, files: &[File], bot: bool) -> Result<Request, WireError> {
    // Interaction routes carry their own token; the bot's is not shown to them.
    let builder = Request::builder(route).use_authorization_token(bot);
    let builder = if files.is_empty() {
        builder.json(body)
    } else {
        let payload = serde_json::to_vec(body).map_err(|error| WireError::Invalid(error.to_string()))?;
        let mut form = Form::new().json_part(b"payload_json", &payload);
        for (number, file) in files.iter().enumerate() {
            let part = format!("files[{number}]");
            form = form.file_part(part.as_bytes(), file.name.as_bytes(), &file.bytes);
        }
        builder.form(form)
    };
    builder.build().map_err(|error| WireError::Invalid(error.to_string()))
}

impl From<RestError> for WireError {
    fn from(error: RestError) -> Self {
        match error {
            RestError::Discord { status, code, message, details } => {
                // The fields that Discord names help whoever reads the log.
                let message = details.map_or(message.clone(), |details| format!("{message}: {details}"));
                Self::Refused { status, code, message }
            }
            RestError::Limited { .. } | RestError::Overloaded => Self::Limited(error.to_string()),
            RestError::Build(_) | RestError::Malformed(_) => Self::Invalid(error.to_string()),
            other => Self::Unreachable(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use cogwright_discord::Endpoint;

    use super::*;
    use crate::reply::{Modal, Reply, ui};
    use crate::wire::InteractionToken;

    fn wire() -> RestWire {
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], 9));
        let token = cogwright_config_secret();
        RestWire::new(Rest::new(&Endpoint::local(address), &token), Id::new(7))
    }

    fn cogwright_config_secret() -> cogwright_config::Secret {
        cogwright_config::Secret::new("a.b.c")
    }

    fn request(call: &Call) -> (String, Value, bool) {
        let (request, _) = wire().request(call).unwrap();
        let body = request.body().map_or(Value::Null, |body| serde_json::from_slice(body).unwrap());
        (request.path().to_owned(), body, request.use_authorization_token())
    }

    #[tokio::test]
    async fn messages_carry_reference_and_nonce() {
        let reply = Box::new(Reply::text("hi"));
        let call = Call::Send { channel: Id::new(2), reply, reference: Some(Id::new(3)), nonce: "3".into() };
        let (path, body, bot) = request(&call);
        assert_eq!((path.as_str(), bot), ("channels/2/messages", true));
        let expected = json!({
            "content": "hi", "allowed_mentions": {"parse": []}, "nonce": "3", "enforce_nonce": true,
            "message_reference": {"message_id": "3", "fail_if_not_exists": false}
        });
        assert_eq!(body, expected);
    }

    #[tokio::test]
    async fn answers_use_the_interaction_token_alone() {
        let answer =
            |answer| Call::Answer { interaction: Id::new(4), token: InteractionToken::new("tok"), answer };
        let (path, body, bot) = request(&answer(Answer::Defer { ephemeral: true }));
        assert_eq!((path.as_str(), bot), ("interactions/4/tok/callback", false));
        assert_eq!(body, json!({"type": 5, "data": {"flags": 64}}));
        let (_, body, _) = request(&answer(Answer::DeferUpdate));
        assert_eq!(body, json!({"type": 6}));
        let (_, body, _) =
            request(&answer(Answer::Choices(vec![Choice::same("a"), Choice::integer("b", 2)])));
        assert_eq!(
            body,
            json!({"type": 8, "data": {"choices": [{"name": "a", "value": "a"}, {"name": "b", "value": 2}]}})
        );
        let modal = Modal::new("m", "Title").field("Name", ui::short_input("name"));
        let (_, body, _) = request(&answer(Answer::Modal(Box::new(modal))));
        assert_eq!(body["type"], json!(9));
        assert_eq!(body["data"]["components"][0]["component"]["custom_id"], json!("name"));
        let reply = Box::new(Reply::text("x"));
        let (path, ..) = request(&answer(Answer::Message { reply, locate: true }));
        assert!(path.ends_with("with_response=true"), "{path}");
    }

    #[tokio::test]
    async fn edits_go_the_way_they_are_told() {
        let token = InteractionToken::new("tok");
        let edit = |place| request(&Call::Edit { place, edit: Edit::Components(vec![]) });
        let (path, body, bot) = edit(Place::Original(token.clone()));
        assert_eq!((path.as_str(), bot), ("webhooks/7/tok/messages/@original", false));
        assert_eq!(body, json!({"components": []}));
        let (path, ..) = edit(Place::FollowUp(token, Id::new(9)));
        assert!(path.starts_with("webhooks/7/tok/messages/9"), "{path}");
        let (path, _, bot) = edit(Place::Channel(MessageRef { channel: Id::new(1), message: Id::new(2) }));
        assert_eq!((path.as_str(), bot), ("channels/1/messages/2", true));
    }

    #[tokio::test]
    async fn files_travel_as_parts() {
        let reply = Box::new(Reply::text("x").file("a.txt", "abc"));
        let call = Call::FollowUp { token: InteractionToken::new("tok"), reply };
        let (request, _) = wire().request(&call).unwrap();
        let form = String::from_utf8(request.form().unwrap().clone().build()).unwrap();
        assert!(
            form.contains("name=\"payload_json\"") && form.contains("name=\"files[0]\"; filename=\"a.txt\""),
            "{form}"
        );
        assert!(request.path().contains("wait=true"), "{}", request.path());
    }

    #[test]
    fn tokens_stay_out_of_logs() {
        let call = Call::FollowUp { token: InteractionToken::new("hush"), reply: Box::new(Reply::text("x")) };
        assert!(!format!("{call:?}").contains("hush"));
    }
}
