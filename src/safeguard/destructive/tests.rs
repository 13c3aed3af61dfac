use super::*;
use crate::encoding::Encoding;
use crate::safeguard::statements;
use Effect::*;

/// The effects of what a text destroys.
fn effects(sql: &str) -> Vec<Effect> {
    let statements = statements(sql.as_bytes(), Encoding::Utf8);
    destructions(&statements).iter().map(|found| found.effect).collect()
}

#[track_caller]
fn check(rows: &[(&str, &[Effect])]) {
    for (sql, expected) in rows {
        assert_eq!(effects(sql), *expected, "{sql}");
        // Neither the case nor what stands around it counts.
        let upper = format!("/* x -- */ -- ;\n{};", sql.to_uppercase());
        if !sql.contains(['\'', '"', '$']) {
            assert_eq!(effects(&upper), *expected, "{upper}");
        }
    }
}

/// Alone, each is asked about.
#[test]
fn destroy() {
    check(&[
        ("drop table t", &[DropRows]),
        ("drop table if exists a, b cascade", &[DropRows]),
        ("drop materialized view m", &[DropRows]),
        ("drop index concurrently i", &[DropRows]),
        ("drop view v", &[Drop]),
        ("drop database d", &[Drop]),
        ("drop schema s cascade", &[Drop]),
        ("drop role r", &[Drop]),
        ("drop user u", &[Drop]),
        ("drop owned by r", &[Drop]),
        ("drop function f(int)", &[Drop]),
        ("drop procedure p", &[Drop]),
        ("drop aggregate a(*)", &[Drop]),
        ("drop sequence s", &[Drop]),
        ("drop type t", &[Drop]),
        ("drop domain d", &[Drop]),
        ("drop extension e", &[Drop]),
        ("drop trigger g on t", &[Drop]),
        ("drop policy p on t", &[Drop]),
        ("drop rule r on t", &[Drop]),
        ("drop publication p", &[Drop]),
        ("drop subscription s", &[Drop]),
        ("drop tablespace t", &[Drop]),
        ("drop server s", &[Drop]),
        ("drop foreign table f", &[Drop]),
        ("drop event trigger e", &[Drop]),
        ("drop table \"select\"", &[DropRows]),
        ("drop/**/table/* ; */t", &[DropRows]),
        ("drop -- now\n table t", &[DropRows]),
        ("truncate t", &[Truncate]),
        ("truncate table a, only b restart identity cascade", &[Truncate]),
        ("alter table t drop column c", &[AlterDrop]),
        ("alter table t drop c", &[AlterDrop]),
        ("alter table t add a int, drop column b", &[AlterDrop]),
        ("alter table if exists only s.t drop constraint c", &[AlterDrop]),
        ("alter table t alter c drop identity", &[AlterDrop]),
        ("alter table t alter c drop expression", &[AlterDrop]),
        ("alter table t alter c drop default, drop d", &[AlterDrop]),
        ("alter type t drop attribute a", &[AlterDrop]),
        ("alter domain d drop constraint c", &[AlterDrop]),
        ("alter extension e drop table t", &[AlterDrop]),
        ("alter publication p drop table t", &[AlterDrop]),
        ("alter server s options (drop host)", &[AlterDrop]),
        ("alter subscription s drop publication p", &[AlterDrop]),
        ("alter text search configuration c drop mapping for word", &[AlterDrop]),
        ("delete from t", &[Delete]),
        ("delete from only t", &[Delete]),
        ("delete from s.t", &[Delete]),
        ("delete from \"T\"", &[Delete]),
        ("delete from \"where\"", &[Delete]),
        ("delete from t -- where x", &[Delete]),
        ("delete from t /* where x */", &[Delete]),
        ("delete from t returning 'where'", &[Delete]),
        ("delete from t returning $$ where $$", &[Delete]),
        ("delete from t as where_", &[Delete]),
        ("delete from t using u", &[Delete]),
        ("delete from t using (select 1 where true) u", &[Delete]),
        ("delete from t returning (select a from b where c)", &[Delete]),
        ("delete from t returning *", &[Delete]),
        ("update t set a = 1", &[Update]),
        ("update only t set a = 1", &[Update]),
        ("update t as x set a = 1", &[Update]),
        ("update t x set a = 1", &[Update]),
        ("update s.t set a = 1", &[Update]),
        ("update \"T\" set a = 1", &[Update]),
        ("update t set a = (select b from c where d)", &[Update]),
        ("update t set (a, b) = (select 1, 2 where true)", &[Update]),
        ("update t set a = 1 from u", &[Update]),
        ("update t set a = 'x where y'", &[Update]),
        ("update t set a = $1", &[Update]),
    ]);
}

