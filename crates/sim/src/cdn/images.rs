//! Avatars, icons, banners and splashes. What a guild shows is kept and served as it was uploaded, whatever extension
//! or size was asked for. Of everything else the local Discord keeps hashes, not pictures, and draws each from its
//! hash, as a PNG.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderValue, Response, header},
};
use cogwright_sim_world::{
    ApiError, ApplicationId, Guild, GuildId, ScheduledEventId, UserId, WebhookId, places::media_type,
    webhooks,
};
use serde::Deserialize;

use super::{draw, headers, refuse};
use crate::Sim;

/// Side length when `size` is absent.
const DEFAULT_SIZE: u32 = 256;
/// Larger sizes that Discord would serve are answered with this one; drawing more is a waste.
const MAX_DRAWN: u32 = 1024;
/// Extensions that Discord serves images under.
const EXTENSIONS: [&str; 6] = ["png", "jpg", "jpeg", "webp", "gif", "avif"];
/// Default avatars: 0 to 5.
const DEFAULT_AVATARS: u8 = 6;

/// `{id}/{file}`.
type Named = Path<(String, String)>;

/// `?size=`; other keys (`quality`, `animated`) are ignored.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    size: Option<String>,
}

impl Wanted {
    /// Powers of two from 16 to 4096. See Discord docs: Reference / Image Formatting.
    fn pixels(&self) -> Result<u32, ApiError> {
        let Some(text) = &self.size else { return Ok(DEFAULT_SIZE) };
        let size = text.parse::<u32>().ok().filter(|s| s.is_power_of_two() && (16..=4096).contains(s));
        let bad = || ApiError::new(400, 0, "size must be a power of two between 16 and 4096");
        size.map(|s| s.min(MAX_DRAWN)).ok_or_else(bad)
    }
}

/// Name without its extension; `None` for extensions that are no image's.
pub(super) fn stem(file: &str) -> Option<&str> {
    let (stem, extension) = file.rsplit_once('.')?;
    EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()).then_some(stem)
}

