#include "planner/strategies/facade.h"

#include <algorithm>

#include "planner/emit/access.h"
#include "planner/locks.h"
#include "planner/publications.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

constexpr std::string_view kLimits =
    "is a view until contract: COPY FROM, TRUNCATE, ON CONFLICT ON CONSTRAINT, "
    "pg_get_serial_sequence() and DDL of applications fail on it";

ObjectId view_id(const ObjectId& table) {
  return {.kind = Kind::View, .schema = table.schema, .name = table.name};
}

/// Is it one of the renames that the facade is for, or goes along with them?
bool belongs(const Change& rename, const Facade& facade) {
  return rename.id.kind == Kind::Constraint || rename.id.kind == Kind::Index ||
         rename.id.kind == Kind::Table ||
         std::ranges::find(facade.columns, rename) != facade.columns.end();
}

/// What stands against the facades. All tables are looked at in one pass over each list: there may
/// be as many of them as edges.
class Search {
 public:
  Search(const PlanRequest& request, const Fates& fates, const PlanContext& ctx, Facades& facades)
      : request_(request), fates_(fates), ctx_(ctx), facades_(facades) {}

  void look() {
    look_at_tree();
    for (auto& [table, facade] : facades_) look_at_table(table);
    look_at_users();
    look_at_changes();
  }

 private:
  /// The table's facade as long as nothing stands against it; else nullptr.
  Facade* possible(const ObjectId& table) {
    const auto it = facades_.find(table);
    return it == facades_.end() || !it->second.obstacle.empty() ? nullptr : &it->second;
  }
  void obstacle(const ObjectId& table, const std::string& why) {
    if (Facade* facade = possible(table)) facade->obstacle = why;
  }

  void look_at_tree() {
    for (auto& [table, facade] : facades_) {
      const Table& live = ctx_.live.tables.at(table);
      if (!live.partition_of.empty() || !live.inherits.empty())
        obstacle(table, "it has a parent table");
    }
    for (const auto& [id, child] : ctx_.live.tables)
      for (const Name& parent : child.inherits)
        obstacle(table_id(parent.schema, parent.name), "other tables inherit from it");
  }

  void look_at_table(const ObjectId& table) {
    if (ctx_.live.tables.at(table).row_security && ctx_.facts.server_version < 150000)
      obstacle(table,
               "its row level security would be that of the view's owner before PostgreSQL 15");
    if (const auto shown = publishing(table, ctx_); !shown.empty())
      obstacle(table, listed_publications(shown) + " would show it under another name");
  }

  /// What stands on a table from outside: a function or column of its row type, or that may be.
  void look_at_users() {
    if (ctx_.uses != nullptr)
      for (const UnmanagedUse& use : *ctx_.uses)
        obstacle(relation_of(use.on), use.user.kind + " " + use.user.name + " is on it");
    for (const Edge& edge : request_.live_edges) {
      const ObjectId table = relation_of(edge.on);
      const Kind kind = edge.dependent.kind;
      const bool by_row = kind == Kind::Function || kind == Kind::Aggregate ||
                          kind == Kind::Domain || kind == Kind::Composite ||
                          (kind == Kind::Column && relation_of(edge.dependent) != table &&
                           edge.on.kind == Kind::Table);
      if (by_row && possible(table) != nullptr)
        obstacle(table, to_string(edge.dependent) + " is made of its row type or its columns");
    }
  }

  /// Something else that changes on a table or stands on it.
  void look_at_changes() {
    const auto changes = [&](const ObjectId& table, const ObjectId& other) {
      if (Facade* facade = possible(table)) {
        facade->obstacle = to_string(other) + " changes in the same plan";
        facade->alone = relation_of(other) != table;
      }
    };
    for (const Change& rename : fates_.renames) {
      const Facade* facade = possible(relation_of(rename.id));
      if (facade != nullptr && !belongs(rename, *facade))
        changes(relation_of(rename.id), rename.id);
    }
    for (const auto& [id, destiny] : fates_.of)
      if (possible(relation_of(id)) != nullptr) changes(relation_of(id), id);
    for (const Edge& edge : request_.desired_edges) {
      const ObjectId table = relation_of(edge.on), user = relation_of(edge.dependent);
      if (possible(table) != nullptr && user != table &&
          (fates_.find(edge.dependent) != nullptr || fates_.find(user) != nullptr))
        changes(table, edge.dependent);
    }
  }

  const PlanRequest& request_;
  const Fates& fates_;
  const PlanContext& ctx_;
  Facades& facades_;
};

