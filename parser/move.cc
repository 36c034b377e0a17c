#include "parser/move.h"

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/function_text.h"
#include "parser/mentions.h"
#include "parser/targets.h"

namespace aloft {
namespace {

/// Puts `to` in place of the first `from` that stands in the text.
void replace_first(std::string& text, const std::string& from, const std::string& to) {
  if (const std::size_t at = text.find(from); at != std::string::npos)
    text.replace(at, from.size(), to);
}

/// Carries the new name into what the handlers keep beside the snapshot.
void remember(const ObjectId& from, const ObjectId& to, ParseContext& context) {
  const Name old{from.schema, from.name}, now{to.schema, to.name};
  if (context.said.erase(from) > 0) context.said.insert(to);
  if (context.declared.erase(from) > 0) context.declared.insert(to);
  if (from.kind == Kind::Constraint && context.constraint_names.erase(old) > 0)
    context.constraint_names.insert(now);
  if (auto node = context.open_references.extract(from); !node.empty()) {
    node.key() = to;
    context.open_references.insert(std::move(node));
  }
  if (const auto it = context.index_names.find(old);
      it != context.index_names.end() && it->second == from) {
    context.index_names.erase(it);
    context.index_names.insert_or_assign(now, to);
  }
  if (from.kind != Kind::Table) return;
  if (auto node = context.children.extract(old); !node.empty()) {
    node.key() = now;
    context.children.insert(std::move(node));
  }
  for (auto& [parent, tables] : context.children) std::ranges::replace(tables, old, now);
}

template <class T>
void rekey(Objects<T>& objects, const ObjectId& from, const ObjectId& to, ParseContext& context) {
  auto node = objects.extract(from);
  if (node.empty()) return;
  node.key() = to;
  objects.insert(std::move(node));
  remember(from, to, context);
}

template <class T>
std::vector<ObjectId> children(const Objects<T>& objects, const ObjectId& relation) {
  std::vector<ObjectId> ids;
  for (auto it = objects.lower_bound(child_id(T::kKind, relation, ""));
       it != objects.end() && it->first.schema == relation.schema &&
       it->first.relation == relation.name;
       ++it)
    ids.push_back(it->first);
  return ids;
}

template <class T>
void rekey_children(Objects<T>& objects, const ObjectId& from, const ObjectId& to,
                    ParseContext& context) {
  for (const ObjectId& id : children(objects, from))
    rekey(objects, id, child_id(T::kKind, to, id.name), context);
}

/// The parents, owners and types that are stored as names.
void rename_references(const ObjectId& from, const ObjectId& to, Snapshot& s) {
  const Name old{from.schema, from.name}, now{to.schema, to.name};
  for (auto& [id, table] : s.tables) {
    if (table.partition_of == old) table.partition_of = now;
    if (table.of_type == old) table.of_type = now;
    std::ranges::replace(table.inherits, old, now);
  }
  if (from.kind != Kind::Table) return;
  for (auto& [id, sequence] : s.sequences)
    if (sequence.owned_by.schema == from.schema && sequence.owned_by.relation == from.name &&
        !sequence.owned_by.name.empty()) {
      sequence.owned_by.schema = to.schema;
      sequence.owned_by.relation = to.name;
    }
}

/// Columns, attributes and domains of the type `from`, and arrays of it.
void retype(const ObjectId& from, const ObjectId& to, Snapshot& s) {
  const std::string old = quote_qualified(from.schema, from.name);
  const std::string now = quote_qualified(to.schema, to.name);
  const auto change = [&](std::string& type) {
    if (type == old || type.starts_with(old + "[")) type.replace(0, old.size(), now);
  };
  for (auto& [id, column] : s.columns) change(column.type);
  for (auto& [id, domain] : s.domains) change(domain.type);
  for (auto& [id, composite] : s.composites)
    for (Attribute& attribute : composite.attributes) change(attribute.type);
}

bool free_id(const ObjectId& to, const Statement& st, ParseContext& context) {
  if (!context.snapshot.contains(to)) return true;
  context.diagnostics.error("duplicate-object", to_string(to) + " is there already",
                            "give one of them another name", st.at());
  return false;
}

/// Refuses to rename what other texts mention: they would have to be written anew.
bool refuse_mentions(const ObjectId& id, const std::function<bool(const ObjectId&)>& counts,
                     const Statement& st, ParseContext& context) {
  auto user = first_mention(context.snapshot, id.name, counts);
  if (!user && id.kind != Kind::Column && id.kind != Kind::Index && id.kind != Kind::Function)
    for (const auto& [function, f] : context.snapshot.functions)
      if (mentions_word(function.args, id.name)) user = function;
  if (!user) return false;
  refuse(context, st.at(),
         "renaming or moving " + to_string(id) + " while " + to_string(*user) +
             " may mention it (write the new name where it is created)");
  return true;
}

}  // namespace

bool move_object(const ObjectId& from, const ObjectId& to, const Statement& st,
                 ParseContext& context) {
  if (!free_id(to, st, context)) return false;
  for_each_kind(context.snapshot, [&](auto& objects) {
    using T = typename std::remove_reference_t<decltype(objects)>::mapped_type;
    if (T::kKind == from.kind) rekey(objects, from, to, context);
  });
  return true;
}

bool move_relation(const ObjectId& from, const ObjectId& to, const Statement& st,
                   ParseContext& context) {
  const auto counts = [&](const ObjectId& id) {
    const bool own = id.schema == from.schema && id.relation == from.name;
    return !(own && id.kind == Kind::Trigger) && id != from;
  };
  if (refuse_mentions(from, counts, st, context)) return false;
  Snapshot& s = context.snapshot;
  const std::string old = quote_qualified(from.schema, from.name);
  const std::string now = quote_qualified(to.schema, to.name);
  for (const ObjectId& id : children(s.triggers, from))
    replace_first(s.triggers[id].definition.sql, " ON " + old + " ", " ON " + now + " ");
  std::vector<ObjectId> owned;
  for (const auto& [id, sequence] : s.sequences)
    if (from.schema != to.schema && sequence.owned_by.schema == from.schema &&
        sequence.owned_by.relation == from.name)
      owned.push_back(id);
  for (ObjectId id : owned) {  // sequences follow their table into another schema
    const ObjectId was = id;
    id.schema = to.schema;
    if (!move_sequence(was, id, st, context)) return false;
  }
  if (!move_object(from, to, st, context)) return false;
  for (const ObjectId& id : children(s.indexes, from))
    for (auto& [other, index] : s.indexes)
      if (index.parent == Name{id.schema, id.name}) index.parent.schema = to.schema;
  rekey_children(s.columns, from, to, context);
  rekey_children(s.constraints, from, to, context);
  rekey_children(s.indexes, from, to, context);
  rekey_children(s.triggers, from, to, context);
  rekey_children(s.policies, from, to, context);
  rename_references(from, to, s);
  retype(from, to, s);
  return true;
}

bool move_column(const ObjectId& from, const std::string& to, const Statement& st,
                 ParseContext& context) {
  Snapshot& s = context.snapshot;
  // Others have the column in mind only if they mention its table too; its own may always.
  const auto other = [&](const ObjectId& id) {
    return id.schema != from.schema || id.relation != from.relation;
  };
  std::set<ObjectId> about;
  for_each_text(s, [&](const ObjectId& id, const std::string& text) {
    if (!other(id) || mentions_word(text, from.relation)) about.insert(id);
  });
  about.insert(table_id(from.schema, from.relation));
  const auto counts = [&](const ObjectId& id) { return about.contains(id); };
  if (refuse_mentions(from, counts, st, context)) return false;
  ObjectId now = from;
  now.name = to;
  if (!move_object(from, now, st, context)) return false;
  if (const auto table = s.tables.find(table_id(from.schema, from.relation));
      table != s.tables.end())
    std::ranges::replace(table->second.column_order, from.name, to);
  for (auto& [id, sequence] : s.sequences)
    if (sequence.owned_by == from) sequence.owned_by = now;
  // A column that children inherited is renamed in them too.
  const Name parent{from.schema, from.relation};
  std::vector<ObjectId> inherited;
  for (const auto& [id, table] : s.tables) {
    const bool child = table.partition_of == parent ||
                       std::ranges::find(table.inherits, parent) != table.inherits.end();
    const ObjectId column = child_id(Kind::Column, id, from.name);
    if (child && s.columns.contains(column)) inherited.push_back(column);
  }
  return std::ranges::all_of(inherited,
                             [&](const ObjectId& id) { return move_column(id, to, st, context); });
}

bool move_type(const ObjectId& from, const ObjectId& to, const Statement& st,
               ParseContext& context) {
  if (refuse_mentions(
          from, [&](const ObjectId& id) { return id != from; }, st, context))
    return false;
  if (!move_object(from, to, st, context)) return false;
  rename_references(from, to, context.snapshot);
  retype(from, to, context.snapshot);
  return true;
}

bool move_function(const ObjectId& from, const ObjectId& to, const Statement& st,
                   ParseContext& context) {
  if (refuse_mentions(
          from, [&](const ObjectId& id) { return id != from; }, st, context))
    return false;
  const auto text = renamed_function(context.snapshot.functions[from].create, to.schema, to.name);
  if (!text) {
    refuse(context, st.at(), "renaming " + to_string(from));
    return false;
  }
  if (!move_object(from, to, st, context)) return false;
  context.snapshot.functions[to].create = *text;
  return true;
}

bool move_sequence(const ObjectId& from, const ObjectId& to, const Statement& st,
                   ParseContext& context) {
  Snapshot& s = context.snapshot;
  const ObjectId owner = s.sequences[from].owned_by;
  const auto counts = [&](const ObjectId& id) { return id != owner; };
  if (refuse_mentions(from, counts, st, context)) return false;
  // The default of a serial column holds the sequence itself, whatever it is called.
  if (const auto column = s.columns.find(owner); column != s.columns.end()) {
    std::string& text = column->second.default_value.sql;
    const std::string was = text;
    replace_first(text, quote_literal(quote_qualified(from.schema, from.name)),
                  quote_literal(quote_qualified(to.schema, to.name)));
    if (text == was && mentions_word(text, from.name)) {
      refuse(context, st.at(),
             "renaming or moving " + to_string(from) + " while the default of " + to_string(owner) +
                 " mentions it");
      return false;
    }
  }
  return move_object(from, to, st, context);
}

bool move_index(const ObjectId& from, const ObjectId& to, const Statement& st,
                ParseContext& context) {
  if (!move_object(from, to, st, context)) return false;
  Snapshot& s = context.snapshot;
  if (to.kind == Kind::Constraint) s.constraints[to].named = true;
  if (to.kind != Kind::Index) return true;
  s.indexes[to].named = true;
  for (auto& [id, index] : s.indexes)
    if (index.parent == Name{from.schema, from.name}) index.parent = {to.schema, to.name};
  if (const auto table = s.tables.find(relation_of(to)); table != s.tables.end()) {
    ReplicaIdentity& identity = table->second.replica_identity;
    if (identity.mode == 'i' && identity.index == from.name) identity.index = to.name;
  }
  return true;
}

}  // namespace aloft
