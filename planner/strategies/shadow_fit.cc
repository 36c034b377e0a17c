// plan_shadow(): what stands on a column whose type is to change, and whether all of it can go
// over.

#include <algorithm>
#include <array>
#include <set>

#include "planner/emit/column_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/locks.h"
#include "planner/strategies/foreign_key_copy.h"
#include "planner/strategies/shadow_column.h"
#include "planner/strategies/shadow_publication.h"
#include "planner/strategies/shadow_shares.h"
#include "planner/strategies/shadow_tree.h"
#include "planner/strategies/strategies.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

bool names(const std::vector<std::string>& columns, const std::string& column) {
  return std::ranges::find(columns, column) != columns.end();
}

std::string base_name(const std::string& type) {
  return type.substr(0, type.find('('));
}

/// Types between which a cast gives the same value in every session: no TimeZone, DateStyle,
/// IntervalStyle, bytea_output, lc_monetary or extra_float_digits has a say in it.
bool is_steady(const std::string& type, const Snapshot& snapshot) {
  constexpr auto kSteady = std::to_array<std::string_view>(
      {"smallint", "integer", "bigint", "numeric", "boolean", "text", "character varying",
       "character", "uuid", "json", "jsonb", "oid", "name", "inet", "cidr", "macaddr", "bit",
       "bit varying"});
  if (names({kSteady.begin(), kSteady.end()}, base_name(type))) return true;
  return std::ranges::any_of(snapshot.enums, [&](const auto& entry) {
    return quote_qualified(entry.first.schema, entry.first.name) == type;
  });
}

bool is_float(const std::string& type) {
  return type == "real" || type == "double precision";
}
bool is_number(const std::string& type) {
  constexpr auto kNumbers = std::to_array<std::string_view>(
      {"smallint", "integer", "bigint", "numeric", "real", "double precision"});
  return names({kNumbers.begin(), kNumbers.end()}, base_name(type));
}
bool is_integer(const std::string& type) {
  return type == "smallint" || type == "integer" || type == "bigint";
}
bool is_timestamp(const std::string& type) {
  return type.starts_with("timestamp");
}

/// Its cast's expression over the column; empty where a session's settings have a say in it.
std::string cast_of(const std::string& column, const Column& from, const Column& to,
                    const ObjectId& id, const PlanContext& ctx) {
  if (is_timestamp(from.type) && is_timestamp(to.type)) {
    const bool zones_differ =
        from.type.ends_with("with time zone") != to.type.ends_with("with time zone");
    return "(" + column + (zones_differ ? " AT TIME ZONE 'UTC'" : "") + ")::" + to.type;
  }
  const bool numbers = is_number(from.type) && is_number(to.type);
  const bool steady = is_steady(from.type, ctx.live) && is_steady(to.type, ctx.desired);
  if (!steady && !(numbers && (is_float(from.type) || is_float(to.type)))) return {};
  const std::string clause = using_clause(id, from, to, TypeChange::Rewrite, ctx);
  const bool by_text = clause.find("::text::") != std::string::npos;
  return column + (by_text ? "::text" : "") + "::" + to.type;
}

class Fit {
 public:
  Fit(const ObjectId& id, const std::set<ObjectId>& changing, const PlanContext& ctx)
      : id_(id),
        changing_(changing),
        from_(ctx.live.columns.at(id)),
        to_(ctx.desired.columns.at(id)),
        ctx_(ctx),
        table_(relation_of(id)) {}

  ShadowPlan find() {
    look_at_column();
    if (free()) look_at_values();
    if (free())
      for_each_child<Index>(ctx_.live, table_, [this](const ObjectId& i, const Index& x) {
        if (names(x.columns, id_.name)) look_at_index(i, x);
      });
    if (free())
      for_each_child<Constraint>(ctx_.live, table_, [this](const ObjectId& i, const Constraint& c) {
        if (names(c.columns, id_.name) || names(c.include, id_.name)) look_at_constraint(i, c);
      });
    if (free())
      for (const auto& [i, c] : ctx_.live.constraints)
        if (c.type == Constraint::Type::ForeignKey &&
            table_id(c.referenced.schema, c.referenced.name) == table_ &&
            names(c.referenced_columns, id_.name))
          look_at_referring(i, c);
    if (free()) look_at_dependents();
    return std::move(plan_);
  }

