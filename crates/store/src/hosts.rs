//! A URL that names several servers, as PostgreSQL's own programs read it, taken apart into one URL for each.
//!
//! `postgres://anna@one,two:5433/sojourn?target_session_attrs=read-write`: hosts stand behind the user or in the
//! parameter `host`, ports beside them or in the parameter `port`, one for all or one for each.
//! Not here: which of the servers takes writes (`postgres::way`).

use crate::open::OpenError;

/// Servers that one URL may name.
const HOSTS_MAX: usize = 8;
/// Which server of several is wanted. A store writes, so whichever takes writes.
pub(crate) const TARGET: &str = "target_session_attrs";
const TARGETS: [&str; 2] = ["read-write", "primary"];

/// The parts of a URL that do not tell servers apart, and those that do.
struct Parts<'u> {
    scheme: &'u str,
    user: &'u str,
    hosts: Vec<&'u str>,
    path: &'u str,
    host_parameter: Vec<String>,
    port_parameter: Vec<String>,
    others: Vec<&'u str>,
}

/// One URL for each server, in the order in which they are named.
pub(crate) fn one_by_one(url: &str) -> Result<Vec<String>, OpenError> {
    let parts = Parts::of(url)?;
    let listed = [parts.hosts.len(), parts.host_parameter.len()];
    // hosts of the parameter take the place of those behind the user
    let servers = if listed[1] > 0 { listed[1] } else { listed[0] };
    if servers > HOSTS_MAX
        || !matches!(parts.port_parameter.len(), 0 | 1) && parts.port_parameter.len() != servers
    {
        return Err(OpenError::Hosts { most: HOSTS_MAX });
    }
    Ok((0..servers).map(|server| parts.url_of(server)).collect())
}

impl<'u> Parts<'u> {
    fn of(url: &'u str) -> Result<Self, OpenError> {
        let (scheme, rest) = url.split_at(url.find("://").map_or(0, |at| at + 3));
        let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = place.split_at(place.find('/').unwrap_or(place.len()));
        let (user, hosts) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
        let mut parts = Self {
            scheme,
            user,
            hosts: hosts.split(',').collect(),
            path,
            host_parameter: Vec::new(),
            port_parameter: Vec::new(),
            others: Vec::new(),
        };
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                Some(("host", hosts)) => parts.host_parameter = list(hosts),
                Some(("port", ports)) => parts.port_parameter = list(ports),
                Some((TARGET, target)) if TARGETS.contains(&target) => {}
                Some((TARGET, _)) => return Err(OpenError::Target),
                _ => parts.others.push(parameter),
            }
        }
        Ok(parts)
    }

    fn url_of(&self, server: usize) -> String {
        let of = |list: &[String]| list.get(server).or_else(|| list.first()).cloned();
        let host = self.hosts.get(server).or_else(|| self.hosts.first());
        let own = [
            ("host", of(&self.host_parameter)),
            ("port", of(&self.port_parameter)),
        ];
        let own = own
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value?)));
        let others = self.others.iter().map(|parameter| (*parameter).to_owned());
        let parameters: Vec<String> = others.chain(own).collect();
        let mark = if parameters.is_empty() { "" } else { "?" };
        format!(
            "{}{}{}{}{mark}{}",
            self.scheme,
            self.user,
            host.copied().unwrap_or_default(),
            self.path,
            parameters.join("&")
        )
    }
}

/// What stands between commas, which may be written as such or encoded.
fn list(value: &str) -> Vec<String> {
    value
        .replace("%2C", ",")
        .replace("%2c", ",")
        .split(',')
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_server_gets_a_url_of_its_own() {
        for (url, each) in [
            (
                "postgres://anna:x@one,two:5433/s?target_session_attrs=read-write&sslmode=require",
                vec![
                    "postgres://anna:x@one/s?sslmode=require",
                    "postgres://anna:x@two:5433/s?sslmode=require",
                ],
            ),
            (
                "postgres://anna@/s?host=/run/a,/run/b&port=5432,5433",
                vec![
                    "postgres://anna@/s?host=/run/a&port=5432",
                    "postgres://anna@/s?host=/run/b&port=5433",
                ],
            ),
            (
                "postgres://[::1]:1,[::2]/s?port=7",
                vec!["postgres://[::1]:1/s?port=7", "postgres://[::2]/s?port=7"],
            ),
            ("postgres://anna@one/s", vec!["postgres://anna@one/s"]),
            ("postgresql:///s", vec!["postgresql:///s"]),
        ] {
            assert_eq!(one_by_one(url).unwrap(), each, "{url}");
        }
    }

    #[test]
    fn lists_that_do_not_fit_and_sessions_that_only_read_are_refused() {
        let fits = one_by_one("postgres://one,two/s?port=1,2,3");
        assert!(matches!(fits, Err(OpenError::Hosts { .. })));
        let many = format!("postgres://{}/s", ["h"; HOSTS_MAX + 1].join(","));
        assert!(matches!(one_by_one(&many), Err(OpenError::Hosts { .. })));
        for target in ["any", "standby", "read-only", "prefer-standby"] {
            let url = format!("postgres://one,two/s?target_session_attrs={target}");
            assert!(matches!(one_by_one(&url), Err(OpenError::Target)), "{target}");
        }
    }
}
