#include <algorithm>

#include "parser/handlers.h"
#include "parser/mentions.h"
#include "parser/targets.h"

namespace aloft {
namespace {

/// Takes the name out of what the handlers keep beside the snapshot.
void forget(const ObjectId& id, ParseContext& context) {
  const Name name{id.schema, id.name};
  context.said.erase(id);
  context.declared.erase(id);
  if (id.kind == Kind::Constraint) context.constraint_names.erase(name);
  if (id.kind == Kind::Constraint) context.open_references.erase(id);
  if (const auto it = context.index_names.find(name);
      it != context.index_names.end() && it->second == id)
    context.index_names.erase(it);
  if (id.kind != Kind::Table) return;
  context.children.erase(name);
  for (auto& [parent, tables] : context.children) std::erase(tables, name);
}

template <class T>
void erase_children(Objects<T>& objects, const ObjectId& relation, ParseContext& context) {
  auto it = objects.lower_bound(child_id(T::kKind, relation, ""));
  while (it != objects.end() && it->first.schema == relation.schema &&
         it->first.relation == relation.name) {
    forget(it->first, context);
    it = objects.erase(it);
  }
}

void erase(const ObjectId& id, ParseContext& context) {
  Snapshot& s = context.snapshot;
  if (const auto domain = s.domains.find(id); domain != s.domains.end())
    for (const DomainConstraint& c : domain->second.constraints)
      context.constraint_names.erase({id.schema, c.name});
  for_each_kind(s, [&](auto& objects) { objects.erase(id); });
  forget(id, context);
  if (id.kind == Kind::Table || id.kind == Kind::View) {
    erase_children(s.columns, id, context);
    erase_children(s.constraints, id, context);
    erase_children(s.indexes, id, context);
    erase_children(s.triggers, id, context);
    erase_children(s.policies, id, context);
  }
  std::vector<ObjectId> gone;
  if (id.kind == Kind::Index)
    for (const auto& [index, i] : s.indexes)
      if (i.parent == Name{id.schema, id.name}) gone.push_back(index);
  if (id.kind != Kind::Table) {
    for (const ObjectId& other : gone) erase(other, context);
    return;
  }
  for (const auto& [sequence, options] : s.sequences)
    if (!options.owned_by.name.empty() && options.owned_by.schema == id.schema &&
        options.owned_by.relation == id.name)
      gone.push_back(sequence);
  for (const auto& [table, t] : s.tables)
    if (t.partition_of == Name{id.schema, id.name}) gone.push_back(table);
  for (const ObjectId& other : gone) erase(other, context);
}

/// What stands in the way of dropping without CASCADE: something else whose text has the name.
std::optional<ObjectId> mentioned(const ObjectId& id, const ParseContext& context) {
  switch (id.kind) {
    case Kind::Table:
    case Kind::View:
    case Kind::Sequence:
    case Kind::Function:
    case Kind::Aggregate:
    case Kind::SearchParser:
    case Kind::SearchTemplate:
    case Kind::SearchDictionary:
    case Kind::SearchConfiguration:
    case Kind::Enum:
    case Kind::Domain:
    case Kind::Composite: break;
    case Kind::Role:
    case Kind::Schema:
    case Kind::Extension:
    case Kind::Operator:
    case Kind::Column:
    case Kind::Constraint:
    case Kind::Index:
    case Kind::Trigger:
    case Kind::Policy: return std::nullopt;
  }
  const auto& functions = context.snapshot.functions;
  const auto overload = std::ranges::find_if(functions, [&](const auto& f) {
    return id.kind == Kind::Function && f.first.schema == id.schema && f.first.name == id.name;
  });
  if (overload != functions.end()) return std::nullopt;
  for (const auto& [column, c] : context.snapshot.columns)
    if (id.kind != Kind::Function && mentions_word(c.type, id.name)) return column;
  return first_mention(context.snapshot, id.name, [](const ObjectId&) { return true; });
}

void drop_schema(const ObjectId& id, const PgQuery__DropStmt& stmt, const Statement& st,
                 ParseContext& context) {
  std::vector<ObjectId> inside;
  for_each_kind(context.snapshot, [&](auto& objects) {
    for (const auto& [other, object] : objects)
      if (other.schema == id.name && other.relation.empty()) inside.push_back(other);
  });
  std::erase_if(inside, [&](const ObjectId& other) { return !said_before(other, st, context); });
  if (!inside.empty() && stmt.behavior != PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE)
    return refuse(context, st.at(), "DROP SCHEMA while it holds " + to_string(inside.front()));
  for (const ObjectId& other : inside) erase(other, context);
  erase(id, context);
  for (const ObjectId& other : inside)
    if (const auto user = mentioned(other, context))
      refuse(context, st.at(),
             "DROP SCHEMA while " + to_string(*user) + " may need " + to_string(other));
}

}  // namespace

void parse_drop(const PgQuery__DropStmt& stmt, const Statement& st, ParseContext& context) {
  std::string what;
  if (!managed(stmt.remove_type, what)) {
    if (!stmt.missing_ok) refuse(context, st.at(), "DROP of objects of the kind " + what);
    return;  // the files cannot have said it: IF EXISTS finds nothing
  }
  for (const pg::Node* object : pg::list(stmt.n_objects, stmt.objects)) {
    const auto id = find_if_there(stmt.remove_type, object, st, context);
    // A file that drops before it creates means what it creates. What is not there is said at once:
    // putting a list off would drop its other objects twice.
    if (!id || !said_before(*id, st, context)) {
      if (!stmt.missing_ok)
        context.diagnostics.error(
            "unknown-object",
            what + " " + written(name_list(object)) + " is not defined before this",
            "take this statement out", st.at());
      continue;
    }
    if (id->kind == Kind::Schema) {
      drop_schema(*id, stmt, st, context);
      continue;
    }
    if (id->kind == Kind::Constraint) {
      refuse(context, st.at(), "DROP INDEX of the index behind " + to_string(*id));
      continue;
    }
    erase(*id, context);
    if (const auto user = mentioned(*id, context))
      refuse(context, st.at(),
             "DROP of " + to_string(*id) + " while " + to_string(*user) +
                 " may need it (take both out of the files)");
  }
}

}  // namespace aloft
