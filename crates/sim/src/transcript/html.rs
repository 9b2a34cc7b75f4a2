//! A transcript as an HTML document that stands by itself: no script, nothing loaded, a fixed width.

use std::fmt::Write as _;

use super::{
    Entry, Mark, Transcript,
    block::{Block, File},
    escape::html as safe,
};

/// What the page may load: its own style and pictures within it. Sent as a header and written into the page,
/// as a saved page has no headers.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
    form-action 'none'";

pub(super) const STYLE: &str = include_str!("style.css");

pub(super) fn render(transcript: &Transcript) -> String {
    let at = transcript.at.iso();
    let place = safe(&transcript.place);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{place}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<header>\n<h1>{place}</h1>\n"
    );
    let whom = match &transcript.seen_by {
        Some(name) => format!("as <bdi>{}</bdi> sees it", safe(name)),
        None => "everything said".into(),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(out, "<p>{whom}, {} {} UTC</p>\n</header>", &at[..10], &at[11..19]);
    if transcript.older {
        out.push_str("<p class=\"note\">Older messages are left out.</p>\n");
    }
    if transcript.entries.is_empty() {
        out.push_str("<p class=\"note\">No messages.</p>\n");
    }
    let mut day = String::new();
    for entry in &transcript.entries {
        let iso = entry.sent.iso();
        if iso[..10] != day {
            iso[..10].clone_into(&mut day);
            let _ = writeln!(out, "<h2>{day}</h2>");
        }
        article(&mut out, entry, &iso[11..19]);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn article(out: &mut String, entry: &Entry, time: &str) {
    let only = entry.marks.iter().any(|mark| matches!(mark, Mark::Only(_)));
    let class = if only { " class=\"only\"" } else { "" };
    let initial = entry.author.chars().next().map(|c| safe(&c.to_string())).unwrap_or_default();
    let _ = write!(
        out,
        "<article id=\"m{}\"{class}>\n<div class=\"who\" style=\"--hue:{}\" aria-hidden=\"true\">{initial}</div>\n\
         <div class=\"what\">\n<p class=\"head\"><bdi class=\"name\">{}</bdi> <span class=\"handle\">@{}</span>",
        safe(&entry.id),
        entry.hue,
        safe(&entry.author),
        safe(&entry.handle)
    );
    for mark in &entry.marks {
        let _ = write!(out, " <span class=\"mark\">{}</span>", safe(&mark.label()));
    }
    let _ = writeln!(out, " <time>{time}</time></p>");
    if let Some(reply) = &entry.reply {
        let quoted = match &reply.excerpt {
            Some(text) => format!("<bdi>{}</bdi>: {}", safe(&reply.author), safe(text)),
            None => "(deleted message)".into(),
        };
        let _ = writeln!(out, "<blockquote>{quoted}</blockquote>");
    }
    if let Some(because) = &entry.because {
        let _ = writeln!(out, "<blockquote>{}</blockquote>", safe(because));
    }
    if !entry.text.is_empty() {
        let _ = writeln!(out, "<p class=\"text\">{}</p>", safe(&entry.text));
    }
    all(out, &entry.blocks);
    if !entry.reactions.is_empty() {
        out.push_str("<p class=\"reactions\">");
        for reaction in &entry.reactions {
            let class = if reaction.mine { " class=\"own\"" } else { "" };
            let _ = write!(out, "<span{class}>{} {}</span>", safe(&reaction.emoji), reaction.count);
        }
        out.push_str("</p>\n");
    }
    out.push_str("</div>\n</article>\n");
}

fn all(out: &mut String, blocks: &[Block]) {
    for each in blocks {
        block(out, each);
    }
}

fn block(out: &mut String, block: &Block) {
    let _ = match block {
        Block::Text(text) => writeln!(out, "<p class=\"text\">{}</p>", safe(text)),
        Block::Heading { text, url } => {
            // Shown, not linked: nothing on the page leads elsewhere.
            let url = url.as_deref().map(|u| format!(" <span class=\"url\">{}</span>", safe(u)));
            writeln!(out, "<p class=\"title\">{}{}</p>", safe(text), url.unwrap_or_default())
        }
        Block::Row(blocks) => {
            out.push_str("<div class=\"row\">\n");
            all(out, blocks);
            writeln!(out, "</div>")
        }
        Block::Button { label, target, disabled } => {
            let off = if *disabled { " off" } else { "" };
            writeln!(
                out,
                "<span class=\"control{off}\">{} <small>{}</small></span>",
                safe(label),
                safe(target)
            )
        }
        Block::Select { what, placeholder, options, disabled } => {
            let off = if *disabled { " off" } else { "" };
            let _ =
                writeln!(out, "<div class=\"control menu{off}\">{} <small>{what}</small>", safe(placeholder));
            for (label, chosen) in options {
                let mark = if *chosen { "●" } else { "○" };
                let _ = writeln!(out, "<span>{mark} {}</span>", safe(label));
            }
            writeln!(out, "</div>")
        }
        Block::File(file) => {
            picture_or_name(out, file);
            Ok(())
        }
        Block::Rule => writeln!(out, "<hr>"),
        Block::Frame { what, accent, blocks } => {
            let style = accent.map(|c| format!(" style=\"border-left-color:#{c:06x}\"")).unwrap_or_default();
            let _ = writeln!(out, "<section class=\"frame\" aria-label=\"{what}\"{style}>");
            all(out, blocks);
            writeln!(out, "</section>")
        }
        Block::Section { blocks, beside } => {
            out.push_str("<div class=\"beside\">\n<div>\n");
            all(out, blocks);
            out.push_str("</div>\n");
            self::block(out, beside);
            writeln!(out, "</div>")
        }
        Block::Field { name, value } => {
            writeln!(out, "<p class=\"text\"><strong>{}</strong>\n{}</p>", safe(name), safe(value))
        }
        Block::Unknown(number) => writeln!(out, "<p class=\"note\">Component of type {number}</p>"),
    };
}

fn picture_or_name(out: &mut String, file: &File) {
    let hidden = if file.spoiler { " · spoiler" } else { "" };
    out.push_str("<figure>\n");
    if let Some(address) = &file.picture {
        let _ = writeln!(out, "<img src=\"{address}\" alt=\"{}\">", safe(&file.about));
    }
    let _ = writeln!(
        out,
        "<figcaption>{} <small>{}{hidden}</small></figcaption>\n</figure>",
        safe(&file.name),
        safe(&file.about)
    );
}
