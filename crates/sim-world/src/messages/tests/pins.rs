//! Pins.

use super::*;

fn pin(message: MessageId) -> Pin {
    Pin { actor: bot(), channel: TEXT, message }
}

#[test]
fn case_43_pinning_announces_itself() {
    let mut sim = Sim::new();
    let message = sim.text(person(MEMBER), "x");
    sim.run(pin(message)).unwrap();
    assert_eq!(
        sim.kinds(),
        [
            EventKind::MessageUpdate,
            EventKind::ChannelPinsUpdate,
            EventKind::MessageCreate,
            EventKind::GuildAuditLogEntryCreate
        ]
    );
    assert_eq!(sim.event(EventKind::MessageUpdate).data["pinned"], true);
    assert_eq!(sim.event(EventKind::MessageUpdate).data["edited_timestamp"], Value::Null);
    assert_eq!(
        *sim.event(EventKind::ChannelPinsUpdate).data,
        json!({ "channel_id": TEXT, "last_pin_timestamp": NOW.iso(), "guild_id": GUILD })
    );
    let notice = &sim.event(EventKind::MessageCreate).data;
    assert_eq!((&notice["type"], &notice["author"]["id"]), (&json!(6), &json!(BOT)));
    assert_eq!(notice["message_reference"]["message_id"], message.to_string());
    assert!(notice.get("referenced_message").is_none());
    sim.run(pin(message)).unwrap();
    assert!(sim.events.is_empty(), "pinned already");
    sim.run(Unpin { actor: bot(), channel: TEXT, message }).unwrap();
    let told = [EventKind::MessageUpdate, EventKind::ChannelPinsUpdate, EventKind::GuildAuditLogEntryCreate];
    assert_eq!(sim.kinds(), told);
    assert_eq!(sim.event(EventKind::ChannelPinsUpdate).data["last_pin_timestamp"], Value::Null);
}

#[test]
fn case_43_who_may_pin_what() {
    let mut sim = Sim::new();
    let message = sim.text(person(MEMBER), "x");
    // MANAGE_MESSAGES is no longer enough.
    sim.permissions(DEFAULT_EVERYONE, MANAGE_MESSAGES);
    assert_refused(sim.run(pin(message)), 403, 50013);
    sim.permissions(DEFAULT_EVERYONE, PIN_MESSAGES);
    assert!(sim.run(pin(message)).is_ok());
    let notice: MessageId = sim.event(EventKind::MessageCreate).data["id"].as_str().unwrap().parse().unwrap();
    assert_refused(sim.run(pin(notice)), 403, 50021);
    assert_refused(sim.run(pin(MessageId::new(5))), 404, 10008);
    assert_refused(sim.run(Pin { channel: THREAD, ..pin(message) }), 400, 50019);
    let direct = id(&sim.create(bot(), DM, json!({ "content": "x" })).unwrap());
    assert!(sim.run(Pin { channel: DM, ..pin(direct) }).is_ok());
}

#[test]
fn case_43_a_channel_holds_250_pins_and_lists_them_by_page() {
    let mut sim = Sim::new();
    let ids: Vec<MessageId> = (0..251).map(|i| sim.text(bot(), &i.to_string())).collect();
    for id in &ids[..250] {
        sim.advance(1);
        sim.run(pin(*id)).unwrap();
    }
    assert_refused(sim.run(pin(ids[250])), 400, 30003);
    let page = |page: PinsPage| pins(&sim.world, bot(), TEXT, &page, sim.now).unwrap();
    let first = page(PinsPage::default());
    assert_eq!((first["items"].as_array().unwrap().len(), &first["has_more"]), (50, &json!(true)));
    assert_eq!(first["items"][0]["message"]["content"], "249", "pinned last, listed first");
    let at = first["items"][49]["pinned_at"].as_str().unwrap();
    let next = page(PinsPage { limit: Some(1), before: Timestamp::parse_iso(at) });
    assert_eq!(next["items"][0]["message"]["content"], "199");
    let oldest = Timestamp::parse_iso(NOW.plus(std::time::Duration::from_secs(2)).iso().as_str());
    assert_eq!(page(PinsPage { limit: None, before: oldest })["has_more"], false);
    assert_eq!(pins_old(&sim.world, bot(), TEXT, sim.now).unwrap().as_array().unwrap().len(), 50);
    assert_form(
        pins(&sim.world, bot(), TEXT, &PinsPage { limit: Some(51), before: None }, sim.now),
        "limit",
        "NUMBER_TYPE_MAX",
    );
    sim.permissions(VIEW_CHANNEL, 0);
    let none = pins(&sim.world, bot(), TEXT, &PinsPage::default(), sim.now);
    assert_eq!(none, Ok(json!({ "items": [], "has_more": false })));
}
