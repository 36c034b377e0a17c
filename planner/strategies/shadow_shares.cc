#include "planner/strategies/shadow_shares.h"

#include <algorithm>

#include "planner/emit/table_sql.h"
#include "planner/locks.h"
#include "planner/strategies/strategies.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

constexpr std::size_t kLongestName = 63;

template <class T>
bool stays(const ObjectId& id, const PlanContext& ctx) {
  const T* live = ctx.live.find<T>(id);
  const T* wanted = ctx.desired.find<T>(id);
  return live != nullptr && wanted != nullptr && changed_fields(*live, *wanted).empty();
}

/// The shares in the table's own partitions. That of a key has a name of its own: it is told by
/// what it says.
std::vector<ObjectId> next_shares(const ObjectId& id, const Snapshot& snapshot) {
  std::vector<ObjectId> shares;
  if (!is_partitioned(relation_of(id), snapshot)) return shares;
  for (const ObjectId& table : children(snapshot, relation_of(id))) {
    if (id.kind == Kind::Index)
      for_each_child<Index>(snapshot, table, [&](const ObjectId& share, const Index& index) {
        if (index.parent == Name{id.schema, id.name}) shares.push_back(share);
      });
    else
      for_each_child<Constraint>(snapshot, table, [&](const ObjectId& share, const Constraint& c) {
        const Constraint& above = snapshot.constraints.at(id);
        if (c.inherited && c.type == above.type && c.definition == above.definition)
          shares.push_back(share);
      });
  }
  return shares;
}

}  // namespace

std::vector<ObjectId> shares_of(const ObjectId& id, const Snapshot& snapshot) {
  std::vector<ObjectId> shares = next_shares(id, snapshot);
  for (std::size_t i = 0; i < shares.size(); ++i)
    append(shares, next_shares(ObjectId(shares[i]), snapshot));
  return shares;
}

std::vector<ObjectId> leaf_shares_of(const ObjectId& id, const Snapshot& snapshot) {
  if (!is_partitioned(relation_of(id), snapshot)) return {id};
  std::vector<ObjectId> shares = shares_of(id, snapshot);
  std::erase_if(
      shares, [&](const ObjectId& share) { return is_partitioned(relation_of(share), snapshot); });
  return shares;
}

std::string shares_obstacle(const ObjectId& id, const PlanContext& ctx) {
  const std::vector<ObjectId> shares = shares_of(id, ctx.live);
  if (shares.size() != descendants(ctx.live, relation_of(id)).size())
    return "not each partition has one share of " + quote_ident(id.name);
  for (const ObjectId& share : shares) {
    const Index* index = ctx.live.find<Index>(share);
    if (index != nullptr ? !stays<Index>(share, ctx) || !index->valid
                         : !stays<Constraint>(share, ctx))
      return to_string(share) + " changes too";
    const ReplicaIdentity& identity = ctx.live.tables.at(relation_of(share)).replica_identity;
    if (identity.mode == 'i' && identity.index == share.name)
      return "the replica identity of " + name_of(relation_of(share)) + " is an index on it";
  }
  return {};
}

std::string copy_of_share(const ObjectId& share, const std::string& suffix,
                          const std::string& mark) {
  const bool fits = share.name.size() + suffix.size() + mark.size() <= kLongestName;
  return suffixed(share.name, suffix + (fits ? mark : run_mark(share)));
}

Sql exchange_names_of_shares(const std::string& schema, const std::string& name,
                             const std::string& other, const std::string& word) {
  const Sql body = sql(
      "\n"
      "DECLARE share record;\n"
      "BEGIN\n"
      "  FOR share IN SELECT n.nspname, a.oid, a.relname AS name, b.relname AS other\n"
      "      FROM pg_catalog.pg_partition_tree({}) AS t\n"
      "      JOIN pg_catalog.pg_class AS a ON a.oid = t.relid\n"
      "      JOIN pg_catalog.pg_namespace AS n ON n.oid = a.relnamespace\n"
      "      JOIN pg_catalog.pg_index AS i ON i.indexrelid = t.relid\n"
      "      JOIN pg_catalog.pg_index AS j ON j.indrelid = i.indrelid\n"
      "      JOIN pg_catalog.pg_partition_tree({}) AS u ON u.relid = j.indexrelid\n"
      "      JOIN pg_catalog.pg_class AS b ON b.oid = u.relid WHERE t.level > 0 LOOP\n"
      "    EXECUTE pg_catalog.format('ALTER INDEX %I.%I RENAME TO %I', share.nspname, share.name,\n"
      "        {} || share.oid);\n"
      "    EXECUTE pg_catalog.format('ALTER INDEX %I.%I RENAME TO %I', share.nspname,\n"
      "        share.other, share.name);\n"
      "  END LOOP;\n"
      "END\n",
      Literal{quote_qualified(schema, name)}, Literal{quote_qualified(schema, other)},
      Literal{"aloft_" + word + "_"});
  return sql("DO {}", Literal{body.text});
}

std::vector<Sql> partitioned_key_sql(const ObjectId& key, const Snapshot& side,
                                     const std::function<std::string(const ObjectId&)>& copies) {
  std::vector<ObjectId> shares = shares_of(key, side);
  std::ranges::reverse(shares);
  shares.push_back(key);
  std::vector<Sql> statements;
  for (const ObjectId& share : shares) {
    const Constraint& wanted = side.constraints.at(share);
    const std::string clause = is_partitioned(relation_of(share), side)
                                   ? "ADD " + constraint_clause(share, wanted)
                                   : using_index_clause(share.name, copies(share), wanted);
    statements.push_back(sql("ALTER TABLE {} {}", relation_name(share), Sql{clause}));
    append(statements, constraint_extras_sql(share, wanted));
  }
  return statements;
}

Proof new_partitions_are_small(const ObjectId& table, const Snapshot& live) {
  const Literal name{to_sql(qualified(table))};
  std::vector<Literal> known{name};
  for (const ObjectId& partition : descendants(live, table))
    known.push_back({to_sql(qualified(partition))});
  return {
      sql("SELECT coalesce(max(pg_catalog.pg_relation_size(p.relid)), 0) <= 8 * 1024 * 1024 FROM "
          "pg_catalog.pg_partition_tree({}) AS p WHERE p.relid NOT IN (SELECT "
          "pg_catalog.to_regclass(n) FROM unnest(ARRAY[{}]) AS n WHERE "
          "pg_catalog.to_regclass(n) IS NOT NULL)",
          name, sql_list(known))
          .text,
      "no partition of " + name.text +
          " that was made in the meantime is larger than 8 MB, so that its keys and foreign keys "
          "come in a moment"};
}

}  // namespace aloft
