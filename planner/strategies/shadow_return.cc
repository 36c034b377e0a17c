// way_back(): from after the cut-over back to before it, with all that was written since.

#include <algorithm>

#include "planner/emit/column_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/locks.h"
#include "planner/strategies/foreign_key_again.h"
#include "planner/strategies/foreign_key_copy.h"
#include "planner/strategies/shadow_keys.h"
#include "planner/strategies/shadow_numbers.h"
#include "planner/strategies/shadow_parts.h"
#include "planner/strategies/shadow_shares.h"
#include "planner/strategies/shadow_tree.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

class Returning : ShadowParts {
 public:
  using ShadowParts::ShadowParts;

  WayBack way() const {
    WayBack way{.fits = all_fit(), .before = {}, .proven = proven(), .swap = swap(), .after = {}};
    if (by_cast()) append(way.before, hold());
    append(way.before, guard_again());
    for (const ObjectId& key : plan_.keys)
      for (const ObjectId& share : leaf_shares_of(key, ctx_.live))
        way.before.push_back(index_of_key(share));
    for (const ObjectId& key : plan_.foreign_keys) append(way.before, copy_of(key));
    for (const ObjectId& key : plan_.referring)
      append(way.before, put_back_referring(id_, key, old_.name, ctx_));
    for (const ObjectId& check : plan_.checks)
      if (ctx_.live.constraints.at(check).validated) append(way.after, validate_tree(check.name));
    append(way.after, validate_referring_again(plan_, ctx_));
    return way;
  }

 private:
  bool by_cast() const { return to_.said->new_value.empty(); }
  std::string held() const { return suffixed(id_.relation + "_" + id_.name, "_back_" + mark_); }
  std::string filled() const { return suffixed(id_.relation + "_" + id_.name, "_bnn_" + mark_); }
  std::string again(const std::string& name) const { return suffixed(name, "__back_" + mark_); }
  std::string index_again(const ObjectId& share) const {
    return copy_of_share(share, "__back_", mark_);
  }

  static Sql validate(const ObjectId& table, const std::string& constraint) {
    return sql("ALTER TABLE {} VALIDATE CONSTRAINT {}", qualified(table), Ident{constraint});
  }

  /// Partition by partition; then the table, for which no row is read any more.
  std::vector<Sql> validate_tree(const std::string& constraint) const {
    std::vector<Sql> all;
    for (const ObjectId& leaf : leaves(ctx_.live, table_))
      if (leaf != table_) all.push_back(validate(leaf, constraint));
    all.push_back(validate(table_, constraint));
    return all;
  }

  Sql refuse_where(const Sql& found, const std::string& message) const {
    return sql(
        "DO {}",
        Literal{
            sql("BEGIN IF {} THEN RAISE EXCEPTION {}; END IF; END", found, Literal{message}).text});
  }

  /// Nothing is touched where a value would be lost.
  Sql all_fit() const {
    return refuse_where(sql("EXISTS (SELECT FROM {} WHERE {})", qualified(table_),
                            Sql{differs(quote_ident(id_.name), read_as(plan_.up, old_), to_.type)}),
                        "rows of " + name_of(table_) + " hold values that the old type of " +
                            id_.name + " cannot hold");
  }

  /// From here on a value that the old type cannot hold is refused; the server proves that none is
  /// there.
  std::vector<Sql> hold() const {
    const std::string old_as_new = over(plan_.up, quote_ident(old_.name));
    std::vector<Sql> all{lock_exclusive({table_}),
                         sql("{} ADD CONSTRAINT {} CHECK ({}) NOT VALID", alter_, Ident{held()},
                             Sql{is_same(quote_ident(id_.name), old_as_new, to_.type)})};
    if (from_.not_null)
      all.push_back(sql("{} ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", alter_,
                        Ident{filled()}, Ident{old_.name}));
    append(all, validate_tree(held()));
    if (from_.not_null) append(all, validate_tree(filled()));
    return all;
  }

  /// The old column's keys are made again beside those of the new one.
  std::vector<Sql> guard_again() const {
    const UpsertGuard guarding = guard(ctx_.desired);
    if (guarding.empty() || keeps_unique_indexes()) return {};
    std::vector<Sql> all{sql("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", qualified(table_))};
    append(all, guarding.create_sql());
    return all;
  }

