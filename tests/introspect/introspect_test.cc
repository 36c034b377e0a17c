#include "engine/introspect/introspect.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

class IntrospectTest : public testing::Test {
 protected:
  Live read(const std::string& sql) {
    database_.run(sql);
    return introspect(*database_.connect());
  }
  static std::vector<std::string> unmanaged(const Live& live) {
    std::vector<std::string> lines;
    for (const Unmanaged& u : live.snapshot.unmanaged) lines.push_back(u.kind + " " + u.name);
    return lines;
  }
  TestDatabase database_;
};

/// The object of a kind by schema, relation and name; a failure where there is none.
template <class T>
const T& get(const Live& live, const std::string& schema, const std::string& relation,
             const std::string& name, const std::string& args = "") {
  static const T none{};
  const ObjectId id{
      .kind = T::kKind, .schema = schema, .relation = relation, .name = name, .args = args};
  const T* found = live.snapshot.find<T>(id);
  EXPECT_NE(found, nullptr) << to_string(id);
  return found == nullptr ? none : *found;
}

using Names = std::vector<std::string>;

TEST_F(IntrospectTest, OfAnEmptyDatabaseOnlySchemaPublic) {
  const Live live = read("");
  EXPECT_EQ(live.snapshot.schemas.size(), 1U);
  const Schema& schema = get<Schema>(live, "", "", "public");
  EXPECT_EQ(schema.comment, "standard public schema");
  Grants grants{{"", "USAGE", false}};
  if (live.facts.server_version < 150000) grants.insert(grants.begin(), {"", "CREATE", false});
  EXPECT_EQ(schema.grants, grants);
  EXPECT_TRUE(live.snapshot.extensions.empty());
  EXPECT_TRUE(live.snapshot.unmanaged.empty());
  EXPECT_TRUE(live.facts.superuser);
  EXPECT_GE(live.facts.server_version, 140000);
  EXPECT_TRUE(live.names.online);
  EXPECT_EQ(std::ranges::count(live.names.types.at("pg_catalog"), "int4"), 1);
  EXPECT_EQ(std::ranges::count(live.names.relations.at("information_schema"), "columns"), 1);
}

TEST_F(IntrospectTest, LeavesItsTransactionOpenAndReadOnly) {
  const auto session = database_.connect();
  introspect(*session);
  EXPECT_EQ(session->query("SELECT current_setting('transaction_isolation'),"
                           " current_setting('transaction_read_only')"),
            (Rows{{"repeatable read", "on"}}));
}

TEST_F(IntrospectTest, ColumnsWithEveryProperty) {
  const Live live = read(R"(
    CREATE TABLE t (dropped integer, a integer NOT NULL DEFAULT 5, b text COLLATE "C",
      c bigint GENERATED ALWAYS AS IDENTITY (START 7 INCREMENT 2 CACHE 3), d numeric(10,2),
      e integer GENERATED ALWAYS AS (a * 2) STORED);
    ALTER TABLE t DROP COLUMN dropped;
    ALTER TABLE t ALTER b SET STORAGE EXTERNAL, ALTER b SET STATISTICS 77,
      ALTER b SET COMPRESSION pglz, ALTER a SET (n_distinct = 5);
    COMMENT ON COLUMN t.b IS 'the b';
    GRANT SELECT (b) ON t TO PUBLIC)");
  EXPECT_EQ(get<Table>(live, "public", "", "t").column_order, (Names{"a", "b", "c", "d", "e"}));
  const auto column = [&](const char* name) { return get<Column>(live, "public", "t", name); };
  EXPECT_TRUE(column("a").not_null);
  EXPECT_EQ(column("a").default_value.sql, "5");
  EXPECT_EQ(column("a").options, (Options{{"n_distinct", "5"}}));
  EXPECT_EQ(column("a").storage, ' ');
  EXPECT_EQ(column("b").collation, "pg_catalog.\"C\"");
  EXPECT_EQ(column("b").storage, 'e');
  EXPECT_EQ(column("b").statistics, 77);
  EXPECT_EQ(column("b").compression, "pglz");
  EXPECT_EQ(column("b").comment, "the b");
  EXPECT_EQ(column("b").grants, (Grants{{"", "SELECT", false}}));
  EXPECT_EQ(column("c").identity, 'a');
  EXPECT_EQ(column("c").identity_sequence,
            (SequenceOptions{.start = 7, .increment = 2, .cache = 3}));
  EXPECT_EQ(column("d").type, "numeric(10,2)");
  EXPECT_EQ(column("e").generated, 's');
  EXPECT_EQ(column("e").default_value.sql, "(a * 2)");
  EXPECT_TRUE(live.snapshot.sequences.empty());
}

