//! What an operator sees of the running bot.

use super::{Initial, Section, Setting};
use crate::rules;
use crate::shape::Shape;

pub(super) const SECTION: Section = Section {
    title: "Logs and monitoring",
    settings: &[
        Setting::file(
            "logging.level",
            Shape::Choice(&["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]),
            Initial::Text("INFO"),
            "The least severe level that is logged.",
        )
        .generated(),
        Setting::file(
            "logging.max_bytes",
            Shape::Integer(1_024, 1_073_741_824),
            Initial::Integer(10_485_760),
            "The size at which a log file is put aside and a new one begun.",
        )
        .generated(),
        Setting::file(
            "logging.backup_count",
            Shape::Integer(0, 50),
            Initial::Integer(5),
            "How many log files that were put aside are kept.",
        )
        .generated(),
        Setting::file(
            "logging.days",
            Shape::Integer(1, 3_650),
            Initial::Integer(30),
            "Days after which a log file that was put aside is removed.",
        ),
        Setting::file(
            "logging.json",
            Shape::Bool,
            Initial::Bool(false),
            "Whether log lines are JSON, for machines.",
        ),
        Setting::env(
            "COGWRIGHT_LOG",
            "logging.filter",
            Shape::Text(rules::filter),
            Initial::Unset,
            "What is logged, instead of logging.level: error, warn, info, debug or trace, or a filter such as info,cogwright_discord=debug.",
        )
        .example("info"),
        Setting::file(
            "health.listen",
            Shape::Text(rules::listen),
            Initial::Unset,
            "Where /live, /ready and /metrics are served, such as \"127.0.0.1:9090\". Off unless set; who reaches it reads the numbers.",
        ),
        Setting::file(
            "telemetry.otlp",
            Shape::Text(rules::url),
            Initial::Unset,
            "The OpenTelemetry collector that traces are sent to over OTLP/HTTP, such as \"http://127.0.0.1:4318\"; /v1/traces is added. Nothing is sent unless set.",
        ),
        Setting::env(
            "COGWRIGHT_OTLP_HEADERS",
            "telemetry.headers",
            Shape::Text(rules::headers),
            Initial::Unset,
            "Headers for the collector of telemetry.otlp, such as api-key=secret,x-team=bots. Characters such as , and % are written as %2C and %25.",
        )
        .secret(),
    ],
};
