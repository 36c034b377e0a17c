// find_table_swaps(): which tables change by way of a second one, and what stands against it.

#include <algorithm>

#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/publications.h"
#include "planner/strategies/swap_parts.h"
#include "planner/strategies/swap_referring.h"
#include "planner/strategies/swap_tree.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

bool is_stored(const Column* column) {
  return column != nullptr && column->generated == 's';
}

/// No index can be built CONCURRENTLY for it, and it cannot be NOT VALID.
bool is_new_exclusion(const ObjectId& id, const Destiny& destiny, const PlanContext& ctx) {
  if (id.kind != Kind::Constraint || destiny.fate != Fate::Create) return false;
  const Constraint* wanted = ctx.desired.find<Constraint>(id);
  return wanted != nullptr && wanted->type == Constraint::Type::Exclusion &&
         ctx.live.contains(relation_of(id));
}

/// A change that writes its table anew, or reads it under a lock, whatever way it is done.
bool rewrites(const ObjectId& id, const Destiny& destiny, const PlanContext& ctx) {
  const auto has = [&](std::string_view field) {
    return std::ranges::find(destiny.fields, field) != destiny.fields.end();
  };
  if (id.kind == Kind::Table && has("partition key") && becomes_tree(id, ctx)) return true;
  if (is_new_exclusion(id, destiny, ctx)) return true;
  if (id.kind == Kind::Table)
    return destiny.fate == Fate::Alter &&
           (has("unlogged") || has("access method") || has("tablespace"));
  if (id.kind != Kind::Column || destiny.around) return false;
  const Column *from = ctx.live.find<Column>(id), *to = ctx.desired.find<Column>(id);
  if (!is_stored(to) || !ctx.live.contains(relation_of(id))) return false;
  if (from == nullptr) return destiny.fate == Fate::Create;
  return is_stored(from) && from->default_value != to->default_value;
}

/// What stands against the swaps, and what they bring about. All tables are looked at in one pass
/// over each list: there may be as many tables as edges.
class SwapFit {
 public:
  SwapFit(const PlanRequest& request, const Fates& fates, const PlanContext& ctx, TableSwaps& swaps)
      : request_(request), fates_(fates), ctx_(ctx), swaps_(swaps) {}

  void look() {
    for (auto& [table, swap] : swaps_) look_at_table(table);
    look_at_changes();
    for (auto& [table, swap] : swaps_) look_at_parts(table);
    look_at_referring();
    look_at_users();
    for (auto& [table, swap] : swaps_) lead(table, swap);
  }

 private:
  /// Nothing where the table is not one of those that change so.
  void obstacle(const ObjectId& table, const std::string& why) {
    const auto it = swaps_.find(table);
    if (it != swaps_.end() && it->second.obstacle.empty()) it->second.obstacle = why;
  }

  /// The table that the object is a part of now, or is to be.
  ObjectId table_of(const ObjectId& id) const {
    const ObjectId table = relation_of(id);
    return swaps_.contains(table) ? table : top_of(id, ctx_.desired);
  }

  void lead(const ObjectId& table, TableSwap& swap) const {
    std::ranges::sort(swap.changes);
    const auto index = std::ranges::find(swap.changes, Kind::Index, &ObjectId::kind);
    swap.lead = becomes_tree(table, ctx_) ? table : *std::prev(index);
  }

  void look_at_table(const ObjectId& table) {
    const Table &from = ctx_.live.tables.at(table), &to = ctx_.desired.tables.at(table);
    const bool tree = becomes_tree(table, ctx_);
    if (!from.partition_key.empty() || !from.partition_of.empty() || !to.partition_of.empty() ||
        !from.inherits.empty() || !to.inherits.empty() || !children(ctx_.live, table).empty() ||
        (!tree && has_children(ctx_, table)))
      obstacle(table, "the table is one of a tree of tables");
    if (tree)
      if (const std::string why = tree_obstacle(table, ctx_, fates_); !why.empty())
        obstacle(table, why);
    if (!from.of_type.empty()) obstacle(table, "the table is of a composite type");
    if (from.force_row_security)
      obstacle(table, "the table's row level security holds for its owner too");
    if (from.replica_identity.mode == 'i')
      obstacle(table, "the table's replica identity is an index");
    for (const std::string& name : {copy_table_name(table), old_table_name(table)})
      if (ctx_.live.contains(table_id(table.schema, name)))
        obstacle(table, "there is a table " + quote_ident(name) + " already");
  }

  /// Only what the second table can bring along may change with it.
  void look_at_changes() {
    for (const Change& rename : fates_.renames)
      obstacle(relation_of(rename.id), to_string(rename.id) + " gets another name");
    for (const auto& [id, destiny] : fates_.of) {
      const auto it = swaps_.find(table_of(id));
      if (it == swaps_.end()) continue;
      if (brings(id, destiny))
        it->second.changes.push_back(id);
      else
        obstacle(it->first, to_string(id) + " changes in the same plan");
    }
  }

  bool brings(const ObjectId& id, const Destiny& destiny) const {
    if (id.kind == Kind::Index) return true;
    if (becomes_tree(table_of(id), ctx_) && tree_brings(id, destiny, ctx_)) return true;
    if (!rewrites(id, destiny, ctx_)) return false;
    return std::ranges::all_of(destiny.fields, [&](std::string_view field) {
      return id.kind == Kind::Column
                 ? field == "default"
                 : field == "unlogged" || field == "access method" || field == "tablespace" ||
                       field == "partition key" || (field == "options" && becomes_tree(id, ctx_));
    });
  }