TEST_F(IntrospectTest, NamesThatLookLikeSyntax) {
  const Live live = read(R"(
    CREATE TABLE "a USING ""b" ("x USING y" integer);
    CREATE INDEX "i USING ""j" ON "a USING ""b" ("x USING y");
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE CONSTRAINT TRIGGER "x TRIGGER ""y" AFTER INSERT ON "a USING ""b" FOR EACH ROW
      EXECUTE FUNCTION f())");
  EXPECT_EQ(get<Index>(live, "public", "a USING \"b", "i USING \"j").definition.sql,
            "USING btree (\"x USING y\")");
  const auto& trigger = get<Trigger>(live, "public", "a USING \"b", "x TRIGGER \"y");
  EXPECT_TRUE(trigger.definition.sql.starts_with("AFTER INSERT ON public."));
  EXPECT_TRUE(trigger.constraint);
}

TEST_F(IntrospectTest, TheIndexBehindAConstraintIsPartOfIt) {
  const Live live = read(R"(
    CREATE TABLE t (a integer, b integer, c integer NOT NULL,
      CONSTRAINT pk PRIMARY KEY (a) WITH (fillfactor = 70));
    CREATE UNIQUE INDEX plain ON t (c);
    COMMENT ON CONSTRAINT pk ON t IS 'key'; COMMENT ON INDEX pk IS 'index';
    ALTER TABLE t CLUSTER ON pk; ALTER TABLE t REPLICA IDENTITY USING INDEX plain;
    ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NO INHERIT NOT VALID)");
  const auto& key = get<Constraint>(live, "public", "t", "pk");
  EXPECT_EQ(key.type, Constraint::Type::PrimaryKey);
  EXPECT_EQ(key.definition.sql, "PRIMARY KEY (a)");
  EXPECT_EQ(key.options, (Options{{"fillfactor", "70"}}));
  EXPECT_EQ(key.comment, "key");
  EXPECT_EQ(key.index_comment, "index");
  EXPECT_TRUE(key.clustered);
  EXPECT_EQ(live.snapshot.indexes.size(), 1U);
  EXPECT_EQ(get<Table>(live, "public", "", "t").replica_identity, (ReplicaIdentity{'i', "plain"}));
  const auto& check = get<Constraint>(live, "public", "t", "ck");
  EXPECT_EQ(check.definition.sql, "CHECK ((a > 0)) NO INHERIT");
  EXPECT_FALSE(check.validated);
}

TEST_F(IntrospectTest, PartitionsSayWhatTheyInherit) {
  const Live live = read(R"(
    CREATE TABLE other (id integer PRIMARY KEY);
    CREATE TABLE p (a integer PRIMARY KEY REFERENCES other) PARTITION BY RANGE (a);
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2);
    CREATE INDEX whole ON p (a);
    CREATE INDEX parted ON ONLY p (a);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER tr AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
    ALTER TABLE p1 DISABLE TRIGGER tr)");
  EXPECT_EQ(get<Table>(live, "public", "", "p").partition_key.sql, "RANGE (a)");
  const Table& partition = get<Table>(live, "public", "", "p1");
  EXPECT_EQ(partition.partition_of, (Name{"public", "p"}));
  EXPECT_EQ(partition.partition_bound.sql, "FOR VALUES FROM (1) TO (2)");
  EXPECT_TRUE(partition.inherits.empty());
  EXPECT_FALSE(get<Column>(live, "public", "p1", "a").local);
  EXPECT_TRUE(get<Constraint>(live, "public", "p1", "p1_pkey").inherited);
  EXPECT_EQ(live.snapshot.constraints.size(), 5U);
  EXPECT_FALSE(get<Constraint>(live, "public", "p", "p_a_fkey").inherited);
  EXPECT_TRUE(get<Constraint>(live, "public", "p1", "p_a_fkey").inherited);
  EXPECT_EQ(get<Index>(live, "public", "p1", "p1_a_idx").parent, (Name{"public", "whole"}));
  EXPECT_TRUE(get<Index>(live, "public", "p", "whole").valid);
  EXPECT_TRUE(get<Index>(live, "public", "p", "parted").only);
  EXPECT_EQ(live.snapshot.triggers.size(), 1U);
  EXPECT_EQ(unmanaged(live), (Names{"trigger state tr on public.p1"}));
}

