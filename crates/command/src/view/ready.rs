//! Ready-made views: pages, a question, a choice, a form.

use super::{Fields, Press, PressKind, View};
use crate::ctx::Ctx;
use crate::failure::{CommandResult, Failure};
use crate::reply::{Modal, Reply, ui};

/// An answer that somebody gave in a ready-made view. The view is closed by
/// [`finish`](Self::finish), or disables itself when this is dropped.
#[derive(Debug)]
pub struct Chosen<T> {
    /// What was chosen.
    pub value: T,
    press: Press,
    /// `None` for a form that came without a message.
    view: Option<View>,
}

impl<T> Chosen<T> {
    /// The press that chose it, to be answered within 3 seconds.
    pub fn press(&self) -> &Press {
        &self.press
    }

    /// Replaces the question by this, for good, as a confirmation that does not stay: see
    /// [`Ctx::confirm_done`].
    ///
    /// # Errors
    /// As [`Press::update`].
    pub async fn confirm_done(self, reply: impl Into<Reply>) -> CommandResult {
        match &self.view {
            Some(view) => {
                self.press.finish(reply).await?;
                view.tidy_up();
                Ok(())
            }
            None => self.press.reply_ephemeral(reply).await,
        }
    }

    /// Replaces the question by this, for good.
    ///
    /// # Errors
    /// As [`Press::update`].
    pub async fn finish(self, reply: impl Into<Reply>) -> CommandResult {
        match self.view {
            Some(_) => self.press.finish(reply).await,
            None => self.press.reply(reply).await,
        }
    }
}

impl Ctx {
    /// Shows pages that the invoker turns, with the number of the page between the buttons. The
    /// view ends as [every other](Self::open). One page alone is an ordinary reply.
    ///
    /// # Errors
    /// As [`open`](Self::open); without any page it is an internal failure.
    pub async fn pages(&self, pages: Vec<Reply>) -> CommandResult {
        let [first, _, ..] = pages.as_slice() else {
            let only =
                pages.into_iter().next().ok_or_else(|| Failure::internal("there are no pages to show"))?;
            return self.reply(only).await;
        };
        let last = pages.len() - 1;
        let with_buttons = |page: &Reply, at: usize| {
            let place = ui::enabled(ui::button("page", format!("{}/{}", at + 1, last + 1)), false);
            let back = ui::enabled(ui::button("back", "Previous"), at > 0);
            let on = ui::enabled(ui::button("on", "Next"), at < last);
            page.clone().component(ui::row([back.into(), place.into(), on.into()]))
        };
        let mut at = 0;
        let mut view = self.open(with_buttons(first, at)).await?;
        while let Some(press) = view.next().await {
            at = match press.id() {
                "back" => at.saturating_sub(1),
                "on" => (at + 1).min(last),
                _ => at,
            };
            if let Some(page) = pages.get(at) {
                press.update(with_buttons(page, at)).await?;
            }
        }
        Ok(())
    }

    /// Asks yes or no. `None` when nobody has answered in time; the buttons are disabled then.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn confirm(&self, question: impl Into<Reply>) -> Result<Option<Chosen<bool>>, Failure> {
        let buttons = ui::row([ui::success("yes", "Yes").into(), ui::button("no", "No").into()]);
        let mut view = self.open(question.into().component(buttons)).await?;
        let Some(press) = view.next().await else { return Ok(None) };
        Ok(Some(Chosen { value: press.id() == "yes", press, view: Some(view) }))
    }

    /// Lets the invoker choose one of at most 25 options, each with a label and a value.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn choose<L: Into<String>, V: Into<String>>(
        &self,
        question: impl Into<Reply>,
        options: impl IntoIterator<Item = (L, V)>,
    ) -> Result<Option<Chosen<String>>, Failure> {
        let row = ui::row([ui::select("choice", options).into()]);
        let mut view = self.open(question.into().component(row)).await?;
        while let Some(press) = view.next().await {
            if let Some(value) = press.values().first().cloned() {
                return Ok(Some(Chosen { value, press, view: Some(view) }));
            }
        }
        Ok(None)
    }

    /// Asks for a form to be filled in. As the first answer to a slash command it opens at once;
    /// otherwise, as in the prefix form where Discord has no forms, `question` is shown with a
    /// button that opens it. `None` when it was not sent in time: people may close a form without
    /// a trace.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn ask(
        &self,
        question: impl Into<Reply>,
        modal: Modal,
    ) -> Result<Option<Chosen<Fields>>, Failure> {
        let direct = self.responder().is_interaction() && self.responder().is_fresh();
        let mut view = if direct {
            View::open_form(self, modal.clone()).await?
        } else {
            let button = ui::row([ui::primary("open form", "Open the form").into()]);
            self.open(question.into().component(button)).await?
        };
        while let Some(press) = view.next().await {
            match press.kind() {
                PressKind::Form(fields) => {
                    let value = fields.clone();
                    return Ok(Some(Chosen { value, press, view: (!direct).then_some(view) }));
                }
                _ => press.open_form(modal.clone()).await?,
            }
        }
        Ok(None)
    }
}
