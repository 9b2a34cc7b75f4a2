//! A transcript as plain text.

use super::{
    Entry, Transcript,
    block::{Block, File},
    escape::{line, plain},
};

/// Where a message's content begins.
const INDENT: &str = "          ";

pub(super) fn render(transcript: &Transcript) -> String {
    let at = transcript.at.iso();
    let mut out = Lines::default();
    out.push(0, &line(&transcript.place));
    let whom =
        transcript.seen_by.as_deref().map_or("everything said".into(), |n| format!("as {} sees it", line(n)));
    out.push(0, &format!("{whom}, {} {} UTC", &at[..10], &at[11..19]));
    if transcript.older {
        out.push(0, "(older messages left out)");
    }
    if transcript.entries.is_empty() {
        out.push(0, "(no messages)");
    }
    let mut day = String::new();
    for entry in &transcript.entries {
        let iso = entry.sent.iso();
        if iso[..10] != day {
            iso[..10].clone_into(&mut day);
            out.push(0, "");
            out.push(0, &day);
        }
        out.entry(entry, &iso[11..19]);
    }
    out.0
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A text at a depth; each of its lines is indented.
    fn push(&mut self, depth: usize, text: &str) {
        for line in text.split('\n') {
            if !line.is_empty() {
                if depth > 0 {
                    self.0.push_str(INDENT);
                    self.0.push_str(&"  ".repeat(depth - 1));
                }
                self.0.push_str(line);
            }
            self.0.push('\n');
        }
    }

    fn entry(&mut self, entry: &Entry, time: &str) {
        let mut head = format!("{time}  {} (@{})", line(&entry.author), line(&entry.handle));
        for mark in &entry.marks {
            head.extend([" [", &line(&mark.label()), "]"]);
        }
        self.push(0, &head);
        if let Some(reply) = &entry.reply {
            match &reply.excerpt {
                Some(excerpt) => self.push(1, &format!("> {}: {excerpt}", line(&reply.author))),
                None => self.push(1, "> (deleted message)"),
            }
        }
        if let Some(because) = &entry.because {
            self.push(1, &format!("> {}", line(because)));
        }
        if !entry.text.is_empty() {
            self.push(1, &plain(&entry.text));
        }
        self.all(1, &entry.blocks);
        if !entry.reactions.is_empty() {
            let shown = entry
                .reactions
                .iter()
                .map(|r| format!("{} {}{}", line(&r.emoji), r.count, if r.mine { " (own)" } else { "" }));
            self.push(1, &format!("[reactions] {}", shown.collect::<Vec<_>>().join(", ")));
        }
    }

    fn all(&mut self, depth: usize, blocks: &[Block]) {
        for block in blocks {
            self.block(depth, block);
        }
    }

    fn block(&mut self, depth: usize, block: &Block) {
        match block {
            Block::Text(text) => self.push(depth, &plain(text)),
            Block::Heading { text, url } => {
                let url = url.as_deref().map(|url| format!(" <{}>", line(url))).unwrap_or_default();
                self.push(depth, &format!("{}{url}", line(text)));
            }
            Block::Row(blocks) => self.all(depth, blocks),
            Block::Button { label, target, disabled } => {
                let off = if *disabled { ", disabled" } else { "" };
                self.push(depth, &format!("[button] {} ({}{off})", line(label), line(target)));
            }
            Block::Select { what, placeholder, options, disabled } => {
                let off = if *disabled { " (disabled)" } else { "" };
                self.push(depth, &format!("[{what}] {}{off}", line(placeholder)));
                for (label, chosen) in options {
                    self.push(depth + 1, &format!("{} {}", if *chosen { "*" } else { "-" }, line(label)));
                }
            }
            Block::File(File { name, about, spoiler, .. }) => {
                let hidden = if *spoiler { ", spoiler" } else { "" };
                self.push(depth, &format!("[file] {} ({}{hidden})", line(name), line(about)));
            }
            Block::Rule => self.push(depth, "---"),
            Block::Frame { what, accent, blocks } => {
                let accent = accent.map(|c| format!(" #{c:06x}")).unwrap_or_default();
                self.push(depth, &format!("[{what}{accent}]"));
                self.all(depth + 1, blocks);
            }
            Block::Section { blocks, beside } => {
                self.all(depth, blocks);
                self.block(depth + 1, beside);
            }
            Block::Field { name, value } => {
                self.push(depth, &format!("{}: {}", line(name), plain(value)));
            }
            Block::Unknown(number) => self.push(depth, &format!("[component of type {number}]")),
        }
    }
}
