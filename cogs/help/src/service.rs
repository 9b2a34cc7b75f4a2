//! Which commands are shown where.

use std::sync::Arc;

use cogwright_command::{Catalog, Spec};

use crate::view::Place;

/// Commands on one page of the menu.
pub(crate) const PER_PAGE: usize = 5;
/// Most categories: what a select can offer beside the cover.
const MAX_CATEGORIES: usize = 24;

/// The commands of one heading, by name.
#[derive(Debug)]
pub(crate) struct Category {
    pub(crate) name: String,
    pub(crate) commands: Vec<Arc<Spec>>,
}

impl Category {
    pub(crate) fn pages(&self) -> usize {
        self.commands.len().div_ceil(PER_PAGE).max(1)
    }

    pub(crate) fn page(&self, page: usize) -> &[Arc<Spec>] {
        self.commands.chunks(PER_PAGE).nth(page).unwrap_or_default()
    }
}

/// All categories, by name.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) categories: Vec<Category>,
}

impl Book {
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let mut categories: Vec<Category> = Vec::new();
        for spec in catalog.commands().iter().filter(|spec| spec.is_listed()) {
            let known = categories.iter().position(|category| category.name == spec.category);
            match known.and_then(|at| categories.get_mut(at)) {
                Some(category) => category.commands.push(Arc::clone(spec)),
                None => categories
                    .push(Category { name: spec.category.clone(), commands: vec![Arc::clone(spec)] }),
            }
        }
        categories.sort_by_key(|category| category.name.to_lowercase());
        // What does not fit gathers under one last heading rather than being lost.
        if categories.len() > MAX_CATEGORIES {
            let rest = categories.split_off(MAX_CATEGORIES - 1);
            let commands = rest.into_iter().flat_map(|category| category.commands).collect();
            categories.push(Category { name: "More".to_owned(), commands });
        }
        for category in &mut categories {
            category.commands.sort_by_key(|spec| spec.qualified_name());
        }
        Self { categories }
    }

    /// How many commands there are.
    pub(crate) fn count(&self) -> usize {
        self.categories.iter().map(|category| category.commands.len()).sum()
    }

    /// What a value of the select means.
    pub(crate) fn place_of(&self, value: Option<&String>) -> Place {
        let category = value.and_then(|value| value.parse().ok());
        category.map_or(Place::Cover, |category| self.page(category, 0))
    }

    /// A page that exists: the nearest to the one asked for.
    pub(crate) fn page(&self, category: usize, page: usize) -> Place {
        match self.categories.get(category) {
            Some(known) => Place::Page { category, page: page.min(known.pages() - 1) },
            None => Place::Cover,
        }
    }
}

/// The names of all commands that are shown.
pub(crate) fn names(catalog: &Catalog) -> Vec<String> {
    let mut names: Vec<_> =
        catalog.commands().iter().filter(|spec| spec.is_listed()).map(|spec| spec.qualified_name()).collect();
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

    pub(crate) fn catalog() -> Catalog {
        let big = (1..=7).fold(Cog::new("Tools"), |cog, number| cog.command(spec(&format!("tool-{number}"))));
        let small = Cog::new("Basics").command(spec("ping")).command(spec("secret").hidden());
        Catalog::build([big, small]).unwrap()
    }

    #[test]
    fn categories_are_sorted_and_paged() {
        let book = Book::of(&catalog());
        let names: Vec<_> = book.categories.iter().map(|category| category.name.as_str()).collect();
        assert_eq!((names, book.count()), (vec!["Basics", "Tools"], 8));
        let tools = &book.categories[1];
        assert_eq!((tools.pages(), tools.page(1).len(), tools.page(2).len()), (2, 2, 0));
        assert_eq!(book.page(1, 9), Place::Page { category: 1, page: 1 });
        assert_eq!(book.page(9, 0), Place::Cover);
        assert_eq!(book.place_of(Some(&"1".to_owned())), Place::Page { category: 1, page: 0 });
        assert_eq!(book.place_of(Some(&"cover".to_owned())), Place::Cover);
    }

    #[test]
    fn what_does_not_fit_a_select_is_gathered() {
        let cogs =
            (0..40).map(|number| Cog::new(format!("Cog {number:02}")).command(spec(&format!("c{number}"))));
        let book = Book::of(&Catalog::build(cogs).unwrap());
        assert_eq!((book.categories.len(), book.count()), (24, 40));
    }
}
