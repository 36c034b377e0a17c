#include "engine/execute/index_progress.h"

#include "engine/base/sql.h"
#include "engine/execute/blockers.h"

namespace aloft {
namespace {

/// The text and the build. Blocks are for scans of the table, tuples for sorting and loading,
/// lockers for waits. The view has the builds of all databases; pids are the cluster's.
StatementProgress build_progress(Session& session, const std::string& pid) {
  const Rows rows = session.query(
      sql("SELECT concat(p.phase, CASE WHEN p.blocks_total > 0 THEN concat(', ',"
          " round(100.0 * p.blocks_done / p.blocks_total), ' % of blocks') WHEN p.tuples_total > 0"
          " THEN concat(', ', round(100.0 * p.tuples_done / p.tuples_total), ' % of rows')"
          " WHEN p.lockers_total > 0 THEN concat(', ', p.lockers_done, ' of ', p.lockers_total,"
          " ' sessions') END), p.phase, p.blocks_total, p.blocks_done FROM"
          " pg_stat_progress_create_index p WHERE p.pid = {}",
          Sql{pid})
          .text);
  if (rows.empty() || rows[0].empty()) return {};
  StatementProgress progress{.text = rows[0][0].value_or("")};
  const std::int64_t blocks = std::stoll(rows[0].at(2).value_or("0"));
  if (blocks > 0)
    progress.build = IndexBuild{.phase = rows[0].at(1).value_or(""),
                                .blocks = blocks,
                                .blocks_done = std::stoll(rows[0].at(3).value_or("0"))};
  return progress;
}

}  // namespace

StatementProgress progress_of(Session& session, const std::string& pid) {
  StatementProgress progress = build_progress(session, pid);
  std::string& text = progress.text;
  const std::string waiting = waits_for(session, pid);
  if (!waiting.empty()) text += (text.empty() ? "waits for " : "; waits for ") + waiting;
  return progress;
}

bool builds_index(const Step& step) {
  return step.check.what == StepCheck::What::IndexValid;
}

std::optional<IndexBuild> index_build_of(Session& session, const std::string& pid) {
  return build_progress(session, pid).build;
}

}  // namespace aloft
