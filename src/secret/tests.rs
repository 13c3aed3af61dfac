use super::*;

/// What stands between a word and its value.
const GAPS: [&str; 5] = [" ", "\n  ", " /* c */ ", " -- it's\n", "\t/* /* n */ ' */\n"];
/// A string in every form there is.
const STRINGS: [&str; 13] = [
    "'x'",
    "E'x'",
    "e'\\'x'",
    "N'x'",
    "n'x'",
    "U&'x'",
    "u&'\\0078'",
    "$$x$$",
    "$a$x$a$",
    "''",
    ":'pw'",
    ":pw",
    "'open",
];
/// Keywords of connection strings that are secrets.
const KEYWORDS: [&str; 6] = [
    "password",
    "sslpassword",
    "oauth_client_secret",
    "scram_client_key",
    "scram_server_key",
    "PASSWORD",
];

fn check(text: &str, expected: bool) {
    assert_eq!(holds_secret(text.as_bytes()), expected, "{text}");
}

#[test]
fn passwords_of_roles() {
    for verb in ["create", "ALTER"] {
        for kind in ["role", "USER", "Group"] {
            for before in ["", "with", "login encrypted", "valid until '2030-01-01'"] {
                for gap in GAPS {
                    for string in STRINGS {
                        check(&format!("{verb} {kind} joe {before} PASSWORD{gap}{string};"), true);
                    }
                    check(&format!("{verb} {kind} joe {before} password{gap}null;"), false);
                }
            }
        }
    }
}

#[test]
fn options_of_user_mappings() {
    for name in
        ["password", "\"password\"", "PassWord", "U&\"p\\0061ssword\"", "sslpassword", "secret"]
    {
        for gap in GAPS {
            for string in &STRINGS[..9] {
                for action in ["", "add ", "set "] {
                    check(
                        &format!(
                            "create user mapping for joe server s options (user 'joe', \
                             {action}{name}{gap}{string});"
                        ),
                        true,
                    );
                }
            }
        }
    }
}

/// A statement or command for each place that connection strings come in.
fn with_connection_string(text: &str) -> Vec<String> {
    let doubled = text.replace('\'', "''");
    vec![
        format!("\\c '{doubled}'"),
        format!(" \\connect \"{text}\""),
        format!("\\c -reuse-previous=on '{doubled}'"),
        format!("\\! pg_dump -d \"{text}\" > x.sql"),
        format!("\\!  psql '{text}' -c 'select 1'"),
        format!("select 1 \\g |psql \"{text}\""),
        format!("\\o |psql \"{text}\""),
        format!("\\copy t from program 'psql \"{doubled}\"'"),
        format!("\\set url '{doubled}'"),
        format!("\\setenv URL '{doubled}'"),
        format!("create subscription s connection '{doubled}' publication p;"),
        format!("create subscription s connection E'{doubled}' publication p;"),
        format!("create subscription s\n connection\n $x${text}$x$ publication p;"),
        format!("select * from dblink('{doubled}', 'select 1') as t (a int);"),
        format!("select dblink_connect_u('c', N'{doubled}');"),
        format!("alter system set primary_conninfo = '{doubled}';"),
        format!("do $$ begin perform dblink_connect('{doubled}'); end $$;"),
        format!(
            "do $$ begin execute 'select dblink_connect(''{}'')'; end $$;",
            doubled.replace('\'', "''")
        ),
        format!("-- \\c {text}\nselect 1;"),
        format!("/* {text} */ select 1;"),
        format!("\\echo `psql '{text}'`"),
        format!("select dblink_connect($1) \\bind '{doubled}' \\g"),
    ]
}

#[test]
fn connection_strings() {
    for keyword in KEYWORDS {
        for assignment in ["=x", " = x", "='x y'", "\t=\n'x'", "=x host=h"] {
            for text in with_connection_string(&format!("host=h user=joe {keyword}{assignment}")) {
                // A line break ends a meta-command.
                if assignment.contains('\n') && text.contains('\\') {
                    continue;
                }
                check(&text, true);
            }
        }
        check(&format!("\\c {keyword}=x"), true);
        check(&format!("\\c 'pass'{keyword}=x"), true);
    }
    for harmless in
        ["host=h user=joe", "passfile=/x sslkey=y", "require_auth=password", "dbname=password"]
    {
        for text in with_connection_string(harmless) {
            check(&text, false);
        }
    }
}

