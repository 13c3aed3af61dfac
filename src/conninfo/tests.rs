//! The texts of errors are recorded from psql 18.6 built without TLS.

use super::resolve::CHARMAP;
use super::*;

const SERVICES: &[u8] = b"# c
[one]
host=/tmp/svc1
  port=77 
[two]
dbname=a b
host = /tmp/x
[bad]
foo=bar
[nest]
service=one
[noeq]
host
[sp]
dbname='q q'
user=a#b
# x
[one]
port=99
";

const PASSWORDS: &[u8] = b"# comment
localhost:5432:db:s:ss
/tmp/x:*:db:s:xx:ignored
*:1:*:u\\:v:it\\:s
*:2:*:s:
short
*:*:other:*:last\r
";

/// What `text` means with these environment variables: the error, or every host as
/// `name[address]:port` with the other settings behind.
fn outcome(text: &str, environment: &[(&str, &str)]) -> String {
    let variable = |name: &str| {
        let found = environment.iter().find(|(n, _)| *n == name);
        found.map(|(_, value)| value.as_bytes().to_vec())
    };
    let read = |file: File<'_>| match file {
        File::Service(b"/services" | b"/home/.pg_service.conf" | b"/etc/pg_service.conf") => {
            Some(SERVICES.to_vec())
        }
        File::Password(b"/passwords" | b"/home/.pgpass") => Some(PASSWORDS.to_vec()),
        _ => None,
    };
    let resolved = parse(text.as_bytes())
        .and_then(|given| resolve(&given, &variable, &read, &|| Ok(b"me".to_vec())));
    let settings = match resolved {
        Ok(settings) => settings,
        Err(error) => return String::from_utf8(error.message).unwrap(),
    };
    let again = resolve(&settings, &variable, &read, &|| Ok(b"me".to_vec())).unwrap();
    assert_eq!(again, settings, "resolving twice changes nothing: {text}");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut shown: Vec<String> = Vec::new();
    for host in settings.hosts() {
        let address = match host.address.as_slice() {
            b"" => String::new(),
            address => format!("[{}]", text(address)),
        };
        let password = host.password.as_deref().map(|p| format!("={}", text(p)));
        let (name, port) = (text(&host.name), text(&host.port));
        shown.push(format!("{name}{address}:{port}{}", password.unwrap_or_default()));
    }
    for (keyword, value) in settings.iter() {
        let default = match keyword {
            "host" | "hostaddr" | "port" | "passfile" => continue,
            "user" | "dbname" => value == b"me",
            _ => false,
        };
        if !default {
            shown.push(format!("{keyword}={}", text(value)));
        }
    }
    shown.extend(settings.parameters().map(|(name, value)| format!("{name}:{}", text(value))));
    shown.join(" ")
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(outcome(text, &[]), *expected, "{text}");
    }
}

#[test]
fn pairs() {
    check(&[
        ("", "/tmp:5432"),
        (" host = a  port= 1 ", "a:1"),
        ("host=a\tport=1\nuser=x", "a:1 dbname=x user=x"),
        ("user='it\\'s' dbname=po\\\\st", "/tmp:5432 dbname=po\\st user=it's"),
        ("user=a\\ b", "/tmp:5432 dbname=a b user=a b"),
        ("user=a\\", "/tmp:5432 dbname=a user=a"),
        ("host='/x'user='y'", "/x:5432 dbname=y user=y"),
        ("user=a'b'c", "/tmp:5432 dbname=a'b'c user=a'b'c"),
        ("user=x user=y", "/tmp:5432 dbname=y user=y"),
        ("user='' dbname=''", "/tmp:5432"),
        ("host= port=", "port=:5432"),
        ("dbname=postgresql:///x", "/tmp:5432 dbname=postgresql:///x"),
        ("host=a dbname", "missing \"=\" after \"dbname\" in connection info string"),
        ("host=a dbname x", "missing \"=\" after \"dbname\" in connection info string"),
        ("port=\" 12\"", "missing \"=\" after \"12\"\" in connection info string"),
        ("user='post", "unterminated quoted string in connection info string"),
        ("user='post\\'", "unterminated quoted string in connection info string"),
        ("=x", "invalid connection option \"\""),
        ("USER=x", "invalid connection option \"USER\""),
        ("foo=bar 'x", "invalid connection option \"foo\""),
        ("tty=x", "invalid connection option \"tty\""),
    ]);
}