/// Draws the picture for a seed, if the thing whose hash was asked for has it.
pub(super) async fn serve(seed: Option<String>, wanted: &Wanted) -> Response<Body> {
    let size = match wanted.pixels() {
        Ok(size) => size,
        Err(error) => return refuse(&error),
    };
    let Some(seed) = seed else { return refuse(&ApiError::not_found()) };
    // Drawing takes milliseconds; other requests should not wait for it.
    let Ok(png) = tokio::task::spawn_blocking(move || draw::picture(&seed, size)).await else {
        return refuse(&ApiError::new(500, 0, "500: Internal Server Error"));
    };
    let mut response = Response::new(Body::from(png));
    *response.headers_mut() = headers(HeaderValue::from_static("image/png"));
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// The seed if `present` is what was asked for.
fn matching(present: Option<&String>, file: &str) -> Option<String> {
    present.filter(|hash| Some(hash.as_str()) == stem(file)).cloned()
}

pub(super) async fn avatar(
    State(sim): State<Sim>,
    Path((user, file)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Response<Body> {
    let id = user.parse::<UserId>().ok();
    let seed = sim.read(|world, _| {
        let id = id?;
        // Every message of a webhook may have brought a picture of its own.
        if webhooks::exists(world, WebhookId::new(id.get())) {
            return stem(&file).map(str::to_owned);
        }
        matching(world.user(id).ok()?.avatar.as_ref(), &file)
    });
    serve(seed, &wanted).await
}

pub(super) async fn member_avatar(
    State(sim): State<Sim>,
    Path((guild, user, file)): Path<(String, String, String)>,
    Query(wanted): Query<Wanted>,
) -> Response<Body> {
    // Members have no pictures of their own yet: the user's serves, for members only.
    let ids = guild.parse::<GuildId>().ok().zip(user.parse::<UserId>().ok());
    let seed = sim.read(|world, _| {
        let (guild, user) = ids?;
        world.member(guild, user).ok()?;
        matching(world.user(user).ok()?.avatar.as_ref(), &file)
    });
    serve(seed, &wanted).await
}

/// Which picture of a guild.
type Pick = fn(&Guild) -> Option<&String>;

pub(super) async fn guild_icon(sim: State<Sim>, path: Named, wanted: Query<Wanted>) -> Response<Body> {
    of_guild(sim, path, wanted, |guild| guild.icon.as_ref()).await
}

pub(super) async fn splash(sim: State<Sim>, path: Named, wanted: Query<Wanted>) -> Response<Body> {
    of_guild(sim, path, wanted, |guild| guild.settings.splash.as_ref()).await
}

pub(super) async fn discovery_splash(sim: State<Sim>, path: Named, wanted: Query<Wanted>) -> Response<Body> {
    of_guild(sim, path, wanted, |guild| guild.settings.discovery_splash.as_ref()).await
}

/// A guild's, or a user's.
pub(super) async fn banner(
    State(sim): State<Sim>,
    Path((owner, file)): Path<(String, String)>,
    wanted: Query<Wanted>,
) -> Response<Body> {
    let id = owner.parse::<UserId>().ok();
    match sim.read(|world, _| matching(world.user(id?).ok()?.banner.as_ref(), &file)) {
        Some(seed) => serve(Some(seed), &wanted).await,
        None => {
            of_guild(State(sim), Path((owner, file)), wanted, |guild| guild.settings.banner.as_ref()).await
        }
    }
}

async fn of_guild(
    State(sim): State<Sim>,
    Path((guild, file)): Named,
    Query(wanted): Query<Wanted>,
    pick: Pick,
) -> Response<Body> {
    let id = guild.parse::<GuildId>().ok();
    let found = sim.read(|world, _| {
        let guild = world.guild(id?).ok()?;
        let hash = matching(pick(guild), &file)?;
        let kept = guild.pictures.get(&hash).cloned();
        Some((hash, kept))
    });
    kept_or_drawn(found, &wanted).await
}

/// A picture by its hash: as it was uploaded, if it was kept.
async fn kept_or_drawn(found: Option<(String, Option<Arc<[u8]>>)>, wanted: &Wanted) -> Response<Body> {
    if let Err(error) = wanted.pixels() {
        return refuse(&error);
    }
    let Some((hash, kept)) = found else { return refuse(&ApiError::not_found()) };
    // Something that only claims to be a picture is drawn as if it had not been kept.
    match kept.as_deref().and_then(|bytes| Some((media_type(bytes)?, bytes.to_vec()))) {
        Some((kind, bytes)) => super::expressions::file(kind, bytes),
        None => serve(Some(hash), wanted).await,
    }
}

pub(super) async fn application_icon(
    State(sim): State<Sim>,
    Path((application, file)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Response<Body> {
    let id = application.parse::<ApplicationId>().ok();
    let seed = sim.read(|world, _| matching(world.application(id?).ok()?.icon.as_ref(), &file));
    serve(seed, &wanted).await
}

pub(super) async fn event_cover(
    State(sim): State<Sim>,
    Path((event, file)): Named,
    Query(wanted): Query<Wanted>,
) -> Response<Body> {
    let id = event.parse::<ScheduledEventId>().ok();
    let found = sim.read(|world, _| {
        let id = id?;
        let (guild, event) = world.guilds().find_map(|g| Some((g, g.scheduled_events.get(&id)?)))?;
        let hash = matching(event.image.as_ref(), &file)?;
        let kept = guild.pictures.get(&hash).cloned();
        Some((hash, kept))
    });
    kept_or_drawn(found, &wanted).await
}

pub(super) async fn default_avatar(Path(file): Path<String>, Query(wanted): Query<Wanted>) -> Response<Body> {
    let number = file.strip_suffix(".png").and_then(|n| n.parse::<u8>().ok());
    serve(number.filter(|n| *n < DEFAULT_AVATARS).map(|n| format!("default avatar {n}")), &wanted).await
}
