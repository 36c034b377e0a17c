#include "engine/execute/follow_run.h"

#include <algorithm>
#include <sstream>

#include "engine/base/sql.h"
#include "engine/db/db_error.h"
#include "engine/execute/journal.h"
#include "engine/execute/run_lock.h"
#include "engine/execute/server_now.h"

namespace aloft {
namespace {

constexpr const char* kSeeStatus = "aloft status shows how far it is";
constexpr const char* kRunAgain =
    "see to the server, then run the same command again: it goes on from the journal";

/// On one line, without the statement.
std::string words_of(const DbError& error) {
  const std::string said = error.what();
  std::istringstream words(said.substr(0, said.find("\nwhile: ")));
  std::string text;
  for (std::string word; words >> word;) text += (text.empty() ? "" : " ") + word;
  return text + " (SQLSTATE " + error.sqlstate + ")";
}

std::string seconds(std::int64_t ms) {
  return std::to_string((ms + 999) / 1000) + " s";
}

/// What is done of the run, as a text that changes with it.
std::string progress_of_run(Session& session, const LeftOff& where) {
  if (!has_journal(session)) return "";
  const Rows rows = session.query(
      sql("SELECT concat((SELECT count(*) FROM aloft.step WHERE run = {0} AND state = 'done'), '/',"
          " (SELECT sum(next_block) FROM aloft.backfill WHERE run = {0}))",
          Sql{where.run})
          .text);
  return rows.empty() ? "" : rows[0].at(0).value_or("");
}

bool has_later_epoch(Session& session, const LeftOff& where) {
  if (!has_journal(session)) return false;
  const Rows rows = session.query(
      sql("SELECT epoch > {} FROM aloft.run WHERE id = {}", Sql{where.epoch}, Sql{where.run}).text);
  return !rows.empty() && rows[0].at(0) == "t";
}

class Follower {
 public:
  Follower(RunOptions options, const std::function<std::unique_ptr<Session>()>& connect,
           Clock& clock, Observer& observer, const std::atomic<bool>& stop)
      : options_(std::move(options)),
        connect_(connect),
        clock_(clock),
        observer_(observer),
        stop_(stop) {}

  Outcome follow(const CarryOut& carry_out, std::unique_ptr<Session> first) {
    session_ = std::move(first);
    timeline_ = server_now(*session_).timeline;
    for (;;) {
      try {
        return carry_out(*session_, options_);
      } catch (const RunCutOff& cut) {
        if (cut.where.run.empty()) throw;
        options_.left_off = cut.where;
        lost_ = "the connection was lost: " + words_of(cut);
      }
      // Its lock goes with it, should it be alive.
      session_.reset();
      if (auto end = find_server()) return *end;
    }
  }

 private:
  /// Leaves a session that holds the run lock in session_, or says why there is none.
  std::optional<CutOff> find_server() {
    if (options_.reconnect_ms <= 0) return CutOff{lost_, kRunAgain};
    observer_.note(lost_ + "; looking for a server that takes writes, for up to " +
                   seconds(options_.reconnect_ms));
    const std::int64_t start = clock_.now_ms();
    constexpr std::int64_t kFirst = 100, kLongest = 2000;
    std::string told;
    for (std::int64_t wait = kFirst;; wait = std::min(wait * 2, kLongest)) {
      if (stop_) return CutOff{lost_ + "; stopped, as asked", kRunAgain};
      const std::string why = try_server();
      if (why.empty()) return what_hinders();
      session_.reset();
      if (clock_.now_ms() - start >= options_.reconnect_ms)
        return CutOff{lost_ + "\nNo server to go on with came within " +
                          seconds(options_.reconnect_ms) + ": " + why,
                      kRunAgain};
      if (why != told) observer_.note("not yet: " + why);
      told = why;
      clock_.sleep_ms(wait);
    }
  }

  /// "" where session_ can carry the run on, or where somebody else does.
  std::string try_server() {
    try {
      session_ = connect_();
      const ServerNow now = server_now(*session_);
      if (!now.refuses.empty()) return now.name + " " + now.refuses;
      if (!now.timeline.empty() && now.timeline < timeline_)
        return now.name + " is on timeline " + now.timeline + ", which the run left for " +
               timeline_;
      std::string holder;
      if (!has_later_epoch(*session_, *options_.left_off) && !take_run_lock(*session_, holder))
        return "the run lock is held by " + holder;
      if (!now.timeline.empty()) timeline_ = now.timeline;
      name_ = now.name;
      return "";
    } catch (const DbError& error) {
      return words_of(error);
    }
  }

  /// Is there a reason not to go on with the server that was found?
  std::optional<CutOff> what_hinders() {
    const LeftOff& where = *options_.left_off;
    try {
      if (has_later_epoch(*session_, where))
        return CutOff{lost_ + "\n" + who_took_over(*session_, where.run), kSeeStatus};
      const std::string progress = where.step + " " + progress_of_run(*session_, where);
      constexpr int kMost = 3;
      cuts_ = progress == progress_ ? cuts_ + 1 : 1;
      progress_ = progress;
      if (cuts_ >= kMost)
        return CutOff{lost_ + "\nStep " + where.step + " was cut off " + std::to_string(cuts_) +
                          " times with nothing done in between",
                      "look into the server's log for what it dies of; " + std::string(kRunAgain)};
    } catch (const DbError& error) {
      // Lost again at once: the run will find out.
      observer_.note(words_of(error));
    }
    observer_.note("connected to " + name_ + ": going on with run " + where.run);
    return std::nullopt;
  }

  RunOptions options_;
  const std::function<std::unique_ptr<Session>()>& connect_;
  Clock& clock_;
  Observer& observer_;
  const std::atomic<bool>& stop_;
  std::unique_ptr<Session> session_{};
  std::string lost_{}, name_{}, timeline_{}, progress_{};
  int cuts_ = 0;
};

}  // namespace

Outcome follow_run(const CarryOut& carry_out, RunOptions options, std::unique_ptr<Session> first,
                   const std::function<std::unique_ptr<Session>()>& connect, Clock& clock,
                   Observer& observer, const std::atomic<bool>& stop) {
  return Follower(std::move(options), connect, clock, observer, stop)
      .follow(carry_out, std::move(first));
}

}  // namespace aloft
