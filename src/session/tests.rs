use super::*;
use crate::conninfo;

/// A session with the server named by PGSH_TEST_SERVER, a connection string; `None` without it.
fn live() -> Option<Session> {
    let given = conninfo::parse(&std::env::var_os("PGSH_TEST_SERVER")?.into_encoded_bytes());
    let settings = conninfo::resolve(&given.unwrap(), &|_| None, &|_| None, b"postgres").unwrap();
    Some(Session::connect(&settings, None).unwrap())
}

/// Every event up to ReadyForQuery, in `{:?}`'s form.
fn drain(session: &mut Session) -> Vec<String> {
    let mut events = Vec::new();
    loop {
        let event = session.next().unwrap();
        events.push(format!("{event:?}"));
        if matches!(event, Event::Ready(_)) {
            return events;
        }
    }
}

#[test]
fn live_simple_query() {
    let Some(mut session) = live() else { return };
    session.query(b"select 1 as a, null as b; begin; ; select 1/0");
    let events = drain(&mut session);
    assert_eq!(events.len(), 6, "{events:#?}");
    assert!(events[0].starts_with("RowDescription([Field { name: [97]"), "{events:#?}");
    assert_eq!(events[1], "DataRow([0, 2, 0, 0, 0, 1, 49, 255, 255, 255, 255])");
    assert!(events[4].starts_with("Error("), "{events:#?}");
    assert_eq!(events[5], "Ready(Failed)");
}
