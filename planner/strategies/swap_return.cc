// swap_way_back(): from after the cut-over back to before it, with all that was written since.

#include "planner/emit/column_sql.h"
#include "planner/locks.h"
#include "planner/strategies/shadow_numbers.h"
#include "planner/strategies/swap_parts.h"
#include "planner/strategies/swap_referring.h"

namespace aloft {
namespace {

class SwapReturn : SwapParts {
 public:
  using SwapParts::SwapParts;

  std::vector<Sql> statements() const {
    std::vector<Sql> all{
        compare(backward(), "the first table of " + name_of(table_) +
                                " does not hold the rows of the second any more: there is no way "
                                "back that keeps them")};
    append(all, referring_copies_back(table_, old_, ctx_));
    append(all, locks());
    append(all, backward().drop_sql());
    append(all, referring_exchange(table_, true, ctx_));
    const ObjectId identity = identity_column();
    Column numbered;
    if (!identity.name.empty()) {
      numbered = ctx_.live.columns.at(identity);
      numbered.default_value = {};
      append(all, let_go_of_numbers(identity, numbered, "", ctx_));
    }
    append(all, sequences_to(old_));
    for_each_child<Trigger>(ctx_.desired, table_, [&](const ObjectId& id, const Trigger&) {
      all.push_back(sql("DROP TRIGGER {} ON {}", Ident{id.name}, qualified(table_)));
    });
    append(all, rename_indexes(table_, new_indexes(), true));
    append(all, rename_indexes(old_, old_indexes(), false));
    all.push_back(rename(table_, copy_));
    all.push_back(rename(old_, table_));
    if (!identity.name.empty()) append(all, take_over_numbers(identity, numbered));
    for_each_child<Trigger>(ctx_.live, table_, [&](const ObjectId& id, const Trigger& trigger) {
      all.push_back(enable(id, trigger.enabled));
    });
    append(all, replace_views());
    return all;
  }

 private:
  /// Of the moment of the swap: LOCK TABLE begins a transaction, in which views come first.
  std::vector<Sql> locks() const {
    const Sql tables = lock_exclusive(with_referring({table_, old_}));
    if (views().empty()) return {tables};
    std::vector<Sql> all{sql("LOCK TABLE {} IN ACCESS SHARE MODE", qualified(old_))};
    append(all, replace_views());
    all.push_back(sql("DO {}", Literal{sql("BEGIN {}; END", tables).text}));
    return all;
  }

  static Sql rename(const ObjectId& from, const ObjectId& to) {
    return sql("ALTER TABLE {} RENAME TO {}", qualified(from), Ident{to.name});
  }

  Sql enable(const ObjectId& id, char enabled) const {
    std::string word = "ENABLE";
    if (enabled == 'D') word = "DISABLE";
    if (enabled == 'R') word = "ENABLE REPLICA";
    if (enabled == 'A') word = "ENABLE ALWAYS";
    return sql("ALTER TABLE {} {} TRIGGER {}", qualified(table_), Sql{word}, Ident{id.name});
  }
};

}  // namespace

std::vector<Sql> swap_way_back(const ObjectId& about, const PlanContext& ctx) {
  return SwapReturn(about, ctx).statements();
}

}  // namespace aloft
