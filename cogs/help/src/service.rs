//! Which commands are shown where.

use std::sync::Arc;

use cogwright_command::{Access, Availability, Catalog, Ctx, Permissions, Spec};

/// Commands on one page of the menu.
pub(crate) const PER_PAGE: usize = 5;
/// Categories that one select offers. See Discord docs: Components / String Select.
pub(crate) const PER_SHELF: usize = 25;

/// Where in the menu one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The first page, with these categories to choose from.
    Cover { shelf: usize },
    /// A page of a category.
    Page { category: usize, page: usize },
    /// A command of that page.
    Command { category: usize, page: usize, index: usize },
}

impl Place {
    /// From a command to its page.
    pub(crate) fn up(self) -> Self {
        match self {
            Self::Command { category, page, .. } => Self::Page { category, page },
            other => other.home(),
        }
    }

    /// The first page, with the category that one comes from among those to choose.
    pub(crate) fn home(self) -> Self {
        Self::Cover { shelf: self.shelf() }
    }

    pub(crate) fn shelf(self) -> usize {
        match self {
            Self::Cover { shelf } => shelf,
            Self::Page { category, .. } | Self::Command { category, .. } => category / PER_SHELF,
        }
    }
}

/// A command and the ways it can be called by now.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) spec: Arc<Spec>,
    pub(crate) availability: Availability,
}

/// The commands of one heading, by name.
#[derive(Debug)]
pub(crate) struct Category {
    pub(crate) name: String,
    pub(crate) commands: Vec<Entry>,
}

impl Category {
    pub(crate) fn pages(&self) -> usize {
        self.commands.len().div_ceil(PER_PAGE).max(1)
    }

    pub(crate) fn page(&self, page: usize) -> &[Entry] {
        self.commands.chunks(PER_PAGE).nth(page).unwrap_or_default()
    }
}

/// All categories, by name.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) categories: Vec<Category>,
}

impl Book {
    /// Of these commands.
    pub(crate) fn new(catalog: &Catalog, commands: Vec<Arc<Spec>>) -> Self {
        let mut categories: Vec<Category> = Vec::new();
        for spec in commands {
            let known = categories.iter().position(|category| category.name == spec.category);
            let (name, availability) = (spec.category.clone(), catalog.availability(&spec));
            let entry = Entry { spec, availability };
            match known.and_then(|at| categories.get_mut(at)) {
                Some(category) => category.commands.push(entry),
                None => categories.push(Category { name, commands: vec![entry] }),
            }
        }
        categories.sort_by_key(|category| category.name.to_lowercase());
        for category in &mut categories {
            category.commands.sort_by_key(|entry| entry.spec.qualified_name());
        }
        Self { categories }
    }

    /// How many commands there are.
    pub(crate) fn count(&self) -> usize {
        self.categories.iter().map(|category| category.commands.len()).sum()
    }

    pub(crate) fn shelves(&self) -> usize {
        self.categories.len().div_ceil(PER_SHELF).max(1)
    }

    /// The categories of a shelf, with their numbers.
    pub(crate) fn shelf(&self, shelf: usize) -> impl Iterator<Item = (usize, &Category)> {
        self.categories.iter().enumerate().skip(shelf * PER_SHELF).take(PER_SHELF)
    }

    /// The command that a place shows.
    pub(crate) fn entry(&self, place: Place) -> Option<&Entry> {
        match place {
            Place::Command { category, page, index } => self.categories.get(category)?.page(page).get(index),
            _ => None,
        }
    }

    pub(crate) fn spec(&self, place: Place) -> Option<&Spec> {
        self.entry(place).map(|entry| &*entry.spec)
    }

    /// The first page of the category with this number.
    pub(crate) fn category(&self, chosen: Option<&String>) -> Place {
        let category = chosen.and_then(|value| value.parse().ok());
        match category.filter(|category| *category < self.categories.len()) {
            Some(category) => Place::Page { category, page: 0 },
            None => Place::Cover { shelf: 0 },
        }
    }

    /// The command with this number on the page one is on.
    pub(crate) fn command(&self, place: Place, chosen: Option<&String>) -> Place {
        let index = chosen.and_then(|value| value.parse().ok());
        let found = match (place, index) {
            (Place::Page { category, page } | Place::Command { category, page, .. }, Some(index)) => {
                Some(Place::Command { category, page, index })
            }
            _ => None,
        };
        found.filter(|found| self.entry(*found).is_some()).unwrap_or(place)
    }

    /// One page or shelf on or back, if there is one.
    pub(crate) fn turned(&self, place: Place, on: bool) -> Place {
        let turn = |at: usize, count: usize| {
            if on { (at + 1).min(count.saturating_sub(1)) } else { at.saturating_sub(1) }
        };
        match place {
            Place::Cover { shelf } => Place::Cover { shelf: turn(shelf, self.shelves()) },
            Place::Page { category, page } => {
                let pages = self.categories.get(category).map_or(1, Category::pages);
                Place::Page { category, page: turn(page, pages) }
            }
            command @ Place::Command { .. } => command,
        }
    }
}

/// The commands that the caller could run here.
pub(crate) async fn callable(ctx: &Ctx) -> Vec<Arc<Spec>> {
    let mut found = Vec::new();
    for spec in ctx.catalog().commands().iter().filter(|spec| spec.is_listed()) {
        if ctx.may_call(spec).await {
            found.push(Arc::clone(spec));
        }
    }
    found
}

