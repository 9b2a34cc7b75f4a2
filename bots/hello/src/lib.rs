//! The whole bot: one command that greets, with a button to greet back.

// readme:begin
use cogwright::{Choice, Cog, CommandResult, Ctx, Reply, User, command, plain, ui};

/// The languages it knows.
#[derive(Clone, Copy, Debug, Default, Choice)]
enum Language {
    #[default]
    English,
    French,
    #[choice(name = "日本語")]
    Japanese,
}

/// Everything this bot can do.
pub fn cog() -> Cog {
    Cog::new("Hello").command(hello)
}

/// Greets somebody.
#[command(aliases("hi"), example = "hello language:french")]
async fn hello(
    ctx: Ctx,
    #[option(description = "Whom to greet, you if left out")] who: Option<User>,
    #[option(description = "In which language")] language: Option<Language>,
    #[option(min = 1, max = 5, description = "How heartily")] times: Option<u32>,
) -> CommandResult {
    let name = plain(&who.map_or_else(|| ctx.invoker().display_name.clone(), |who| who.display_name));
    let greeting = greeting(language.unwrap_or_default(), times.unwrap_or(1));
    let button = ui::primary("back", "Greet back");
    let shown = Reply::text(format!("{greeting}, {name}!")).component(ui::row([button.into()]));

    let mut view = ctx.open(shown).await?;
    if let Some(press) = view.next().await {
        press
            .finish(format!("{greeting}, {name}! And {} greets back.", plain(&press.invoker().display_name)))
            .await?;
    }
    Ok(())
}
// readme:end

fn greeting(language: Language, times: u32) -> String {
    let word = match language {
        Language::English => "Hello",
        Language::French => "Bonjour",
        Language::Japanese => "こんにちは",
    };
    vec![word; times as usize].join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings() {
        assert_eq!(greeting(Language::French, 2), "Bonjour, Bonjour");
    }
}
