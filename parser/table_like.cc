#include "parser/table_like.h"

#include <algorithm>
#include <tuple>

#include "engine/base/sql.h"
#include "parser/choose_name.h"
#include "parser/inherit.h"
#include "parser/table_build.h"

namespace aloft {
namespace {

// TableLikeOption of parsenodes.h.
constexpr std::uint32_t kComments = 1, kCompression = 2, kConstraints = 4, kDefaults = 8,
                        kGenerated = 16, kIdentity = 32, kIndexes = 64, kStorage = 256;

ObjectId source_of(const PgQuery__TableLikeClause& like, const Statement& st,
                   const ParseContext& context) {
  return table_id(relation_schema(*like.relation, st, context), like.relation->relname);
}

/// Calls f(clause, source table) for each LIKE that has the option; 0 for any.
template <class F>
void for_each_like(const PgQuery__CreateStmt& stmt, std::uint32_t option, const Statement& st,
                   const ParseContext& context, F&& f) {
  for (const PgQuery__Node* element : pg::list(stmt.n_table_elts, stmt.table_elts)) {
    if (element->node_case != PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE) continue;
    const PgQuery__TableLikeClause& like = *element->table_like_clause;
    if ((like.options & option) == option) f(like, source_of(like, st, context));
  }
}

Column copied(const Column& from, const ObjectId& table, const std::string& name,
              std::uint32_t options, ParseContext& context) {
  Column column{.type = from.type, .collation = from.collation, .not_null = from.not_null};
  if (from.generated == ' ' && (options & kDefaults) != 0)
    column.default_value = from.default_value;
  if (from.generated != ' ' && (options & kGenerated) != 0) {
    column.generated = from.generated;
    column.default_value = from.default_value;
  }
  if (from.identity != ' ' && (options & kIdentity) != 0) {
    column.identity = from.identity;
    column.identity_sequence = from.identity_sequence;
    context.identity_sequences.insert(
        {table.schema, choose_relation_name(table, name, "seq", false, context)});
  }
  if ((options & kStorage) != 0) column.storage = from.storage;
  if ((options & kCompression) != 0) column.compression = from.compression;
  if ((options & kComments) != 0) column.comment = from.comment;
  return column;
}

std::vector<std::pair<std::string, Column>> columns_now(const ObjectId& table,
                                                        ParseContext& context) {
  std::vector<std::pair<std::string, Column>> columns;
  const auto found = context.snapshot.tables.find(table);
  if (found == context.snapshot.tables.end()) return columns;
  for (const std::string& name : found->second.column_order)
    if (const Column* column = find_column(context, table, name))
      columns.emplace_back(name, *column);
  return columns;
}

/// Is a constraint of the source yet to be copied? It counts as copied from then on.
bool to_copy(const ObjectId& source, const ObjectId& table, const ObjectId& constraint,
             ParseContext& context) {
  return context.like_sources[{source, table}].constraints.insert(constraint).second;
}

void note_copy(const PgQuery__TableLikeClause& like, ObjectId from, ObjectId to, SourcePos at,
               ParseContext& context) {
  if ((like.options & kComments) != 0)
    context.like_copies.push_back({std::move(from), std::move(to), at});
}

/// What ALTER TABLE has made of a source's columns since they were copied. False where it is more
/// than can be followed.
bool follow_columns(const PgQuery__TableLikeClause& like, const ObjectId& source,
                    const ObjectId& table, ParseContext& context) {
  const auto& then = context.like_sources[{source, table}].columns;
  const auto now = columns_now(source, context);
  const auto has = [&](std::uint32_t option) { return (like.options & option) != 0; };
  if (!std::ranges::equal(
          now, then, {}, [](const auto& c) { return c.first; },
          [](const auto& c) { return c.first; }))
    return false;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const Column &a = then[i].second, &b = now[i].second;
    Column* mine = find_column(context, table, now[i].first);
    if (mine == nullptr) return false;
    if ((has(kIdentity) && a.identity != b.identity) || a.generated != b.generated) return false;
    if (a.type != b.type) mine->type = b.type;
    if (a.collation != b.collation) mine->collation = b.collation;
    if (a.not_null != b.not_null) mine->not_null = b.not_null;
    if (has(b.generated == ' ' ? kDefaults : kGenerated) &&
        a.default_value.sql != b.default_value.sql)
      mine->default_value = b.default_value;
    if (has(kStorage) && a.storage != b.storage) mine->storage = b.storage;
    if (has(kCompression) && a.compression != b.compression) mine->compression = b.compression;
  }
  return true;
}

void copy_like_indexes(const PgQuery__CreateStmt& stmt, const Statement& st,
                       ParseContext& context) {
  const ObjectId table =
      table_id(relation_schema(*stmt.relation, st, context), stmt.relation->relname);
  for_each_like(stmt, kIndexes, st, context, [&](const auto& like, const ObjectId& source) {
    std::vector<std::pair<ObjectId, Index>> indexes;
    for_each_child<Index>(context.snapshot, source, [&](const ObjectId& id, const Index& index) {
      indexes.emplace_back(id, index);
    });
    for (auto& [id, index] : indexes) {
      index.named = index.clustered = index.only = false;
      index.valid = true;
      index.parent = {};
      index.renamed_from.clear();
      index.at = st.at(like.relation->location);
      if ((like.options & kComments) == 0) index.comment.clear();
      const std::string name = clone_index_name(table, index, context);
      note_copy(like, id, child_id(Kind::Index, table, name), index.at, context);
      insert_index(context, child_id(Kind::Index, table, name), std::move(index));
    }
  });
}

}  // namespace

