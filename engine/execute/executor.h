#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "engine/db/session.h"
#include "engine/execute/clock.h"
#include "engine/execute/left_off.h"
#include "engine/execute/observer.h"
#include "engine/execute/throttle.h"
#include "engine/plan/plan.h"

namespace aloft {

struct BackfillOptions {
  int workers = 2;  ///< sessions side by side
  /// A table of fewer blocks is filled by the run's own session alone.
  std::int64_t parallel_blocks = 1024;
  std::int64_t first_blocks = 16;  ///< of the first batch
  /// How long a batch should take: whoever writes one of its rows waits for its end.
  std::int64_t batch_ms = 100;
  /// While other sessions are at work, all of the backfill's together work this share of one
  /// session's time, in percent; 0: it makes no way.
  int share = 25;
  /// The pass is interrupted for a VACUUM when it has left this many dead rows, and this share of
  /// the table's.
  std::int64_t vacuum_rows = 50'000;
  int vacuum_percent = 5;
  ThrottleLimits limits{};
};

struct RunOptions {
  bool contract = false;  ///< go on through phase contract; else stop at the end of backfill
  int lock_attempts = 30;
  std::int64_t first_backoff_ms = 1000, longest_backoff_ms = 60000;  ///< doubling, +-50 % jitter
  /// For how long within a minute the run may make statements that write wait, over all its tries
  /// for locks; when that is used up it waits before the next. 0: no such cap.
  std::int64_t stall_budget_ms = 0;
  /// The plan was made from the live state under the run lock that is held now, so that nothing of
  /// it is done, whatever the journal says: a run of the same plan may have been undone by hand.
  bool planned_now = false;
  /// The id of the run that this plan takes back; it is closed as rolled back when all is done.
  std::string undoes{};
  /// How long the step before the first with after_soak must have been done before the run goes on;
  /// 0: it does not wait.
  std::int64_t soak_ms = 0;
  /// Where what phase contract loses is copied to first; empty: nowhere.
  std::string archive{};
  BackfillOptions backfill{};
  /// How long follow_run() looks for a server that takes writes; 0: not at all.
  std::int64_t reconnect_ms = 0;
  /// The run whose connection was lost and that this session goes on with, whatever planned_now
  /// says.
  std::optional<LeftOff> left_off{};
};

/// What became of a run.
struct Applied {
  int steps = 0;
  bool contract_waits = false;
  std::int64_t soaks_ms = 0;  ///< contract waits for this long yet, as asked
};
struct Stopped {
  std::string step;
};  ///< told to stop (Ctrl-C); nothing half done
struct LockBusy {
  std::string step;
  std::string blockers;
};  ///< gave up after lock_attempts
struct Failed {
  std::string step;
  std::string sqlstate;
  std::string message;
};
/// Another run holds the advisory lock; `holder` says who.
struct Busy {
  std::string holder;
};
/// The connection was lost in the middle, and the run did not go on in another.
struct CutOff {
  std::string why;
  std::string remedy;
};
using Outcome = std::variant<Applied, Stopped, LockBusy, Failed, Busy, CutOff>;

/// Takes the advisory lock that keeps runs of one database apart, in this session, until it ends.
/// Tries for a second. False, with who holds it in `holder`, where another run has it.
bool take_run_lock(Session& session, std::string& holder);

/// Carries out a plan in a session outside any transaction; takes the run lock if the session does
/// not hold it. Creates the journal (schema aloft) where it is not there.
///
/// A step that the journal of an unfinished run of the same plan id has as done is skipped, unless
/// options.planned_now; an unfinished run of another plan is closed as superseded. Each
/// transactional step is one transaction: settings (lock_timeout, statement_timeout, search_path,
/// check_function_bodies = off, row_security = off, ...), its statements, its journal row, COMMIT;
/// tried again where a lock was not had. A step outside a transaction is settled by its StepCheck
/// before and after: what is there is adopted, what a killed run left half done is cleared first.
/// A step with `batch` runs as one transaction after another over ranges of the table's blocks,
/// each with its place in the journal.
///
/// `monitor` opens further sessions, for the progress of long statements and for the workers of a
/// backfill; it may return null or throw DbError. Observer::progress(), lock_busy(), note() and
/// measured() may then come from another thread; never at the same time as another call. Setting
/// `stop` ends the run at the next step or try; cancelling the session as well ends the running
/// statement, which is rolled back. Throws RunCutOff when the connection is lost or the server
/// takes no writes any more, and no other DbError: running again resumes, and so does the same call
/// in another session with options.left_off, see follow_run().
Outcome run_plan(const Plan& plan, const RunOptions& options, Session& session,
                 const std::function<std::unique_ptr<Session>()>& monitor, Clock& clock,
                 Observer& observer, const std::atomic<bool>& stop);

}  // namespace aloft