 private:
  bool free() const { return plan_.obstacle.empty(); }
  void obstacle(const std::string& why) {
    if (free()) plan_.obstacle = why;
  }

  void look_at_column() {
    const Table& table = ctx_.live.tables.at(table_);
    const auto mode = table.replica_identity;
    if (from_.generated != ' ' || to_.generated != ' ') obstacle("the column is generated");
    if ((from_.identity == ' ') != (to_.identity == ' '))
      obstacle("it becomes, or ceases to be, an identity column at the same time");
    if (const std::string why = tree_obstacle(id_, ctx_); !why.empty()) obstacle(why);
    if (!table.of_type.empty()) obstacle("the table is of a composite type");
    if (is_constrained_domain(to_.type, ctx_.desired))
      obstacle("the new type is a domain with constraints");
    if (mode.mode == 'i') {
      const Index* index = ctx_.live.find<Index>(child_id(Kind::Index, table_, mode.index));
      const Constraint* key =
          ctx_.live.find<Constraint>(child_id(Kind::Constraint, table_, mode.index));
      if ((index != nullptr && names(index->columns, id_.name)) ||
          (key != nullptr && names(key->columns, id_.name)))
        obstacle("the table's replica identity is an index on it");
    }
    if (const std::string why = publication_obstacle(id_, ctx_); !why.empty()) obstacle(why);
    if (ctx_.uses == nullptr) return;
    for (const UnmanagedUse& use : *ctx_.uses)
      if (use.on == id_ && use.user.kind != "publication relation")
        obstacle(use.user.kind + " " + use.user.name + " stands on it");
  }

  void look_at_values() {
    const std::string column = quote_ident(id_.name);
    if (cuts_in_silence(to_.type) && to_.said->new_value.empty())
      return obstacle(
          "a value that is too long for the new type would be cut; say how with "
          "-- aloft: using EXPRESSION");
    plan_.up = to_.said->new_value.empty() ? cast_of(column, from_, to_, id_, ctx_)
                                           : "(" + to_.said->new_value.sql + ")::" + to_.type;
    plan_.down = to_.said->old_value.empty() ? cast_of(column, to_, from_, id_, ctx_)
                                             : "(" + to_.said->old_value.sql + ")::" + from_.type;
    if (plan_.up.empty())
      obstacle(
          "how a value is cast depends on settings of the session; say it with "
          "-- aloft: using EXPRESSION");
    else if (plan_.down.empty())
      obstacle(
          "how a value is cast back depends on settings of the session; say it with "
          "-- aloft: reverse EXPRESSION");
  }

  template <class T>
  bool stays(const ObjectId& id, const T& was) const {
    const T* wanted = ctx_.desired.find<T>(id);
    return wanted != nullptr && changed_fields(was, *wanted).empty();
  }

  /// A twin of what stands on two such columns would need both of their shadows.
  bool shares(const std::vector<std::string>& columns, const ObjectId& table) const {
    return std::ranges::count_if(columns, [&](const std::string& column) {
             return changing_.contains(child_id(Kind::Column, table, column));
           }) > 1;
  }

  bool partitioned() const { return is_partitioned(table_, ctx_.live); }

  /// An index or key, with those of partitions that are tied to it.
  void go_over(const ObjectId& id, std::vector<ObjectId>& all) {
    if (partitioned())
      if (const std::string why = shares_obstacle(id, ctx_); !why.empty()) return obstacle(why);
    all.push_back(id);
  }

