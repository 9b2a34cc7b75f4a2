//! Writing through a webhook. See Discord docs: Webhook / Execute Webhook.

use serde_json::Value;

use super::{Credentials, read_name};
use crate::{
    Action, ApiError, Author, Channel, ChannelId, ChannelKind, Tx, Upload, UserId, Webhook, World,
    body::{self, Form},
    messages::{self, PublishAs, Rules},
    places::{self, image, read_applied_tags},
    wire,
};

/// Characters of an `avatar_url`.
const MAX_URL: usize = 2048;
/// Characters of the name of a thread that is made on the way.
const MAX_THREAD_NAME: usize = 100;

/// POST /webhooks/{webhook}/{token}: a message (pings users only unless `allowed_mentions` says otherwise) under the
/// webhook's name and avatar or those of the body (`username`, `avatar_url`). In a forum or media channel it goes to
/// `thread`, or to a new post (`thread_name`, `applied_tags`).
///
/// # Errors
/// 10015, 50027; 10003 for a thread that is not the channel's; 220001 neither and 220002 both of thread and
/// `thread_name` in a forum, 220003 `thread_name` elsewhere; 160005 locked; 160006; 50035 and the others of a message.
#[derive(Clone, Debug)]
pub struct ExecuteWebhook {
    /// Which, with its token.
    pub credentials: Credentials,
    /// The thread it is to go to.
    pub thread: Option<ChannelId>,
    /// `with_components`: whether components of a webhook that no application owns are looked at.
    pub with_components: bool,
    /// The request body.
    pub body: Value,
    /// Its files.
    pub files: Vec<Upload>,
}

impl Action for ExecuteWebhook {
    /// The message.
    type Output = Value;

    fn apply(mut self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let webhook = self.credentials.find(tx.world)?.clone();
        let channel = tx.world.channel(webhook.channel)?;
        let look = body::read(&self.body, |form| Look::read(form, channel))?;
        let place = place(tx.world, channel, self.thread, look.thread.is_some())?;
        check_components(&webhook, self.with_components, &mut self.body)?;
        let draft = messages::draft(&self.body, self.files, Rules::Webhook, tx.now)?;
        let author = Author::Webhook {
            id: webhook.id,
            name: look.name.unwrap_or_else(|| webhook.name.clone()),
            avatar: look.avatar.or_else(|| webhook.avatar.clone()),
        };
        let application = webhook.application;
        let owner = UserId::new(webhook.id.get());
        let how = PublishAs { author, application, ..PublishAs::user(place, owner) };
        let (place, id) = match look.thread {
            Some(name) => {
                let id = places::post_by_webhook(tx, webhook.channel, name, look.tags, draft, how)?;
                (id, id.into())
            }
            None => (place, messages::publish(tx, draft, how)?),
        };
        Ok(wire::message(tx.world, tx.world.message(place, id)?, None))
    }
}

/// What the body says beside the message.
struct Look {
    name: Option<String>,
    avatar: Option<String>,
    thread: Option<String>,
    tags: Vec<u64>,
}

impl Look {
    fn read(form: Form<'_>, channel: &Channel) -> Self {
        let forum = is_forum(channel);
        let tags = form.get("applied_tags").filter(|_| forum);
        Self {
            name: read_name(form, "username"),
            avatar: read_avatar(form),
            thread: form
                .string("thread_name", 0, MAX_THREAD_NAME)
                .filter(|name| !name.trim().is_empty())
                .map(str::to_owned),
            tags: tags.map(|_| read_applied_tags(form, Some(channel))).unwrap_or_default(),
        }
    }
}

/// The hash of the picture behind an address. It is not fetched: the CDN draws one from the hash.
fn read_avatar(form: Form<'_>) -> Option<String> {
    let url = form.string("avatar_url", 0, MAX_URL).filter(|url| !url.is_empty())?;
    if !(url.starts_with("http://") || url.starts_with("https://")) {
        let message = "Scheme must be one of ('http', 'https').";
        form.error("avatar_url", "URL_TYPE_INVALID_SCHEME", message);
    }
    Some(image::hash_of(url.as_bytes()))
}

fn is_forum(channel: &Channel) -> bool {
    matches!(channel.kind, ChannelKind::Forum | ChannelKind::Media)
}

/// Where the message goes, given the webhook's channel; for a new post the forum itself.
fn place(
    world: &World,
    channel: &Channel,
    thread: Option<ChannelId>,
    named: bool,
) -> Result<ChannelId, ApiError> {
    if named && !is_forum(channel) {
        return Err(ApiError::new(400, 220_003, "Webhooks can only create threads in forum channels"));
    }
    match thread {
        Some(_) if named => {
            let message = "Webhooks posted to forum channels cannot have both a thread_name and thread_id";
            Err(ApiError::new(400, 220_002, message))
        }
        Some(id) => {
            let thread = thread_of(world, channel.id, id)?;
            if thread.thread.as_ref().is_some_and(|meta| meta.locked) {
                return Err(ApiError::thread_locked());
            }
            Ok(id)
        }
        None if is_forum(channel) && !named => {
            let message = "Webhooks posted to forum channels must have a thread_name or thread_id";
            Err(ApiError::new(400, 220_001, message))
        }
        None => Ok(channel.id),
    }
}

/// A thread of the webhook's channel, or 10003.
pub(super) fn thread_of(world: &World, channel: ChannelId, thread: ChannelId) -> Result<&Channel, ApiError> {
    let found = world.channel(thread)?;
    if found.kind.is_thread() && found.parent == Some(channel) {
        Ok(found)
    } else {
        Err(ApiError::unknown_channel())
    }
}

/// An application's webhooks may send all components. Those of others are read with `with_components` only, and then
/// there may be none that somebody can press or choose from: there is nobody to be told.
pub(super) fn check_components(
    webhook: &Webhook,
    with_components: bool,
    body: &mut Value,
) -> Result<(), ApiError> {
    if webhook.application.is_some() {
        return Ok(());
    }
    if !with_components {
        if let Some(body) = body.as_object_mut() {
            body.shift_remove("components");
        }
        return Ok(());
    }
    match interactive(&body["components"], "components") {
        None => Ok(()),
        Some(path) => {
            let message = "Only webhooks that an application owns can send interactive components.";
            Err(ApiError::form(&path, "WEBHOOK_COMPONENT_INTERACTIVE", message))
        }
    }
}

/// The path of the first component that starts interactions.
fn interactive(value: &Value, path: &str) -> Option<String> {
    /// A button that is a link.
    const LINK: u64 = 5;
    match value {
        Value::Array(list) => list.iter().enumerate().find_map(|(i, v)| interactive(v, &body::join(path, i))),
        Value::Object(map) => {
            let number = |key: &str| map.get(key).and_then(Value::as_u64);
            let starts = match number("type") {
                Some(2) => number("style") != Some(LINK),
                kind => matches!(kind, Some(3 | 5..=8)),
            };
            if starts {
                return Some(path.to_owned());
            }
            let inner = ["components", "accessory"].into_iter();
            inner
                .filter_map(|k| Some((k, map.get(k)?)))
                .find_map(|(k, v)| interactive(v, &body::join(path, k)))
        }
        _ => None,
    }
}