TEST_F(IntrospectTest, OnlyNamesConstraintsThatTheFilesCannotSay) {
  if (database_.connect()->server_version() < 180000) GTEST_SKIP() << "from PostgreSQL 18 on";
  const Live live = read(R"(
    CREATE TABLE t (id integer PRIMARY KEY, n integer CONSTRAINT loose CHECK (n > 0) NOT ENFORCED);
    CREATE TABLE u (a int4range, b daterange, CONSTRAINT span UNIQUE (a, b WITHOUT OVERLAPS)))");
  EXPECT_EQ(live.snapshot.constraints.size(), 1U);
  EXPECT_EQ(live.snapshot.indexes.size(), 0U);
  EXPECT_EQ(unmanaged(live), (Names{"constraint not enforced loose on public.t",
                                    "temporal constraint span on public.u"}));
}

TEST_F(IntrospectTest, InheritanceKeepsTheOrderOfParents) {
  const Live live = read(R"(
    CREATE TABLE b (x integer CHECK (x > 0)); CREATE TABLE a (y integer);
    CREATE TABLE child (z integer) INHERITS (b, a))");
  EXPECT_EQ(get<Table>(live, "public", "", "child").inherits,
            (std::vector<Name>{{"public", "b"}, {"public", "a"}}));
  EXPECT_TRUE(get<Constraint>(live, "public", "child", "b_x_check").inherited);
}

TEST_F(IntrospectTest, ViewsWithWhatTheirColumnsCarry) {
  const Live live = read(R"(
    CREATE VIEW v WITH (security_barrier) AS SELECT 1 AS a, 'x'::text AS b;
    ALTER VIEW v ALTER a SET DEFAULT 5; COMMENT ON COLUMN v.b IS 'the b';
    CREATE MATERIALIZED VIEW m AS SELECT 1 AS c WITH NO DATA)");
  const View& view = get<View>(live, "public", "", "v");
  EXPECT_EQ(view.query.sql, "SELECT 1 AS a,\n    'x'::text AS b");
  EXPECT_EQ(view.columns, (Names{"a", "b"}));
  EXPECT_EQ(view.column_types, (Names{"integer", "text"}));
  EXPECT_EQ(view.options, (Options{{"security_barrier", "true"}}));
  ASSERT_EQ(view.column_extras.size(), 2U);
  EXPECT_EQ(view.column_extras[0].default_value.sql, "5");
  EXPECT_EQ(view.column_extras[1].comment, "the b");
  EXPECT_TRUE(get<View>(live, "public", "", "m").materialized);
  EXPECT_FALSE(get<View>(live, "public", "", "m").populated);
}

TEST_F(IntrospectTest, TypesAndSequences) {
  const Live live = read(R"(
    CREATE TYPE e AS ENUM ('b', 'c'); ALTER TYPE e ADD VALUE 'a' BEFORE 'b';
    CREATE TYPE c AS (x integer, y text COLLATE "C"); COMMENT ON COLUMN c.y IS 'the y';
    CREATE DOMAIN d AS varchar(10) DEFAULT 'x' NOT NULL CONSTRAINT z CHECK (VALUE <> 'q');
    ALTER DOMAIN d ADD CONSTRAINT n CHECK (VALUE <> 'r') NOT VALID;
    CREATE TABLE t (a serial);
    CREATE SEQUENCE s AS smallint INCREMENT -2 MINVALUE -50 MAXVALUE 9 START 4 CACHE 3 CYCLE)");
  EXPECT_EQ(get<Enum>(live, "public", "", "e").labels, (Names{"a", "b", "c"}));
  EXPECT_EQ(get<Enum>(live, "public", "", "e").grants, (Grants{{"", "USAGE", false}}));
  const auto& composite = get<Composite>(live, "public", "", "c");
  ASSERT_EQ(composite.attributes.size(), 2U);
  EXPECT_EQ(composite.attributes[1], (Attribute{"y", "text", "pg_catalog.\"C\"", "the y"}));
  const Domain& domain = get<Domain>(live, "public", "", "d");
  EXPECT_EQ(domain.type, "character varying(10)");
  EXPECT_TRUE(domain.not_null);
  ASSERT_EQ(domain.constraints.size(), 2U);
  EXPECT_EQ(domain.constraints[0].name, "n");
  EXPECT_FALSE(domain.constraints[0].validated);
  EXPECT_EQ(domain.constraints[1].check.sql, "((VALUE)::text <> 'q'::text)");
  EXPECT_EQ(get<Sequence>(live, "public", "", "s").options,
            (SequenceOptions{"smallint", 4, -2, -50, 9, 3, true}));
  EXPECT_EQ(get<Sequence>(live, "public", "", "t_a_seq").owned_by,
            child_id(Kind::Column, table_id("public", "t"), "a"));
}