  void look_at_index(const ObjectId& index, const Index& was) {
    if (!ctx_.desired.contains(index)) return;  // its own drop takes it away
    if (shares(was.columns, table_))
      return obstacle("index " + quote_ident(index.name) +
                      " is on another column that changes too");
    if (!stays(index, was) || !was.valid || !was.parent.empty())
      return obstacle("index " + quote_ident(index.name) + " on it changes too");
    const std::string twin =
        ctx_.rename_column ? ctx_.rename_column(was.definition.sql, id_.name, id_.name) : "";
    if (twin.empty())
      return obstacle("index " + quote_ident(index.name) + " cannot be copied to another column");
    go_over(index, plan_.indexes);
  }

  void look_at_constraint(const ObjectId& constraint, const Constraint& was) {
    using enum Constraint::Type;
    const std::string name = quote_ident(constraint.name);
    if (!ctx_.desired.contains(constraint)) return;
    if (was.type != Check && shares(was.columns, table_))
      return obstacle("constraint " + name + " is on another column that changes too");
    if (!stays(constraint, was) || was.inherited)
      return obstacle("constraint " + name + " on it changes too");
    switch (was.type) {
      case Check: plan_.checks.push_back(constraint); return;
      case PrimaryKey:
      case Unique: go_over(constraint, plan_.keys); return;
      case Exclusion: return obstacle("exclusion constraint " + name + " stands on it");
      case ForeignKey: return look_at_foreign_key(constraint, was);
    }
  }

  void look_at_foreign_key(const ObjectId& id, const Constraint& key) {
    const std::string name = quote_ident(id.name);
    if (key.definition.sql.find("SET NULL (") != std::string::npos ||
        key.definition.sql.find("SET DEFAULT (") != std::string::npos)
      return obstacle("foreign key " + name + " names columns of its own action");
    const ObjectId there = table_id(key.referenced.schema, key.referenced.name);
    for (const std::string& column : key.referenced_columns) {
      const ObjectId other = child_id(Kind::Column, there, column);
      if (changing_.contains(other) && !is_partitioned(there, ctx_.live))
        return;  // it goes over with the column that it refers to
      const Column* live = ctx_.live.find<Column>(other);
      const Column* wanted = ctx_.desired.find<Column>(other);
      const bool changes = live == nullptr || wanted == nullptr || live->type != wanted->type;
      if (changes && !(changing_.contains(other) && is_integer(to_.type) && is_integer(live->type)))
        return obstacle("the column that foreign key " + name + " refers to changes too" +
                        (is_partitioned(there, ctx_.live)
                             ? ": of a partitioned table it goes online for integers alone"
                             : ""));
    }
    if (const std::string why = copy_obstacle(id, ctx_); !why.empty()) return obstacle(why);
    plan_.foreign_keys.push_back(id);
  }

  void look_at_referring(const ObjectId& id, const Constraint& key) {
    // The share that a partition has of a foreign key is looked at with that.
    if (!ctx_.desired.contains(id) || key.inherited) return;
    const std::string name = to_string(id);
    if (!stays(id, key)) return obstacle(name + " refers to it, and changes too");
    if (has_children(ctx_, relation_of(id)) && !is_partitioned(relation_of(id), ctx_.live))
      return obstacle(name + " refers to it from a table that others inherit from");
    if (const std::string why = copy_obstacle(id, ctx_); !why.empty()) return obstacle(why);
    if (shares(key.referenced_columns, table_))
      return obstacle(name + " refers to another column that changes too");
    if (key.definition.sql.find("SET NULL (") != std::string::npos ||
        key.definition.sql.find("SET DEFAULT (") != std::string::npos)
      return obstacle(name + " refers to it and names columns of its own action");
    if (!partitioned()) return plan_.referring.push_back(id);
    // An integer stays equal to itself in every integer type, whatever refers to it.
    if (!is_integer(from_.type) || !is_integer(to_.type) || !to_.said->new_value.empty())
      return obstacle(name +
                      " refers to it in a partitioned table, and only integers are sure to "
                      "satisfy it before it can be validated, which is after the cut-over");
    plan_.made_again.push_back(id);
  }