  Sql index_of_key(const ObjectId& key) const {
    Constraint copy = ctx_.live.constraints.at(key);
    for (auto* columns : {&copy.columns, &copy.include})
      for (std::string& column : *columns)
        if (column == id_.name) column = old_.name;
    return Sql{key_index_step(key, relation_of(key), index_again(key), copy, ctx_).sql.front()};
  }

  std::vector<Sql> copy_of(const ObjectId& id) const {
    const Constraint& key = ctx_.live.constraints.at(id);
    std::vector<std::string> columns = key.columns;
    std::ranges::replace(columns, id_.name, old_.name);
    const std::string name = again(id.name);
    return copy_again(
        id, name,
        [&](const Sql& alter, const Sql& not_valid) {
          return sql("{} ADD CONSTRAINT {} {}{}", alter, Ident{name},
                     foreign_key_over(columns, key, key.referenced_columns), not_valid);
        },
        ctx_);
  }

  /// What the moment of the swap stands on, asked under its lock.
  Sql proven() const {
    if (!by_cast()) return all_fit();
    const Sql open = sql(
        "EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = {}::pg_catalog.regclass AND "
        "NOT convalidated AND conname IN ({}, {}))",
        Literal{to_sql(qualified(table_))}, Literal{held()}, Literal{filled()});
    return refuse_where(open,
                        "not every row of " + name_of(table_) + " is proven to have its old value");
  }

  std::vector<Sql> swap() const {
    const Ident own{id_.name}, shadow{shadow_.name}, old{old_.name};
    std::vector<Sql> all = backward().drop_sql();
    append(all, guard(ctx_.desired).drop_sql());
    if (by_cast()) all.push_back(sql("{} DROP CONSTRAINT {}", alter_, Ident{held()}));
    for (const ObjectId& check : plan_.checks)
      all.push_back(sql("{} DROP CONSTRAINT {}", alter_, Ident{check.name}));
    append(all, drop_referring(plan_, ctx_.desired));
    if (from_.not_null) all.push_back(sql("{} ALTER COLUMN {} SET NOT NULL", alter_, old));
    if (from_.not_null && by_cast())
      all.push_back(sql("{} DROP CONSTRAINT {}", alter_, Ident{filled()}));
    append(all, exchange_keys(ctx_.live, [this](const std::string& name) { return again(name); }));
    append(all, drop_partition_defaults(id_, ctx_.desired));
    append(all, let_go_of_numbers(id_, to_, old_.name, ctx_));
    all.push_back(sql("{} RENAME COLUMN {} TO {}", alter_, own, shadow));
    all.push_back(sql("{} RENAME COLUMN {} TO {}", alter_, old, own));
    append(all, exchange_partitioned_keys(
                    ctx_.live, [this](const ObjectId& share) { return index_again(share); }));
    if (both_not_null()) append(all, drop_not_null_sql(id_, shadow_.name, ctx_.live));
    append(all, take_over_numbers(id_, from_));
    append(all, partition_defaults(id_, ctx_.live));
    append(all, checks_again(ctx_.live));
    append(all, publication_.exchange());
    for (const ObjectId& id : plan_.indexes) {
      if (partitioned())
        all.push_back(exchange_names_of_shares(id.schema, id.name, old_name(id.name), "new"));
      all.push_back(rename_index(id.name, twin_name(id.name)));
      all.push_back(rename_index(old_name(id.name), id.name));
    }
    append(all, add_referring_again(plan_, ctx_.live));
    return all;
  }

  Sql rename_index(const std::string& from, const std::string& to) const {
    return sql("ALTER INDEX {} RENAME TO {}", QualifiedName{table_.schema, from}, Ident{to});
  }
};

}  // namespace

WayBack way_back(const ObjectId& id, const Column& from, const Column& to, const ShadowPlan& plan,
                 const PlanContext& ctx) {
  return Returning(id, from, to, plan, ctx).way();
}

std::vector<Sql> in_order(const std::vector<WayBack>& ways, const std::vector<ObjectId>& tables,
                          const std::vector<Sql>& along) {
  std::vector<Sql> all;
  for (const WayBack& way : ways) all.push_back(way.fits);
  for (const WayBack& way : ways) append(all, way.before);
  all.push_back(lock_exclusive(tables));
  for (const WayBack& way : ways) all.push_back(way.proven);
  append(all, along);
  for (const WayBack& way : ways) append(all, way.swap);
  for (const WayBack& way : ways) append(all, way.after);
  return all;
}

}  // namespace aloft