/// In other statements and behind others.
#[test]
fn destroy_within() {
    check(&[
        ("with x as (delete from t returning *) select * from x", &[Delete]),
        ("with x as materialized (delete from t returning *) select * from x where a", &[Delete]),
        (
            "with x as (delete from t returning *), y as (update u set a = 1 returning *) table x",
            &[Delete, Update],
        ),
        ("with x as (select 1) delete from t", &[Delete]),
        ("with x as (select 1) update t set a = 1", &[Update]),
        ("with recursive x as (select 1 where true) update t set a = 1", &[Update]),
        ("with x as (select 1 where true) delete from t using x", &[Delete]),
        ("with x as (delete from t where a returning *) delete from u", &[Delete]),
        ("copy (delete from t returning *) to stdout", &[Delete]),
        ("explain analyze delete from t", &[Delete]),
        ("explain analyze verbose update t set a = 1", &[Update]),
        ("explain (analyze) delete from t", &[Delete]),
        ("explain (costs off, analyze on) delete from t", &[Delete]),
        ("explain (analyze true, buffers) delete from t", &[Delete]),
        ("explain analyse delete from t", &[Delete]),
        ("prepare p as delete from t", &[Delete]),
        ("prepare p (int, text) as update t set a = $1", &[Update]),
        ("explain analyze with x as (select 1) delete from t", &[Delete]),
        ("select 1; delete from t", &[Delete]),
        ("begin; truncate a; drop table b; commit", &[Truncate, DropRows]),
        ("delete from a; delete from b where c; delete from d", &[Delete, Delete]),
        ("merge into t using s on a = b when not matched by source then delete", &[Merge]),
        (
            "merge into t using s on a = b when not matched by source then update set c = 1",
            &[Merge],
        ),
        ("insert into t values ('a;b'); drop table t", &[DropRows]),
        ("insert into t select 1 where true; delete from u", &[Delete]),
        ("create table t (); drop table t", &[DropRows]),
        (
            "create function f() returns void begin atomic delete from t; end; delete from u",
            &[Delete],
        ),
        ("(select 1); delete from t", &[Delete]),
        ("select 'it''s'; delete from t", &[Delete]),
        ("select E'\\''; delete from t", &[Delete]),
        ("do $$ begin end $$; delete from t", &[Delete]),
    ]);
}