#[test]
fn uris() {
    for scheme in ["postgres", "postgresql", "POSTGRESQL"] {
        for rest in [
            "joe:x@h/db",
            "joe:x@",
            ":x@h",
            "joe:x%40y@h",
            "joe:p:q@h:5432/db",
            "joe:x@[::1]:5432/db",
            "joe:x@h1,h2/db",
            "joe:x/y@h",
            "joe:x?y@h",
            "joe:x#@h",
            "h/db?password=x",
            "h/db?user=joe&password=x",
            "h?sslpassword=x",
            "/?pass%77ord=x",
            "joe:x y@h",
            "h?oauth_client_secret=x",
            "jo%65:%78@h",
        ] {
            for text in with_connection_string(&format!("{scheme}://{rest}")) {
                check(&text, true);
            }
            check(&format!("\\c {scheme}://{}", rest.replace(' ', "%20")), true);
        }
        for rest in [
            "joe@h/db",
            "joe@h:5432/db",
            "h:5432/db",
            "h1:1,h2:2/db",
            "/db",
            "h?user=joe",
            "joe@h?passfile=x",
        ] {
            for text in with_connection_string(&format!("{scheme}://{rest}")) {
                check(&text, false);
            }
        }
    }
}

/// Arguments of programs, wherever a program may be called.
#[test]
fn programs() {
    for (arguments, expected) in [
        ("curl -u a:SECRET http://h/", true),
        ("curl -ua:SECRET http://h/", true),
        ("curl --user a:SECRET http://h/", true),
        ("curl --user=a:SECRET http://h/", true),
        ("curl -x http://p --proxy-user a:b http://h/", true),
        ("/usr/bin/curl -s -u \"a:SECRET\" h", true),
        ("smbclient -U joe%x //h/s", true),
        ("curl -H \"Authorization: Bearer abc\" http://h/", true),
        ("wget --header \"X-Api-Key: abc\" http://h/", true),
        ("curl -H \"PRIVATE-TOKEN: abc\" http://h/", true),
        ("curl -H \"Cookie: a=b\" http://h/", true),
        ("wget --user joe --password x http://h/", true),
        ("wget --http-password=x http://h/", true),
        ("vault login --token x", true),
        ("tool --api-key x", true),
        ("sshpass -p x ssh h cat f", true),
        ("sshpass -px ssh h cat f", true),
        ("mysql -pSECRET -e q db", true),
        ("curl https://u:p@h/f", true),
        ("curl https://h/f?access_token=x", true),
        ("PGPASSWORD=x psql -c q", true),
        ("curl -u a http://h/", false),
        ("curl http://h:80/ -o f", false),
        ("psql -U joe -h h -p 5432", false),
        ("psql --username joe --port 5432", false),
        ("psql --no-password --command q", false),
        ("pg_dump --password", false),
        ("sort -u f:g", true),
        ("sort -u f", false),
        ("ssh -p 22 h cat f", false),
        ("curl -H \"Accept: text/csv\" http://h/", false),
        ("date +%H:%M", false),
        ("gzip -dc f.gz", false),
        ("rsync -a h:/f .", false),
    ] {
        for text in [
            format!("\\! {arguments}"),
            format!("\\copy t from program '{arguments}'"),
            format!("copy t from program '{arguments}' csv;"),
            format!("copy t to program $${arguments}$$;"),
            format!("select 1 \\g |{arguments}"),
            format!("\\o |{arguments}"),
            format!("\\set x `{arguments}`"),
        ] {
            check(&text, expected);
        }
    }
    check("select a -- user: joe", false);
    check("select '10:30', '-u'", false);
}

