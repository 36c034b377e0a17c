#include "planner/strategies/foreign_key_copy.h"

#include "planner/emit/table_sql.h"
#include "planner/locks.h"
#include "planner/strategies/shadow_shares.h"

namespace aloft {
namespace {

ObjectId referenced_by(const ObjectId& key, const PlanContext& ctx) {
  const Name& there = ctx.live.constraints.at(key).referenced;
  return table_id(there.schema, there.name);
}

Sql alter_table(const ObjectId& table) {
  return sql("ALTER TABLE {}", qualified(table));
}

/// The shares of the copy get the names of the key's, in partitions that were made in the meantime
/// too: RENAME CONSTRAINT of a foreign key does not go on to partitions by itself.
Sql exchange_names(const ObjectId& key, const std::string& copy) {
  const Literal table{to_sql(qualified(relation_of(key)))};
  const Sql body =
      sql("\n"
          "DECLARE share record;\n"
          "BEGIN\n"
          "  FOR share IN WITH RECURSIVE tree AS (\n"
          "      SELECT oid, conrelid, conname, conname AS top FROM pg_catalog.pg_constraint\n"
          "      WHERE conrelid = {}::pg_catalog.regclass AND conname IN ({}, {})\n"
          "      UNION ALL SELECT c.oid, c.conrelid, c.conname, t.top FROM tree AS t\n"
          "      JOIN pg_catalog.pg_constraint AS c ON c.conparentid = t.oid\n"
          "          AND c.conrelid <> t.conrelid)\n"
          "      SELECT a.oid, a.conrelid::pg_catalog.regclass AS of, a.conname AS name,\n"
          "          b.conname AS other FROM tree AS a JOIN tree AS b USING (conrelid)\n"
          "      WHERE a.top = {} AND b.top = {} AND conrelid <> {}::pg_catalog.regclass LOOP\n"
          "    EXECUTE pg_catalog.format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', share.of,\n"
          "        share.name, 'aloft_old_' || share.oid);\n"
          "    EXECUTE pg_catalog.format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', share.of,\n"
          "        share.other, share.name);\n"
          "  END LOOP;\n"
          "END\n",
          table, Literal{key.name}, Literal{copy}, Literal{key.name}, Literal{copy}, table);
  return sql("DO {}", Literal{body.text});
}

}  // namespace

std::string copy_obstacle(const ObjectId& key, const PlanContext& ctx) {
  const ObjectId table = relation_of(key);
  if (!is_partitioned(table, ctx.live)) return {};
  if (!ctx.live.constraints.at(key).validated)
    return to_string(key) + " of a partitioned table is not validated";
  return shares_obstacle(key, ctx);
}

std::vector<ObjectId> objects_of_copy(const ObjectId& key, const std::string& name,
                                      const PlanContext& ctx) {
  const ObjectId table = relation_of(key);
  std::vector<ObjectId> objects{child_id(Kind::Constraint, table, name)};
  if (!is_partitioned(table, ctx.live)) return objects;
  for (const ObjectId& partition : descendants(ctx.live, table))
    objects.push_back(child_id(Kind::Constraint, partition, name));
  return objects;
}

std::vector<Sql> copy_again(const ObjectId& key, const std::string& name, const AddForeignKey& add,
                            const PlanContext& ctx) {
  const ObjectId table = relation_of(key), there = referenced_by(key, ctx);
  std::vector<Sql> all;
  for (const ObjectId& leaf : leaves(ctx.live, table)) {
    std::vector<QualifiedName> locked{qualified(there)};
    if (leaf != there) locked.push_back(qualified(leaf));
    all.push_back(sql("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", sql_list(locked)));
    all.push_back(add(alter_table(leaf), Sql{" NOT VALID"}));
    if (ctx.live.constraints.at(key).validated)
      all.push_back(sql("{} VALIDATE CONSTRAINT {}", alter_table(leaf), Ident{name}));
  }
  if (!is_partitioned(table, ctx.live)) return all;
  all.push_back(lock_exclusive({there}));
  all.push_back(add(alter_table(table), Sql{}));
  return all;
}

/// Applications go from what is referred to on to what refers to it, by cascade or by themselves,
/// so that the lock on that comes first. While it is held no partition is made or attached either:
/// each would get the foreign key that is there.
Step take_over_copies(const ObjectId& about, const ObjectId& key, const Sql& add,
                      const PlanContext& ctx) {
  const ObjectId table = relation_of(key);
  Locks locks = on_tree(ctx, table, LockLevel::ShareRowExclusive);
  locks.push_back({referenced_by(key, ctx), LockLevel::AccessExclusive});
  Step step = catalog_step(ctx, about, {lock_exclusive({referenced_by(key, ctx)}), add}, locks,
                           name_of(table) + " takes over its partitions' copies of foreign key " +
                               quote_ident(key.name) + "; no row is read.");
  step.proofs.push_back(new_partitions_are_small(table, ctx.live));
  return step;
}

std::vector<Sql> exchange_with_copy(const ObjectId& key, const std::string& copy,
                                    const Snapshot& side) {
  const ObjectId table = relation_of(key);
  const Sql alter = alter_table(table);
  const bool partitioned = is_partitioned(table, side);
  std::vector<Sql> all;
  if (partitioned) all.push_back(exchange_names(key, copy));
  all.push_back(sql("{} DROP CONSTRAINT {}", alter, Ident{key.name}));
  all.push_back(sql("{} RENAME CONSTRAINT {} TO {}", alter, Ident{copy}, Ident{key.name}));
  append(all, constraint_extras_sql(key, side.constraints.at(key)));
  if (partitioned)
    for (const ObjectId& share : shares_of(key, side))
      append(all, constraint_extras_sql(share, side.constraints.at(share)));
  return all;
}

}  // namespace aloft
