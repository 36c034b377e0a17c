#include "tests/planner/emit_cases.h"

namespace aloft {
namespace {

Column& column_a(Sketch& s) {
  s.plain_table("t");
  return s.snapshot.columns.at(child_id(Kind::Column, Sketch::table_named("t"), "a"));
}
void plain(Sketch& s) {
  column_a(s);
}

}  // namespace

std::vector<EmitCase> column_cases() {
  return {
      {"add", plain,
       [](Sketch& s) { plain(s), s.column("t", "b", "text").default_value = s.text("'x'::text"); },
       "ALTER TABLE public.t ADD COLUMN b text DEFAULT 'x'::text\n"},
      {"add, NOT NULL with default", plain,
       [](Sketch& s) {
         plain(s);
         Column& b = s.column("t", "b", "timestamp with time zone");
         b.default_value = s.text("now()");
         b.not_null = true;
       },
       "ALTER TABLE public.t ADD COLUMN b timestamp with time zone DEFAULT now() NOT NULL\n"},
      {"add, NOT NULL without default", plain,
       [](Sketch& s) { plain(s), s.column("t", "b").not_null = true; },
       "ALTER TABLE public.t ADD COLUMN b integer\n"
       "ALTER TABLE public.t ADD CONSTRAINT t_b_nn CHECK (b IS NOT NULL) NOT VALID\n"
       "ALTER TABLE public.t VALIDATE CONSTRAINT t_b_nn\n"
       "ALTER TABLE public.t ALTER COLUMN b SET NOT NULL\n"
       "ALTER TABLE public.t DROP CONSTRAINT t_b_nn\n"},
      {"add, with everything", plain,
       [](Sketch& s) {
         plain(s);
         Column& b = s.column("t", "b", "text");
         b.collation = "pg_catalog.\"C\"";
         b.storage = 'e';
         b.statistics = 500;
         b.options = {{"n_distinct", "100"}};
         b.comment = "it's";
         b.grants = {{.grantee = "", .privilege = "SELECT"}};
       },
       "ALTER TABLE public.t ADD COLUMN b text COLLATE pg_catalog.\"C\"\n"
       "ALTER TABLE public.t ALTER COLUMN b SET STORAGE EXTERNAL\n"
       "ALTER TABLE public.t ALTER COLUMN b SET STATISTICS 500\n"
       "ALTER TABLE public.t ALTER COLUMN b SET (n_distinct = '100')\n"
       "GRANT SELECT (b) ON TABLE public.t TO PUBLIC\n"
       "COMMENT ON COLUMN public.t.b IS 'it''s'\n"},
      {"drop", [](Sketch& s) { plain(s), s.column("t", "b"); }, plain,
       "ALTER TABLE public.t DROP COLUMN b\n"},
      {"set not null", plain, [](Sketch& s) { column_a(s).not_null = true; },
       "ALTER TABLE public.t ADD CONSTRAINT t_a_nn CHECK (a IS NOT NULL) NOT VALID\n"
       "ALTER TABLE public.t VALIDATE CONSTRAINT t_a_nn\n"
       "ALTER TABLE public.t ALTER COLUMN a SET NOT NULL\n"
       "ALTER TABLE public.t DROP CONSTRAINT t_a_nn\n"},
      {"set not null, proven by a check",
       [](Sketch& s) {
         plain(s);
         s.constraint("t", "c", Constraint::Type::Check, "CHECK ((a IS NOT NULL))", {"a"});
       },
       [](Sketch& s) {
         column_a(s).not_null = true;
         s.constraint("t", "c", Constraint::Type::Check, "CHECK ((a IS NOT NULL))", {"a"});
       },
       "ALTER TABLE public.t ALTER COLUMN a SET NOT NULL\n"},
      {"drop not null", [](Sketch& s) { column_a(s).not_null = true; }, plain,
       "ALTER TABLE public.t ALTER COLUMN a DROP NOT NULL\n"},
      {"default", plain, [](Sketch& s) { column_a(s).default_value = s.text("1 + 2"); },
       "ALTER TABLE public.t ALTER COLUMN a SET DEFAULT 1 + 2\n"},
      {"type, rewriting, with a default",
       [](Sketch& s) { column_a(s).default_value = s.text("7"); },
       [](Sketch& s) {
         Column& a = column_a(s);
         a.type = "text";
         a.default_value = s.text("'7'::text");
       },
       "ALTER TABLE public.t ALTER COLUMN a DROP DEFAULT, ALTER COLUMN a TYPE text USING a::text, "
       "ALTER COLUMN a SET DEFAULT '7'::text\n"},
      {"type, free, with a check",
       [](Sketch& s) {
         column_a(s).type = "character varying(50)";
         s.constraint("t", "c", Constraint::Type::Check, "CHECK ((length((a)::text) > 2))", {"a"});
       },
       [](Sketch& s) {
         column_a(s).type = "character varying(100)";
         s.constraint("t", "c", Constraint::Type::Check, "CHECK ((length((a)::text) > 2))", {"a"});
       },
       "ALTER TABLE public.t DROP CONSTRAINT c, ALTER COLUMN a TYPE character varying(100), ADD "
       "CONSTRAINT c CHECK ((length((a)::text) > 2)) NOT VALID\n"
       "ALTER TABLE public.t VALIDATE CONSTRAINT c\n"},
      {"type, index rebuilt",
       [](Sketch& s) {
         column_a(s).type = "timestamp without time zone";
         s.index("t", "t_a_idx", "USING btree (a)", {"a"});
       },
       [](Sketch& s) {
         column_a(s).type = "timestamp with time zone";
         s.index("t", "t_a_idx", "USING btree (a)", {"a"});
       },
       "DROP INDEX CONCURRENTLY public.t_a_idx\n"
       "SET LOCAL timezone = 'UTC'\n"
       "ALTER TABLE public.t ALTER COLUMN a TYPE timestamp with time zone\n"
       "CREATE INDEX CONCURRENTLY t_a_idx ON public.t USING btree (a)\n"},
      {"collation", [](Sketch& s) { column_a(s).type = "text"; },
       [](Sketch& s) {
         Column& a = column_a(s);
         a.type = "text", a.collation = "pg_catalog.\"C\"";
       },
       "ALTER TABLE public.t ALTER COLUMN a TYPE text COLLATE pg_catalog.\"C\"\n"},
      {"identity added to a nullable column", plain,
       [](Sketch& s) {
         Column& a = column_a(s);
         a.not_null = true;
         a.identity = 'd';
         a.identity_sequence = {.type = "integer", .start = 5, .max = 2147483647};
       },
       "ALTER TABLE public.t ADD CONSTRAINT t_a_nn CHECK (a IS NOT NULL) NOT VALID\n"
       "ALTER TABLE public.t VALIDATE CONSTRAINT t_a_nn\n"
       "ALTER TABLE public.t ALTER COLUMN a SET NOT NULL\n"
       "ALTER TABLE public.t DROP CONSTRAINT t_a_nn\n"
       "ALTER TABLE public.t ALTER COLUMN a ADD GENERATED BY DEFAULT AS IDENTITY (START WITH 5)\n"},
      {"generated column, another expression",
       [](Sketch& s) {
         plain(s);
         Column& b = s.column("t", "b");
         b.generated = 's', b.default_value = s.text("(a + 1)");
       },
       [](Sketch& s) {
         plain(s);
         Column& b = s.column("t", "b");
         b.generated = 's', b.default_value = s.text("(a + 2)");
       },
       "ALTER TABLE public.t DROP COLUMN b\n"
       "ALTER TABLE public.t ADD COLUMN b integer GENERATED ALWAYS AS ((a + 2)) STORED\n"},
      {"generated no longer",
       [](Sketch& s) {
         plain(s);
         Column& b = s.column("t", "b");
         b.generated = 's', b.default_value = s.text("(a + 1)");
       },
       [](Sketch& s) { plain(s), s.column("t", "b"); },
       "ALTER TABLE public.t ALTER COLUMN b DROP EXPRESSION\n"},
      {"statistics, storage, compression, options, comment",
       [](Sketch& s) { column_a(s).type = "text"; },
       [](Sketch& s) {
         Column& a = column_a(s);
         a.type = "text", a.statistics = 10, a.storage = 'm', a.compression = "pglz";
         a.options = {{"n_distinct", "-1"}}, a.comment = "c";
       },
       "ALTER TABLE public.t ALTER COLUMN a SET STORAGE MAIN\n"
       "ALTER TABLE public.t ALTER COLUMN a SET COMPRESSION pglz\n"
       "ALTER TABLE public.t ALTER COLUMN a SET STATISTICS 10\n"
       "ALTER TABLE public.t ALTER COLUMN a SET (n_distinct = '-1')\n"
       "COMMENT ON COLUMN public.t.a IS 'c'\n"},
      {"serial", plain,
       [](Sketch& s) {
         plain(s);
         Column& b = s.column("t", "b");
         b.not_null = true, b.default_value = s.text("nextval('public.t_b_seq'::regclass)");
         Sequence& q = s.sequence("t_b_seq");
         q.options = {.type = "integer", .max = 2147483647};
         q.owned_by = child_id(Kind::Column, Sketch::table_named("t"), "b");
       },
       "CREATE SEQUENCE public.t_b_seq AS integer\n"
       "ALTER TABLE public.t ADD COLUMN b integer\n"
       "ALTER SEQUENCE public.t_b_seq OWNED BY public.t.b\n"
       "ALTER TABLE public.t ALTER COLUMN b SET DEFAULT nextval('public.t_b_seq'::regclass)\n"
       "CREATE FUNCTION aloft.fill_7a4e44db() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
       " SET search_path = '' AS $aloft$\n#variable_conflict use_column\nBEGIN\n  NEW.b :="
       " (SELECT (nextval('public.t_b_seq'::regclass)) FROM (SELECT NEW.*) AS t);\n  RETURN NEW;\n"
       "END\n$aloft$\n"
       "CREATE TRIGGER \"~aloft_fill_7a4e44db\" BEFORE INSERT OR UPDATE ON public.t FOR EACH ROW"
       " WHEN (NEW.b IS NULL) EXECUTE FUNCTION aloft.fill_7a4e44db()\n"
       "ALTER TABLE public.t ENABLE ALWAYS TRIGGER \"~aloft_fill_7a4e44db\"\n"
       "ALTER TABLE public.t ADD CONSTRAINT t_b_nn_7a4e44db CHECK (b IS NOT NULL) NOT VALID\n"
       "UPDATE ONLY public.t SET b = DEFAULT WHERE (b IS NULL)\n"
       "ALTER TABLE public.t VALIDATE CONSTRAINT t_b_nn_7a4e44db\n"
       "ALTER TABLE public.t ALTER COLUMN b SET NOT NULL\n"
       "ALTER TABLE public.t DROP CONSTRAINT t_b_nn_7a4e44db\n"
       "LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE\n"
       "DROP TRIGGER IF EXISTS \"~aloft_fill_7a4e44db\" ON public.t\n"
       "DROP FUNCTION IF EXISTS aloft.fill_7a4e44db()\n"},
  };
}

}  // namespace aloft