/// What psql shows, and pgsh doesn't.
#[test]
fn secrets_are_not_shown() {
    let long = "end of string reached when looking for matching \"]\" in IPv6 host address in URI:";
    for (text, message) in [
        (
            "postgres://u:pw@[::1/d?sslpassword=pw&x=1",
            &*format!("{long} \"postgres://u:********@[::1/d?sslpassword=********&x=1\""),
        ),
        (
            "postgres://:pw@[]",
            "IPv6 host address may not be empty in URI: \"postgres://:********@[]\"",
        ),
        (
            "postgres://u:pw@[::1]x?pass%77ord=pw",
            "unexpected character \"x\" at position 22 in URI (expected \":\" or \"/\"): \
             \"postgres://u:********@[::1]x?pass%77ord=********\"",
        ),
        ("postgres://u@[]", "IPv6 host address may not be empty in URI: \"postgres://u@[]\""),
        ("postgres://u:pw%zz@h", "invalid percent-encoded token: \"********\""),
        ("postgres://u:p%00w@h", "forbidden value %00 in percent-encoded value: \"********\""),
        (
            "postgres://u:p w@h",
            "unexpected spaces found in \"********\", use percent-encoded spaces (%20) instead",
        ),
        ("postgres://h?scram_client_key=p%w", "invalid percent-encoded token: \"********\""),
        ("postgres://h?oauth_client_secret=%w", "invalid percent-encoded token: \"********\""),
        (
            "postgres://h?password=p&w",
            "missing key/value separator \"=\" in URI query parameter: \"********\"",
        ),
        ("password=p w", "missing \"=\" after \"********\" in connection info string"),
    ] {
        assert_eq!(outcome(text, &[]), message, "{text}");
    }
}

#[test]
fn uris() {
    check(&[
        ("postgres://", "/tmp:5432"),
        ("postgresql://h", "h:5432"),
        ("postgres://h:", "h:5432"),
        ("postgres://u:p@h:1/d", "h:1 dbname=d password=p user=u"),
        ("postgres://u@h/d?port=7", "h:7 dbname=d user=u"),
        ("postgres://:p@/d", "/tmp:5432 dbname=d password=p"),
        ("postgres://a@b@c/d", "b@c:5432 dbname=d user=a"),
        ("postgres://h?user=a@b/c", "b:5432 dbname=c user=h?user=a"),
        ("postgres://h:1/a/b", "h:1 dbname=a/b"),
        ("postgres://h:1,i:2/d", "h:1 i:2 dbname=d"),
        ("postgres://h,i:2", "h:5432 i:2"),
        ("postgres://h:1,/x:2", "h:1 /tmp:5432 dbname=x:2"),
        ("postgres://,/d", "/tmp:5432 /tmp:5432 dbname=d"),
        ("postgres://[::1]:1,[::2]/d", "::1:1 ::2:5432 dbname=d"),
        ("postgres://%2Ftmp%2Fx:%31/", "/tmp/x:1"),
        ("postgres:///?%68ost=/x&user=", "/x:5432"),
        ("postgres://?host=/x?", "/x?:5432"),
        ("postgres:///d?user=y&", "/tmp:5432 dbname=d user=y"),
        ("postgres:///d?user=a%3Db", "/tmp:5432 dbname=d user=a=b"),
        ("postgres:// h : 1 /  d  ? user = y ", "h:1 dbname=d user=y"),
        (
            "postgres:///a b",
            "unexpected spaces found in \"a b\", use percent-encoded spaces (%20) instead",
        ),
        (
            "postgres://[::1/d",
            "end of string reached when looking for matching \"]\" in IPv6 host address in URI: \
             \"postgres://[::1/d\"",
        ),
        ("postgres://[]/d", "IPv6 host address may not be empty in URI: \"postgres://[]/d\""),
        (
            "postgres://[::1]x/db",
            "unexpected character \"x\" at position 17 in URI (expected \":\" or \"/\"): \
             \"postgres://[::1]x/db\"",
        ),
        ("postgres:///d?foo=bar", "invalid URI query parameter: \"foo\""),
        ("postgres:///d?%66oo=1", "invalid URI query parameter: \"foo\""),
        ("postgres:///d?=1", "invalid URI query parameter: \"\""),
        ("postgres:///d?foo", "missing key/value separator \"=\" in URI query parameter: \"foo\""),
        (
            "postgres:///d?user=x&&port=2",
            "missing key/value separator \"=\" in URI query parameter: \"\"",
        ),
        (
            "postgres:///d?user=a=b",
            "extra key/value separator \"=\" in URI query parameter: \"user\"",
        ),
        ("postgres://u%zz@h", "invalid percent-encoded token: \"u%zz\""),
        ("postgres://u%0@h", "invalid percent-encoded token: \"u%0\""),
        ("postgres://u%00@h", "forbidden value %00 in percent-encoded value: \"u%00\""),
        ("postgres:///?ssl=true", "/tmp:5432 sslmode=require"),
        ("postgres:///?ssl=false", "invalid URI query parameter: \"ssl\""),
        ("postgres:/h", "missing \"=\" after \"postgres:/h\" in connection info string"),
    ]);
}

