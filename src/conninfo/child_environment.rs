//! The environment that leads another program of PostgreSQL's to the server that a session is
//! connected to, on no weaker terms.

use super::keyword::KEYWORDS;
use super::settings::{Host, Settings};

/// What decides which server it is, how it must prove that, and how the user does. No secret: of
/// passwords there is what the user put into the environment.
const PASSED_ON: &[&str] = &[
    "channel_binding",
    "gssencmode",
    "krbsrvname",
    "require_auth",
    "requirepeer",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcert",
    "sslcertmode",
    "sslcrl",
    "sslcrldir",
    "sslkey",
    "sslmode",
    "sslnegotiation",
    "sslrootcert",
    "sslsni",
    "target_session_attrs",
];

/// The variables by their names; what has no value is to be taken away, as it would lead
/// elsewhere. `host` is the one that is connected to, `service` what the service of the settings
/// says by itself.
pub fn child_environment(
    settings: &Settings,
    host: &Host,
    service: Option<&Settings>,
) -> Vec<(&'static str, Option<Vec<u8>>)> {
    let value = |keyword: &str| {
        let given = |value: &[u8]| Some(value.to_vec()).filter(|value| !value.is_empty());
        match keyword {
            "host" => given(&host.name).or_else(|| given(&host.address)),
            "hostaddr" => given(&host.address).filter(|_| !host.name.is_empty()),
            "port" => given(&host.port),
            // libpq heeds a service before the environment.
            "service" => {
                settings.get(keyword).filter(|_| agrees(settings, service)).map(<[u8]>::to_vec)
            }
            _ => settings.get(keyword).map(<[u8]>::to_vec),
        }
    };
    let is_passed_on = |keyword: &str| {
        matches!(keyword, "dbname" | "host" | "hostaddr" | "port" | "service" | "user")
            || PASSED_ON.contains(&keyword)
    };
    KEYWORDS
        .iter()
        .filter(|(keyword, _)| is_passed_on(keyword))
        .map(|(keyword, variable)| (*variable, value(keyword)))
        .collect()
}

/// Whether all that a service says is as the settings have it, and leads to one host.
fn agrees(settings: &Settings, service: Option<&Settings>) -> bool {
    let one_host = |keyword| settings.get(keyword).is_none_or(|value| !value.contains(&b','));
    service.is_some_and(|service| {
        one_host("host")
            && one_host("hostaddr")
            && service.iter().all(|(keyword, value)| settings.given(keyword) == Some(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(values: &[(&str, &str)]) -> Settings {
        let mut settings = Settings::default();
        for (keyword, value) in values {
            settings.set(keyword, *value);
        }
        settings
    }

    fn host(name: &str, address: &str) -> Host {
        Host { name: name.into(), address: address.into(), port: "5433".into(), password: None }
    }

    #[test]
    fn variables() {
        let connected = settings(&[
            ("host", "a,db"),
            ("dbname", "shop"),
            ("user", "joe"),
            ("password", "hidden"),
            ("sslmode", "verify-full"),
            ("options", "-c x=y"),
        ]);
        let found = child_environment(&connected, &host("db", ""), None);
        let text = |value: &Option<Vec<u8>>| {
            value.as_ref().map(|v| String::from_utf8_lossy(v).into_owned())
        };
        let given: Vec<(&str, String)> =
            found.iter().filter_map(|(name, value)| Some((*name, text(value)?))).collect();
        let expected = [
            ("PGDATABASE", "shop"),
            ("PGHOST", "db"),
            ("PGPORT", "5433"),
            ("PGSSLMODE", "verify-full"),
            ("PGUSER", "joe"),
        ];
        assert_eq!(given, expected.map(|(name, value)| (name, value.to_owned())));
        for name in ["PGHOSTADDR", "PGSERVICE", "PGSSLROOTCERT"] {
            assert!(found.contains(&(name, None)), "{name}");
        }
        let untouched = ["PGPASSWORD", "PGPASSFILE", "PGOPTIONS", "PGAPPNAME", ""];
        assert!(found.iter().all(|(name, _)| !untouched.contains(name)));
    }

    #[test]
    fn hosts_and_services() {
        let value = |found: &[(&str, Option<Vec<u8>>)], name: &str| {
            let (_, value) = found.iter().find(|(known, _)| *known == name).unwrap();
            value.as_ref().map(|value| String::from_utf8_lossy(value).into_owned())
        };
        let by_address = child_environment(&settings(&[]), &host("", "::1"), None);
        assert_eq!(value(&by_address, "PGHOST").as_deref(), Some("::1"));
        assert_eq!(value(&by_address, "PGHOSTADDR"), None);
        let by_both = child_environment(&settings(&[]), &host("db", "::1"), None);
        assert_eq!(value(&by_both, "PGHOST").as_deref(), Some("db"));
        assert_eq!(value(&by_both, "PGHOSTADDR").as_deref(), Some("::1"));

        let service = settings(&[("host", "db"), ("dbname", "shop")]);
        let service_of = |connected: &[(&str, &str)]| {
            let found = child_environment(&settings(connected), &host("db", ""), Some(&service));
            value(&found, "PGSERVICE")
        };
        let same = [("service", "s"), ("host", "db"), ("dbname", "shop"), ("user", "joe")];
        assert_eq!(service_of(&same).as_deref(), Some("s"));
        let other = [("service", "s"), ("host", "db"), ("dbname", "other")];
        assert_eq!(service_of(&other), None);
    }
}
