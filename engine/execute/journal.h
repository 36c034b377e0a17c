#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/db/session.h"
#include "engine/plan/plan.h"

namespace aloft {

/// A run that has not come to its end: it was stopped, failed or killed, or it waits for contract.
struct OpenRun {
  std::string plan_id{};
  std::string state{};              ///< running, stopped, failed or expanded
  std::string started{};            ///< as the server prints it
  std::string plan{};               ///< the plan's JSON
  std::vector<std::string> done{};  ///< ids of the steps that are done
};

/// The newest run of this database if it is open. None where there is no journal.
std::optional<OpenRun> read_open_run(Session& session);
/// Did the newest run carry out this plan to its end? So it is after a connection that was lost at
/// the very last statement.
bool is_carried_out(Session& session, const std::string& plan_id);

/// The record of runs in the database that they change: tables aloft.run and aloft.step.
class Journal {
 public:
  Journal(Session& session, const Plan& plan) : session_(session), plan_(plan) {}

  /// Is the schema there, with both tables?
  bool exists();
  /// Creates it. Throws DbError; 42501 where the login may not, see grant_hint().
  void create();
  /// What to run as an administrator so that this login may keep the journal.
  std::string grant_hint();

  /// Starts a run, or takes up the unfinished one of the same plan if `resume`. Any other
  /// unfinished run is closed as superseded.
  void open(bool resume);
  /// Closes all unfinished runs as superseded: there is nothing to do.
  void supersede_all();

  bool is_done(const Step& step) const;
  /// The statement that records the step as done, to be run in the step's own transaction.
  std::string done_sql(const Step& step, int attempts) const;
  /// Commits that a step outside a transaction is about to run, or has ended.
  void begin(const Step& step, int attempts);
  void done(const Step& step, int attempts);
  void failed(const Step& step, int attempts, const std::string& message);
  /// running, stopped, failed, expanded or done.
  void set_state(const std::string& state);

 private:
  std::string row_sql(const Step& step, const std::string& state, int attempts,
                      const std::string& error) const;

  Session& session_;
  const Plan& plan_;
  std::string run_;                            ///< aloft.run.id
  std::map<std::string, std::string> states_;  ///< step id -> state, as found when opened
};

}  // namespace aloft
