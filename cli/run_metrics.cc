#include "cli/run_metrics.h"

namespace aloft {
namespace {

double number(std::size_t count) {
  return static_cast<double>(count);
}
double number(std::int64_t count) {
  return static_cast<double>(count);
}
double seconds(std::int64_t ms) {
  return static_cast<double>(ms) / 1000;
}

Metric gauge(std::string name, std::string help, std::vector<Series> series = {}) {
  return {Metric::Type::Gauge, std::move(name), std::move(help), std::move(series)};
}
Metric counter(std::string name, std::string help, std::vector<Series> series = {}) {
  return {Metric::Type::Counter, std::move(name), std::move(help), std::move(series)};
}

void add_run(std::vector<Metric>& all, const RunFigures& f) {
  all.push_back(gauge("aloft_run_info",
                      "The run, by plan and number in the journal, and its phase.",
                      {{{{"plan_id", f.plan_id}, {"run", f.run}, {"phase", f.phase}}, 1}}));
  all.push_back(gauge("aloft_run_under_way", "1 while the run goes on, 0 when it has ended.",
                      {{{}, f.under_way ? 1.0 : 0.0}}));
  if (!f.result.empty())
    all.push_back(gauge("aloft_run_result", "How the run ended.", {{{{"result", f.result}}, 1}}));
  all.push_back(gauge("aloft_run_steps", "Steps of the plan.", {{{}, number(f.steps)}}));
  all.push_back(
      gauge("aloft_run_steps_done", "Steps that are done.", {{{}, number(f.steps_done)}}));
  all.push_back(gauge("aloft_run_index_builds", "Steps that build an index CONCURRENTLY.",
                      {{{}, number(f.index_builds)}}));
  all.push_back(gauge("aloft_run_index_builds_done", "Of these, the steps that are done.",
                      {{{}, number(f.index_builds_done)}}));
  if (f.last_success)
    all.push_back(gauge("aloft_last_success_timestamp_seconds",
                        "When a run of this database last ended well, be it that contract waits.",
                        {{{}, *f.last_success}}));
}

void add_backfills(std::vector<Metric>& all, const RunFigures& f) {
  Metric rows = counter("aloft_backfill_filled_rows_total", "Rows that a backfill has updated.");
  Metric blocks =
      gauge("aloft_backfill_blocks", "Blocks of the table that a backfill goes through.");
  Metric done =
      gauge("aloft_backfill_blocks_done", "Of these, the blocks that it has gone through.");
  Metric rate = gauge("aloft_backfill_filled_rows_per_second",
                      "Rows a second since the backfill was taken up, without its pauses.");
  Metric left = gauge("aloft_backfill_left_seconds",
                      "How long the backfill takes yet at that speed, without pauses.");
  for (const auto& [step, b] : f.backfills) {
    const std::map<std::string, std::string> labels = {{"step", step}, {"table", b.table}};
    rows.series.push_back({labels, number(b.rows)});
    blocks.series.push_back({labels, number(b.blocks)});
    done.series.push_back({labels, number(b.blocks_done)});
    if (b.rows_per_second) rate.series.push_back({labels, number(*b.rows_per_second)});
    if (b.left_ms) left.series.push_back({labels, seconds(*b.left_ms)});
  }
  all.insert(all.end(), {rows, blocks, done, rate, left});
}

void add_pauses(std::vector<Metric>& all, const RunFigures& f) {
  Metric total = counter("aloft_backfill_pause_seconds_total", "How long backfills were paused.");
  Metric now = gauge("aloft_backfill_paused", "1 while a backfill is paused for this reason.");
  for (const auto& [kind, ms] : f.paused_ms) {
    const std::map<std::string, std::string> labels = {
        {"reason", std::string(pause_kind_name(kind))}};
    total.series.push_back({labels, seconds(ms)});
    now.series.push_back({labels, f.paused_now == kind ? 1.0 : 0.0});
  }
  Metric bytes = gauge("aloft_replica_lag_bytes",
                       "WAL that a replica has not replayed, as read when a backfill last looked.");
  Metric behind = gauge("aloft_replica_lag_seconds",
                        "Replay lag of a replica, as read when a backfill last looked.");
  for (const auto& [name, lag] : f.lags) {
    if (lag.bytes) bytes.series.push_back({{{"replica", name}}, *lag.bytes});
    if (lag.seconds) behind.series.push_back({{{"replica", name}}, *lag.seconds});
  }
  all.insert(all.end(), {total, now, bytes, behind});
}

void add_stalls(std::vector<Metric>& all, const RunFigures& f) {
  const Stalls& s = f.stalls;
  all.push_back(counter("aloft_lock_tries_total",
                        "Tries for the locks of steps; of batches those alone that gave up.",
                        {{{}, number(s.tries)}}));
  all.push_back(counter("aloft_lock_tries_given_up_total",
                        "Tries that gave up, or did not queue behind who was there.",
                        {{{}, number(s.gave_up)}}));
  all.push_back(counter("aloft_lock_stall_seconds_total",
                        "How long locks that block writes were waited for or held.",
                        {{{}, seconds(s.total_ms)}}));
  all.push_back(gauge("aloft_lock_stall_longest_seconds", "The longest of these times.",
                      {{{}, seconds(s.longest_ms)}}));
  all.push_back(counter("aloft_stall_budget_wait_seconds_total",
                        "How long the run waited until its stalls were within their budget again.",
                        {{{}, seconds(f.budget_wait_ms)}}));
  all.push_back(gauge("aloft_stall_budget_waiting", "1 while the run waits for its budget.",
                      {{{}, f.waits_for_budget ? 1.0 : 0.0}}));
}

void add_index_builds(std::vector<Metric>& all, const RunFigures& f) {
  Metric blocks = gauge("aloft_index_build_blocks", "Blocks that the index build goes through.");
  Metric done = gauge("aloft_index_build_blocks_done", "Of these, the blocks that it has read.");
  for (const auto& [step, index] : f.indexes) {
    const std::map<std::string, std::string> labels = {{"step", step}, {"object", index.object}};
    blocks.series.push_back({labels, number(index.build.blocks)});
    done.series.push_back({labels, number(index.build.blocks_done)});
  }
  all.insert(all.end(), {blocks, done});
}

}  // namespace

std::vector<Metric> run_metrics(const RunFigures& figures) {
  std::vector<Metric> all;
  add_run(all, figures);
  // Until the journal is open it is not known what the run had before.
  if (!figures.run.empty()) add_stalls(all, figures);
  add_backfills(all, figures);
  add_pauses(all, figures);
  add_index_builds(all, figures);
  return all;
}

}  // namespace aloft
