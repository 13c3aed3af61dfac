use super::*;

#[test]
fn names() {
    let check = |name: &str, good| assert_eq!(check_name(name).is_ok(), good, "{name:?}");
    check("shop", true);
    check("Größe \"x\"", true);
    check(&"n".repeat(63), true);
    check("", false);
    check(&"n".repeat(64), false);
    check("a\0b", false);
    check("scratch_1_1", false);
    check("Template1", true);
    for own in ["postgres", "template0", "template1"] {
        check(own, false);
    }
    for odd in ["a/b", "/", "../x", "a\\b", "a\nb", "a\u{1b}[2Jb", "a\u{fffd}"] {
        check(odd, false);
    }
}

#[test]
fn quoted_names() {
    assert_eq!(quote("a\"b"), "\"a\"\"b\"");
}

#[test]
fn a_dead_session_s_lease_is_told_from_a_live_one_s() {
    let place = tempfile::tempdir().expect("a directory");
    fs::create_dir(place.path().join("leases")).expect("a directory");
    let first = Lease::take(place.path()).expect("a lease");
    let second = Lease::take(place.path()).expect("a lease");
    assert_ne!(first.name, second.name);
    let path = place.path().join("leases").join(&first.name);
    assert!(Lock::try_exclusive(&path).expect("no error").is_none());
    drop(first);
    assert!(Lock::try_exclusive(&path).expect("no error").is_some());
    assert_ne!(Lease::take(place.path()).expect("a lease").name, second.name);
}