/// For whom a command is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Callers {
    /// Everybody or members with some permission.
    Members,
    /// Owners of the bot.
    Owners,
}

/// The names of those of these commands that are for some.
pub(crate) fn names_for(commands: &[Arc<Spec>], callers: Callers) -> Vec<String> {
    let owners = callers == Callers::Owners;
    let wanted = commands.iter().filter(|spec| (spec.access == Access::BotOwner) == owners);
    let mut names: Vec<_> = wanted.map(|spec| spec.qualified_name()).collect();
    names.sort();
    names
}

/// The names that are offered while somebody types, as far as their permissions say; none of owners' commands, which
/// an owner knows by heart or finds in the menu.
pub(crate) fn offered(catalog: &Catalog, has: Option<Permissions>) -> Vec<String> {
    let has = has.unwrap_or(Permissions::empty());
    let may = |spec: &Spec| {
        let needs = match spec.access {
            Access::Everyone => spec.user_permissions,
            Access::GuildOwner => Permissions::ADMINISTRATOR,
            Access::BotOwner => return false,
        };
        has.contains(Permissions::ADMINISTRATOR) || has.contains(needs)
    };
    let shown = catalog.commands().iter().filter(|spec| spec.is_listed() && may(spec));
    let mut names: Vec<_> = shown.map(|spec| spec.qualified_name()).collect();
    names.sort();
    names
}

#[cfg(test)]
pub(crate) mod tests {
    use cogwright_command::{Cog, Handler};

    use super::*;

    pub(crate) fn spec(name: &str) -> Spec {
        Spec::new(name, format!("Does {name}"), Handler::new(|_, _| async { Ok(()) }))
    }

    pub(crate) fn book(cogs: impl IntoIterator<Item = Cog>) -> Book {
        let catalog = Catalog::build(cogs).unwrap();
        catalog.withhold(["tool-3".to_owned()]);
        let shown = catalog.commands().iter().filter(|spec| spec.is_listed()).cloned().collect();
        Book::new(&catalog, shown)
    }

    pub(crate) fn small() -> Book {
        let text = cogwright_command::Triggers::TEXT;
        let slash = cogwright_command::Triggers::SLASH;
        let big = (1..=7).fold(Cog::new("Tools"), |cog, number| {
            let tool = spec(&format!("tool-{number}"));
            cog.command(match number {
                2 => tool.triggers(text),
                4 => tool.triggers(slash),
                _ => tool,
            })
        });
        book([big, Cog::new("Basics").command(spec("ping")).command(spec("secret").hidden())])
    }

    pub(crate) fn many() -> Book {
        book((0..40).map(|number| Cog::new(format!("Cog {number:02}")).command(spec(&format!("c{number}")))))
    }

    fn chosen(value: &str) -> Option<String> {
        Some(value.to_owned())
    }

    #[test]
    fn categories_are_sorted_and_paged() {
        let book = small();
        let names: Vec<_> = book.categories.iter().map(|category| category.name.as_str()).collect();
        assert_eq!((names, book.count()), (vec!["Basics", "Tools"], 8));
        let tools = &book.categories[1];
        assert_eq!((tools.pages(), tools.page(1).len(), tools.page(2).len()), (2, 2, 0));
        assert_eq!(tools.commands[2].availability, Availability::Converted);
        let tools = book.category(chosen("1").as_ref());
        assert_eq!(tools, Place::Page { category: 1, page: 0 });
        let second = book.turned(tools, true);
        assert_eq!(second, Place::Page { category: 1, page: 1 });
        assert_eq!(book.turned(second, true), second, "there is no third");
        assert_eq!(book.turned(tools, false), tools);
        let command = book.command(second, chosen("1").as_ref());
        assert_eq!(book.spec(command).map(|spec| spec.name.as_str()), Some("tool-7"));
        assert_eq!(book.command(second, chosen("4").as_ref()), second, "there is no such command");
        assert_eq!((command.up(), command.home()), (second, Place::Cover { shelf: 0 }));
        assert_eq!(book.category(chosen("9").as_ref()), Place::Cover { shelf: 0 });
        assert_eq!(book.category(None), Place::Cover { shelf: 0 });
    }

    #[test]
    fn categories_that_do_not_fit_a_select_have_shelves() {
        let book = many();
        assert_eq!((book.shelves(), book.shelf(0).count(), book.shelf(1).count()), (2, 25, 15));
        let second = book.turned(Place::Cover { shelf: 0 }, true);
        assert_eq!((second, book.turned(second, true)), (Place::Cover { shelf: 1 }, second));
        assert_eq!(book.category(chosen("30").as_ref()).home(), second, "one comes back to where one was");
    }

    #[test]
    fn what_is_offered_goes_by_permissions() {
        let cog = Cog::new("A")
            .command(spec("all"))
            .command(spec("ban").user_permissions(Permissions::BAN_MEMBERS))
            .command(spec("boss").guild_owner_only())
            .command(spec("root").owner_only())
            .command(spec("secret").hidden());
        let catalog = Catalog::build([cog]).unwrap();
        assert_eq!(offered(&catalog, None), ["all"]);
        assert_eq!(offered(&catalog, Some(Permissions::BAN_MEMBERS)), ["all", "ban"]);
        assert_eq!(offered(&catalog, Some(Permissions::ADMINISTRATOR)), ["all", "ban", "boss"]);
        let owners = names_for(catalog.commands(), Callers::Owners);
        assert_eq!((owners, names_for(catalog.commands(), Callers::Members).len()), (vec!["root".into()], 4));
    }
}