TEST_F(IntrospectTest, FunctionsByTheTypesOfTheirInput) {
  const Live live = read(R"(
    CREATE FUNCTION f(a integer, VARIADIC b text[], OUT c integer) LANGUAGE sql AS 'SELECT 1';
    REVOKE EXECUTE ON FUNCTION f FROM PUBLIC;
    CREATE PROCEDURE p(INOUT x integer) LANGUAGE plpgsql AS 'BEGIN END';
    CREATE AGGREGATE agg(integer) (sfunc = int4pl, stype = integer);
    CREATE TYPE r AS RANGE (subtype = integer))");
  EXPECT_EQ(live.snapshot.functions.size(), 2U);
  EXPECT_TRUE(get<Function>(live, "public", "", "f", "integer, text[]").grants.empty());
  EXPECT_TRUE(get<Function>(live, "public", "", "p", "integer").procedure);
  EXPECT_EQ(unmanaged(live), (Names{"range type public.r"}));
}

TEST_F(IntrospectTest, ExtensionMembersAreKnownAndNotRead) {
  const Live live = read("CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext");
  EXPECT_EQ(get<Extension>(live, "", "", "citext").schema, "ext");
  EXPECT_TRUE(live.snapshot.functions.empty());
  EXPECT_TRUE(live.snapshot.unmanaged.empty());
  EXPECT_EQ(std::ranges::count(live.names.types.at("ext"), "citext"), 1);
  EXPECT_EQ(live.names.installed_extensions, (Names{"citext", "plpgsql"}));
}

TEST_F(IntrospectTest, NamesWhatItDoesNotManage) {
  const Live live = read(R"(
    CREATE TABLE t (a integer, b integer);
    CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING;
    CREATE STATISTICS st ON a, b FROM t;
    CREATE PUBLICATION pub FOR TABLE t;
    CREATE COLLATION coll FROM "C";
    CREATE FOREIGN DATA WRAPPER w; CREATE SERVER srv FOREIGN DATA WRAPPER w;
    CREATE FOREIGN TABLE ft (a integer) SERVER srv;
    CREATE USER MAPPING FOR PUBLIC SERVER srv)");
  EXPECT_EQ(unmanaged(live),
            (Names{"collation public.coll", "foreign table public.ft", "foreign-data wrapper w",
                   "publication pub", "rule r on public.t", "server srv",
                   "statistics object public.st", "user mapping public on server srv"}));
}

TEST_F(IntrospectTest, ReadsWhatPublicationsShow) {
  const auto session = database_.connect();
  if (session->server_version() < 150000) GTEST_SKIP() << "lists of columns: from 15 on";
  database_.run(R"(
    CREATE SCHEMA s; CREATE TABLE t (a integer PRIMARY KEY, b integer, c integer); CREATE TABLE u ();
    CREATE PUBLICATION named FOR TABLE t (c, a) WHERE (a > 1), u WITH (publish = 'insert');
    CREATE PUBLICATION everything FOR ALL TABLES WITH (publish_via_partition_root);
    CREATE PUBLICATION by_schema FOR TABLES IN SCHEMA s, public)");
  const Publications read = read_publications(*session);
  const Publication named{
      .tables = {{table_id("public", "t"), {.columns = {"a", "c"}, .filter = "(a > 1)"}},
                 {table_id("public", "u"), {}}},
      .alterable = true};
  EXPECT_EQ(read.by_name.at("named"), named);
  EXPECT_EQ(
      read.by_name.at("everything"),
      (Publication{.all_tables = true, .updates = true, .via_root = true, .alterable = true}));
  EXPECT_EQ(read.by_name.at("by_schema"),
            (Publication{.schemas = {"public", "s"}, .updates = true, .alterable = true}));
  EXPECT_TRUE(read.slots.empty());
}

