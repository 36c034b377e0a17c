#include "tests/planner/emit_code_cases.h"

namespace aloft {
namespace {

void nothing(Sketch&) {}
Schema& schema(Sketch& s) {
  return s.snapshot.schemas[{.kind = Kind::Schema, .name = "app"}];
}
Role& role(Sketch& s, const std::string& name = "app") {
  return s.snapshot.roles[{.kind = Kind::Role, .name = name}];
}
Extension& extension(Sketch& s) {
  Extension& e = s.snapshot.extensions[{.kind = Kind::Extension, .name = "citext"}];
  e.schema = "public";
  e.relocatable = true;
  return e;
}

}  // namespace

std::vector<EmitCase> namespace_cases() {
  return {
      {"schema, create", nothing,
       [](Sketch& s) {
         schema(s).owner = "postgres", schema(s).comment = "it's";
         schema(s).grants = {{"", "USAGE"}};
       },
       "CREATE SCHEMA app\n"
       "ALTER SCHEMA app OWNER TO postgres\n"
       "GRANT USAGE ON SCHEMA app TO PUBLIC\n"
       "COMMENT ON SCHEMA app IS 'it''s'\n"},
      {"schema, owner and grants", [](Sketch& s) { schema(s).owner = "a"; },
       [](Sketch& s) {
         schema(s).owner = "pg_monitor", schema(s).grants = {{"", "USAGE", false}};
       },
       "ALTER SCHEMA app OWNER TO pg_monitor\n"
       "GRANT USAGE ON SCHEMA app TO PUBLIC\n"},
      {"schema, drop", [](Sketch& s) { schema(s); }, nothing, "DROP SCHEMA app\n"},
      {"extension, create", nothing, [](Sketch& s) { extension(s).version = "1.6"; },
       "CREATE EXTENSION citext SCHEMA public VERSION '1.6'\n"},
      {"extension, update", [](Sketch& s) { extension(s).version = "1.4"; },
       [](Sketch& s) { extension(s).version = "1.6"; }, "ALTER EXTENSION citext UPDATE TO '1.6'\n"},
      {"extension, move", [](Sketch& s) { extension(s), schema(s); },
       [](Sketch& s) { extension(s).schema = "app", schema(s); },
       "ALTER EXTENSION citext SET SCHEMA app\n"},
      {"extension, move what cannot be moved",
       [](Sketch& s) { extension(s).relocatable = false, schema(s); },
       [](Sketch& s) { extension(s).schema = "app", schema(s); },
       "DROP EXTENSION citext\n"
       "CREATE EXTENSION citext SCHEMA app\n"},
      {"extension, drop", [](Sketch& s) { extension(s); }, nothing, "DROP EXTENSION citext\n"},
      {"role, create", nothing,
       [](Sketch& s) {
         role(s).attributes = {{"CONNECTION LIMIT", "5"}, {"CREATEDB", "false"}, {"LOGIN", "true"}};
         role(s).member_of = {{"pg_monitor", "ADMIN"}, {"pg_read_all_data", ""}};
         role(s).comment = "x";
       },
       "CREATE ROLE app CONNECTION LIMIT 5 NOCREATEDB LOGIN\n"
       "GRANT pg_monitor TO app WITH ADMIN OPTION\n"
       "GRANT pg_read_all_data TO app\n"
       "COMMENT ON ROLE app IS 'x'\n"},
      {"role, alter",
       [](Sketch& s) {
         role(s).attributes = {{"LOGIN", "true"}, {"VALID UNTIL", "infinity"}};
         role(s).member_of = {{"pg_monitor", "ADMIN"}};
       },
       [](Sketch& s) {
         role(s).attributes = {{"LOGIN", "false"}, {"VALID UNTIL", "2030-01-01"}};
         role(s).member_of = {{"pg_monitor", ""}, {"pg_read_all_data", ""}};
       },
       "ALTER ROLE app NOLOGIN VALID UNTIL '2030-01-01'\n"
       "REVOKE ADMIN OPTION FOR pg_monitor FROM app\n"
       "GRANT pg_read_all_data TO app\n"},
      {"role, never dropped", [](Sketch& s) { role(s); }, nothing, ""},
  };
}

}  // namespace aloft