#[test]
fn meta_commands() {
    for (text, expected) in [
        ("\\password", true),
        ("  \\password joe", true),
        ("select 1; \\password joe", true),
        ("\\setenv PGPASSWORD x", true),
        ("\\setenv X_TOKEN sekrit", true),
        ("\\set pw sekrit", true),
        (" \\setenv PGPASSWORD x", true),
        ("\t\\setenv\tPGPASSWORD\t'x'", true),
        ("\\setenv 'PGPASSWORD' x", true),
        ("\\setenv PG'PASS'WORD x", true),
        ("\\setenv PGPASSWORD `cat f`", true),
        ("\\setenv PGPASSWORD :pw", true),
        ("select 1; \\setenv PGPASSWORD x \\\\ select 2;", true),
        ("\\setenv A b \\setenv PGPASSWORD x", true),
        ("\\setenv MYSQL_PWD x", true),
        ("\\setenv AWS_SECRET_ACCESS_KEY x", true),
        ("\\set password x", true),
        ("\\set DB_PASS 'x y'", true),
        ("\\setenv PGPASSWORD", false),
        ("\\setenv PGPASSFILE x", false),
        ("\\setenv PAGER less", false),
        ("\\set VERBOSITY verbose", false),
        ("\\prompt 'Password: ' pw", false),
        ("\\prompt pw", false),
        ("\\! PGPASSWORD=x pg_dump", true),
        ("\\! PGPASSWORD='x y' pg_dump", true),
        ("\\! export PGPASSWORD=x; pg_dump", true),
        ("\\! env A=b PGPASSWORD=\"x\" pg_dump", true),
        ("\\! pg_dump \"postgres://u:p@h\"", true),
        ("\\! tool --password=x", true),
        ("\\! curl https://joe:x@h/", true),
        ("\\! echo h:5432:db:joe:x >> ~/.pgpass", true),
        ("\\! psql -c \"alter role joe password 'x'\"", true),
        ("\\! cat ~/.pgpass", false),
        ("\\! pg_dump -U joe -h h db", false),
        ("\\! cd /tmp; PWD=/tmp ls", false),
        ("\\! curl https://h:80/ -d a@b", false),
        ("\\d passwords", false),
        ("\\dt *.*password*", false),
        ("\\echo password", false),
        ("\\c db joe h 5432", false),
        ("\\copy users (name, password) from f.csv", false),
        ("\\copy (select * from dblink('password=x')) to f", true),
    ] {
        check(text, expected);
    }
}

#[test]
fn statements() {
    for (text, expected) in [
        ("select set_config('app.secret', 'x', false)", true),
        ("set app.api_key = 'x'", true),
        ("set app.password to 'x'", true),
        ("alter role joe set app.secret = 'x'", true),
        ("update users set password = crypt('x', gen_salt('bf')) where id = 1", true),
        ("update users set name = 'a', password = 'x'", true),
        ("select * from users where password = 'x'", true),
        ("select jsonb_build_object('password', 'x')", true),
        ("select '{\"user\": \"joe\", \"password\": \"x\"}'::jsonb", true),
        ("select '{\"user\":\"joe\",\"password\":\"x\"}'::jsonb", true),
        ("do $$ begin execute 'alter role joe password ''x'''; end $$", true),
        ("do $$ begin execute format('alter role joe password %L', 'x'); end $$", true),
        ("select 'alter role joe password ' || quote_literal('x') \\gexec", true),
        ("select format('alter role joe password %L', 'x') \\gexec", true),
        ("-- alter role joe password 'x'\nselect 1;", true),
        ("/* alter role joe password 'x' */ select 1;", true),
        ("alter role joe password 'never end", true),
        ("alter server s options (set password 'x')", true),
        ("", false),
        ("select 1", false),
        ("select password from users", false),
        ("select password, 'x' from users", false),
        ("select u.password = v.password from u, v where u.name = 'joe'", false),
        ("update users set password = null where name = 'joe'", false),
        ("update users set password = $1 where name = $2", false),
        ("select * from passwords where password like 'x'", false),
        ("set password_encryption = 'scram-sha-256'", false),
        ("create table users (name text, password text not null)", false),
        ("alter table users rename column pw to password", false),
        ("comment on column users.password is 'its hash'", false),
        ("grant select (password) on users to joe", false),
        ("alter role joe valid until '2030-01-01'", false),
        ("create role joe login", false),
        ("select 'https://host:80/path'", false),
        ("select 'a://b:c', 'd@e'", false),
        ("select '100%', 'a=b', E'\\n%zz%'", false),
    ] {
        check(text, expected);
    }
}

/// However odd, and however long, a text is judged, and soon.
#[test]
fn any_text_is_judged() {
    let parts = [
        "\\", "\\! ", "'", "\"", "$$", "%", "=", "password", "://", ":", "@", "/*", "--", "E'\\",
        "U&\"\\", "\n", "`", "|",
    ];
    for one in parts {
        for two in parts {
            for three in parts {
                holds_secret(format!("{one}{two}{three}x").as_bytes());
            }
        }
        let began = std::time::Instant::now();
        holds_secret(one.repeat(20_000).as_bytes());
        assert!(began.elapsed().as_secs() < 5, "{one}");
    }
}
