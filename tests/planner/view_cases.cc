#include "tests/planner/emit_code_cases.h"

namespace aloft {
namespace {

void table(Sketch& s) {
  s.plain_table("t");
}
View& view(Sketch& s, const std::string& query, std::vector<std::string> columns = {"id", "a"}) {
  table(s);
  View& v = s.snapshot.views[in_public(Kind::View, "v")];
  v.query = Sketch::text(query);
  v.columns = std::move(columns);
  return v;
}
constexpr auto kQuery = "SELECT id, a FROM public.t";
View& stored(Sketch& s, const std::string& query = kQuery) {
  View& v = view(s, query);
  v.materialized = true;
  return v;
}
std::function<void(Sketch&)> of(std::string query, std::vector<std::string> columns = {"id", "a"}) {
  return [=](Sketch& s) { view(s, query, columns); };
}

}  // namespace

std::vector<EmitCase> view_cases() {
  return {
      {"view, create", table,
       [](Sketch& s) {
         View& v = view(s, kQuery);
         v.options = {{"check_option", "local"}, {"security_barrier", "true"}};
         v.comment = "x", v.grants = {{"pg_monitor", "SELECT", true}};
         v.column_extras = {{.name = "a",
                             .comment = "c",
                             .default_value = Sketch::text("1"),
                             .grants = {{"pg_read_all_data", "UPDATE"}}}};
       },
       "CREATE VIEW public.v WITH (check_option = 'local', security_barrier = 'true') AS\n"
       "SELECT id, a FROM public.t\n"
       "GRANT SELECT ON TABLE public.v TO pg_monitor WITH GRANT OPTION\n"
       "COMMENT ON VIEW public.v IS 'x'\n"
       "ALTER VIEW public.v ALTER COLUMN a SET DEFAULT 1\n"
       "GRANT UPDATE (a) ON TABLE public.v TO pg_read_all_data\n"
       "COMMENT ON COLUMN public.v.a IS 'c'\n"},
      {"view, WHERE changes", of("SELECT id, a FROM public.t WHERE a > 0"),
       of("SELECT id, a FROM public.t WHERE a > 1"),
       "CREATE OR REPLACE VIEW public.v AS\n"
       "SELECT id, a FROM public.t WHERE a > 1\n"},
      {"view, a column is appended", of(kQuery),
       of("SELECT id, a, a + 1 AS b FROM public.t", {"id", "a", "b"}),
       "CREATE OR REPLACE VIEW public.v AS\n"
       "SELECT id, a, a + 1 AS b FROM public.t\n"},
      {"view, an expression changes", of(kQuery), of("SELECT id, id AS a FROM public.t"),
       "DROP VIEW public.v\n"
       "CREATE VIEW public.v AS\n"
       "SELECT id, id AS a FROM public.t\n"},
      {"view, a column goes", of(kQuery), of("SELECT id FROM public.t", {"id"}),
       "DROP VIEW public.v\n"
       "CREATE VIEW public.v AS\n"
       "SELECT id FROM public.t\n"},
      {"view, FROM changes", of(kQuery), of("SELECT id, a FROM (SELECT id, a FROM public.t) t"),
       "DROP VIEW public.v\n"
       "CREATE VIEW public.v AS\n"
       "SELECT id, a FROM (SELECT id, a FROM public.t) t\n"},
      {"view, options",
       [](Sketch& s) {
         view(s, kQuery).options = {{"check_option", "local"}};
       },
       [](Sketch& s) {
         view(s, kQuery).options = {{"security_barrier", "true"}};
       },
       "ALTER VIEW public.v SET (security_barrier = 'true')\n"
       "ALTER VIEW public.v RESET (check_option)\n"},
      {"view, column extras",
       [](Sketch& s) {
         view(s, kQuery).column_extras = {{.name = "a", .comment = "c"},
                                          {.name = "id", .default_value = Sketch::text("1")}};
       },
       [](Sketch& s) {
         view(s, kQuery).column_extras = {
             {.name = "a", .comment = "d", .grants = {{"pg_monitor", "SELECT"}}}};
       },
       "GRANT SELECT (a) ON TABLE public.v TO pg_monitor\n"
       "COMMENT ON COLUMN public.v.a IS 'd'\n"
       "ALTER VIEW public.v ALTER COLUMN id DROP DEFAULT\n"},
      {"view, becomes materialized", of(kQuery), [](Sketch& s) { stored(s); },
       "DROP VIEW public.v\n"
       "CREATE MATERIALIZED VIEW public.v AS\n"
       "SELECT id, a FROM public.t\n"
       "WITH DATA\n"},
      {"view, drop", of(kQuery), table, "DROP VIEW public.v\n"},
      {"materialized view, create, empty", table,
       [](Sketch& s) {
         stored(s).populated = false, stored(s).options = {{"fillfactor", "70"}};
         stored(s).tablespace = "pg_default";
         stored(s).column_extras = {{.name = "a", .statistics = 100}};
       },
       "CREATE MATERIALIZED VIEW public.v WITH (fillfactor = '70') TABLESPACE pg_default AS\n"
       "SELECT id, a FROM public.t\n"
       "WITH NO DATA\n"
       "ALTER MATERIALIZED VIEW public.v ALTER COLUMN a SET STATISTICS 100\n"},
      {"materialized view, query", [](Sketch& s) { stored(s).owner = "postgres"; },
       [](Sketch& s) {
         View& v = stored(s, "SELECT id, a FROM public.t WHERE a > 0");
         v.owner = "pg_monitor", v.comment = "x", v.populated = false;
       },
       "DROP MATERIALIZED VIEW public.v\n"
       "CREATE MATERIALIZED VIEW public.v AS\n"
       "SELECT id, a FROM public.t WHERE a > 0\n"
       "WITH DATA\n"
       "ALTER MATERIALIZED VIEW public.v OWNER TO pg_monitor\n"
       "COMMENT ON MATERIALIZED VIEW public.v IS 'x'\n"},
      {"materialized view, options",
       [](Sketch& s) {
         stored(s).options = {{"fillfactor", "70"}};
       },
       [](Sketch& s) {
         stored(s).options = {{"toast.autovacuum_enabled", "false"}};
       },
       "ALTER MATERIALIZED VIEW public.v SET (toast.autovacuum_enabled = 'false')\n"
       "ALTER MATERIALIZED VIEW public.v RESET (fillfactor)\n"},
  };
}

}  // namespace aloft
