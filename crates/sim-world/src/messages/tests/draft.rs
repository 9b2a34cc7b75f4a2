//! Reading bodies: limits, paths and shapes (acceptance cases 18, 31, 41).

use super::*;

fn read(body: Value) -> Result<Draft, ApiError> {
    draft(&body, Vec::new(), Rules::Channel, NOW)
}

fn read_files(body: Value, files: Vec<Upload>) -> Result<Draft, ApiError> {
    draft(&body, files, Rules::Channel, NOW)
}

#[test]
fn text_is_trimmed_and_limited() {
    assert_eq!(read(json!({ "content": "  hi \n" })).unwrap().content, "hi");
    assert_eq!(read(json!({ "content": "ä".repeat(2000) })).unwrap().content.chars().count(), 2000);
    assert_form(read(json!({ "content": "ä".repeat(2001) })), "content", "BASE_TYPE_MAX_LENGTH");
    assert_form(read(json!({ "content": 5 })), "content", "STRING_TYPE_CONVERT");
    assert_refused(read(json!({ "content": " \n" })), 400, 50006);
    assert_refused(read(json!({})), 400, 50006);
    assert_refused(read(json!({ "content": null, "embeds": [], "components": null })), 400, 50006);
    assert_form(read(json!([])), "", "MODEL_TYPE_CONVERT");
}

#[test]
fn case_18_embed_limits_with_paths() {
    let field = json!({ "name": "n", "value": "v" });
    let embed = |embed: Value| read(json!({ "embeds": [{ "title": "first" }, embed] }));
    assert!(embed(json!({ "fields": vec![field.clone(); 25] })).is_ok());
    let many = embed(json!({ "fields": vec![field; 26] }));
    assert_form(many, "embeds.1.fields", "BASE_TYPE_MAX_LENGTH");
    let long = |n: usize| "x".repeat(n);
    for (path, max, body) in [
        ("title", 256, (|t| json!({ "title": t })) as fn(String) -> Value),
        ("description", 4096, |t| json!({ "description": t })),
        ("footer.text", 2048, |t| json!({ "footer": { "text": t } })),
        ("author.name", 256, |t| json!({ "author": { "name": t } })),
        ("fields.0.name", 256, |t| json!({ "fields": [{ "name": t, "value": "v" }] })),
        ("fields.0.value", 1024, |t| json!({ "fields": [{ "name": "n", "value": t }] })),
    ] {
        assert!(embed(body(long(max))).is_ok(), "{path} of {max}");
        // Blanks at the ends do not count.
        assert!(embed(body(format!(" {} ", long(max)))).is_ok(), "{path} of {max} with blanks");
        assert_form(embed(body(long(max + 1))), &format!("embeds.1.{path}"), "BASE_TYPE_MAX_LENGTH");
    }
    assert_form(
        embed(json!({ "fields": [{ "name": "n" }] })),
        "embeds.1.fields.0.value",
        "BASE_TYPE_REQUIRED",
    );
    assert_form(
        embed(json!({ "fields": [{ "name": " ", "value": "v" }] })),
        "embeds.1.fields.0.name",
        "BASE_TYPE_REQUIRED",
    );
    assert_form(embed(json!({})), "embeds.1.description", "BASE_TYPE_REQUIRED");
    assert_form(embed(json!({ "title": "t", "color": 0x0100_0000 })), "embeds.1.color", "NUMBER_TYPE_MAX");
    assert_form(embed(json!({ "title": "t", "url": "nope" })), "embeds.1.url", "URL_TYPE_INVALID_URL");
    assert_form(
        embed(json!({ "image": { "url": "ftp://x/y" } })),
        "embeds.1.image.url",
        "URL_TYPE_INVALID_SCHEME",
    );
    assert_form(
        embed(json!({ "title": "t", "timestamp": "soon" })),
        "embeds.1.timestamp",
        "DATE_TIME_TYPE_PARSE",
    );
    let eleven = read(json!({ "embeds": vec![json!({ "title": "t" }); 11] }));
    assert_form(eleven, "embeds", "BASE_TYPE_MAX_LENGTH");
}

#[test]
fn case_18_embeds_hold_6000_characters_together() {
    let halves = |n: usize| json!({ "embeds": [{ "description": "x".repeat(3000) }, { "description": "x".repeat(n) }] });
    assert!(read(halves(3000)).is_ok());
    assert_form(read(halves(3001)), "embeds", "MAX_EMBED_SIZE_EXCEEDED");
}