TEST_F(IntrospectTest, MeasuresTablesThatWereNeverAnalysed) {
  database_.run(
      "CREATE TABLE full_one AS SELECT generate_series(1, 1000) a; CREATE TABLE empty_one (a "
      "integer)");
  const auto session = database_.connect();
  Live live = introspect(*session);
  const ObjectId full = table_id("public", "full_one"), empty = table_id("public", "empty_one");
  EXPECT_EQ(live.facts.sizes.at(full).rows, -1);
  measure_sizes(*session, live.facts, {full, empty});
  EXPECT_GT(live.facts.sizes.at(full).bytes, 30000);
  EXPECT_EQ(live.facts.sizes.at(empty).rows, 0);
  // Somebody has it to himself: its size stays unknown, and nobody waits for long.
  const auto other = database_.connect();
  other->execute("BEGIN");
  other->execute("LOCK TABLE public.full_one IN ACCESS EXCLUSIVE MODE");
  const auto second = database_.connect();
  live = introspect(*second);
  measure_sizes(*second, live.facts, {full});
  EXPECT_FALSE(live.facts.sizes.contains(full));
  EXPECT_EQ(second->query("SELECT 1").size(), 1U) << "the transaction goes on";
}

TEST_F(IntrospectTest, AnInvalidIndexIsTold) {
  database_.run("CREATE TABLE t (a integer); INSERT INTO t VALUES (1), (1)");
  EXPECT_ANY_THROW(database_.run("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)"));
  EXPECT_FALSE(get<Index>(introspect(*database_.connect()), "public", "t", "i").valid);
}

TEST_F(IntrospectTest, PoliciesAndSizes) {
  const Live live = read(R"(
    CREATE TABLE t (a integer); CREATE INDEX i ON t (a);
    INSERT INTO t SELECT generate_series(1, 1000); ANALYZE t;
    ALTER TABLE t ENABLE ROW LEVEL SECURITY;
    CREATE POLICY p ON t AS RESTRICTIVE FOR INSERT TO CURRENT_USER WITH CHECK (a = 1))");
  const Policy& policy = get<Policy>(live, "public", "t", "p");
  EXPECT_EQ(policy.command, "INSERT");
  EXPECT_FALSE(policy.permissive);
  EXPECT_EQ(policy.roles.size(), 1U);
  EXPECT_EQ(policy.check_expr.sql, "(a = 1)");
  EXPECT_TRUE(get<Table>(live, "public", "", "t").row_security);
  const RelationSize& size = live.facts.sizes.at(table_id("public", "t"));
  EXPECT_EQ(size.rows, 1000);
  EXPECT_GT(size.bytes, 0);
  EXPECT_GT(size.index_bytes, 0);
}

TEST_F(IntrospectTest, APowerlessLoginReadsTheSame) {
  database_.run(R"(
    CREATE SCHEMA app; CREATE TABLE app.t (a serial PRIMARY KEY, b text DEFAULT 'x');
    CREATE VIEW app.v AS SELECT * FROM app.t;
    DROP ROLE IF EXISTS aloft_powerless;
    CREATE ROLE aloft_powerless LOGIN;
    ALTER ROLE aloft_powerless SET default_transaction_read_only = on;
    ALTER ROLE aloft_powerless SET search_path = app)");
  const Live all = introspect(*database_.connect());
  const Live low = introspect(*open_session(database_.conninfo() + " user=aloft_powerless"));
  EXPECT_FALSE(low.facts.superuser);
  EXPECT_EQ(low.snapshot.columns.size(), all.snapshot.columns.size());
  EXPECT_EQ(get<Column>(low, "app", "t", "a").default_value.sql,
            "nextval('app.t_a_seq'::regclass)");
  EXPECT_EQ(get<Sequence>(low, "app", "", "t_a_seq").options,
            get<Sequence>(all, "app", "", "t_a_seq").options);
  EXPECT_EQ(get<View>(low, "app", "", "v").query.sql, get<View>(all, "app", "", "v").query.sql);
  database_.run("DROP ROLE aloft_powerless");
}

}  // namespace
}  // namespace aloft::test