void take_like(const PgQuery__TableLikeClause& like, const ObjectId& table, const Statement& st,
               ParseContext& context) {
  const ObjectId source = source_of(like, st, context);
  const SourcePos at = st.at(like.relation->location);
  const auto found = context.snapshot.tables.find(source);
  if (found == context.snapshot.tables.end()) {
    if (context.snapshot.views.contains(
            {.kind = Kind::View, .schema = source.schema, .name = source.name}))
      return refuse(context, at, "LIKE of a view");
    return report_unknown(context, at, to_string(source));
  }
  context.like_sources[{source, table}].columns = columns_now(source, context);
  const std::vector<std::string> order = found->second.column_order;
  for (const std::string& name : order) {
    const Column* from = find_column(context, source, name);
    if (from == nullptr) continue;
    Column column = copied(*from, table, name, like.options, context);
    column.at = at;
    note_copy(like, child_id(Kind::Column, source, name), child_id(Kind::Column, table, name), at,
              context);
    insert_column(context, table, name, std::move(column));
  }
}

void take_like_checks(const PgQuery__CreateStmt& stmt, const ObjectId& table, const Statement& st,
                      ParseContext& context) {
  for_each_like(stmt, kConstraints, st, context, [&](const auto& like, const ObjectId& source) {
    std::vector<std::pair<ObjectId, Constraint>> checks;
    for_each_child<Constraint>(
        context.snapshot, source, [&](const ObjectId& id, const Constraint& c) {
          if (c.type == Constraint::Type::Check && to_copy(source, table, id, context))
            checks.emplace_back(id, c);
        });
    for (auto& [id, check] : checks) {
      note_copy(like, id, child_id(Kind::Constraint, table, id.name),
                st.at(like.relation->location), context);
      Constraint copy{.type = check.type,
                      .definition = check.definition,
                      .comment = (like.options & kComments) != 0 ? check.comment : "",
                      .columns = check.columns,
                      .no_inherit = check.no_inherit,
                      .at = st.at(like.relation->location)};
      insert_constraint(context, child_id(Kind::Constraint, table, id.name), std::move(copy));
    }
  });
}

void take_like_keys(const PgQuery__CreateStmt& stmt, const ObjectId& table, const Statement& st,
                    ParseContext& context) {
  for_each_like(stmt, kIndexes, st, context, [&](const auto& like, const ObjectId& source) {
    std::vector<Constraint> keys;
    for_each_child<Constraint>(context.snapshot, source,
                               [&](const ObjectId& id, const Constraint& c) {
                                 if (is_key(c) && to_copy(source, table, id, context))
                                   keys.push_back(c);
                               });
    for (Constraint& key : keys) {
      using enum Constraint::Type;
      std::vector<std::string> names = key.columns;
      names.insert(names.end(), key.include.begin(), key.include.end());
      const std::string label = key.type == PrimaryKey ? "pkey"
                                : key.type == Unique   ? "key"
                                                       : "excl";
      const std::string columns = key.type == PrimaryKey ? "" : joined_columns(names);
      const std::string name = choose_relation_name(table, columns, label, true, context);
      key.named = key.inherited = key.clustered = false;
      key.local = true;
      key.renamed_from.clear();
      key.at = st.at(like.relation->location);
      if ((like.options & kComments) == 0)
        key.comment.clear(), key.index_comment.clear();
      else
        key.comment.clear();
      if (key.type == PrimaryKey)
        for (const std::string& column : key.columns)
          if (Column* c = find_column(context, table, column)) c->not_null = true;
      insert_constraint(context, child_id(Kind::Constraint, table, name), std::move(key));
    }
  });
}

bool has_like(const PgQuery__Node& statement) {
  if (statement.node_case != PG_QUERY__NODE__NODE_CREATE_STMT) return false;
  const PgQuery__CreateStmt& stmt = *statement.create_stmt;
  return std::ranges::any_of(pg::list(stmt.n_table_elts, stmt.table_elts), [](const auto* element) {
    return element->node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE;
  });
}

void take_like_changes(const PgQuery__CreateStmt& stmt, const Statement& st,
                       ParseContext& context) {
  const ObjectId table =
      table_id(relation_schema(*stmt.relation, st, context), stmt.relation->relname);
  for_each_like(stmt, 0, st, context, [&](const auto& like, const ObjectId& source) {
    if (!follow_columns(like, source, table, context))
      refuse(context, st.at(like.relation->location),
             "LIKE of a table whose columns ALTER TABLE adds, drops or makes otherwise before it");
  });
  take_like_checks(stmt, table, st, context);
  take_like_keys(stmt, table, st, context);
  copy_like_indexes(stmt, st, context);
}

void finish_like_comments(ParseContext& context) {
  Snapshot& s = context.snapshot;
  const auto copy = [](const auto& copied, auto& objects) {
    const auto from = objects.find(copied.from), to = objects.find(copied.to);
    if (from != objects.end() && to != objects.end()) to->second.comment = from->second.comment;
  };
  for (const ParseContext::LikeCopy& copied : context.like_copies) {
    const auto said = context.commented.find(copied.from);
    if (said == context.commented.end() || context.commented.contains(copied.to)) continue;
    const bool later =
        said->second.file == copied.at.file && std::tie(said->second.line, said->second.column) >
                                                   std::tie(copied.at.line, copied.at.column);
    if (later) continue;
    context.commented[copied.to] = copied.at;
    copy(copied, s.columns);
    copy(copied, s.constraints);
    copy(copied, s.indexes);
  }
}

}  // namespace aloft
