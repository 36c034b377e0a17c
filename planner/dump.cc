#include "planner/dump.h"

#include <stdexcept>

#include "engine/diff/diff.h"
#include "planner/assemble.h"

namespace aloft {
namespace {

/// What a new database has: schema public, as initdb makes it.
Snapshot new_database(const Snapshot& live, const Facts& facts) {
  Snapshot fresh;
  const ObjectId id{.kind = Kind::Schema, .name = "public"};
  const Schema* is = live.find<Schema>(id);
  if (is == nullptr) return fresh;
  Schema schema;
  schema.comment = "standard public schema";
  const bool open = facts.server_version < 150000;
  schema.owner = open ? is->owner : "pg_database_owner";
  if (open) schema.grants.push_back({.grantee = "", .privilege = "CREATE"});
  schema.grants.push_back({.grantee = "", .privilege = "USAGE"});
  fresh.schemas.emplace(id, schema);
  return fresh;
}

}  // namespace

std::vector<DumpStatement> dump_sql(const Snapshot& live, const Edges& edges, const Facts& facts) {
  Snapshot wanted = live;
  wanted.roles.clear();
  // Whatever files the snapshot came from are not at hand here.
  for_each_kind(wanted, [](auto& objects) {
    for (auto& [id, object] : objects) object.at = {};
  });
  const Snapshot fresh = new_database(live, facts);
  const ChangeSet changes = diff(fresh, wanted);
  Facts new_facts = facts;
  new_facts.sizes.clear();
  new_facts.default_privileges = false;
  const PlanOptions options;
  const Sources sources;
  const Edges none;
  Diagnostics diagnostics;
  const auto made =
      assemble({fresh, wanted, changes, none, edges, new_facts, options, sources}, diagnostics);
  if (!made) {
    std::string message = "the schema cannot be written as statements";
    for (const Diagnostic& d : diagnostics.sorted()) message += "\n" + to_string(d, sources);
    throw std::runtime_error(message);
  }
  std::vector<DumpStatement> statements;
  for (const Piece& piece : made->pieces)
    for (const std::string& sql : piece.step.sql) statements.push_back({piece.step.object, sql});
  return statements;
}

}  // namespace aloft
