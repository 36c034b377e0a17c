#include <chrono>
#include <exception>
#include <thread>

#include "engine/db/db_error.h"
#include "engine/execute/backfill_control.h"
#include "engine/execute/server_now.h"

namespace aloft {
namespace {

/// Opens the sessions of the workers that the table is worth; none where the run's own does it, as
/// it does while others are at work: two that begin batches at the same moment take two of the
/// server's cores from them at once, whatever they rest in between. A connection string of several
/// hosts may lead to another server than the run's.
std::vector<std::unique_ptr<Session>> open_workers(RunContext& run, const BackfillPass& pass) {
  std::vector<std::unique_ptr<Session>> sessions;
  const BackfillOptions& options = run.options.backfill;
  if (!run.monitor || options.workers < 2 || pass.makes_way() ||
      pass.blocks_left() < options.parallel_blocks)
    return sessions;
  try {
    const std::string here = server_now(run.session).started;
    while (static_cast<int>(sessions.size()) < options.workers) {
      auto session = run.monitor();
      if (!session) break;
      if (const ServerNow there = server_now(*session); there.started != here) {
        run.observer.note("a connection for the backfill came to another server, " + there.name +
                          ", and is not used");
        break;
      }
      if (run.server_version >= 140000)
        session->execute("SET client_connection_check_interval = '10s'");
      sessions.push_back(std::move(session));
    }
  } catch (const DbError& error) {
    run.observer.note(std::string("fewer sessions than asked for: ") + error.what());
  }
  if (sessions.size() < 2) sessions.clear();
  return sessions;
}

/// A worker in a thread: whatever ends it ends there, and is told by the pass.
void work_beside(RunContext& run, const Step& step, const BatchJob& job, BackfillPass& pass,
                 Session& session, std::exception_ptr& thrown) {
  try {
    if (!fill_parts(run, step, job, pass, session, [&] { return !run.stop && pass.may_go_on(); }))
      run.observer.note("a worker of the backfill lost its connection");
  } catch (...) {
    thrown = std::current_exception();
    pass.end({});
  }
}

/// Starts the workers and looks after the pass until they end.
void fill_beside(RunContext& run, const Step& step, const BatchJob& job, BackfillPass& pass,
                 BackfillControl& control, std::vector<std::unique_ptr<Session>> sessions) {
  std::vector<std::exception_ptr> thrown(sessions.size());
  std::atomic<std::size_t> running = sessions.size();
  pass.set_sessions(static_cast<int>(sessions.size()));
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < sessions.size(); ++i)
      threads.emplace_back([&, i] {
        work_beside(run, step, job, pass, *sessions[i], thrown[i]);
        --running;
      });
    try {
      while (running > 0 && !run.stop && !pass.over()) {
        control.look();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
    } catch (...) {
      pass.end({});
      throw;
    }
    if (run.stop) pass.end({.stopped_by = Stopped{step.id}});
  }
  for (const std::exception_ptr& error : thrown)
    if (error) std::rethrow_exception(error);
}

/// Batches in the run's own session.
void fill_here(RunContext& run, const Step& step, const BatchJob& job, BackfillPass& pass,
               BackfillControl& control) {
  constexpr std::int64_t kPoll = 1000;
  fill_parts(run, step, job, pass, run.session, [&] {
    for (;;) {
      if (!run.stop) control.look();
      if (run.stop) pass.end({.stopped_by = Stopped{step.id}});
      if (pass.over()) return false;
      if (!pass.paused()) return true;
      run.clock.sleep_ms(kPoll);
    }
  });
}

/// The parts to go through: where an earlier try of this run stopped, or all blocks. `rows`: what
/// was updated before.
std::vector<Part> parts_of_pass(RunContext& run, const Step& step, const FilledTable& table,
                                std::int64_t& rows) {
  std::string storage;
  std::vector<Part> parts = read_parts(run.session, run.journal.run(), step.id, storage);
  if (!parts.empty() && storage != table.storage)
    run.observer.note(step.batch + " is stored anew since: its backfill starts again");
  if (parts.empty() || storage != table.storage) {
    // A part for each session would leave the others idle while the last one is at work.
    constexpr int kPartsEach = 4;
    const BackfillOptions& options = run.options.backfill;
    const bool parallel =
        run.monitor && options.workers > 1 && table.blocks >= options.parallel_blocks;
    const int wanted = parallel ? options.workers * kPartsEach : 1;
    parts = split_blocks(table.blocks, std::max(wanted, static_cast<int>(parts.size())));
  }
  rows = write_parts(run.session, run.journal, step.id, table.storage, parts);
  return parts;
}

/// Batches that found nothing to update left no record of how far they came.
void record_places(RunContext& run, const Step& step, const BackfillPass& pass) {
  for (const Part& part : pass.parts())
    if (run.session
            .query(advance_sql(run.journal.ours(), step.id, part.number, part.next, 0, 0).text)
            .empty())
      throw TakenOver{};
}

/// One pass. True where it came to its end.
bool run_pass(RunContext& run, const Step& step, const FilledTable& table, StepEnd& stopped) {
  std::int64_t rows_before = 0;
  const BackfillOptions& options = run.options.backfill;
  BackfillPass pass(parts_of_pass(run, step, table, rows_before), options.batch_ms, options.share);
  const BatchJob job = batch_job(run, step, table.storage);
  if (!job.fires.empty())
    run.observer.note(
        "for each row that step " + step.id + " fills fires " + job.fires +
        ": this login may not keep it from that, or a foreign key needs its triggers");
  BackfillControl control(run, step, table, pass, rows_before);
  control.look();
  if (auto sessions = open_workers(run, pass); !sessions.empty())
    fill_beside(run, step, job, pass, control, std::move(sessions));
  pass.set_sessions(1);
  if (!pass.over()) fill_here(run, step, job, pass, control);
  control.finish();
  stopped = pass.why();
  if (pass.moved()) return false;
  record_places(run, step, pass);
  return !stopped.stopped_by;
}

void record_done(RunContext& run, const Step& step) {
  run.session.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  if (run.session.query(run.journal.done_sql(step, 1)).empty()) {
    run.session.execute("ROLLBACK");
    throw TakenOver{};
  }
  run.session.execute("COMMIT");
}

}  // namespace

StepEnd run_backfill(RunContext& run, const Step& step) {
  if (step.sql.size() != 1)
    return {.stopped_by = Failed{step.id, "", "a step in batches has exactly one statement"}};
  run.journal.begin(step, 1);
  if (const std::string blind = blind_spots(run.session, run.options.backfill.limits);
      !blind.empty())
    run.observer.note(blind);
  for (;;) {
    const FilledTable table = read_table(run.session, step.batch);
    if (!table.no_blocks.empty())
      return {.stopped_by = Failed{step.id, "",
                                   table.no_blocks + " is a foreign table, whose rows "
                                                     "cannot be gone through block by block"}};
    StepEnd stopped;
    if (run_pass(run, step, table, stopped)) {
      record_done(run, step);
      return {};
    }
    if (!stopped.stopped_by) continue;
    if (const auto* failed = std::get_if<Failed>(&*stopped.stopped_by))
      run.journal.failed(step, 1, failed->message);
    return stopped;
  }
}

}  // namespace aloft