#[test]
fn hosts() {
    check(&[
        ("host=a,b port=1,2", "a:1 b:2"),
        ("host=a,b port=1", "a:1 b:1"),
        ("host=a, port=1,", "a:1 /tmp:5432"),
        ("hostaddr=::1 host=foo", "foo[::1]:5432"),
        ("hostaddr=::1", "[::1]:5432"),
        ("host=foo,/x hostaddr=::1,", "foo[::1]:5432 /x:5432"),
        ("host=a,b port=1,2,3", "could not match 3 port numbers to 2 hosts"),
        ("port=1,2", "could not match 2 port numbers to 1 hosts"),
        ("hostaddr=1.1.1.1,2.2.2.2 host=a", "could not match 1 host names to 2 hostaddr values"),
    ]);
}

#[test]
fn port_numbers() {
    let check = |text: &str, expected: Result<u16, &str>| {
        let host = Host { port: text.as_bytes().to_vec(), ..Host::default() };
        let number = host.port_number().map_err(|e| String::from_utf8(e.message).unwrap());
        assert_eq!(number, expected.map_err(str::to_owned), "{text}");
    };
    check("5432", Ok(5432));
    check(" +1 ", Ok(1));
    check("abc", Err("invalid integer value \"abc\" for connection option \"port\""));
    check("1 x", Err("invalid integer value \"1 x\" for connection option \"port\""));
    check("0x10", Err("invalid integer value \"0x10\" for connection option \"port\""));
    check(
        "99999999999",
        Err("invalid integer value \"99999999999\" for connection option \"port\""),
    );
    check("0", Err("invalid port number: \"0\""));
    check("-1", Err("invalid port number: \"-1\""));
    check("65536", Err("invalid port number: \"65536\""));
}

