#include <algorithm>
#include <map>

#include "planner/emit/table_sql.h"
#include "planner/emit/type_users.h"

namespace aloft {
namespace {

using ByTable = std::map<ObjectId, std::vector<ObjectId>>;

class Replacing {
 public:
  Replacing(const ObjectId& type, const TypeReplacement& replacement, const PlanContext& ctx)
      : type_(type), replacement_(replacement), ctx_(ctx) {
    for (const ObjectId& column : columns_of_type(ctx.live, type))
      columns_[relation_of(column)].push_back(column);
  }

  std::vector<Step> steps(std::string why) {
    if (const std::string reason = obstacle(); !reason.empty())
      return {impossible_step(ctx_, type_, reason)};
    const QualifiedName name = qualified(type_);
    const Ident aside{suffixed(type_.name, "__old")};
    const Sql word{replacement_.word};
    say(sql("ALTER {} {} RENAME TO {}", word, name, aside));
    append(statements_, replacement_.create);
    for (const auto& [table, columns] : columns_) take_off(table, columns);
    for (const auto& [table, columns] : columns_) change(table, columns);
    for (const auto& [table, columns] : columns_) put_on(table, columns);
    append(statements_, last_);
    say(sql("DROP {} {}", word, QualifiedName{type_.schema, aside.name}));
    return {weighed(std::move(why))};
  }

 private:
  void say(Sql statement) { statements_.push_back(std::move(statement)); }

  std::string obstacle() const {
    for (const auto& [table, columns] : columns_) {
      const Table* live = ctx_.live.find<Table>(table);
      if (const std::string stuck = stuck_part(table); !stuck.empty())
        return stuck + " names a label that goes: drop it in a change of its own before this one";
      if (live == nullptr || live->partition_key.empty()) continue;
      for (const ObjectId& column : columns)
        if (mentions(live->partition_key.sql, quote_ident(column.name)))
          return "its values are in the partition key of " + to_sql(qualified(table)) +
                 ", whose type PostgreSQL cannot change: make a new table and move the rows";
    }
    return {};
  }

  /// A check or index that can neither stay as it is nor be put on as the files have it.
  std::string stuck_part(const ObjectId& table) const {
    std::string stuck;
    const auto look = [&](const ObjectId& id, const auto& was) {
      if (mentions(was.definition.sql, spelling(type_)) && names_lost(was.definition.sql) &&
          !ctx_.desired.contains(id))
        stuck = to_string(id);
    };
    for_each_child<Constraint>(ctx_.live, table, look);
    for_each_child<Index>(ctx_.live, table, look);
    return stuck;
  }

  static Sql alter_only(const ObjectId& column, const std::string& clause) {
    return sql("ALTER TABLE ONLY {} ALTER COLUMN {} {}", relation_name(column), Ident{column.name},
               Sql{clause});
  }

  bool names_lost(const std::string& text) const {
    return std::ranges::any_of(replacement_.lost, [&](const std::string& label) {
      return text.find(quote_literal(label)) != std::string::npos;
    });
  }

  /// What stands on the table and would be read again with the old type's name in it. What names a
  /// label that goes comes back as the files have it.
  void take_off(const ObjectId& table, const std::vector<ObjectId>& columns) {
    for (const ObjectId& column : columns)
      if (!ctx_.live.columns.at(column).default_value.empty())
        say(alter_only(column, "DROP DEFAULT"));
    const std::string name = spelling(type_);
    for_each_child<Constraint>(ctx_.live, table, [&](const ObjectId& id, const Constraint& was) {
      if (was.inherited || !mentions(was.definition.sql, name)) return;
      say(sql("ALTER TABLE {} DROP CONSTRAINT {}", qualified(table), Ident{id.name}));
      const Constraint* wanted = ctx_.desired.find<Constraint>(id);
      const Constraint& again = wanted != nullptr && names_lost(was.definition.sql) ? *wanted : was;
      last_.push_back(sql("ALTER TABLE {} ADD {}{}", qualified(table),
                          Sql{constraint_clause(id, again)},
                          Sql{again.validated ? "" : " NOT VALID"}));
      append(last_, constraint_extras_sql(id, again));
    });
    for_each_child<Index>(ctx_.live, table, [&](const ObjectId& id, const Index& was) {
      if (!was.parent.empty() || !mentions(was.definition.sql, name)) return;
      say(sql("DROP INDEX {}", qualified(id)));
      const Index* wanted = ctx_.desired.find<Index>(id);
      const Index& again = wanted != nullptr && names_lost(was.definition.sql) ? *wanted : was;
      last_.push_back(index_sql(id, again, id.name, false, false));
      append(last_, index_extras_sql(id, again));
    });
  }

  void change(const ObjectId& table, const std::vector<ObjectId>& columns) {
    std::string clauses;
    for (const ObjectId& column : columns) {
      // The parent's change reaches its children.
      if (parent_column(ctx_.live, column) != nullptr) continue;
      const std::string& type = ctx_.live.columns.at(column).type;
      const std::string array = type.substr(std::min(type.size(), spelling(type_).size()));
      const std::string name = quote_ident(column.name);
      clauses += (clauses.empty() ? "" : ", ") + ("ALTER COLUMN " + name) + " TYPE " + type +
                 " USING " + name + "::" + replacement_.detour + array + "::" + type;
    }
    if (!clauses.empty()) say(sql("ALTER TABLE {} {}", qualified(table), Sql{clauses}));
  }

  void put_on(const ObjectId&, const std::vector<ObjectId>& columns) {
    for (const ObjectId& column : columns) {
      const Column& was = ctx_.live.columns.at(column);
      if (was.default_value.empty()) continue;
      const Column* wanted = ctx_.desired.find<Column>(column);
      const bool renewed = wanted != nullptr && (wanted->default_value == was.default_value ||
                                                 names_lost(was.default_value.sql));
      const std::string& text = renewed ? wanted->default_value.sql : was.default_value.sql;
      if (!text.empty() && (renewed || !names_lost(text)))
        say(alter_only(column, "SET DEFAULT " + text));
    }
  }

  /// All of the tables' rewrites in one step.
  Step weighed(std::string why) const {
    Step sum = catalog_step(ctx_, type_, statements_, {}, std::move(why));
    for (const auto& [table, columns] : columns_) {
      const Table* live = ctx_.live.find<Table>(table);
      const bool reached = live != nullptr && parent_column(ctx_.live, columns.front()) != nullptr;
      if (reached) continue;
      const Step one = heavy_step(ctx_, type_, {}, table, true,
                                  on_tree(ctx_, table, LockLevel::AccessExclusive), "");
      sum.rewrites = true;
      sum.statement_timeout_ms = 0;
      if (one.rows > 0) sum.rows = std::max<std::int64_t>(sum.rows, 0) + one.rows;
      if (one.bytes > 0) sum.bytes = std::max<std::int64_t>(sum.bytes, 0) + one.bytes;
      sum.duration_ms += one.duration_ms;
      sum.hold_ms += one.hold_ms;
      append(sum.locks, one.locks);
      for (const HazardNote& note : one.hazards) add_hazard(sum, note.hazard, note.why);
    }
    return sum;
  }

  const ObjectId& type_;
  const TypeReplacement& replacement_;
  const PlanContext& ctx_;
  ByTable columns_{};
  std::vector<Sql> statements_{}, last_{};
};

}  // namespace

std::vector<Step> replace_type_steps(const ObjectId& type, const TypeReplacement& replacement,
                                     std::string why, const PlanContext& ctx) {
  return Replacing(type, replacement, ctx).steps(std::move(why));
}

}  // namespace aloft
