#include "engine/execute/status.h"

#include <algorithm>

#include "engine/execute/run_lock.h"
#include "engine/plan/plan_json.h"

namespace aloft {
namespace {

std::int64_t integer(const std::optional<std::string>& text) {
  return text && !text->empty() ? std::stoll(*text) : 0;
}

/// All parts of a step together: they run side by side, so that their speeds add up.
std::vector<BackfillStatus> read_backfills(Session& session, const std::string& run) {
  std::vector<BackfillStatus> all;
  for (const Row& row : session.query(
           "SELECT step, sum(rows), sum(end_block - first_block), sum(next_block - first_block),"
           " sum(next_block - taken_up_at), floor(extract(epoch FROM max(updated) - min(taken_up)) "
           "*"
           " 1000)::bigint FROM aloft.backfill WHERE run = " +
           run + " GROUP BY step ORDER BY min(taken_up)")) {
    BackfillStatus status{.step = row.at(0).value_or(""),
                          .rows = integer(row.at(1)),
                          .blocks = integer(row.at(2)),
                          .blocks_done = integer(row.at(3))};
    const std::int64_t since = integer(row.at(4)), ms = integer(row.at(5));
    if (since > 0 && ms > 0) {
      status.left_ms = (status.blocks - status.blocks_done) * ms / since;
      if (status.blocks_done > 0)
        status.rows_per_second = status.rows * since / status.blocks_done * 1000 / ms;
    }
    all.push_back(status);
  }
  return all;
}

bool tell_open_run(Session& session, const Sql& change) {
  const auto open = read_open_run(session);
  if (!open) return false;
  return !session
              .query(
                  sql("UPDATE aloft.run SET {} WHERE id = {} RETURNING id", change, Sql{open->id})
                      .text)
              .empty();
}

}  // namespace

const Step* RunStatus::next() const {
  for (const Step& step : plan.steps)
    if (std::ranges::find(run.done, step.id) == run.done.end()) return &step;
  return nullptr;
}

std::size_t RunStatus::index_builds() const {
  return static_cast<std::size_t>(std::ranges::count_if(plan.steps, builds_index));
}

std::size_t RunStatus::index_builds_done() const {
  return static_cast<std::size_t>(std::ranges::count_if(plan.steps, [this](const Step& step) {
    return builds_index(step) && std::ranges::find(run.done, step.id) != run.done.end();
  }));
}

std::optional<RunStatus> read_status(Session& session) {
  auto open = read_open_run(session);
  if (!open) return std::nullopt;
  RunStatus status{.run = std::move(*open)};
  status.plan = plan_from_json(status.run.plan);
  status.at_work = run_lock_holder(session);
  const Rows rows = session.query(
      "SELECT paused_by, paused, throttled_by, restore_point, batch_ms, backend_pid, (SELECT "
      "concat('step ', "
      "step,"
      " ': ', error) FROM aloft.step WHERE run = id AND state = 'failed' LIMIT 1) FROM aloft.run"
      " WHERE id = " +
      status.run.id);
  if (!rows.empty()) {
    const auto text = [&](std::size_t column) { return rows[0].at(column).value_or(""); };
    status.paused_by = text(0), status.paused_since = text(1), status.throttled_by = text(2);
    status.restore_point = text(3), status.error = text(6);
    status.batch_ms = integer(rows[0].at(4));
    if (!status.at_work.empty()) status.index_build = index_build_of(session, text(5));
  }
  status.backfills = read_backfills(session, status.run.id);
  status.stalls = read_stalls(session, status.run.id);
  return status;
}

bool pause_run(Session& session) {
  return tell_open_run(
      session, sql("paused_by = concat(session_user, ' from ', coalesce("
                   "host(inet_client_addr()), 'a local socket')), paused = clock_timestamp()"));
}

bool resume_run(Session& session) {
  return tell_open_run(session, sql("paused_by = NULL, paused = NULL"));
}

bool throttle_run(Session& session, std::int64_t batch_ms) {
  return tell_open_run(session, sql("batch_ms = {}", Sql{std::to_string(batch_ms)}));
}

}  // namespace aloft