  void look_at_dependents() {
    if (ctx_.live_edges == nullptr) return;
    std::set<ObjectId> seen{id_};
    std::vector<ObjectId> todo{id_};
    for (const ObjectId& key : plan_.keys) todo.push_back(key);
    while (!todo.empty() && free()) {
      const ObjectId on = todo.back();
      todo.pop_back();
      // The share that a partition has of a key is looked at with the key.
      if (on.kind == Kind::Constraint)
        for (ObjectId& share : shares_of(on, ctx_.live)) seen.insert(std::move(share));
      for (const Edge& edge : *ctx_.live_edges)
        if (edge.on == on && seen.insert(edge.dependent).second) look_at(edge.dependent, on, todo);
    }
  }

  void look_at(const ObjectId& dependent, const ObjectId& on, std::vector<ObjectId>& todo) {
    switch (dependent.kind) {
      case Kind::View:
        if (ctx_.live.views.contains(dependent) && ctx_.live.views.at(dependent).materialized)
          return obstacle(to_string(dependent) + " would have to be filled anew at the cut-over");
        [[fallthrough]];
      case Kind::Function:
        plan_.rebuilds = true;
        todo.push_back(dependent);
        return;
      case Kind::Policy:
      case Kind::Trigger: plan_.rebuilds = true; return;
      case Kind::Constraint:
        if (relation_of(dependent) != table_ && ctx_.desired.contains(dependent) &&
            !goes_with_referring(dependent))
          obstacle(to_string(dependent) + " stands on it");
        return;
      case Kind::Column:
        if (ctx_.live.columns.contains(dependent) &&
            ctx_.live.columns.at(dependent).generated != ' ')
          obstacle(to_string(dependent) + " is generated from it");
        return;
      case Kind::Index:
        if (relation_of(dependent) != table_)
          obstacle(to_string(dependent) + " would have to be built anew at the cut-over");
        return;
      case Kind::Sequence: return;
      case Kind::Table:
      case Kind::Composite:
      case Kind::Domain:
      case Kind::Aggregate:
      case Kind::Operator:
      case Kind::SearchParser:
      case Kind::SearchTemplate:
      case Kind::SearchDictionary:
      case Kind::SearchConfiguration:
        if (dependent != table_) obstacle(to_string(dependent) + " stands on " + to_string(on));
        return;
      case Kind::Role:
      case Kind::Schema:
      case Kind::Extension:
      case Kind::Enum: return;
    }
  }

  /// Is it a foreign key that goes over with the column, or a partition's share of one?
  bool goes_with_referring(const ObjectId& id) const {
    const Constraint* key = ctx_.live.find<Constraint>(id);
    return std::ranges::find(plan_.referring, id) != plan_.referring.end() ||
           std::ranges::find(plan_.made_again, id) != plan_.made_again.end() ||
           (key != nullptr && key->inherited && key->type == Constraint::Type::ForeignKey);
  }

  const ObjectId& id_;
  const std::set<ObjectId>& changing_;
  const Column& from_;
  const Column& to_;
  const PlanContext& ctx_;
  const ObjectId table_;
  ShadowPlan plan_{};
};

/// Equal values of such a type are the same to everybody.
bool equality_sees_all(const std::string& type) {
  constexpr auto kExact = std::to_array<std::string_view>(
      {"smallint", "integer", "bigint", "boolean", "uuid", "oid", "date"});
  return names({kExact.begin(), kExact.end()}, type) || is_timestamp(type);
}

}  // namespace

ShadowPlan plan_shadow(const ObjectId& id, const std::set<ObjectId>& changing,
                       const PlanContext& ctx) {
  return Fit(id, changing, ctx).find();
}

std::string differs(const std::string& a, const std::string& b, const std::string& type) {
  if (equality_sees_all(type)) return a + " IS DISTINCT FROM " + b;
  return "ROW(" + a + ")::record OPERATOR(pg_catalog.*<>) ROW(" + b + ")::record";
}

std::string is_same(const std::string& a, const std::string& b, const std::string& type) {
  if (equality_sees_all(type)) return a + " IS NOT DISTINCT FROM " + b;
  return "ROW(" + a + ")::record OPERATOR(pg_catalog.*=) ROW(" + b + ")::record";
}

}  // namespace aloft