/// CREATE VIEW `view` over the table that is called `base` by now, with the owner and privileges of
/// the table; each renamed column under both names.
std::vector<Sql> view_sql(const ObjectId& view, const ObjectId& base, const ObjectId& table,
                          const std::vector<Change>& columns, const PlanContext& ctx) {
  const Table& live = ctx.live.tables.at(table);
  const auto old_name = [&](const std::string& name) {
    const auto it = std::ranges::find(columns, name, [](const Change& c) { return c.id.name; });
    return it == columns.end() ? name : it->from.name;
  };
  std::string list;
  for (const std::string& name : live.column_order)
    list += (list.empty() ? "" : ", ") + quote_ident(old_name(name));
  for (const Change& c : columns)
    list += ", " + quote_ident(c.from.name) + " AS " + quote_ident(c.id.name);
  const std::string options =
      ctx.facts.server_version >= 150000 ? " WITH (security_invoker = true)" : "";
  std::vector<Sql> statements{sql("CREATE VIEW {}{} AS SELECT {} FROM {}", qualified(view),
                                  Sql{options}, Sql{list}, qualified(base))};
  Target target = target_of(view);
  target.owner = live.owner;
  if (owner_to_set(live.owner, ctx)) statements.push_back(owner_sql(target, live.owner));
  append(statements, new_grants_sql(target, live.grants, ctx));
  for_each_child<Column>(ctx.live, table, [&](const ObjectId& id, const Column& column) {
    for (const std::string& name : std::set<std::string>{id.name, old_name(id.name)})
      append(statements,
             grants_sql(target_of(child_id(Kind::Column, view, name)), {}, column.grants));
  });
  return statements;
}

Locks exclusive(const ObjectId& table, const PlanContext& ctx) {
  return on_tree(ctx, table, LockLevel::AccessExclusive);
}

}  // namespace

Facades find_facades(const PlanRequest& request, const Fates& fates, const PlanContext& ctx) {
  Facades facades;
  for (const Change& rename : fates.renames) {
    const ObjectId table = rename.id.kind == Kind::Column ? relation_of(rename.id) : rename.id;
    if (table.kind != Kind::Table || !ctx.live.contains(table)) continue;
    Facade& facade = facades[table];
    if (rename.id.kind == Kind::Column)
      facade.columns.push_back(rename);
    else if (ctx.desired.contains(rename.from) || ctx.desired.contains(view_id(rename.from)))
      facade.obstacle = "the files give its old name to something else";
    if (rename.id.kind == Kind::Column && ctx.desired.columns.at(rename.id).said->in_place)
      facade.obstacle = "the files say so", facade.once = true;
  }
  for (const Change& rename : fates.renames)
    if (const auto it = facades.find(relation_of(rename.id));
        it != facades.end() && rename.id.kind == Kind::Constraint)
      it->second.constraints.push_back(rename);
  for (const Change& rename : fates.renames)
    if (const auto it = facades.find(rename.id); it != facades.end() && !it->second.columns.empty())
      it->second.obstacle = "it and its columns get other names at once", it->second.once = true;
  if (!facades.empty()) Search(request, fates, ctx, facades).look();
  return facades;
}

const Facade* facade_of(const ObjectId& id, const PlanContext& ctx) {
  if (ctx.facades == nullptr) return nullptr;
  const auto it = ctx.facades->find(relation_of(id));
  return it == ctx.facades->end() || !it->second.obstacle.empty() ? nullptr : &it->second;
}

std::string both_names_refused(const ObjectId& id, const PlanContext& ctx) {
  if (ctx.facades == nullptr) return "";
  const auto it = ctx.facades->find(relation_of(id));
  if (it == ctx.facades->end() || it->second.obstacle.empty()) return "";
  std::string why = "; no view can stand for both names, as " + it->second.obstacle;
  if (!it->second.alone) why += ". In a plan of its own one can";
  if (id.kind == Kind::Column && !it->second.once)
    why +=
        ". A second column cannot either: its kind, what stands on it or what else of it changes "
        "rules that out";
  return why;
}

