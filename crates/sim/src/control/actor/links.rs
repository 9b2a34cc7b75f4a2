//! A person follows an authorization link: looks at what it asks for, and agrees or not. This is what the page at
//! `/oauth2/authorize` calls; being part of the control API, it is out of reach for pages from elsewhere, which could
//! make a person agree to anything otherwise.

use cogwright_sim_world::{
    GuildId, UserId,
    oauth2::{self, AnswerLink, Refusal},
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    control::{
        endpoint::{Answer, Call, Endpoint},
        error::ControlError,
    },
    rest::Query,
};

/// Body of `review_link`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReviewLink {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// The link, or its part after the `?`.
    link: String,
}

/// Body of `answer_link`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// The link, or its part after the `?`.
    link: String,
    /// Whether they agree.
    #[serde(default = "yes")]
    agree: bool,
    /// To which guild the application is added, where the link asks for one.
    #[schemars(with = "Option<String>")]
    #[serde(default)]
    guild: Option<GuildId>,
    /// What its bot may do there, as a decimal string: all that the link asks for, or less.
    #[serde(default)]
    permissions: Option<String>,
}

fn yes() -> bool {
    true
}

/// The parameters of a link, decoded.
fn parameters(link: &str) -> Vec<(String, String)> {
    let link = link.split('#').next().unwrap_or_default();
    Query::parse(link.split_once('?').map_or(link, |(_, query)| query)).pairs().collect()
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post(
            "/actor/review_link",
            "Looks at an authorization link; answers {review} with what it asks for, or {location} where it sends the \
             person at once",
            review,
        ),
        Endpoint::post(
            "/actor/answer_link",
            "Agrees to an authorization link, or not; answers {location, guild, member, role}, each of which may be null",
            answer,
        ),
    ]
}

fn review(call: Call<ReviewLink>) -> Answer {
    let ReviewLink { user, link } = call.body;
    let parameters = parameters(&link);
    match call.sim.read(|world, now| oauth2::review(world, user, &parameters, now)) {
        Ok(review) => Ok(json!({ "review": review, "location": null })),
        Err(Refusal::Back(location)) => Ok(json!({ "review": null, "location": location })),
        Err(Refusal::Page(error)) => Err(error.into()),
    }
}

fn answer(call: Call<AnswerBody>) -> Answer {
    let AnswerBody { user, link, agree, guild, permissions } = call.body;
    let permissions = permissions
        .map(|text| {
            let wrong = || ControlError::field("permissions", format!("`{text}` is no number of 64 bits."));
            text.parse().map_err(|_| wrong())
        })
        .transpose()?;
    let parameters = parameters(&link);
    let answered = call.sim.apply(AnswerLink { user, parameters, agree, guild, permissions })?;
    let part = |key: &str| answered.added.get(key).cloned().unwrap_or(Value::Null);
    Ok(json!({
        "location": answered.location,
        "guild": part("guild"),
        "member": part("member"),
        "role": part("role"),
    }))
}
