#include "parser/name_lookup.h"

#include <algorithm>

namespace aloft {
namespace {

using What = NameLookup::What;

What what_of(Kind kind) {
  switch (kind) {
    case Kind::Table:
    case Kind::View:
    case Kind::Sequence:
    case Kind::Index:
    case Kind::Constraint: return What::Relation;
    case Kind::Enum:
    case Kind::Domain:
    case Kind::Composite: return What::Type;
    case Kind::Function:
    case Kind::Aggregate: return What::Function;
    case Kind::SearchParser: return What::SearchParser;
    case Kind::SearchTemplate: return What::SearchTemplate;
    case Kind::SearchDictionary: return What::SearchDictionary;
    case Kind::SearchConfiguration: return What::SearchConfiguration;
    case Kind::Role:
    case Kind::Schema:
    case Kind::Extension:
    case Kind::Operator:
    case Kind::Column:
    case Kind::Trigger:
    case Kind::Policy: break;
  }
  return What::Relation;
}

}  // namespace

NameLookup::NameLookup(const Snapshot& snapshot, Side side, const KnownNames& known,
                       const ChangeSet& renames)
    : side_(side), has_renames_(!renames.empty()) {
  path_ = snapshot.search_path;
  if (path_.empty()) path_ = {"public"};
  for (const auto& [id, extension] : snapshot.extensions)
    if (!extension.schema.empty() && std::ranges::find(path_, extension.schema) == path_.end())
      path_.push_back(extension.schema);
  for (const auto& [id, object] : snapshot.tables) {
    add(What::Relation, id.schema, id.name);
    add(What::Type, id.schema, id.name);
  }
  for (const auto& [id, object] : snapshot.views) {
    add(What::Relation, id.schema, id.name);
    add(What::Type, id.schema, id.name);
  }
  for (const auto& [id, object] : snapshot.sequences) add(What::Relation, id.schema, id.name);
  for (const auto& [id, object] : snapshot.enums) add(What::Type, id.schema, id.name);
  for (const auto& [id, object] : snapshot.domains) add(What::Type, id.schema, id.name);
  for (const auto& [id, object] : snapshot.composites) add(What::Type, id.schema, id.name);
  for (const auto& [id, object] : snapshot.functions) add(What::Function, id.schema, id.name);
  for (const auto& [id, object] : snapshot.aggregates) add(What::Function, id.schema, id.name);
  const auto add_all = [&](What what, const auto& objects) {
    for (const auto& [id, object] : objects) add(what, id.schema, id.name);
  };
  add_all(What::SearchParser, snapshot.search_parsers);
  add_all(What::SearchTemplate, snapshot.search_templates);
  add_all(What::SearchDictionary, snapshot.search_dictionaries);
  add_all(What::SearchConfiguration, snapshot.search_configurations);
  const auto add_known = [&](What what, const auto& by_schema) {
    const auto builtin = by_schema.find("pg_catalog");
    if ((what >= What::SearchParser || what == What::Function) && builtin != by_schema.end())
      for (const auto& name : builtin->second) builtin_.emplace(what, name);
    for (const auto& [schema, members] : by_schema)
      if (schema != "pg_catalog" && schema != "information_schema")
        for (const auto& name : members) add(what, schema, name);
  };
  add_known(What::Type, known.types);
  add_known(What::Function, known.functions);
  add_known(What::Opclass, known.opclasses);
  add_known(What::Collation, known.collations);
  add_known(What::Relation, known.relations);
  add_known(What::SearchParser, known.search_parsers);
  add_known(What::SearchTemplate, known.search_templates);
  add_known(What::SearchDictionary, known.search_dictionaries);
  add_known(What::SearchConfiguration, known.search_configurations);
  for (const Change& r : renames) {
    if (r.id.kind == Kind::Column)
      renamed_columns_[{r.id.schema, r.id.relation, r.from.name}] = r.id.name;
    else
      renamed_[{what_of(r.id.kind), r.id.schema, r.from.name}] = r.id.name;
    if (r.id.kind == Kind::Table || r.id.kind == Kind::View)
      renamed_[{What::Type, r.id.schema, r.from.name}] = r.id.name;
  }
}

void NameLookup::add(What what, const std::string& schema, const std::string& name) {
  Schemas& schemas = names(what)[name];
  if (std::ranges::find(schemas, schema) == schemas.end()) schemas.push_back(schema);
}

std::string NameLookup::schema_of(What what, std::string_view name) const {
  if (side_ == Side::Live) return "";
  const auto it = names(what).find(std::string(name));
  const bool catalog_first = what != What::Function && is_builtin(what, std::string(name));
  if (it == names(what).end() || catalog_first) return "";
  for (const std::string& schema : path_)
    if (std::ranges::find(it->second, schema) != it->second.end()) return schema;
  return "";
}

bool NameLookup::known(What what, const std::string& schema, const std::string& name) const {
  const auto it = names(what).find(name);
  return it != names(what).end() && std::ranges::find(it->second, schema) != it->second.end();
}

std::string NameLookup::renamed(What what, const std::string& schema,
                                const std::string& name) const {
  const auto it = renamed_.find({what, schema, name});
  return it == renamed_.end() ? name : it->second;
}

std::string NameLookup::renamed_column(const std::string& schema, const std::string& relation,
                                       const std::string& name) const {
  const auto it = renamed_columns_.find({schema, relation, name});
  return it == renamed_columns_.end() ? name : it->second;
}

}  // namespace aloft
