//! How looks and sessions gathered into groups, for `/metrics`: how many came together, and how long they waited.

use std::{fmt, sync::Arc};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric as _},
    metrics::counter::ConstCounter,
};
use registry::{gather::Grouped, registry::Registry};

/// Reads the counters of a registry whenever the metrics are asked for.
pub(crate) struct Groups(pub(crate) Arc<Registry>);

impl fmt::Debug for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Groups")
    }
}

impl Collector for Groups {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let of_what = [
            ("looks", self.0.grouped_looks()),
            ("sessions", self.0.grouped_sessions()),
        ];
        for (what, grouped) in of_what {
            for (name, help, count) in counts(grouped) {
                let counter = ConstCounter::new(count);
                let name = format!("{what}_{name}");
                let metric = encoder.encode_descriptor(&name, help, None, counter.metric_type())?;
                counter.encode(metric)?;
            }
        }
        Ok(())
    }
}

fn counts(grouped: Grouped) -> [(&'static str, &'static str, u64); 5] {
    [
        (
            "groups",
            "Groups answered, each in one transaction",
            grouped.groups,
        ),
        ("gathered", "Questions in these groups", grouped.questions),
        (
            "waited_microseconds",
            "Time that questions waited for their group to begin, all together",
            grouped.waited_us,
        ),
        (
            "failed_groups",
            "Groups that failed as a whole",
            grouped.failed_groups,
        ),
        (
            "refused",
            "Questions sent away because too many waited",
            grouped.refused,
        ),
    ]
}
