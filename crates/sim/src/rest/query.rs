//! Query strings as the clients write them: repeated keys, an empty first pair (`?&limit=5`), booleans in
//! any of the forms that libraries send.

use std::str::FromStr;

use cogwright_sim_world::{ApiError, Timestamp, body::parse_bool};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// A parsed query string. For a key given twice the first value counts, unless all are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

impl Query {
    /// Parses the part after the `?`.
    pub(crate) fn parse(text: &str) -> Self {
        let pair = |p: &str| {
            p.split_once('=').map_or_else(|| (decode(p), String::new()), |(k, v)| (decode(k), decode(v)))
        };
        Self(text.split('&').filter(|p| !p.is_empty()).map(pair).collect())
    }

    /// The value of a key; an empty one counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }

    /// All values of a key, given several times or with commas between them.
    pub(crate) fn list(&self, key: &str) -> impl Iterator<Item = &str> {
        let values = self.0.iter().filter(move |(k, _)| k == key);
        values.flat_map(|(_, v)| v.split(',')).filter(|v| !v.is_empty())
    }

    /// A flag, if given.
    pub(crate) fn choice(&self, key: &str) -> Result<Option<bool>, ApiError> {
        self.get(key).map(|_| self.flag(key)).transpose()
    }

    /// A moment as ISO 8601, if given. A `+` that a client has left as it is came as a blank.
    pub(crate) fn moment(&self, key: &str) -> Result<Option<Timestamp>, ApiError> {
        let Some(text) = self.get(key) else { return Ok(None) };
        let bad = || {
            let message = "Could not parse value. Should be ISO8601.";
            ApiError::form(key, "DATE_TIME_TYPE_PARSE", message)
        };
        Timestamp::parse_iso(&text.replace(' ', "+")).map(Some).ok_or_else(bad)
    }

    /// A flag; absent is `false`.
    pub(crate) fn flag(&self, key: &str) -> Result<bool, ApiError> {
        let Some(text) = self.get(key) else { return Ok(false) };
        parse_bool(&Value::from(text))
            .ok_or_else(|| ApiError::form(key, "BOOLEAN_TYPE_CONVERT", "Must be either true or false."))
    }

    /// A whole number, if given; its bounds are the reader's business. What is too large for 64 bits is
    /// too large for any bound.
    pub(crate) fn number(&self, key: &str) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.get(key) else { return Ok(None) };
        let bad = |_| ApiError::form(key, "NUMBER_TYPE_COERCE", "Value is not int.");
        let number = text.parse::<i128>().map_err(bad)?;
        Ok(Some(i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })))
    }

    /// A whole number whose lower bound is at least zero, so that a negative one is as bad as zero.
    pub(crate) fn count(&self, key: &str) -> Result<Option<u64>, ApiError> {
        Ok(self.number(key)?.map(|n| u64::try_from(n).unwrap_or(0)))
    }

    /// A snowflake, if given. Clients page with snowflakes made from times, so any number is good.
    pub(crate) fn id<T: FromStr>(&self, key: &str) -> Result<Option<T>, ApiError> {
        let Some(text) = self.get(key) else { return Ok(None) };
        let bad = |_| ApiError::form(key, "NUMBER_TYPE_COERCE", "Value is not snowflake.");
        text.parse().map(Some).map_err(bad)
    }

    /// All pairs in their order.
    pub(crate) fn pairs(self) -> impl Iterator<Item = (String, String)> {
        self.0.into_iter()
    }

    /// As a JSON object, all values texts; a repeated key becomes a list.
    pub(crate) fn to_json(&self) -> Value {
        let mut map = Map::new();
        for (key, value) in &self.0 {
            let value = Value::from(value.as_str());
            match map.get_mut(key) {
                None => drop(map.insert(key.clone(), value)),
                Some(Value::Array(list)) => list.push(value),
                Some(first) => *first = Value::Array(vec![first.take(), value]),
            }
        }
        Value::Object(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cogwright_sim_world::MessageId;

    #[test]
    fn every_client_s_spelling_is_read() {
        let query = Query::parse("&limit=5&with_response=True&query=a%20b+c&x=1&x=2&wait");
        assert_eq!(query.number("limit"), Ok(Some(5)));
        assert_eq!(query.number("offset"), Ok(None));
        assert_eq!(query.flag("with_response"), Ok(true));
        assert_eq!(query.flag("wait"), Ok(false));
        assert_eq!(query.get("query"), Some("a b c"));
        assert_eq!(query.to_json()["x"], serde_json::json!(["1", "2"]));
    }

    #[test]
    fn lists_moments_and_choices() {
        let query =
            Query::parse("tag=1,2&tag=3&at=2026-01-02T03:04:05%2B00:00&raw=2026-01-02T03:04:05+00:00&no=0");
        assert_eq!(query.list("tag").collect::<Vec<_>>(), ["1", "2", "3"]);
        assert_eq!(query.moment("at"), query.moment("raw"));
        assert_eq!(
            query.moment("at").map(|at| at.map(Timestamp::iso)),
            Ok(Some("2026-01-02T03:04:05.000000+00:00".into()))
        );
        assert_eq!(query.moment("no").map_err(|e| e.code), Err(50035));
        assert_eq!((query.choice("no"), query.choice("absent")), (Ok(Some(false)), Ok(None)));
    }

    #[test]
    fn bad_values_are_form_errors_at_their_key() {
        let query = Query::parse("limit=-1&big=1000000000000000000000000000000&flag=maybe&after=abc");
        assert_eq!(query.number("limit"), Ok(Some(-1)));
        assert_eq!(query.count("limit"), Ok(Some(0)));
        assert_eq!(query.number("big"), Ok(Some(i64::MAX)));
        assert_eq!(query.number("flag").map_err(|e| e.code), Err(50035));
        assert_eq!(query.flag("flag").map_err(|e| e.code), Err(50035));
        assert_eq!(query.id::<MessageId>("after").map_err(|e| e.code), Err(50035));
    }
}
