#include <fmt/format.h>

#include "engine/introspect/readers.h"

namespace aloft {
namespace {

/// Without the constructors of range types, which depend internally on their type. Aggregates are
/// a kind of their own.
std::string functions_sql(const ReadScope& scope) {
  return fmt::format(
      "SELECT p.oid, p.pronamespace, p.proname, oidvectortypes(p.proargtypes), p.prokind,"
      " p.proowner, {}, pg_get_functiondef(p.oid)"
      " FROM pg_proc p WHERE p.pronamespace = ANY ('{}') AND p.prokind <> 'a' AND NOT EXISTS"
      " (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid"
      " AND e.deptype IN ('e', 'i'))",
      acl_sql("coalesce(p.proacl, acldefault('f', p.proowner))", "p.proowner", 'f'), scope.schemas);
}

void read_function(Reading& r, Fields f) {
  const Oid oid = f.oid();
  ObjectId id{
      .kind = Kind::Function, .schema = r.schema(f.oid()), .name = f.text(), .args = f.text()};
  Function function{.procedure = f.letter('f') == 'p'};
  function.owner = r.role(f.oid());
  function.grants = r.grants(f.text());
  function.create = f.definition();
  function.comment = r.comment(catalog::kProc, oid);
  r.live.snapshot.functions.emplace(std::move(id), std::move(function));
}

}  // namespace

const Reader kFunctions{"functions", functions_sql, read_function};

}  // namespace aloft