/// None of these is asked about.
#[test]
fn leave_alone() {
    check(&[
        ("", &[]),
        (";", &[]),
        ("drop", &[]),
        ("select 1", &[]),
        ("select 'drop table t'", &[]),
        ("select $$ delete from t $$", &[]),
        ("select $a$ delete from t $a$", &[]),
        ("select \"drop table\" from t", &[]),
        ("-- drop table t", &[]),
        ("/* delete from t */ select 1", &[]),
        ("/* /* */ delete from t */ select 1", &[]),
        ("delete from t where a", &[]),
        ("delete from t where current of c", &[]),
        ("delete from t using u where t.a = u.a", &[]),
        ("delete from t where true", &[]),
        ("update t set a = 1 where b", &[]),
        ("update t set a = 1 from u where b", &[]),
        ("update t set a = (select 1) where current of c returning *", &[]),
        ("with x as (delete from t where a returning *) select * from x", &[]),
        ("with x as (select 1) delete from t where a", &[]),
        ("select * from t for update", &[]),
        ("select * from t for no key update", &[]),
        ("select * from t for update of t nowait", &[]),
        ("insert into t values (1) on conflict do nothing", &[]),
        ("insert into t values (1) on conflict (a) do update set b = 1", &[]),
        ("merge into t using s on a = b when matched then update set c = 1", &[]),
        ("merge into t using s on a = b when matched then delete", &[]),
        ("merge into t using s on a = b when not matched by source and c then delete", &[]),
        (
            "merge into t using s on a = b when not matched by target then insert default values",
            &[],
        ),
        ("create trigger g after delete or update on t execute function f()", &[]),
        ("create trigger g before update of a on t for each row execute function f()", &[]),
        ("create rule r as on delete to t do instead delete from u", &[]),
        ("create rule r as on update to t do also update u set a = 1", &[]),
        ("create policy p on t for delete using (true)", &[]),
        (
            "create function f() returns void begin atomic delete from t; update t set a = 1; end",
            &[],
        ),
        ("create function f() returns void language sql as 'delete from t'", &[]),
        ("create procedure p() begin atomic truncate t; end", &[]),
        ("create table t (a int references u on delete cascade on update set null)", &[]),
        ("create table t as select 1", &[]),
        ("grant delete, update on t to r", &[]),
        ("grant update (a) on t to r", &[]),
        ("revoke truncate on t from r", &[]),
        ("comment on table t is 'drop'", &[]),
        ("do $$ begin delete from t; end $$", &[]),
        ("call p()", &[]),
        ("execute p", &[]),
        ("alter table t add column a int", &[]),
        ("alter table t alter c drop default", &[]),
        ("alter table t alter column c drop not null", &[]),
        ("alter table t rename column \"drop\" to a", &[]),
        ("alter table t add constraint c foreign key (a) references u on delete set default", &[]),
        ("explain delete from t", &[]),
        ("explain verbose delete from t", &[]),
        ("explain (analyze off) delete from t", &[]),
        ("explain (analyze false, verbose) delete from t", &[]),
        ("explain (costs off) delete from t", &[]),
        ("prepare p as select 1", &[]),
        ("prepare transaction 'delete from t'", &[]),
        ("vacuum full t", &[]),
        ("reindex table t", &[]),
        ("commit", &[]),
        ("rollback", &[]),
        ("delete", &[]),
        ("update", &[]),
        ("update t", &[]),
        ("select update, set from t", &[]),
        ("explain", &[]),
        ("explain (", &[]),
        ("explain analyze", &[]),
        ("prepare", &[]),
        ("copy t from stdin", &[]),
        ("lock table t", &[]),
        ("declare c cursor for select 1", &[]),
        ("set x = 'delete from t'", &[]),
        ("select 1 as delete", &[]),
        ("))) select 1", &[]),
        ("select '", &[]),
        ("select \"", &[]),
        ("select /* delete from t", &[]),
    ]);
}

/// What the question names.
#[test]
fn what_is_named() {
    for (sql, words, relations, planned) in [
        (
            "drop table if exists a, s.\"B c\" cascade",
            "drop table if exists a, s.\"B c\" cascade",
            &["a", "s.\"B c\""][..],
            None,
        ),
        ("truncate only a * , b", "truncate only a * , b", &["a", "b"], None),
        ("truncate table a", "truncate table a", &["a"], None),
        (
            "drop index concurrently if exists s.i",
            "drop index concurrently if exists s.i",
            &["s.i"],
            None,
        ),
        ("drop schema s", "drop schema s", &[], None),
        (
            " delete from only s.t using u ;",
            "delete from only s.t",
            &["s.t"],
            Some("delete from only s.t using u"),
        ),
        ("update t x set a = 1", "update t", &["t"], Some("update t x set a = 1")),
        ("prepare p as delete from t", "delete from t", &["t"], Some("delete from t")),
        ("explain analyze delete from t", "delete from t", &["t"], Some("delete from t")),
        (
            "with x as (delete from t returning *) table x",
            "delete from t",
            &["t"],
            Some("with x as (delete from t returning *) table x"),
        ),
    ] {
        let statements = statements(sql.as_bytes(), Encoding::Utf8);
        let found = destructions(&statements);
        let [found] = &found[..] else { panic!("{sql}: {found:?}") };
        assert_eq!(String::from_utf8_lossy(found.words), words);
        let names: Vec<_> =
            found.relations.iter().map(|name| String::from_utf8_lossy(name)).collect();
        assert_eq!(names, relations);
        assert_eq!(found.planned.map(String::from_utf8_lossy), planned.map(Into::into), "{sql}");
    }
}

/// A second byte of a character that looks like a quote or a backslash is none.
#[test]
fn other_encodings() {
    // In SJIS the character's second byte is a backslash.
    let sql = b"select '\x95\x5c'; delete from t";
    let found = statements(sql, Encoding::from_name(b"SJIS"));
    assert_eq!(destructions(&found).len(), 1);
}
