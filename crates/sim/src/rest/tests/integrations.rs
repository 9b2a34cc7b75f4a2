//! Integrations: which applications are in a guild, and sending one away.

use cogwright_sim_world::places::{self, operator};
use serde_json::json;

use super::{Line, run, text, try_run};
use crate::RateLimitMode;

#[tokio::test]
async fn applications_are_listed_and_removed_by_who_manages_the_guild() {
    let line = Line::new(RateLimitMode::Off);
    let (guild, own) = (line.ids.guild.to_string(), line.ids.application.to_string());
    let made = |name: &str, more: serde_json::Value| {
        let mut body = json!({ "name": name });
        for (key, value) in more.as_object().expect("an object") {
            body[key] = value.clone();
        }
        line.sim.apply(operator::CreateApplication { body }).expect("is allowed")
    };
    let bot = made("Guest", json!({ "guilds": [line.ids.guild], "permissions": "1" }));
    let commands = text(&made("Commands", json!({}))["application"], "id");
    let body = json!({ "scopes": ["applications.commands"] });
    let application = commands.parse().expect("an id");
    let (user, id) = (line.ids.user, line.ids.guild);
    line.sim.apply(places::AuthorizeApplication { user, application, guild: id, body }).expect("is allowed");

    let list = run(&line, "list_guild_integrations", &[&guild], None).await;
    let shown: Vec<_> =
        list.as_array().expect("a list").iter().map(|i| (&i["id"], i["scopes"].to_string())).collect();
    let both = json!(["applications.commands", "bot"]).to_string();
    let guest = text(&bot["application"], "id");
    assert_eq!(
        shown,
        [
            (&json!(own), both.clone()),
            (&json!(guest), both),
            (&json!(commands), json!(["applications.commands"]).to_string())
        ]
    );
    let refused =
        line.call_as(&text(&bot, "token"), "GET", &format!("/guilds/{guild}/integrations"), None).await;
    assert_eq!(refused.code(), (403, 50013));
    let refused = line
        .call_as(&text(&bot, "token"), "DELETE", &format!("/guilds/{guild}/integrations/{own}"), None)
        .await;
    assert_eq!(refused.code(), (403, 50013));

    for gone in [&guest, &commands] {
        run(&line, "delete_guild_integration", &[&guild, gone], None).await;
        let again = try_run(&line, "delete_guild_integration", &[&guild, gone], None).await;
        assert_eq!(again.code(), (404, 10005));
    }
    assert_eq!(try_run(&line, "delete_guild_integration", &[&guild, "1"], None).await.code(), (404, 10005));
    assert_eq!(try_run(&line, "list_guild_integrations", &["1"], None).await.code(), (404, 10004));
    let list = run(&line, "list_guild_integrations", &[&guild], None).await;
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    let entry = line.sim.read(|world, _| {
        let log = &world.guild(line.ids.guild).expect("is there").audit;
        log.entries().next_back().map(|e| (e.user.get(), e.target)).expect("one")
    });
    assert_eq!(entry, (line.ids.application.get(), Some(application.get())), "the audit log says who");
}
