//! What hangs below a message's text, as data: embeds, files, components, polls.

use serde_json::Value;

/// One thing below the text. Strings are as they were written: the renderers escape them.
#[derive(Clone, Debug)]
pub(super) enum Block {
    Text(String),
    /// A link or a title line.
    Heading {
        text: String,
        url: Option<String>,
    },
    Row(Vec<Block>),
    Button {
        label: String,
        target: String,
        disabled: bool,
    },
    Select {
        what: &'static str,
        placeholder: String,
        options: Vec<(String, bool)>,
        disabled: bool,
    },
    File(File),
    Rule,
    /// A framed group: an embed, a container, a poll.
    Frame {
        what: &'static str,
        accent: Option<u32>,
        blocks: Vec<Block>,
    },
    Section {
        blocks: Vec<Block>,
        beside: Box<Block>,
    },
    /// A name and a value, as in an embed's field.
    Field {
        name: String,
        value: String,
    },
    Unknown(u64),
}

/// A file or a picture from elsewhere.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) name: String,
    /// Size, type and alt text, for people.
    pub(super) about: String,
    /// `data:` address, when it is a picture small enough to be part of the page.
    pub(super) picture: Option<String>,
    pub(super) spoiler: bool,
}

/// Turns Discord's objects into blocks; `file` looks up what an address stands for.
pub(super) struct Reader<'a> {
    pub(super) file: &'a dyn Fn(&str) -> File,
    /// Replaces mentions by names.
    pub(super) say: &'a dyn Fn(&str) -> String,
}

fn text_of(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

impl Reader<'_> {
    /// All that hangs below a message's text, or below that of one which was forwarded.
    pub(super) fn below(&self, message: &Value) -> Vec<Block> {
        let mut blocks: Vec<Block> = list(message, "embeds").iter().map(|e| self.embed(e)).collect();
        let attached = list(message, "attachments").iter().filter_map(|a| a["url"].as_str());
        blocks.extend(attached.map(|url| Block::File((self.file)(url))));
        if message["poll"].is_object() {
            blocks.push(self.poll(&message["poll"]));
        }
        blocks.extend(list(message, "components").iter().map(|c| self.component(c)));
        blocks
    }

    /// See Discord docs: Message / Embed Object.
    pub(super) fn embed(&self, embed: &Value) -> Block {
        let mut blocks = Vec::new();
        if let Some(name) = embed["author"]["name"].as_str() {
            blocks.push(Block::Text(name.to_owned()));
        }
        if let Some(title) = embed["title"].as_str() {
            let url = embed["url"].as_str().map(str::to_owned);
            blocks.push(Block::Heading { text: (self.say)(title), url });
        }
        if let Some(text) = embed["description"].as_str() {
            blocks.push(Block::Text((self.say)(text)));
        }
        for field in list(embed, "fields") {
            let value = (self.say)(field["value"].as_str().unwrap_or_default());
            blocks.push(Block::Field { name: text_of(field, "name"), value });
        }
        for key in ["image", "thumbnail"] {
            if let Some(url) = embed[key]["url"].as_str() {
                blocks.push(Block::File((self.file)(url)));
            }
        }
        let footer = [embed["footer"]["text"].as_str(), embed["timestamp"].as_str()];
        let footer: Vec<&str> = footer.into_iter().flatten().collect();
        if !footer.is_empty() {
            blocks.push(Block::Text(footer.join(" · ")));
        }
        Block::Frame { what: "embed", accent: color(&embed["color"]), blocks }
    }

    /// See Discord docs: Components / Component Reference.
    pub(super) fn component(&self, component: &Value) -> Block {
        let inner = |key: &str| list(component, key).iter().map(|c| self.component(c)).collect::<Vec<_>>();
        let media = |item: &Value, key: &str| {
            let mut file = (self.file)(item[key]["url"].as_str().unwrap_or_default());
            if let Some(alt) = item["description"].as_str() {
                file.about = format!("{}; {alt}", file.about);
            }
            file.spoiler |= item["spoiler"] == true;
            file
        };
        let number = component["type"].as_u64().unwrap_or_default();
        match number {
            1 => Block::Row(inner("components")),
            2 => self.button(component),
            3 | 5..=8 => select(number, component),
            9 => Block::Section {
                blocks: inner("components"),
                beside: Box::new(self.component(&component["accessory"])),
            },
            10 => Block::Text((self.say)(component["content"].as_str().unwrap_or_default())),
            11 => Block::File(media(component, "media")),
            12 => {
                Block::Row(list(component, "items").iter().map(|i| Block::File(media(i, "media"))).collect())
            }
            13 => Block::File(media(component, "file")),
            14 => Block::Rule,
            17 => Block::Frame {
                what: "container",
                accent: color(&component["accent_color"]),
                blocks: inner("components"),
            },
            other => Block::Unknown(other),
        }
    }

    #[expect(clippy::unused_self, reason = "reads like its siblings")]
    fn button(&self, button: &Value) -> Block {
        let emoji = button["emoji"]["name"].as_str();
        let parts: Vec<&str> = [emoji, button["label"].as_str()].into_iter().flatten().collect();
        let target = button["custom_id"].as_str().or(button["url"].as_str()).or(button["sku_id"].as_str());
        Block::Button {
            label: parts.join(" "),
            target: target.unwrap_or_default().to_owned(),
            disabled: button["disabled"] == true,
        }
    }

    /// See Discord docs: Poll / Poll Object.
    pub(super) fn poll(&self, poll: &Value) -> Block {
        let question = (self.say)(poll["question"]["text"].as_str().unwrap_or_default());
        let mut blocks = vec![Block::Heading { text: question, url: None }];
        for answer in list(poll, "answers") {
            blocks.push(Block::Text(format!("○ {}", text_of(&answer["poll_media"], "text"))));
        }
        Block::Frame { what: "poll", accent: None, blocks }
    }
}

fn select(number: u64, component: &Value) -> Block {
    let what = match number {
        3 => "select",
        5 => "user select",
        6 => "role select",
        7 => "mentionable select",
        _ => "channel select",
    };
    let option = |o: &Value| (text_of(o, "label"), o["default"] == true);
    Block::Select {
        what,
        placeholder: text_of(component, "placeholder"),
        options: list(component, "options").iter().map(option).collect(),
        disabled: component["disabled"] == true,
    }
}

fn color(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|c| u32::try_from(c).ok()).map(|c| c & 0xFF_FFFF)
}