#[test]
fn embeds_take_the_shape_of_answers() {
    let body = json!({ "embeds": [{
        "type": "video", "title": " t ", "color": "255", "timestamp": "2026-01-02T03:04:05Z",
        "fields": [{ "name": "a", "value": "b" }, { "name": "c", "value": "d", "inline": 1 }],
        "author": { "name": "me", "icon_url": "https://e.org/i.png" },
        "footer": null, "provider": { "name": "ignored" },
    }] });
    assert_eq!(
        read(body).unwrap().embeds[0],
        json!({
            "type": "rich", "title": "t", "color": 255, "timestamp": "2026-01-02T03:04:05.000000+00:00",
            "fields": [{ "name": "a", "value": "b", "inline": false }, { "name": "c", "value": "d", "inline": true }],
            "author": { "name": "me", "icon_url": "https://e.org/i.png", "proxy_icon_url": "https://e.org/i.png" },
        })
    );
}

#[test]
fn case_18_component_errors_have_paths() {
    let button = |id: &str| json!({ "type": 2, "style": 1, "label": "b", "custom_id": id });
    let row =
        |buttons: Vec<Value>| json!({ "content": "x", "components": [{ "type": 1, "components": buttons }] });
    assert!(read(row(vec![button("a"), button("b")])).is_ok());
    assert_form(
        read(row(vec![button("a"), button("a")])),
        "components.0.components.1.custom_id",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    );
    assert_form(
        read(row((0..6).map(|i| button(&i.to_string())).collect())),
        "components.0.components",
        "BASE_TYPE_BAD_LENGTH",
    );
    let error = read(row(vec![button("")])).unwrap_err().nested_under("data");
    let found = error.errors.unwrap();
    assert!(
        found["data"]["components"]["0"]["components"]["0"]["custom_id"]["_errors"].is_array(),
        "{found}"
    );
}

#[test]
fn case_41_v2_has_no_place_for_other_content() {
    const V2: u64 = 1 << 15;
    let text = json!([{ "type": 10, "content": "hello" }]);
    let v2 = |extra: Value| {
        let mut body = json!({ "flags": V2, "components": text });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        read(body)
    };
    assert!(v2(json!({})).unwrap().is_v2());
    assert!(v2(json!({ "content": "", "embeds": [] })).is_ok());
    let code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
    assert_form(v2(json!({ "content": "x" })), "content", code);
    assert_form(v2(json!({ "embeds": [{ "title": "x" }] })), "embeds", code);
    assert_form(
        v2(
            json!({ "poll": { "question": { "text": "?" }, "answers": [{ "poll_media": { "text": "!" } }] } }),
        ),
        "poll",
        code,
    );
    assert_form(v2(json!({ "sticker_ids": ["1"] })), "sticker_ids", code);
    assert_form(read(json!({ "components": text })), "components.0", "UNION_TYPE_CHOICES");
    assert_refused(read(json!({ "flags": V2 })), 400, 50006);
    let texts =
        |n: usize| json!({ "flags": V2, "components": vec![json!({ "type": 10, "content": "x" }); n] });
    assert!(read(texts(40)).is_ok());
    assert_refused(read(texts(41)), 400, 50035);
}

#[test]
fn flags_that_bots_cannot_set_are_dropped() {
    let body = json!({ "content": "x", "flags": (1 << 2) | (1 << 6) | (1 << 7) | (1 << 12) });
    assert_eq!(draft(&body, Vec::new(), Rules::Channel, NOW).unwrap().flags, (1 << 2) | (1 << 12));
    assert_eq!(
        draft(&body, Vec::new(), Rules::Interaction, NOW).unwrap().flags,
        (1 << 2) | (1 << 6) | (1 << 12)
    );
    assert_form(read(json!({ "content": "x", "flags": "many" })), "flags", "NUMBER_TYPE_COERCE");
}

#[test]
fn allowed_mentions_cannot_contradict_themselves() {
    let mentions = |m: Value| read(json!({ "content": "x", "allowed_mentions": m }));
    let code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE";
    assert_form(mentions(json!({ "parse": ["users"], "users": ["1"] })), "allowed_mentions", code);
    assert_form(mentions(json!({ "parse": ["roles"], "roles": [1] })), "allowed_mentions", code);
    // An empty list is no contradiction. See Discord docs: Message / Allowed Mentions Object.
    let allowed = mentions(json!({ "parse": ["users"], "users": [], "roles": ["5", 6] })).unwrap().allowed;
    assert_eq!(allowed.users, Allowed::All);
    assert_eq!(allowed.roles, Allowed::Only(vec![RoleId::new(5), RoleId::new(6)]));
    assert!(!allowed.everyone && !allowed.replied_user);
    assert_form(mentions(json!({ "parse": ["all"] })), "allowed_mentions.parse.0", "BASE_TYPE_CHOICES");
    let many: Vec<_> = (1..=101).collect();
    assert_form(mentions(json!({ "users": many })), "allowed_mentions.users", "BASE_TYPE_MAX_LENGTH");
    assert_eq!(mentions(Value::Null).unwrap().allowed, AllowedMentions::all());
}

