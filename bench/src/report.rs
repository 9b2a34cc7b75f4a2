//! Figures of several runs: their median, a table for people, JSON for machines.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// Which side of a target is the good one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// Nothing is promised.
    None,
    AtLeast(f64),
    AtMost(f64),
}

/// One figure with all its runs.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) target: Target,
    pub(crate) runs: Vec<f64>,
}

impl Figure {
    pub(crate) fn new(name: &'static str, unit: &'static str, target: Target) -> Self {
        Self { name, unit, target, runs: Vec::new() }
    }

    pub(crate) fn median(&self) -> f64 {
        median(&self.runs)
    }

    fn verdict(&self) -> &'static str {
        let met = match self.target {
            Target::None => return "",
            Target::AtLeast(least) => self.median() >= least,
            Target::AtMost(most) => self.median() <= most,
        };
        if met { "met" } else { "MISSED" }
    }

    fn target_text(&self) -> String {
        match self.target {
            Target::None => String::new(),
            Target::AtLeast(n) => format!(">= {}", number(n)),
            Target::AtMost(n) => format!("<= {}", number(n)),
        }
    }

    fn json(&self) -> Value {
        json!({
            "name": self.name, "unit": self.unit, "median": self.median(), "runs": self.runs,
            "target": self.target_text(), "verdict": self.verdict(),
        })
    }
}

/// A figure of one run.
pub(crate) fn figure(name: &'static str, unit: &'static str, target: Target, value: f64) -> Figure {
    let mut figure = Figure::new(name, unit, target);
    figure.runs.push(value);
    figure
}

/// The figures of several runs, those of one name put together.
pub(crate) fn gather(all: impl IntoIterator<Item = Figure>) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    for figure in all {
        match figures.iter_mut().find(|f| f.name == figure.name) {
            Some(known) => known.runs.extend(figure.runs),
            None => figures.push(figure),
        }
    }
    figures
}

/// The middle of a list; the mean of the two middle ones of an even number.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// Three digits or more, thousands apart.
fn number(value: f64) -> String {
    if value.abs() < 100.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The whole report as a Markdown table with the machine above it.
pub(crate) fn table(machine: &Value, figures: &[Figure]) -> String {
    let mut text = String::new();
    let part = |key: &str| machine[key].to_string().trim_matches('"').to_owned();
    _ = writeln!(
        text,
        "{}, {} threads, {}, Linux {}, load average {} at the start, {} build; local Discord on cores {}{}\n",
        part("cpu"),
        part("threads"),
        part("memory"),
        part("kernel"),
        part("load_average"),
        part("build"),
        part("cores"),
        machine
            .get("bot_cores")
            .and_then(Value::as_str)
            .map(|cores| format!(", bot on {cores}"))
            .unwrap_or_default(),
    );
    text += "| what | median | lowest | highest | unit | target | |\n| --- | ---: | ---: | ---: | --- | --- | --- |\n";
    for figure in figures {
        let least = figure.runs.iter().copied().fold(f64::INFINITY, f64::min);
        let most = figure.runs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} |",
            figure.name,
            number(figure.median()),
            number(least),
            number(most),
            figure.unit,
            figure.target_text(),
            figure.verdict(),
        );
    }
    text
}

/// The whole report as JSON.
pub(crate) fn json(machine: &Value, figures: &[Figure]) -> Value {
    json!({ "machine": machine, "figures": figures.iter().map(Figure::json).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_numbers_and_verdicts() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(&[4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-9);
        assert!(median(&[]).is_nan());
        assert_eq!([number(1.234), number(999.6), number(1_234_567.0)], ["1.23", "1,000", "1,234,567"]);
        let mut figure = Figure::new("speed", "1/s", Target::AtLeast(10.0));
        figure.runs = vec![9.0, 11.0, 12.0];
        assert_eq!(figure.verdict(), "met");
        figure.target = Target::AtMost(10.0);
        assert_eq!(figure.verdict(), "MISSED");
        assert!(
            table(&json!({"cpu": "x"}), &[figure])
                .contains("| speed | 11.00 | 9.00 | 12.00 | 1/s | <= 10.00 | MISSED |")
        );
    }
}