#[test]
fn values() {
    check(&[
        ("sslmode=prefer gssencmode=disable", "/tmp:5432 gssencmode=disable sslmode=prefer"),
        ("requiressl=0", "/tmp:5432 sslmode=prefer"),
        ("requiressl=1", "/tmp:5432 sslmode=require"),
        ("sslmode=Prefer", "invalid sslmode value: \"Prefer\""),
        ("sslmode=verify-ca", "/tmp:5432 sslmode=verify-ca"),
        ("sslrootcert=system", "/tmp:5432 sslmode=verify-full sslrootcert=system"),
        (
            "sslrootcert=system sslmode=require",
            "weak sslmode \"require\" may not be used with sslrootcert=system (use \"verify-full\")",
        ),
        ("sslnegotiation=x", "invalid sslnegotiation value: \"x\""),
        (
            "sslnegotiation=direct",
            "weak sslmode \"prefer\" may not be used with sslnegotiation=direct \
             (use \"require\", \"verify-ca\", or \"verify-full\")",
        ),
        ("sslcertmode=x", "invalid sslcertmode value: \"x\""),
        ("sslcertmode=require", "/tmp:5432 sslcertmode=require"),
        ("gssencmode=x", "invalid gssencmode value: \"x\""),
        (
            "gssencmode=require",
            "gssencmode value \"require\" invalid when GSSAPI support is not compiled in",
        ),
        ("channel_binding=x", "invalid channel_binding value: \"x\""),
        ("target_session_attrs=x", "invalid target_session_attrs value: \"x\""),
        ("load_balance_hosts=x", "invalid load_balance_hosts value: \"x\""),
        (
            "min_protocol_version=x max_protocol_version=x",
            "invalid min_protocol_version value: \"x\"",
        ),
        ("max_protocol_version=3.1", "invalid max_protocol_version value: \"3.1\""),
        (
            "min_protocol_version=3.2 max_protocol_version=3.0",
            "\"min_protocol_version\" is greater than \"max_protocol_version\"",
        ),
        ("ssl_min_protocol_version=x", "invalid \"ssl_min_protocol_version\" value: \"x\""),
        (
            "ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2",
            "invalid SSL protocol version range",
        ),
        ("ssl_max_protocol_version=TLSv1.1", "invalid SSL protocol version range"),
        ("require_auth=x", "invalid require_auth value: \"x\""),
        ("require_auth=none,", "invalid require_auth value: \"\""),
        ("require_auth=' none'", "invalid require_auth value: \" none\""),
        ("require_auth=!md5,!oauth", "/tmp:5432 require_auth=!md5,!oauth"),
        (
            "require_auth=none,!md5",
            "negative require_auth method \"!md5\" cannot be mixed with non-negative methods",
        ),
        (
            "require_auth=!md5,none",
            "require_auth method \"none\" cannot be mixed with negative methods",
        ),
        ("require_auth=md5,md5", "require_auth method \"md5\" is specified more than once"),
        ("scram_client_key=x", "invalid SCRAM client key"),
        ("scram_server_key=QUJD", "invalid SCRAM server key length: 3"),
        // The order in which psql complains.
        (
            "sslmode=x channel_binding=x require_auth=x port=1,2",
            "could not match 2 port numbers to 1 hosts",
        ),
        ("sslmode=x channel_binding=x require_auth=x", "invalid require_auth value: \"x\""),
        ("sslcertmode=x gssencmode=x", "invalid sslcertmode value: \"x\""),
        ("sslmode=x sslrootcert=system", "invalid sslmode value: \"x\""),
        (
            "target_session_attrs=x load_balance_hosts=x",
            "invalid target_session_attrs value: \"x\"",
        ),
    ]);
}

