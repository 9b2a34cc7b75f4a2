//! One round trip at a time, sim and client in this process: what a test waits for.

use std::time::Instant;

use crate::{
    Outcome,
    client::{Gateway, Rest},
    report::{Figure, Target, figure, median},
    stage::Stage,
};

const TRIPS: usize = 3_000;
/// Trips that do not count, until connections and caches are warm.
const WARM_UP: usize = 300;

pub(super) async fn measure() -> Outcome<Vec<Figure>> {
    let stage = Stage::start(None, false).await?;
    let mut gateway = Gateway::connect(&stage.sim.addresses().gateway_url).await?;
    gateway.identify(&stage.ids.token, [0, 1]).await?;
    let mut rest = Rest::connect(&stage.host(), Some(&stage.ids.token)).await?;
    let path = format!("/api/v10/channels/{}/messages", stage.ids.channel);
    let mut trips = Vec::with_capacity(TRIPS);
    for number in 0..WARM_UP + TRIPS {
        let started = Instant::now();
        stage.say("in")?;
        gateway.until("MESSAGE_CREATE").await?;
        let (status, _) = rest.call("POST", &path, r#"{"content":"out"}"#).await?;
        if status != 200 {
            return Err(format!("a reply was refused with {status}"));
        }
        gateway.until("MESSAGE_CREATE").await?;
        if number >= WARM_UP {
            trips.push(started.elapsed().as_secs_f64() * 1000.0);
        }
    }
    stage.stop().await;
    trips.sort_by(f64::total_cmp);
    Ok(vec![
        figure("round trip in one process, median", "ms", Target::AtMost(1.0), median(&trips)),
        figure("round trip in one process, 99th percentile", "ms", Target::None, trips[TRIPS * 99 / 100]),
    ])
}