std::vector<Step> table_facade_steps(const Action& action, const PlanContext& ctx) {
  const ObjectId &table = action.id, &old = action.from, view = view_id(action.from);
  const std::string old_sql = to_sql(qualified(old));
  std::vector<Sql> make{sql("ALTER TABLE {} RENAME TO {}", qualified(old), Ident{table.name})};
  const std::vector<Sql> show = view_sql(view, table, table, {}, ctx);
  append(make, show);
  Step expand = catalog_step(ctx, table, make, exclusive(table, ctx),
                             "The table gets its new name, and a view keeps the old one: "
                             "applications read and write by either until contract.");
  for (RelationLock& lock : expand.locks)
    if (lock.relation == to_sql(qualified(table))) lock.relation = old_sql;
  add_hazard(expand, Hazard::AppBreaking, old_sql + " " + std::string(kLimits));
  set_undo(expand, {sql("DROP VIEW {}", qualified(view)),
                    sql("ALTER TABLE {} RENAME TO {}", qualified(table), Ident{old.name})});
  expand.scaffold = {view};
  const std::string new_sql = to_sql(qualified(table));
  add_note(expand, Stage::Running, old_sql + ": goes by either name, this and " + new_sql);
  add_note(expand, Stage::Next, new_sql + ": says this name alone");
  Step contract =
      catalog_step(ctx, table, {sql("DROP VIEW {}", qualified(view))}, {},
                   "The view under the old name goes, once no application says it any more.");
  contract.locks = {{old_sql, LockLevel::AccessExclusive}};
  contract.phase = Phase::Contract;
  add_hazard(contract, Hazard::AppBreaking,
             "an application that says " + old_sql + " fails from then on");
  add_note(contract, Stage::Contract, old_sql + ": is called " + new_sql + " alone");
  set_undo(contract, show);
  return {expand, contract};
}

std::vector<Step> column_facade_steps(const Action& action, const PlanContext& ctx) {
  const ObjectId table = relation_of(action.id), view = view_id(table);
  const auto& [obstacle, alone, once, columns, constraints] = ctx.facades->at(table);
  if (columns.front().id != action.id) return {};
  ObjectId behind = table;
  behind.name = suffixed(table.name, "__behind_" + run_mark(table).substr(0, 4));
  const Sql back = sql("ALTER TABLE {} RENAME TO {}", qualified(behind), Ident{table.name});
  std::vector<Sql> make{sql("ALTER TABLE {} RENAME TO {}", qualified(table), Ident{behind.name})};
  append(make, view_sql(view, behind, table, columns, ctx));
  const std::vector<Sql> unmake{sql("DROP VIEW {}", qualified(view)), back};

  std::vector<Sql> rename = unmake, restore;
  std::string old_names;
  for (const Change& c : columns) {
    rename.push_back(sql("ALTER TABLE {} RENAME COLUMN {} TO {}", qualified(table),
                         Ident{c.from.name}, Ident{c.id.name}));
    restore.push_back(sql("ALTER TABLE {} RENAME COLUMN {} TO {}", qualified(table),
                          Ident{c.id.name}, Ident{c.from.name}));
    old_names += (old_names.empty() ? "" : " or ") + quote_ident(c.from.name);
  }
  for (const Change& c : constraints) {
    rename.push_back(sql("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", qualified(table),
                         Ident{c.from.name}, Ident{c.id.name}));
    restore.push_back(sql("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", qualified(table),
                          Ident{c.id.name}, Ident{c.from.name}));
  }
  append(restore, make);

  Step expand = catalog_step(ctx, action.id, make, exclusive(table, ctx),
                             "A view takes the table's place and shows the column under its old "
                             "name and its new one: applications read and write by either until "
                             "contract. No row is copied.");
  add_hazard(expand, Hazard::AppBreaking, to_sql(qualified(table)) + " " + std::string(kLimits));
  set_undo(expand, unmake);
  expand.scaffold = {view};
  for (const Change& c : columns) {
    add_note(expand, Stage::Running,
             name_of(c.from) + ": goes by either name, this and " + quote_ident(c.id.name));
    add_note(expand, Stage::Next, name_of(c.id) + ": says this name alone");
  }
  expand.aliases = {{.now = behind, .otherwise = table}};
  Step contract = catalog_step(ctx, action.id, rename, exclusive(table, ctx),
                               "The table comes back into its place with the column under its new "
                               "name, once no application says the old one any more.");
  contract.phase = Phase::Contract;
  add_hazard(contract, Hazard::AppBreaking,
             "an application that says " + old_names + " fails from then on");
  for (const Change& c : columns)
    add_note(contract, Stage::Contract,
             name_of(c.from) + ": is called " + quote_ident(c.id.name) + " alone");
  set_undo(contract, restore);
  return {expand, contract};
}

}  // namespace aloft
