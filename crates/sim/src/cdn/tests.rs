//! The CDN from the outside, without a socket.

use axum::{
    body::Body,
    http::{Request, Response},
};
use cogwright_sim_world::{
    Actor, Upload, World,
    messages::CreateMessage,
    places::{self, PatchMe},
    scheduled_events::{CreateScheduledEvent, PatchScheduledEvent},
};
use serde_json::json;
use tower::ServiceExt as _;

use crate::{Addresses, Sim, SimConfig};

fn sim() -> (Sim, cogwright_sim_world::DefaultIds) {
    let addresses = Addresses::of(([127, 0, 0, 1], 8787).into());
    let (world, ids) = World::default_world(&addresses.cdn_base, crate::SimClock::default().now());
    (Sim::new(SimConfig::default(), addresses, world), ids)
}

async fn get_with(sim: &Sim, uri: &str, range: Option<&str>) -> Response<Body> {
    let mut request = Request::builder().uri(uri.trim_start_matches("http://127.0.0.1:8787"));
    if let Some(range) = range {
        request = request.header("range", range);
    }
    let app = super::router().with_state(sim.clone());
    app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn get(sim: &Sim, uri: &str) -> Response<Body> {
    get_with(sim, uri, None).await
}

async fn bytes(response: Response<Body>) -> Vec<u8> {
    axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|v| v.to_str().unwrap())
}

/// Uploads a file as the default bot and returns its address.
fn upload(sim: &Sim, channel: cogwright_sim_world::ChannelId, bot: Actor, name: &str, kind: &str) -> String {
    let file = Upload {
        index: 0,
        filename: name.into(),
        content_type: Some(kind.into()),
        bytes: b"0123456789".to_vec(),
    };
    let body = json!({"content": "a file"});
    let message = sim.apply(CreateMessage { actor: bot, channel, body, files: vec![file] }).unwrap();
    message["attachments"][0]["url"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn pictures_honour_their_size() {
    let (sim, _) = sim();
    for (query, side) in [("", 256), ("?size=16", 16), ("?size=1024", 1024), ("?size=4096", 1024)] {
        let response = get(&sim, &format!("/cdn/embed/avatars/3.png{query}")).await;
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "content-type"), Some("image/png"));
        assert_eq!(header(&response, "x-content-type-options"), Some("nosniff"));
        assert_eq!(header(&response, "content-security-policy"), Some("sandbox; default-src 'none'"));
        assert!(header(&response, "cache-control").unwrap().contains("immutable"));
        let png = bytes(response).await;
        assert_eq!(png[16..20], u32::to_be_bytes(side), "{query}");
    }
    for bad in ["?size=17", "?size=8", "?size=8192", "?size=x"] {
        assert_eq!(get(&sim, &format!("/cdn/embed/avatars/3.png{bad}")).await.status(), 400, "{bad}");
    }
}

#[tokio::test]
async fn avatars_and_icons_exist_for_the_hash_in_force() {
    let (sim, ids) = sim();
    let body = json!({"avatar": "data:image/png;base64,iVBORw0KGgo="});
    let me = sim.apply(PatchMe { actor: Actor::bot(ids.application), body }).unwrap();
    let (user, hash) = (me["id"].as_str().unwrap(), me["avatar"].as_str().unwrap());
    assert_eq!(get(&sim, &format!("/cdn/avatars/{user}/{hash}.webp?size=64")).await.status(), 200);
    assert_eq!(get(&sim, &format!("/cdn/avatars/{user}/another.png")).await.status(), 404);
    assert_eq!(get(&sim, &format!("/cdn/avatars/{user}/{hash}.html")).await.status(), 404);
    assert_eq!(get(&sim, "/cdn/icons/1/a.png").await.status(), 404);
    assert_eq!(get(&sim, "/cdn/embed/avatars/6.png").await.status(), 404);
    assert_eq!(get(&sim, "/cdn/emojis/123456789012345678.webp").await.status(), 200);
    let nothing = get(&sim, "/cdn/nothing/here").await;
    assert_eq!(nothing.status(), 404);
    assert_eq!(header(&nothing, "content-type"), Some("application/json"));
}

