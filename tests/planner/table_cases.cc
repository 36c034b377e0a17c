#include "tests/planner/emit_cases.h"

namespace aloft {
namespace {

using Type = Constraint::Type;

void nothing(Sketch&) {}
Table& plain(Sketch& s) {
  return s.plain_table("t").table("t");
}
void parent_and_child(Sketch& s) {
  s.plain_table("p");
  s.table("c").inherits = {{"public", "p"}};
  s.column("c", "id").local = false;
  s.snapshot.columns.at(child_id(Kind::Column, s.table_named("c"), "id")).not_null = true;
  s.column("c", "a").local = false;
  s.column("c", "extra");
}

}  // namespace

std::vector<EmitCase> table_cases() {
  return {
      {"create", nothing,
       [](Sketch& s) {
         Table& t = plain(s);
         t.options = {{"fillfactor", "70"}, {"toast.autovacuum_enabled", "false"}};
         t.comment = "x", t.row_security = true, t.replica_identity.mode = 'f';
         s.column("t", "G", "text").collation = "pg_catalog.\"C\"";
         Column& n = s.column("t", "n", "bigint");
         n.not_null = true, n.identity = 'a', n.identity_sequence.increment = 2;
         s.constraint("t", "c", Type::Check, "CHECK ((a > 0))", {"a"}).validated = false;
         s.constraint("t", "u", Type::Unique, "UNIQUE (a) DEFERRABLE", {"a"}).options = {
             {"fillfactor", "60"}};
       },
       "CREATE TABLE public.t (\n    id integer NOT NULL,\n    a integer,\n"
       "    \"G\" text COLLATE pg_catalog.\"C\",\n"
       "    n bigint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 2),\n"
       "    CONSTRAINT t_pkey PRIMARY KEY (id),\n"
       "    CONSTRAINT u UNIQUE (a) WITH (fillfactor = '60') DEFERRABLE\n"
       ") WITH (fillfactor = '70', toast.autovacuum_enabled = 'false')\n"
       "ALTER TABLE public.t ADD CONSTRAINT c CHECK ((a > 0)) NOT VALID\n"
       "ALTER TABLE public.t REPLICA IDENTITY FULL\n"
       "ALTER TABLE public.t ENABLE ROW LEVEL SECURITY\n"
       "COMMENT ON TABLE public.t IS 'x'\n"},
      {"create with a foreign key and an index", nothing,
       [](Sketch& s) {
         s.plain_table("r"), plain(s), s.foreign_key("t", "f", "a", "r");
         s.index("t", "t_a_idx", "USING btree (a)", {"a"});
       },
       "CREATE TABLE public.r (\n    id integer NOT NULL,\n    a integer,\n"
       "    CONSTRAINT r_pkey PRIMARY KEY (id)\n)\n"
       "CREATE TABLE public.t (\n    id integer NOT NULL,\n    a integer,\n"
       "    CONSTRAINT t_pkey PRIMARY KEY (id)\n)\n"
       "ALTER TABLE public.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES public.r(id)\n"
       "CREATE INDEX t_a_idx ON public.t USING btree (a)\n"},
      {"create, inheriting", [](Sketch& s) { s.plain_table("p"); }, parent_and_child,
       "CREATE TABLE public.c (\n    extra integer\n) INHERITS (public.p)\n"},
      {"create, serial", nothing,
       [](Sketch& s) {
         s.column("t", "id").default_value = s.text("nextval('public.t_id_seq'::regclass)");
         Sequence& q = s.sequence("t_id_seq");
         q.options = {.type = "integer", .max = 2147483647};
         q.owned_by = child_id(Kind::Column, s.table_named("t"), "id");
       },
       "CREATE SEQUENCE public.t_id_seq AS integer\n"
       "CREATE TABLE public.t (\n    id integer DEFAULT nextval('public.t_id_seq'::regclass)\n)\n"
       "ALTER SEQUENCE public.t_id_seq OWNED BY public.t.id\n"},
      {"drop", [](Sketch& s) { plain(s); }, nothing, "DROP TABLE public.t\n"},
      {"properties",
       [](Sketch& s) {
         plain(s).options = {{"fillfactor", "70"}};
       },
       [](Sketch& s) {
         Table& t = plain(s);
         t.unlogged = true, t.row_security = true, t.force_row_security = true;
         t.options = {{"autovacuum_enabled", "false"}};
         t.replica_identity = {.mode = 'i', .index = "t_pkey"};
         t.grants = {{.grantee = "", .privilege = "SELECT"}};
         t.comment = "x";
       },
       "ALTER TABLE public.t SET (autovacuum_enabled = 'false')\n"
       "ALTER TABLE public.t RESET (fillfactor)\n"
       "ALTER TABLE public.t SET UNLOGGED\n"
       "ALTER TABLE public.t REPLICA IDENTITY USING INDEX t_pkey\n"
       "ALTER TABLE public.t ENABLE ROW LEVEL SECURITY\n"
       "ALTER TABLE public.t FORCE ROW LEVEL SECURITY\n"
       "GRANT SELECT ON TABLE public.t TO PUBLIC\n"
       "COMMENT ON TABLE public.t IS 'x'\n"},
      {"sequence",
       [](Sketch& s) {
         s.sequence("q").options.type = "integer", s.sequence("q").options.max = 2147483647;
       },
       [](Sketch& s) {
         s.sequence("q").options.increment = 2, s.sequence("q").options.cycle = true;
       },
       "ALTER SEQUENCE public.q AS bigint INCREMENT BY 2 MINVALUE 1 MAXVALUE 9223372036854775807 "
       "CYCLE\n"},
  };
}

namespace {

void partitioned(Sketch& s) {
  s.table("p").partition_key = s.text("RANGE (k)");
  s.column("p", "k").not_null = true;
  s.column("p", "v", "text");
}
void add_partition(Sketch& s, const std::string& name, const std::string& bound) {
  s.table(name).partition_of = {"public", "p"};
  s.table(name).partition_bound = s.text(bound);
  s.column(name, "k").not_null = true;
  s.column(name, "v", "text");
  for (const char* c : {"k", "v"})
    s.snapshot.columns.at(child_id(Kind::Column, s.table_named(name), c)).local = false;
}
void with_default(Sketch& s) {
  partitioned(s);
  add_partition(s, "p1", "FOR VALUES FROM (1) TO (10)");
  add_partition(s, "pd", "DEFAULT");
}
void one_partition(Sketch& s) {
  partitioned(s);
  add_partition(s, "p1", "FOR VALUES FROM (1) TO (10)");
}
void indexed(Sketch& s, bool second) {
  one_partition(s);
  s.index("p", "p_v", "USING btree (v)", {"v"});
  s.index("p1", "p1_v", "USING btree (v)", {"v"}).parent = {"public", "p_v"};
  if (!second) return;
  add_partition(s, "p2", "FOR VALUES FROM (10) TO (20)");
  s.index("p2", "p2_v", "USING btree (v)", {"v"}).parent = {"public", "p_v"};
}

}  // namespace

std::vector<EmitCase> partition_cases() {
  return {
      {"a new partitioned table", nothing, one_partition,
       "CREATE TABLE public.p (\n    k integer NOT NULL,\n    v text\n) PARTITION BY RANGE (k)\n"
       "CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM (1) TO (10)\n"},
      {"a new partitioned table with an index of a chosen name", nothing,
       [](Sketch& s) { indexed(s, false); },
       "CREATE TABLE public.p (\n    k integer NOT NULL,\n    v text\n) PARTITION BY RANGE (k)\n"
       "CREATE TABLE public.p1 (\n    k integer NOT NULL,\n    v text\n)\n"
       "CREATE INDEX p1_v ON public.p1 USING btree (v)\n"
       "ALTER TABLE ONLY public.p ATTACH PARTITION public.p1 FOR VALUES FROM (1) TO (10)\n"
       "CREATE INDEX p_v ON public.p USING btree (v)\n"},
      {"a new partition beside a default one", with_default,
       [](Sketch& s) { with_default(s), add_partition(s, "p2", "FOR VALUES FROM (10) TO (20)"); },
       "CREATE TABLE public.p2 (\n    k integer NOT NULL,\n    v text\n)\n"
       "ALTER TABLE public.pd ADD CONSTRAINT p2_not_here CHECK (NOT ((k IS NOT NULL) AND (k >= 10) "
       "AND (k < 20))) NOT VALID\n"
       "ALTER TABLE public.pd VALIDATE CONSTRAINT p2_not_here\n"
       "ALTER TABLE public.p ATTACH PARTITION public.p2 FOR VALUES FROM (10) TO (20)\n"
       "ALTER TABLE public.pd DROP CONSTRAINT p2_not_here\n"},
      {"a new partition with its index", [](Sketch& s) { indexed(s, false); },
       [](Sketch& s) { indexed(s, true); },
       "CREATE TABLE public.p2 (\n    k integer NOT NULL,\n    v text\n)\n"
       "CREATE INDEX p2_v ON public.p2 USING btree (v)\n"
       "ALTER TABLE public.p ATTACH PARTITION public.p2 FOR VALUES FROM (10) TO (20)\n"},
      {"an index of a partitioned table in use", one_partition,
       [](Sketch& s) { indexed(s, false); },
       "CREATE INDEX p_v ON ONLY public.p USING btree (v)\n"
       "CREATE INDEX CONCURRENTLY p1_v ON public.p1 USING btree (v)\n"
       "ALTER INDEX public.p_v ATTACH PARTITION public.p1_v\n"},
      {"an index and a partition at once", one_partition, [](Sketch& s) { indexed(s, true); },
       "CREATE TABLE public.p2 (\n    k integer NOT NULL,\n    v text\n)\n"
       "CREATE INDEX p2_v ON public.p2 USING btree (v)\n"
       "ALTER TABLE public.p ATTACH PARTITION public.p2 FOR VALUES FROM (10) TO (20)\n"
       "CREATE INDEX CONCURRENTLY p1_v ON public.p1 USING btree (v)\n"
       "CREATE INDEX p_v ON public.p USING btree (v)\n"},
      {"a partition is dropped", one_partition, partitioned,
       "ALTER TABLE public.p DETACH PARTITION public.p1 CONCURRENTLY\n"
       "DROP TABLE public.p1\n"},
      {"a partition is dropped beside a default one", with_default,
       [](Sketch& s) {
         with_default(s);
         s.snapshot.tables.erase(s.table_named("p1"));
         for (const char* c : {"k", "v"})
           s.snapshot.columns.erase(child_id(Kind::Column, s.table_named("p1"), c));
       },
       "ALTER TABLE public.p DETACH PARTITION public.p1\n"
       "DROP TABLE public.p1\n"},
      {"a foreign key of a partitioned table",
       [](Sketch& s) { s.plain_table("r"), one_partition(s); },
       [](Sketch& s) {
         s.plain_table("r"), one_partition(s), s.foreign_key("p", "f", "k", "r");
         Constraint& share = s.foreign_key("p1", "p1_f", "k", "r");
         share.inherited = true, share.local = false;
       },
       "ALTER TABLE public.p1 ADD CONSTRAINT p1_f FOREIGN KEY (k) REFERENCES public.r(id) NOT "
       "VALID\n"
       "ALTER TABLE public.p1 VALIDATE CONSTRAINT p1_f\n"
       "ALTER TABLE public.p ADD CONSTRAINT f FOREIGN KEY (k) REFERENCES public.r(id)\n"},
      {"a primary key of a partitioned table", one_partition,
       [](Sketch& s) {
         one_partition(s);
         s.constraint("p", "p_pkey", Type::PrimaryKey, "PRIMARY KEY (k)", {"k"});
         Constraint& share =
             s.constraint("p1", "p1_pk", Type::PrimaryKey, "PRIMARY KEY (k)", {"k"});
         share.inherited = true, share.local = false;
       },
       "CREATE UNIQUE INDEX CONCURRENTLY p1_pk ON public.p1 USING btree (k)\n"
       "ALTER TABLE public.p1 ADD CONSTRAINT p1_pk PRIMARY KEY USING INDEX p1_pk\n"
       "ALTER TABLE public.p ADD CONSTRAINT p_pkey PRIMARY KEY (k)\n"},
      {"a column of a partitioned table", one_partition,
       [](Sketch& s) {
         one_partition(s), s.column("p", "w").default_value = s.text("1");
         Column& own = s.column("p1", "w");
         own.local = false, own.default_value = s.text("2"), own.comment = "x";
       },
       "ALTER TABLE public.p ADD COLUMN w integer DEFAULT 1\n"
       "ALTER TABLE ONLY public.p1 ALTER COLUMN w SET DEFAULT 2\n"
       "COMMENT ON COLUMN public.p1.w IS 'x'\n"},
  };
}

}  // namespace aloft