#[test]
fn environment() {
    let check = |text: &str, environment: &[(&str, &str)], expected: &str| {
        assert_eq!(outcome(text, environment), expected, "{text} {environment:?}");
    };
    check("", &[("PGHOST", "h"), ("PGPORT", "1"), ("PGUSER", "u")], "h:1 dbname=u user=u");
    check("host=i", &[("PGHOST", "h"), ("PGPORT", "1")], "i:1");
    // Given as nothing is not the same as not given.
    check("port=", &[("PGPORT", "1")], "/tmp:5432");
    check("", &[("PGPORT", ""), ("PGHOST", ""), ("PGUSER", "")], "/tmp:5432");
    check("", &[("PGHOST", ",i"), ("PGPORT", "1")], "/tmp:1 i:1");
    check("", &[("PGAPPNAME", "a"), ("PGDATABASE", "d")], "/tmp:5432 application_name=a dbname=d");
    check("", &[("PGSSLMODE", "x")], "invalid sslmode value: \"x\"");
    check("", &[("PGREQUIRESSL", "1")], "/tmp:5432 sslmode=require");
    check("", &[("PGREQUIRESSL", "0")], "/tmp:5432");
    check("", &[("PGREQUIRESSL", "1"), ("PGSSLMODE", "allow")], "/tmp:5432 sslmode=allow");
    check("", &[("PGTZ", ""), ("PGGEQO", "on")], "/tmp:5432 timezone: geqo:on");
    check("", &[("PGTZ", "Default"), ("PGDATESTYLE", "x")], "/tmp:5432 datestyle:x");
    let auto = "client_encoding=auto";
    for (charmap, encoding) in [
        ("UTF-8", "UTF8"),
        ("ISO-8859-1", "LATIN1"),
        ("ISO-8859-15", "LATIN9"),
        ("KOI8-R", "KOI8R"),
        ("CP1251", "WIN1251"),
        ("EUC-JP", "EUC_JP"),
        ("BIG5-HKSCS", "BIG5"),
        ("CP949", "UHC"),
        ("ANSI_X3.4-1968", "SQL_ASCII"),
    ] {
        check(auto, &[(CHARMAP, charmap)], &format!("/tmp:5432 client_encoding={encoding}"));
    }
    check(auto, &[], "/tmp:5432 client_encoding=SQL_ASCII");
}

#[test]
fn services() {
    let check = |text: &str, environment: &[(&str, &str)], expected: &str| {
        assert_eq!(outcome(text, environment), expected, "{text} {environment:?}");
    };
    let file = ("PGSERVICEFILE", "/services");
    check("service=one", &[file], "/tmp/svc1:77 service=one");
    check("service=one", &[file, ("PGPORT", "78")], "/tmp/svc1:77 service=one");
    check("service=one port=79", &[file], "/tmp/svc1:79 service=one");
    check("service=one port=", &[file], "/tmp/svc1:5432 service=one");
    check("", &[file, ("PGSERVICE", "one")], "/tmp/svc1:77 service=one");
    check("service=sp", &[file], "/tmp:5432 dbname='q q' service=sp user=a#b");
    check("service=one", &[("HOME", "/home")], "/tmp/svc1:77 service=one");
    check("service=one", &[("PGSYSCONFDIR", "/etc")], "/tmp/svc1:77 service=one");
    check("service=two", &[file], "syntax error in service file \"/services\", line 7");
    check("service=bad", &[file], "syntax error in service file \"/services\", line 9");
    check("service=noeq", &[file], "syntax error in service file \"/services\", line 13");
    check(
        "service=nest",
        &[file],
        "nested service specifications not supported in service file \"/services\", line 11",
    );
    check("service=three", &[file], "definition of service \"three\" not found");
    check("service=", &[], "definition of service \"\" not found");
    check("service=one", &[("PGSERVICEFILE", "/none")], "service file \"/none\" not found");
}

#[test]
fn the_file_of_a_service() {
    let check = |text: &str, environment: &[(&str, &str)], expected: Option<&str>| {
        let variable = |name: &str| {
            let found = environment.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| value.as_bytes().to_vec())
        };
        let read = |file: File<'_>| match file {
            File::Service(b"/none" | b"/home/.pg_service.conf") => Some(b"[other]\n".to_vec()),
            File::Service(_) => Some(SERVICES.to_vec()),
            _ => None,
        };
        let given = parse(text.as_bytes()).unwrap();
        let settings = resolve(&given, &variable, &read, &|| Ok(b"me".to_vec())).unwrap();
        assert_eq!(settings.service_file(), expected.map(str::as_bytes), "{text}");
    };
    let own = ("PGSERVICEFILE", "/services");
    check("service=one", &[own], Some("/services"));
    check("", &[own, ("PGSERVICE", "one")], Some("/services"));
    check("", &[own], None);
    let (home, system) = (("HOME", "/home"), ("PGSYSCONFDIR", "/etc"));
    check("service=one", &[home, system], Some("/etc/pg_service.conf"));
    check("service=other", &[home, system], Some("/home/.pg_service.conf"));
}

