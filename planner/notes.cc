#include "planner/notes.h"

#include <algorithm>

#include "engine/base/sql.h"

namespace aloft {
namespace {

/// The order in which the table's columns will stand: the live ones that stay, then the new ones.
std::vector<std::string> order_after(const Table& live, const Table& desired) {
  const auto in = [](const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
  };
  std::vector<std::string> order;
  for (const std::string& name : live.column_order)
    if (in(desired.column_order, name)) order.push_back(name);
  for (const std::string& name : desired.column_order)
    if (!in(live.column_order, name)) order.push_back(name);
  return order;
}

}  // namespace

std::vector<std::string> notes_for(const Snapshot& live, const Snapshot& desired,
                                   const Fates& fates) {
  std::vector<std::string> notes;
  for (const auto& [id, table] : desired.tables) {
    const Table* was = live.find<Table>(id);
    if (was == nullptr || table.column_order.empty() || was->column_order == table.column_order ||
        fates.is(id, Fate::Remake))
      continue;
    const std::vector<std::string> order = order_after(*was, table);
    if (order == table.column_order) continue;
    notes.push_back("the columns of " + to_string(id) + " stay in the order (" +
                    ident_list(order).text + "), the files name them as (" +
                    ident_list(table.column_order).text + "): PostgreSQL cannot reorder columns");
  }
  return notes;
}

}  // namespace aloft
