//! Slack's incoming webhook bodies, read as messages. See Discord docs: Webhook / Execute Slack-Compatible Webhook.

use serde_json::{Map, Value, json};

use crate::Timestamp;

/// Embeds of one message; further attachments are left out.
const MAX_EMBEDS: usize = 10;
/// Fields of one embed.
const MAX_FIELDS: usize = 25;
/// Colours that Slack has names for.
const NAMED: [(&str, u32); 3] = [("good", 0x2E_B886), ("warning", 0xDA_A038), ("danger", 0xA3_0200)];

/// The body of a message with the same text: `text`, `username`, `icon_url` and `attachments`, which become embeds.
/// A form's `payload` holds all of it as JSON. `channel`, `icon_emoji`, `mrkdwn` and `mrkdwn_in` are not read.
pub fn from_slack(body: &Value) -> Value {
    let payload = body["payload"].as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let body = payload.as_ref().unwrap_or(body);
    let mut message = Map::new();
    if let Some(text) = body["text"].as_str() {
        message.insert("content".into(), links(text).into());
    }
    for (from, to) in [("username", "username"), ("icon_url", "avatar_url")] {
        if let Some(value) = body.get(from).filter(|v| !v.is_null()) {
            message.insert(to.into(), value.clone());
        }
    }
    let attachments = body["attachments"].as_array().map_or(&[][..], Vec::as_slice);
    let embeds: Vec<Value> =
        attachments.iter().map(embed).filter(|e| e != &json!({})).take(MAX_EMBEDS).collect();
    if !embeds.is_empty() {
        message.insert("embeds".into(), embeds.into());
    }
    Value::Object(message)
}

/// Slack writes `<address|words>` where Discord writes `[words](address)`.
fn links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let inner =
            from[1..].split_once('>').and_then(|(inner, after)| Some((inner.split_once('|')?, after)));
        match inner.filter(|((address, _), _)| address.starts_with("http")) {
            Some(((address, words), after)) => {
                out.extend(["[", words, "](", address, ")"]);
                rest = after;
            }
            None => {
                out.push('<');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn embed(attachment: &Value) -> Value {
    let mut embed = json!({});
    let text = |key: &str| attachment[key].as_str().filter(|t| !t.is_empty());
    if let Some(title) = text("title") {
        embed["title"] = title.into();
    }
    if let Some(url) = text("title_link") {
        embed["url"] = url.into();
    }
    let lines: Vec<String> = ["pretext", "text"].into_iter().filter_map(text).map(links).collect();
    if !lines.is_empty() {
        embed["description"] = lines.join("\n").into();
    }
    if let Some(color) = text("color").and_then(color) {
        embed["color"] = color.into();
    }
    if let Some(seconds) = attachment["ts"].as_u64() {
        embed["timestamp"] = Timestamp::from_ms(seconds.saturating_mul(1000)).iso().into();
    }
    if let Some(footer) = text("footer") {
        embed["footer"] = json!({ "text": footer, "icon_url": text("footer_icon") });
    }
    if let Some(name) = text("author_name") {
        embed["author"] =
            json!({ "name": name, "url": text("author_link"), "icon_url": text("author_icon") });
    }
    for (from, to) in [("image_url", "image"), ("thumb_url", "thumbnail")] {
        if let Some(url) = text(from) {
            embed[to] = json!({ "url": url });
        }
    }
    let fields = attachment["fields"].as_array().map_or(&[][..], Vec::as_slice);
    let field = |field: &Value| {
        // Slack's own names, and those that Discord's document gives.
        let either = |one: &str, other: &str| field.get(one).or_else(|| field.get(other)).cloned();
        let name = either("title", "name")?;
        let inline = either("short", "inline").unwrap_or(false.into());
        Some(json!({ "name": name, "value": field["value"], "inline": inline }))
    };
    let fields: Vec<Value> = fields.iter().filter_map(field).take(MAX_FIELDS).collect();
    if !fields.is_empty() {
        embed["fields"] = fields.into();
    }
    embed
}

/// `#rrggbb`, `#rgb`, or one of Slack's names.
fn color(text: &str) -> Option<u32> {
    if let Some((_, color)) = NAMED.iter().find(|(name, _)| *name == text) {
        return Some(*color);
    }
    let digits = text.strip_prefix('#')?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    match digits.len() {
        6 => Some(number),
        3 => {
            Some([number >> 8, number >> 4 & 15, number & 15].iter().fold(0, |all, d| all << 8 | d << 4 | d))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_change_their_spelling_and_mentions_stay() {
        assert_eq!(links("see <https://a.example|the page> now"), "see [the page](https://a.example) now");
        assert_eq!(links("<@1> <https://a.example> 1 < 2 | 3 > 2"), "<@1> <https://a.example> 1 < 2 | 3 > 2");
    }

    #[test]
    fn attachments_become_embeds() {
        let body = json!({
            "text": "Deployed", "username": "deploy", "icon_url": "https://a.example/i.png",
            "attachments": [{
                "pretext": "before", "text": "after", "title": "Build", "title_link": "https://a.example",
                "color": "#0af", "ts": 1_700_000_000, "footer": "foot", "author_name": "me",
                "fields": [{ "title": "Time", "value": "3 s", "short": true }, { "value": "nameless" }],
            }, {}],
        });
        let message = from_slack(&body);
        assert_eq!(
            (&message["content"], &message["username"], &message["avatar_url"]),
            (&json!("Deployed"), &json!("deploy"), &json!("https://a.example/i.png"))
        );
        assert_eq!(message["embeds"].as_array().map(Vec::len), Some(1), "an empty one is none");
        let embed = &message["embeds"][0];
        assert_eq!((&embed["description"], &embed["color"]), (&json!("before\nafter"), &json!(0x00_AAFF)));
        assert_eq!(embed["timestamp"], "2023-11-14T22:13:20.000000+00:00");
        assert_eq!(embed["fields"], json!([{ "name": "Time", "value": "3 s", "inline": true }]));
        let form = json!({ "payload": body.to_string() });
        assert_eq!(from_slack(&form), message, "as a form's field");
        assert_eq!(color("good"), Some(0x2E_B886));
        assert_eq!((color("#12345"), color("red"), color("#xyz")), (None, None, None));
    }
}
