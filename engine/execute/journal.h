#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/sql.h"
#include "engine/db/session.h"
#include "engine/execute/left_off.h"
#include "engine/execute/stalls.h"
#include "engine/plan/plan.h"

namespace aloft {

/// A run that has not come to its end: it was stopped, failed or killed, or it waits for contract.
struct OpenRun {
  std::string id{};  ///< aloft.run.id
  std::string plan_id{};
  std::string state{};              ///< running, stopped, failed or expanded
  std::string started{};            ///< as the server prints it
  std::string plan{};               ///< the plan's JSON
  std::string undoes{};             ///< the id of the run that it rolls back; empty: none
  std::vector<std::string> done{};  ///< ids of the steps that are done
  /// Ids of steps that were begun and are not done. Something of them may be there where the step
  /// is a statement outside a transaction, and is there where it runs in batches.
  std::vector<std::string> begun{};
};

/// The newest run of this database if it is open. None where there is no journal.
std::optional<OpenRun> read_open_run(Session& session);
/// Did the newest run carry out this plan to its end? So it is after a connection that was lost at
/// the very last statement.
bool is_carried_out(Session& session, const std::string& plan_id);
/// Is the journal there? By the catalog and not by to_regclass(), which a login without USAGE on
/// the schema may not ask.
bool has_journal(Session& session);
/// May this login read it, where it is there?
bool may_read_journal(Session& session);

/// Is there a table of that name in schema aloft? A journal that an earlier version made lacks
/// `baseline`, `stall` or `recent_stall` until a run is opened in it.
bool has_journal_table(Session& session, std::string_view name);
/// Does the journal keep stalls, and may this login read them?
bool may_read_stalls(Session& session);

/// When a run last came to its end well, be it that contract waits: seconds since 1970 by the
/// server's clock.
std::optional<double> last_success(Session& session);

/// Somebody else has taken up the run meanwhile: its epoch is a later one. What this runner was
/// about to record is rolled back.
struct TakenOver {};

/// The record of runs in the database that they change: tables aloft.run, aloft.step,
/// aloft.backfill, aloft.stall and aloft.recent_stall (aloft.turn is no record: writers of
/// applications meet there). Each time a run is taken up it gets a later
/// epoch, and whatever is recorded of it is recorded only in the epoch of the writer: the methods
/// throw TakenOver.
class Journal {
 public:
  Journal(Session& session, const Plan& plan) : session_(session), plan_(plan) {}

  /// Creates it, or what an earlier version's lacks. Throws DbError; 42501 where the login may not,
  /// see grant_hint().
  void create();
  /// What to run as an administrator so that this login may keep the journal.
  std::string grant_hint();

  /// Starts a run, or takes up the unfinished one of the same plan if `resume`. Any other
  /// unfinished run is closed as superseded, but for `undoes`, the one that this run rolls back.
  void open(bool resume, const std::string& undoes);
  /// What became of a run whose connection was lost, by the journal of the server that answers now.
  enum class Found {
    Taken,      ///< it is taken up again, in a later epoch
    Done,       ///< it had come to its end: only the answer was lost
    TakenOver,  ///< another runner has taken it up or closed it meanwhile
    NotThere,   ///< this server has never heard of it
  };
  /// Takes up the run that left off, unless somebody else has. What this server's journal says is
  /// right even where asynchronous replication has not brought it the last transactions of the old
  /// server: each step and each batch has committed with its row, so that both are here or neither,
  /// and a statement outside a transaction is settled by this server's catalog. What is not here is
  /// done again.
  Found take_up_again(const LeftOff& where);
  /// Closes all unfinished runs as superseded: there is nothing to do.
  void supersede_all();

  bool is_done(const Step& step) const;
  /// The statement that records the step as done, to be run in the step's own transaction. It
  /// returns a row; none where the run was taken over, and then the transaction is to be rolled
  /// back.
  std::string done_sql(const Step& step, int attempts) const;
  /// Commits that a step outside a transaction is about to run, or has ended.
  void begin(const Step& step, int attempts);
  void done(const Step& step, int attempts);
  void failed(const Step& step, int attempts, const std::string& message);
  /// running, stopped, failed, expanded or done. The run that was undone is rolled back with
  /// "done".
  void set_state(const std::string& state);
  /// Sets a text column of the run's row; "" is NULL.
  void note(const std::string& column, const std::string& text);

  /// Adds to what the run has of stalls, and to those of the last minute. Returns the former.
  Stalls add_stalls(const Stalls& more, const std::vector<AgedStall>& each);
  /// What the run had of them when it was opened.
  const Stalls& stalls_before() const { return stalls_; }

  /// How long ago the newest step that is done was done, by the server's clock; 0 for none.
  std::int64_t ms_since_last_step();
  /// A column of the run's row.
  std::string read(const std::string& column);

  const std::string& run() const { return run_; }
  const std::string& epoch() const { return epoch_; }
  /// The run's row as a FROM item `r`, locked until the end of the transaction, so that nobody
  /// takes the run over between what is written and its COMMIT. No row where somebody has.
  Sql ours() const;

 private:
  void record(const std::string& statement);
  void read_states();
  std::string row_sql(const Step& step, const std::string& state, int attempts,
                      const std::string& error) const;

  Session& session_;
  const Plan& plan_;
  std::string run_, epoch_, undoes_;           ///< of aloft.run
  Stalls stalls_{};                            ///< as found when opened
  std::map<std::string, std::string> states_;  ///< step id -> state, as found when opened
};

}  // namespace aloft
