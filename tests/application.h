#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/test_database.h"

namespace aloft::test {

/// The application's tables with keys of one type: customers, to which orders refer; orders, to
/// which orders and items refer; and the second record of every order, which stays as it is.
/// `label`: with a column that the old application does not know, filled by a directive.
std::string application_schema(bool bigint_keys, bool label);

/// How much the application has and does.
struct Habits {
  int rows = 3000;   ///< orders it starts with
  int clients = 8;   ///< sessions, one thread each
  int think_ms = 0;  ///< what a client waits between two transactions
  int customers() const { return std::max(50, rows / 60); }
};

/// What it saw in one phase, all its clients together.
struct PhaseSeen {
  std::string name;
  std::vector<float> statement_ms;  ///< in ascending order
  int transactions = 0;
  /// SQLSTATE 40001 of SERIALIZABLE transactions; each was retried.
  int serialization_failures = 0;

  /// Of 0 <= part <= 1 of the statements none took longer; 0 where there were none.
  float percentile(double part) const;
};

/// An application that writes and reads in several sessions: inserts, updates of columns that
/// change and of others, upserts, deletes with ON DELETE CASCADE and SET NULL, rollbacks, a
/// prepared statement, a quarter of it at SERIALIZABLE. It retries what fails with 40001, as any
/// application of that level must. What it writes to orders it writes to `ledger` too, in the same
/// transaction, as RETURNING said that it hit.
class Application {
 public:
  /// Loads the tables of application_schema(false, false) and starts the clients, in a phase "".
  Application(const TestDatabase& database, const Habits& habits);
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  /// From now on its statements count for this phase.
  void begin_phase(const std::string& name);
  /// Gives each new order a label from now on, where the tables have one.
  void be_new() { new_application_ = true; }
  /// Returns when it has carried out so many transactions more.
  void work_for(int transactions) const;
  /// Lets every client end its transaction and leave.
  void finish();

  /// After finish(): the phases in order.
  std::vector<PhaseSeen> seen() const;
  /// After finish(): the messages of statements that failed, but for those that were retried.
  const std::vector<std::string>& errors() const { return errors_; }
  /// After finish(): where the tables and the second record, or keys and references, differ; empty
  /// where they do not. A line each, a hundred at most.
  std::string differences() const;

 private:
  class Client;

  const TestDatabase& database_;
  Habits habits_;
  std::vector<std::string> phases_{""};
  std::atomic<std::size_t> phase_{0};
  std::atomic<bool> over_{false}, new_application_{false};
  std::atomic<int> transactions_{0};
  std::mutex mutex_;  ///< of errors_
  std::vector<std::string> errors_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::thread> threads_;
};

}  // namespace aloft::test