#[test]
fn references_and_nonces_come_as_strings_or_integers() {
    let big = 1_234_567_890_123_456_789_u64;
    for id in [json!(big), json!(big.to_string())] {
        let draft =
            read(json!({ "content": "x", "message_reference": { "message_id": id, "channel_id": id } }))
                .unwrap();
        let expected =
            ReplyTo { message: MessageId::new(big), channel: Some(ChannelId::new(big)), required: true };
        assert_eq!(draft.reply_to, Some(expected));
    }
    let missing = read(json!({ "content": "x", "message_reference": { "channel_id": "1" } }));
    assert_form(missing, "message_reference.message_id", "BASE_TYPE_REQUIRED");
    let other = read(json!({ "content": "x", "message_reference": { "message_id": "1", "type": 2 } }));
    assert_form(other, "message_reference.type", "BASE_TYPE_CHOICES");
    // Only a reply knows its channel by itself.
    let forward = read(json!({ "message_reference": { "message_id": "1", "type": 1 } }));
    assert_form(forward, "message_reference.channel_id", "BASE_TYPE_REQUIRED");
    assert_eq!(read(json!({ "content": "x", "nonce": big })).unwrap().nonce, Some(json!(big)));
    assert_form(read(json!({ "content": "x", "nonce": "n".repeat(26) })), "nonce", "BASE_TYPE_MAX_LENGTH");
    assert_form(read(json!({ "content": "x", "nonce": 1.5 })), "nonce", "NONCE_TYPE_CONVERT");
}

#[test]
fn case_31_files_and_their_descriptions() {
    let files = vec![upload(0, "a b.png", PNG), upload(7, "b.txt", b"text")];
    let body = json!({ "attachments": [
        { "id": "7", "description": "words", "is_spoiler": true },
        { "id": 0, "filename": "c.png" },
    ] });
    let draft = read_files(body, files).unwrap();
    let seen: Vec<_> = draft.files.iter().map(|f| (f.filename.as_str(), f.description.as_deref())).collect();
    assert_eq!(seen, [("c.png", None), ("SPOILER_b.txt", Some("words"))]);
    assert_eq!(draft.files[0].dimensions, Some((320, 240)));
    assert_eq!(draft.files[0].content_type.as_deref(), Some("image/png"));
    let one = || vec![upload(0, "a.txt", b"x")];
    assert_form(
        read_files(json!({ "attachments": [{ "id": 3 }] }), one()),
        "attachments.0.id",
        "ATTACHMENT_NOT_FOUND",
    );
    let long = json!({ "attachments": [{ "id": 0, "description": "x".repeat(1025) }] });
    assert_form(read_files(long, one()), "attachments.0.description", "BASE_TYPE_MAX_LENGTH");
    // No list at all attaches everything.
    assert_eq!(read_files(json!({}), one()).unwrap().files.len(), 1);
}

#[test]
fn file_limits() {
    let zeros = |n: usize| upload(0, "a.bin", &vec![0; n]);
    assert!(read_files(json!({}), vec![zeros(MAX_FILE_BYTES)]).is_ok());
    assert_refused(read_files(json!({}), vec![zeros(MAX_FILE_BYTES + 1)]), 400, 50045);
    assert_refused(read_files(json!({}), (0..3).map(|_| zeros(MAX_FILE_BYTES)).collect()), 413, 40005);
    assert_refused(read_files(json!({}), (0..11).map(|_| zeros(1)).collect()), 400, 30015);
}

#[test]
fn polls_and_stickers_are_kept() {
    let poll = json!({
        "question": { "text": "Tea?" }, "duration": 2,
        "answers": [{ "poll_media": { "text": "yes", "emoji": { "name": "👍" } } }, { "poll_media": { "text": "no" } }],
    });
    let poll = read(json!({ "poll": poll })).unwrap().poll.unwrap();
    assert_eq!(poll.answers[1], json!({ "answer_id": 2, "poll_media": { "text": "no" } }));
    assert_eq!(poll.expiry, NOW.plus(std::time::Duration::from_secs(7200)));
    assert_form(
        read(json!({ "poll": { "question": { "text": "?" } } })),
        "poll.answers",
        "BASE_TYPE_REQUIRED",
    );
    let draft = read(json!({ "sticker_ids": ["749054660769218631"] })).unwrap();
    assert_eq!(draft.stickers, [crate::StickerId::new(749_054_660_769_218_631)]);
    // Answers to interactions have none.
    let answer = super::super::draft(&json!({ "sticker_ids": ["1"] }), Vec::new(), Rules::Interaction, NOW);
    assert_refused(answer, 400, 50006);
}
