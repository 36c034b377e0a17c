#include "tests/planner/emit_cases.h"

namespace aloft {
namespace {

using Type = Constraint::Type;

void plain(Sketch& s) {
  s.plain_table("t");
}
void two(Sketch& s) {
  s.plain_table("r").plain_table("t");
}
void with_check(Sketch& s, const std::string& definition) {
  plain(s), s.constraint("t", "c", Type::Check, definition, {"a"});
}
Constraint& with_unique(Sketch& s, const std::string& definition) {
  plain(s);
  return s.constraint("t", "u", Type::Unique, definition, {"a"});
}

}  // namespace

std::vector<EmitCase> constraint_cases() {
  return {
      {"check", plain, [](Sketch& s) { with_check(s, "CHECK ((a > 0))"); },
       "ALTER TABLE public.t ADD CONSTRAINT c CHECK ((a > 0)) NOT VALID\n"
       "ALTER TABLE public.t VALIDATE CONSTRAINT c\n"},
      {"check, changed", [](Sketch& s) { with_check(s, "CHECK ((a > 0))"); },
       [](Sketch& s) { with_check(s, "CHECK ((a > 1))"); },
       "ALTER TABLE public.t ADD CONSTRAINT c__new CHECK ((a > 1)) NOT VALID\n"
       "ALTER TABLE public.t VALIDATE CONSTRAINT c__new\n"
       "ALTER TABLE public.t DROP CONSTRAINT c\n"
       "ALTER TABLE public.t RENAME CONSTRAINT c__new TO c\n"},
      {"foreign key", two, [](Sketch& s) { two(s), s.foreign_key("t", "f", "a", "r"); },
       "ALTER TABLE public.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES public.r(id) NOT VALID\n"
       "ALTER TABLE public.t VALIDATE CONSTRAINT f\n"},
      {"foreign key, not valid", two,
       [](Sketch& s) { two(s), s.foreign_key("t", "f", "a", "r").validated = false; },
       "ALTER TABLE public.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES public.r(id) NOT VALID\n"},
      {"foreign key, deferrable", [](Sketch& s) { two(s), s.foreign_key("t", "f", "a", "r"); },
       [](Sketch& s) {
         two(s);
         Constraint& f = s.foreign_key("t", "f", "a", "r");
         f.definition = s.text(f.definition.sql + " DEFERRABLE INITIALLY DEFERRED");
         f.deferrable = f.initially_deferred = true;
       },
       "ALTER TABLE public.t ALTER CONSTRAINT f DEFERRABLE INITIALLY DEFERRED\n"},
      {"foreign key, dropped", [](Sketch& s) { two(s), s.foreign_key("t", "f", "a", "r"); }, two,
       "ALTER TABLE public.t DROP CONSTRAINT f\n"},
      {"unique", plain,
       [](Sketch& s) {
         with_unique(s, "UNIQUE (a)").options = {{"fillfactor", "70"}};
       },
       "CREATE UNIQUE INDEX CONCURRENTLY u ON public.t USING btree (a) WITH (fillfactor = '70')\n"
       "ALTER TABLE public.t ADD CONSTRAINT u UNIQUE USING INDEX u\n"},
      {"unique, changed", [](Sketch& s) { with_unique(s, "UNIQUE (a)"); },
       [](Sketch& s) { with_unique(s, "UNIQUE NULLS NOT DISTINCT (a)"); },
       "CREATE UNIQUE INDEX CONCURRENTLY u__new ON public.t USING btree (a) NULLS NOT DISTINCT\n"
       "ALTER TABLE public.t DROP CONSTRAINT u, ADD CONSTRAINT u UNIQUE USING INDEX u__new\n"},
      {"unique index becomes constraint",
       [](Sketch& s) { plain(s), s.index("t", "u", "USING btree (a)", {"a"}).unique = true; },
       [](Sketch& s) { with_unique(s, "UNIQUE (a)"); },
       "ALTER TABLE public.t ADD CONSTRAINT u UNIQUE USING INDEX u\n"},
      {"constraint becomes unique index", [](Sketch& s) { with_unique(s, "UNIQUE (a)"); },
       [](Sketch& s) { plain(s), s.index("t", "u", "USING btree (a)", {"a"}).unique = true; },
       "CREATE UNIQUE INDEX CONCURRENTLY u__new ON public.t USING btree (a)\n"
       "ALTER TABLE public.t DROP CONSTRAINT u\n"
       "ALTER INDEX public.u__new RENAME TO u\n"},
      {"validated", [](Sketch& s) { two(s), s.foreign_key("t", "f", "a", "r").validated = false; },
       [](Sketch& s) { two(s), s.foreign_key("t", "f", "a", "r"); },
       "ALTER TABLE public.t VALIDATE CONSTRAINT f\n"},
      {"exclusion", plain,
       [](Sketch& s) {
         plain(s), s.constraint("t", "e", Type::Exclusion, "EXCLUDE USING btree (a WITH =)", {"a"});
       },
       "ALTER TABLE public.t ADD CONSTRAINT e EXCLUDE USING btree (a WITH =)\n"},
      {"comments", [](Sketch& s) { with_unique(s, "UNIQUE (a)"); },
       [](Sketch& s) {
         Constraint& u = with_unique(s, "UNIQUE (a)");
         u.comment = "x", u.index_comment = "y", u.clustered = true;
       },
       "ALTER TABLE public.t CLUSTER ON u\n"
       "COMMENT ON INDEX public.u IS 'y'\n"
       "COMMENT ON CONSTRAINT u ON public.t IS 'x'\n"},
  };
}

std::vector<EmitCase> index_cases() {
  return {
      {"create", plain,
       [](Sketch& s) {
         plain(s);
         Index& i = s.index("t", "i", "USING btree (a) WHERE (a > 0)", {"a"});
         i.options = {{"fillfactor", "70"}}, i.comment = "x";
       },
       "CREATE INDEX CONCURRENTLY i ON public.t USING btree (a) WITH (fillfactor = '70') WHERE (a "
       "> "
       "0)\n"
       "COMMENT ON INDEX public.i IS 'x'\n"},
      {"changed", [](Sketch& s) { plain(s), s.index("t", "i", "USING btree (a)", {"a"}); },
       [](Sketch& s) { plain(s), s.index("t", "i", "USING btree (a DESC)", {"a"}); },
       "CREATE INDEX CONCURRENTLY i__new ON public.t USING btree (a DESC)\n"
       "DROP INDEX CONCURRENTLY public.i\n"
       "ALTER INDEX public.i__new RENAME TO i\n"},
      {"options", [](Sketch& s) { plain(s), s.index("t", "i", "USING btree (a)", {"a"}); },
       [](Sketch& s) {
         plain(s), s.index("t", "i", "USING btree (a)", {"a"}).options = {{"fillfactor", "70"}};
       },
       "ALTER INDEX public.i SET (fillfactor = '70')\n"},
      {"dropped", [](Sketch& s) { plain(s), s.index("t", "i", "USING btree (a)", {"a"}); }, plain,
       "DROP INDEX CONCURRENTLY public.i\n"},
  };
}

}  // namespace aloft