  void look_at_parts(const ObjectId& table) {
    int keys = 0, identities = 0;
    for_each_child<Constraint>(ctx_.live, table, [&](const ObjectId& id, const Constraint& c) {
      using enum Constraint::Type;
      if (c.type == PrimaryKey && !c.deferrable) ++keys;
      if (c.type == Exclusion)
        obstacle(table, "exclusion constraint " + quote_ident(id.name) + " stands on it");
      if (!c.validated) obstacle(table, "constraint " + quote_ident(id.name) + " is NOT VALID");
    });
    if (keys == 0)
      obstacle(table,
               "the table has no primary key, or one that is deferrable, to know its rows by");
    for_each_child<Column>(ctx_.live, table, [&](const ObjectId&, const Column& column) {
      if (column.identity != ' ') ++identities;
    });
    if (identities > 1) obstacle(table, "the table has several identity columns");
    for_each_child<Index>(ctx_.live, table, [&](const ObjectId& id, const Index& index) {
      if (!index.valid) obstacle(table, "index " + quote_ident(id.name) + " is not valid");
    });
  }

  void look_at_referring() {
    for (const auto& [id, c] : ctx_.live.constraints) {
      const ObjectId there = table_id(c.referenced.schema, c.referenced.name);
      if (c.type != Constraint::Type::ForeignKey || !swaps_.contains(there)) continue;
      const std::string why = referring_obstacle(id, ctx_, fates_, swaps_);
      if (!why.empty()) obstacle(there, why);
    }
  }

  void look_at_users() {
    for (auto& [table, swap] : swaps_)
      if (const auto shown = publishing(table, ctx_); !shown.empty())
        obstacle(table, listed_publications(shown) + " would show the second table, or neither");
    if (ctx_.uses != nullptr)
      for (const UnmanagedUse& use : *ctx_.uses)
        obstacle(relation_of(use.on), use.user.kind + " " + use.user.name + " stands on it");
    for (const Edge& edge : request_.live_edges)
      if (is_user(edge))
        obstacle(relation_of(edge.on), to_string(edge.dependent) + " stands on it");
    for (const Edge& edge : request_.desired_edges)
      if (is_user(edge) && (fates_.find(edge.dependent) != nullptr ||
                            fates_.find(relation_of(edge.dependent)) != nullptr))
        obstacle(table_of(edge.on),
                 to_string(edge.dependent) + " stands on it and changes in the same plan");
  }

  /// Another object that stands on such a table or a part of it: a view, a function over its rows.
  bool is_user(const Edge& edge) const {
    const ObjectId table = table_of(edge.on);
    return edge.dependent.kind != Kind::Sequence && table_of(edge.dependent) != table &&
           swaps_.contains(table) && !refers(edge) && !is_replaced(edge.dependent);
  }

  /// A foreign key that is there already: see look_at_referring().
  bool refers(const Edge& edge) const {
    const Constraint* key = ctx_.live.find<Constraint>(edge.dependent);
    return key != nullptr && key->type == Constraint::Type::ForeignKey;
  }

  /// A view that is made to look its tables up again in the cut-over.
  bool is_replaced(const ObjectId& id) const {
    const View* view = ctx_.live.find<View>(id);
    return view != nullptr && !view->materialized && fates_.find(id) == nullptr;
  }

  const PlanRequest& request_;
  const Fates& fates_;
  const PlanContext& ctx_;
  TableSwaps& swaps_;
};

/// Would the plain way do: asked for, or over in a moment?
bool goes_plain(const ObjectId& id, const PlanContext& ctx) {
  const ObjectId table = relation_of(id);
  if (becomes_tree(table, ctx)) return size_of(ctx.facts, table).empty();
  if (id.kind == Kind::Column && ctx.desired.columns.at(id).said->in_place) return true;
  const TableSize size = size_of(ctx.facts, table);
  const std::int64_t ms = id.kind == Kind::Constraint ? index_build_ms(size) : rewrite_ms(size);
  return is_fresh(ctx, table) || is_moment(ctx, table, ms);
}

}  // namespace

TableSwaps find_table_swaps(const PlanRequest& request, const Fates& fates,
                            const PlanContext& ctx) {
  TableSwaps swaps;
  TableFateFinder tables(fates);
  const auto look_at = [&](const ObjectId& id, const Destiny& destiny) {
    if (rewrites(id, destiny, ctx) && !goes_plain(id, ctx)) swaps[relation_of(id)];
  };
  for (const ObjectId& id : fates.in_place) look_at(id, fates.of.at(id));
  const auto look_at_new = [&](const ObjectId& id, const Destiny& destiny) {
    if (destiny.fate != Fate::Create) return;
    const Destiny* table = tables.of(id);
    if (table == nullptr || table->fate != Fate::Create) look_at(id, destiny);
  };
  for (const Kind kind : {Kind::Column, Kind::Constraint})
    for (const auto& [id, destiny] : fates.of_kind(kind)) look_at_new(id, destiny);
  if (!swaps.empty()) SwapFit(request, fates, ctx, swaps).look();
  return swaps;
}

}  // namespace aloft