#[test]
fn password_files() {
    let check = |text: &str, expected: &str| {
        assert_eq!(outcome(text, &[("HOME", "/home")]), expected, "{text}");
    };
    check("user=s dbname=db host=localhost", "localhost:5432=ss dbname=db user=s");
    // The default socket is the local host; another socket goes by its directory.
    check("user=s dbname=db", "/tmp:5432=ss dbname=db user=s");
    check("user=s dbname=db host=/tmp/x", "/tmp/x:5432=xx dbname=db user=s");
    check("user=s dbname=db host=127.0.0.1", "127.0.0.1:5432 dbname=db user=s");
    check(
        "user=s dbname=db host=localhost,/tmp/x",
        "localhost:5432=ss /tmp/x:5432=xx dbname=db user=s",
    );
    check("user=s dbname=db password=p", "/tmp:5432 dbname=db password=p user=s");
    check("user=u:v dbname=db port=1", "/tmp:1=it:s dbname=db user=u:v");
    // An empty password is none.
    check("user=s dbname=db port=2", "/tmp:2 dbname=db user=s");
    check("user=s dbname=other port=3", "/tmp:3=last dbname=other user=s");
    check("user=s dbname=db passfile=/none", "/tmp:5432 dbname=db user=s");
}

#[test]
fn conninfo_in_place_of_a_database() {
    for (text, expected) in [
        ("postgres://", true),
        ("postgresql://x", true),
        ("a=b", true),
        ("=", true),
        ("mydb", false),
        ("postgres:", false),
    ] {
        assert_eq!(looks_like_conninfo(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn random_bytes_do_no_harm() {
    let mut seed = 7u64;
    for _ in 0..20_000 {
        let mut text = Vec::new();
        for _ in 0..seed % 24 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.push(b"=' \\%&?/:@[],abhostuser\xff\n"[(seed >> 33) as usize % 25]);
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let _ = parse(&text);
        let _ = parse(&[b"postgres://", &text[..]].concat());
        let _ = passfile::find(&text, [b"a", b"b", b"", b"o"]);
        let _ = service::find(&text, b"", b"a");
    }
}

#[test]
fn the_socket_of_a_distribution() {
    let check = |text: &str, sockets: &[&str], expected: &str| {
        let read = |file: File<'_>| match file {
            File::Socket(path) => {
                sockets.iter().any(|socket| socket.as_bytes() == path).then(Vec::new)
            }
            File::Password(_) => Some(b"localhost:*:*:*:secret\n".to_vec()),
            _ => None,
        };
        let variable = |name: &str| (name == "PGPASSFILE").then(|| b"/passwords".to_vec());
        let settings =
            resolve(&parse(text.as_bytes()).unwrap(), &variable, &read, &|| Ok(b"me".to_vec()))
                .unwrap();
        let host = &settings.hosts()[0];
        assert_eq!(String::from_utf8_lossy(&host.name), expected, "{text} {sockets:?}");
        assert!(host.password.is_some(), "the local host's password: {text} {sockets:?}");
    };
    let (own, theirs) = ("/tmp/.s.PGSQL.5432", "/var/run/postgresql/.s.PGSQL.5432");
    check("", &[], "/tmp");
    check("", &[own], "/tmp");
    check("", &[own, theirs], "/var/run/postgresql");
    check("", &[theirs], "/var/run/postgresql");
    check("port=5433", &[theirs], "/tmp");
    check("port=5433", &["/var/run/postgresql/.s.PGSQL.5433"], "/var/run/postgresql");
}
