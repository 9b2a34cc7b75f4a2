//! Whether a fault's match fits a REST request or a moment of a gateway connection.

use cogwright_sim_world::ApplicationId;

use super::spec::FaultMatch;

/// A REST request, as far as faults look at it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RestCall<'a> {
    /// HTTP method.
    pub(crate) method: &'a str,
    /// Decoded path segments below the version.
    pub(crate) segments: &'a [String],
    /// Path template.
    pub(crate) template: &'a str,
    /// Operation id.
    pub(crate) operation: &'static str,
    /// Whose token came with it.
    pub(crate) application: Option<ApplicationId>,
    /// The interaction's token in the path, if there is one.
    pub(crate) interaction: Option<&'a str>,
}

/// A moment of a gateway connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment<'a> {
    /// Name of the dispatch or of the point of the connection; `None`: just now, whatever goes on.
    pub(crate) event: Option<&'a str>,
    /// The session, if there is one yet.
    pub(crate) session: Option<&'a str>,
    /// Its application.
    pub(crate) application: Option<ApplicationId>,
}

/// Points of a connection that are no dispatches; a fault must name them to strike there.
const POINTS: [&str; 5] = ["CONNECT", "HELLO", "IDENTIFY", "RESUME", "HEARTBEAT"];
/// Dispatches that make up a session; a fault must name them too.
const LIFE: [&str; 2] = ["READY", "RESUMED"];

/// Whether a dispatch carries a session's life rather than news.
pub(crate) fn is_life(event: &str) -> bool {
    LIFE.contains(&event)
}

impl FaultMatch {
    fn fits_application(&self, application: Option<ApplicationId>) -> bool {
        self.application.as_ref().is_none_or(|wanted| application.is_some_and(|a| a.to_string() == *wanted))
    }

    /// Whether it fits a request.
    pub(super) fn fits_rest(&self, call: &RestCall<'_>) -> bool {
        self.method.as_ref().is_none_or(|m| m.eq_ignore_ascii_case(call.method))
            && self.operation.as_ref().is_none_or(|o| o == call.operation)
            && self.path.as_ref().is_none_or(|p| p == call.template || fits_path(p, call.segments))
            && self.fits_application(call.application)
    }

    /// Whether it fits a moment of a connection.
    pub(super) fn fits_moment(&self, moment: &Moment<'_>) -> bool {
        let event = match (&self.event, moment.event) {
            (Some(wanted), Some(event)) => wanted.eq_ignore_ascii_case(event),
            (Some(_), None) => false,
            (None, Some(event)) => !POINTS.contains(&event) && !is_life(event),
            (None, None) => true,
        };
        event
            && self.session.as_ref().is_none_or(|s| moment.session == Some(s))
            && self.fits_application(moment.application)
    }
}

/// Segment by segment; a trailing `**` takes all that is left.
fn fits_path(pattern: &str, segments: &[String]) -> bool {
    let mut rest = segments.iter();
    for part in pattern.trim_start_matches('/').split('/') {
        if part == "**" {
            return true;
        }
        let Some(segment) = rest.next() else { return false };
        let whole = part.starts_with('{') && part.ends_with('}');
        if !(whole || fits_segment(part, segment)) {
            return false;
        }
    }
    rest.next().is_none()
}

/// `*` stands for any text, however often it occurs.
fn fits_segment(pattern: &str, segment: &str) -> bool {
    let Some((first, others)) = pattern.split_once('*') else { return pattern == segment };
    let Some(mut left) = segment.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = others.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(pattern: &str, path: &str) -> bool {
        let segments: Vec<String> = path.split('/').skip(1).map(String::from).collect();
        fits_path(pattern, &segments)
    }

    #[test]
    fn paths_match_by_template_and_by_wildcard() {
        for pattern in [
            "/channels/7/messages",
            "/channels/*/messages",
            "/channels/{id}/messages",
            "/channels/**",
            "/**",
            "/chan*ls/7/m*s*",
        ] {
            assert!(path(pattern, "/channels/7/messages"), "{pattern}");
        }
        for pattern in [
            "/channels/8/messages",
            "/channels/*",
            "/channels/7/messages/*",
            "/*s",
            "/channels/7/m*x",
            "/c*z/**",
        ] {
            assert!(!path(pattern, "/channels/7/messages"), "{pattern}");
        }
        assert!(!path("/a/ab*ba", "/a/aba"), "parts do not overlap");
    }

    #[test]
    fn every_part_of_a_match_must_fit() {
        let segments = ["channels".to_owned(), "7".to_owned()];
        let application = Some(ApplicationId::new(5));
        let call = RestCall {
            method: "GET",
            segments: &segments,
            template: "/channels/{channel_id}",
            operation: "get_channel",
            application,
            interaction: None,
        };
        let some = |text: &str| Some(text.to_owned());
        let good = FaultMatch {
            method: some("get"),
            path: some("/channels/{channel_id}"),
            operation: some("get_channel"),
            application: some("5"),
            ..FaultMatch::default()
        };
        assert!(good.fits_rest(&call) && FaultMatch::default().fits_rest(&call));
        for bad in [
            FaultMatch { method: some("POST"), ..good.clone() },
            FaultMatch { path: some("/guilds/**"), ..good.clone() },
            FaultMatch { operation: some("get_guild"), ..good.clone() },
            FaultMatch { application: some("6"), ..good.clone() },
        ] {
            assert!(!bad.fits_rest(&call), "{bad:?}");
        }
        assert!(!good.fits_rest(&RestCall { application: None, ..call }));
    }

    #[test]
    fn points_of_a_connection_must_be_named() {
        let any = FaultMatch::default();
        let moment = |event| Moment { event, session: Some("s"), application: None };
        assert!(any.fits_moment(&moment(Some("MESSAGE_CREATE"))) && any.fits_moment(&moment(None)));
        for point in ["CONNECT", "RESUME", "READY", "RESUMED"] {
            assert!(!any.fits_moment(&moment(Some(point))), "{point}");
            let named = FaultMatch { event: Some(point.to_lowercase()), ..FaultMatch::default() };
            assert!(named.fits_moment(&moment(Some(point))) && !named.fits_moment(&moment(None)));
        }
        let other = FaultMatch { session: Some("t".into()), ..FaultMatch::default() };
        assert!(!other.fits_moment(&moment(Some("MESSAGE_CREATE"))));
    }
}
