// find_table_swaps(): which tables change by way of a second one, and what stands against it.

#include <algorithm>

#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/strategies/swap_parts.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

bool is_stored(const Column* column) {
  return column != nullptr && column->generated == 's';
}

/// A change that writes its table anew whatever way it is done.
bool rewrites(const ObjectId& id, const Destiny& destiny, const PlanContext& ctx) {
  const auto has = [&](std::string_view field) {
    return std::ranges::find(destiny.fields, field) != destiny.fields.end();
  };
  if (id.kind == Kind::Table)
    return destiny.fate == Fate::Alter &&
           (has("unlogged") || has("access method") || has("tablespace"));
  if (id.kind != Kind::Column || destiny.around) return false;
  const Column *from = ctx.live.find<Column>(id), *to = ctx.desired.find<Column>(id);
  if (!is_stored(to) || !ctx.live.contains(relation_of(id))) return false;
  if (from == nullptr) return destiny.fate == Fate::Create;
  return is_stored(from) && from->default_value != to->default_value;
}

class SwapFit {
 public:
  SwapFit(const PlanRequest& request, const Fates& fates, const PlanContext& ctx,
          const ObjectId& table)
      : request_(request), fates_(fates), ctx_(ctx), table_(table) {}

  TableSwap find() {
    look_at_table();
    look_at_changes();
    look_at_parts();
    look_at_users();
    std::ranges::sort(swap_.changes);
    return std::move(swap_);
  }

 private:
  void obstacle(const std::string& why) {
    if (swap_.obstacle.empty()) swap_.obstacle = why;
  }

  void look_at_table() {
    const Table &from = ctx_.live.tables.at(table_), &to = ctx_.desired.tables.at(table_);
    if (!from.partition_key.empty() || !to.partition_key.empty() || !from.partition_of.empty() ||
        !from.inherits.empty() || !to.inherits.empty() || has_children(ctx_, table_))
      obstacle("the table is one of a tree of tables");
    if (!from.of_type.empty()) obstacle("the table is of a composite type");
    if (from.force_row_security) obstacle("the table's row level security holds for its owner too");
    if (from.replica_identity.mode == 'i') obstacle("the table's replica identity is an index");
    for (const std::string& name : {copy_table_name(table_), old_table_name(table_)})
      if (ctx_.live.contains(table_id(table_.schema, name)))
        obstacle("there is a table " + quote_ident(name) + " already");
  }

  /// Only what the second table can bring along may change with it.
  void look_at_changes() {
    for (const Change& rename : fates_.renames)
      if (relation_of(rename.id) == table_) obstacle(to_string(rename.id) + " gets another name");
    for (const auto& [id, destiny] : fates_.of) {
      if (relation_of(id) == table_) {
        if (brings(id, destiny))
          swap_.changes.push_back(id);
        else
          obstacle(to_string(id) + " changes in the same plan");
      }
    }
  }

  bool brings(const ObjectId& id, const Destiny& destiny) const {
    if (id.kind == Kind::Index) return true;
    if (!rewrites(id, destiny, ctx_)) return false;
    return std::ranges::all_of(destiny.fields, [&](std::string_view field) {
      return id.kind == Kind::Column
                 ? field == "default"
                 : field == "unlogged" || field == "access method" || field == "tablespace";
    });
  }

  void look_at_parts() {
    int keys = 0, identities = 0;
    for_each_child<Constraint>(ctx_.live, table_, [&](const ObjectId& id, const Constraint& c) {
      using enum Constraint::Type;
      if (c.type == PrimaryKey && !c.deferrable) ++keys;
      if (c.type == Exclusion)
        obstacle("exclusion constraint " + quote_ident(id.name) + " stands on it");
      if (!c.validated) obstacle("constraint " + quote_ident(id.name) + " is NOT VALID");
    });
    if (keys == 0)
      obstacle("the table has no primary key, or one that is deferrable, to know its rows by");
    for_each_child<Column>(ctx_.live, table_, [&](const ObjectId&, const Column& column) {
      if (column.identity != ' ') ++identities;
    });
    if (identities > 1) obstacle("the table has several identity columns");
    for_each_child<Index>(ctx_.live, table_, [&](const ObjectId& id, const Index& index) {
      if (!index.valid) obstacle("index " + quote_ident(id.name) + " is not valid");
    });
    for (const auto& [id, c] : ctx_.live.constraints)
      if (c.type == Constraint::Type::ForeignKey &&
          table_id(c.referenced.schema, c.referenced.name) == table_)
        obstacle(to_string(id) + " refers to it");
  }

  void look_at_users() {
    for (const Unmanaged& other : ctx_.live.unmanaged)
      if (other.kind == "publication")
        obstacle("publication " + other.name + " may show it, and would not follow");
    if (ctx_.uses != nullptr)
      for (const UnmanagedUse& use : *ctx_.uses)
        if (relation_of(use.on) == table_)
          obstacle(use.user.kind + " " + use.user.name + " stands on it");
    for (const Edge& edge : request_.live_edges)
      if (is_user(edge)) obstacle(to_string(edge.dependent) + " stands on it");
    for (const Edge& edge : request_.desired_edges)
      if (is_user(edge) && (fates_.find(edge.dependent) != nullptr ||
                            fates_.find(relation_of(edge.dependent)) != nullptr))
        obstacle(to_string(edge.dependent) + " stands on it and changes in the same plan");
  }

  /// Another object that stands on the table or a part of it: a view, a function over its rows.
  bool is_user(const Edge& edge) const {
    return relation_of(edge.on) == table_ && relation_of(edge.dependent) != table_ &&
           edge.dependent.kind != Kind::Sequence;
  }

  const PlanRequest& request_;
  const Fates& fates_;
  const PlanContext& ctx_;
  const ObjectId& table_;
  TableSwap swap_{};
};

/// Would the plain way do: asked for, or over in a moment?
bool goes_plain(const ObjectId& id, const PlanContext& ctx) {
  const ObjectId table = relation_of(id);
  if (id.kind == Kind::Column && ctx.desired.columns.at(id).said->in_place) return true;
  return is_fresh(ctx, table) || is_moment(ctx, table, rewrite_ms(size_of(ctx.facts, table)));
}

}  // namespace

TableSwaps find_table_swaps(const PlanRequest& request, const Fates& fates,
                            const PlanContext& ctx) {
  TableSwaps swaps;
  for (const auto& [id, destiny] : fates.of) {
    const ObjectId table = relation_of(id);
    if (!rewrites(id, destiny, ctx) || goes_plain(id, ctx) || swaps.contains(table)) continue;
    swaps.emplace(table, SwapFit(request, fates, ctx, table).find());
  }
  return swaps;
}

}  // namespace aloft
