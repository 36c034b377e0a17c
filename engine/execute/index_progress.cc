#include "engine/execute/index_progress.h"

#include "engine/base/sql.h"
#include "engine/execute/blockers.h"

namespace aloft {

std::string progress_of(Session& session, const std::string& pid) {
  // Blocks for scans of the table, tuples for sorting and loading, lockers for waits.
  const Rows rows = session.query(
      sql("SELECT concat(p.phase, CASE WHEN p.blocks_total > 0 THEN concat(', ',"
          " round(100.0 * p.blocks_done / p.blocks_total), ' % of blocks') WHEN p.tuples_total > 0"
          " THEN concat(', ', round(100.0 * p.tuples_done / p.tuples_total), ' % of rows')"
          " WHEN p.lockers_total > 0 THEN concat(', ', p.lockers_done, ' of ', p.lockers_total,"
          " ' sessions') END) FROM pg_stat_progress_create_index p WHERE p.pid = {}",
          Sql{pid})
          .text);
  std::string text = rows.empty() || rows[0].empty() ? "" : rows[0][0].value_or("");
  const std::string waiting = waits_for(session, pid);
  if (!waiting.empty()) text += (text.empty() ? "waits for " : "; waits for ") + waiting;
  return text;
}

}  // namespace aloft