#[tokio::test]
async fn what_a_guild_shows_comes_back_as_it_went_in_and_goes_with_its_hash() {
    let (sim, ids) = sim();
    let (actor, id) = (Actor::bot(ids.application), ids.guild);
    let features = json!({"features": ["COMMUNITY", "BANNER", "INVITE_SPLASH", "DISCOVERABLE"]});
    sim.apply(places::operator::PatchGuild { guild: id, body: features }).unwrap();
    let png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==";
    let set = |body| sim.apply(places::PatchGuild { actor, guild: id, body }).unwrap();
    let guild = set(json!({ "icon": png, "banner": png, "splash": png, "discovery_splash": png }));
    let address = |folder: &str, key: &str| format!("/cdn/{folder}/{id}/{}", guild[key].as_str().unwrap());
    let addresses = [
        ("icons", "icon"),
        ("banners", "banner"),
        ("splashes", "splash"),
        ("discovery-splashes", "discovery_splash"),
    ]
    .map(|(folder, key)| address(folder, key));
    for address in &addresses {
        let response = get(&sim, &format!("{address}.webp?size=64")).await;
        assert_eq!(header(&response, "content-type"), Some("image/png"), "{address}");
        assert_eq!(header(&response, "content-security-policy"), Some("sandbox; default-src 'none'"));
        assert_eq!(bytes(response).await, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
        assert_eq!(get(&sim, &format!("{address}.webp?size=17")).await.status(), 400);
        assert_eq!(get(&sim, &format!("{address}.html")).await.status(), 404);
    }
    assert_eq!(
        sim.read(|world, _| world.guild(id).unwrap().pictures.len()),
        1,
        "one picture, shown four times"
    );
    let saved = sim.read(|world, _| serde_json::to_value(world).unwrap());
    let world: World = serde_json::from_value(saved).unwrap();
    assert_eq!(world.guild(id).unwrap().pictures.len(), 1, "a saved world keeps it");
    // Not a picture whatever it calls itself: drawn, never handed to a browser as it came.
    let html = "data:image/png;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==";
    let other = set(json!({ "icon": html, "banner": null, "splash": null, "discovery_splash": null }));
    let icon = get(&sim, &format!("/cdn/icons/{id}/{}.png?size=16", other["icon"].as_str().unwrap())).await;
    assert_eq!(header(&icon, "content-type"), Some("image/png"));
    assert_eq!(bytes(icon).await[16..20], u32::to_be_bytes(16));
    for address in &addresses {
        assert_eq!(get(&sim, &format!("{address}.png")).await.status(), 404, "{address}");
    }
    set(json!({ "icon": null }));
    assert!(sim.read(|world, _| world.guild(id).unwrap().pictures.is_empty()), "nothing is kept for nothing");
}

#[tokio::test]
async fn a_user_s_banner_is_drawn() {
    let (sim, ids) = sim();
    let body = json!({"banner": "data:image/png;base64,iVBORw0KGgo="});
    let me = sim.apply(PatchMe { actor: Actor::bot(ids.application), body }).unwrap();
    let (user, hash) = (me["id"].as_str().unwrap(), me["banner"].as_str().unwrap());
    assert_eq!(get(&sim, &format!("/cdn/banners/{user}/{hash}.png?size=64")).await.status(), 200);
    assert_eq!(get(&sim, &format!("/cdn/banners/{user}/another.png")).await.status(), 404);
}

#[tokio::test]
async fn a_scheduled_event_has_the_cover_of_its_hash() {
    let (sim, ids) = sim();
    let (actor, guild, now) = (Actor::bot(ids.application), ids.guild, sim.clock().now());
    let hours = |n: u64| now.plus(std::time::Duration::from_secs(3600 * n)).iso();
    let body = json!({
        "name": "Picnic", "privacy_level": 2, "entity_type": 3, "entity_metadata": {"location": "The park"},
        "scheduled_start_time": hours(1), "scheduled_end_time": hours(2),
        "image": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==",
    });
    let event = sim.apply(CreateScheduledEvent { actor, guild, body }).unwrap();
    let (id, hash) = (event["id"].as_str().unwrap(), event["image"].as_str().unwrap());
    let cover = format!("/cdn/guild-events/{id}/{hash}.png");
    let response = get(&sim, &format!("{cover}?size=512")).await;
    assert_eq!((response.status().as_u16(), header(&response, "content-type")), (200, Some("image/png")));
    assert_eq!(bytes(response).await, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "as it was uploaded");
    assert_eq!(get(&sim, &format!("{cover}?size=17")).await.status(), 400);
    for wrong in [format!("{id}/another.png"), format!("1/{hash}.png"), format!("{id}/{hash}.txt")] {
        assert_eq!(get(&sim, &format!("/cdn/guild-events/{wrong}")).await.status(), 404, "{wrong}");
    }
    let kept = || sim.read(|world, _| world.guild(guild).unwrap().pictures.len());
    sim.apply(places::PatchGuild { actor, guild, body: json!({"description": "x"}) }).unwrap();
    assert_eq!(kept(), 1, "the guild's own pictures do not push it out");
    let (event, body) = (id.parse().unwrap(), json!({"status": 4}));
    sim.apply(PatchScheduledEvent { actor, guild, event, body }).unwrap();
    assert_eq!(kept(), 0, "of what is over nothing is kept");
    assert_eq!(bytes(get(&sim, &format!("{cover}?size=16")).await).await[16..20], u32::to_be_bytes(16));
}

#[tokio::test]
async fn emojis_stickers_and_sounds_come_back_as_they_went_in() {
    let (sim, ids) = sim();
    let (actor, guild) = (Actor::bot(ids.application), ids.guild);
    let gif = b"GIF89a\x10\0\x10\0\0\0\0";
    let body = json!({"name": "moves", "image": "data:image/gif;base64,R0lGODlhEAAQAAAAAA=="});
    let emoji = sim.apply(places::CreateEmoji { actor, guild, body }).unwrap();
    let emoji = emoji["id"].as_str().unwrap();
    for file in [format!("{emoji}.gif"), format!("{emoji}.webp?size=64&animated=true")] {
        let response = get(&sim, &format!("/cdn/emojis/{file}")).await;
        assert_eq!(header(&response, "content-type"), Some("image/gif"));
        assert_eq!(bytes(response).await, gif);
    }
    let file = Upload { index: 0, filename: "x.gif".into(), content_type: None, bytes: gif.to_vec() };
    let body = json!({"name": "moves", "tags": "x"});
    let sticker = sim.apply(places::CreateSticker { actor, guild, body, files: vec![file] }).unwrap();
    let sticker = sticker["id"].as_str().unwrap();
    let response = get(&sim, &format!("/cdn/stickers/{sticker}.gif")).await;
    assert_eq!(header(&response, "content-type"), Some("image/gif"));
    assert_eq!(bytes(response).await, gif);
    assert_eq!(get(&sim, &format!("/cdn/stickers/{sticker}.json")).await.status(), 404, "not a Lottie");
    assert_eq!(get(&sim, "/cdn/stickers/100000000000000011.png?size=64").await.status(), 200, "everybody's");
    assert_eq!(get(&sim, "/cdn/stickers/123456789012345678.png").await.status(), 404);

    let frame = "//uQAA==";
    let body = json!({"name": "saw", "sound": format!("data:audio/mpeg;base64,{frame}")});
    let sound = sim.apply(places::CreateSound { actor, guild, body }).unwrap();
    let response =
        get(&sim, &format!("/cdn/soundboard-sounds/{}", sound["sound_id"].as_str().unwrap())).await;
    assert_eq!(header(&response, "content-type"), Some("audio/mpeg"));
    assert_eq!(bytes(response).await, [0xFF, 0xFB, 0x90, 0]);
    let response = get(&sim, "/cdn/soundboard-sounds/1").await;
    assert_eq!(header(&response, "content-type"), Some("audio/wav"));
    assert!(bytes(response).await.starts_with(b"RIFF"));
    for id in ["5", "nonsense"] {
        assert_eq!(get(&sim, &format!("/cdn/soundboard-sounds/{id}")).await.status(), 404, "{id}");
    }
}

#[tokio::test]
async fn attachments_come_back_as_they_went_in() {
    let (sim, ids) = sim();
    let url = upload(&sim, ids.channel, Actor::bot(ids.application), "note.txt", "text/plain");
    let response = get(&sim, &url).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(header(&response, "content-disposition"), None);
    assert_eq!(bytes(response).await, b"0123456789");

    let part = get_with(&sim, &url, Some("bytes=2-4")).await;
    assert_eq!(part.status(), 206);
    assert_eq!(header(&part, "content-range"), Some("bytes 2-4/10"));
    assert_eq!(bytes(part).await, b"234");

    let wrong = url.replace("note.txt", "other.txt");
    assert_eq!(get(&sim, &wrong).await.status(), 404);
}

#[tokio::test]
async fn what_a_browser_could_run_is_a_download() {
    let (sim, ids) = sim();
    for (name, kind) in
        [("page.html", "text/html"), ("drawing.svg", "image/svg+xml"), ("data.bin", "nonsense")]
    {
        let url = upload(&sim, ids.channel, Actor::bot(ids.application), name, kind);
        let response = get(&sim, &url).await;
        assert_eq!(header(&response, "content-type"), Some("application/octet-stream"), "{name}");
        assert!(
            header(&response, "content-disposition").unwrap().starts_with("attachment; filename*=UTF-8''")
        );
        assert_eq!(header(&response, "access-control-allow-origin"), None);
        assert_eq!(header(&response, "content-security-policy"), Some("sandbox; default-src 'none'"));
    }
}
