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
