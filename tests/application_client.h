#pragma once

#include <random>

#include "tests/application.h"

namespace aloft::test {

/// One session of the application.
class Application::Client {
 public:
  Client(Application& application, unsigned seed);
  /// Until the application is over.
  void work();
  const std::vector<PhaseSeen>& seen() const { return seen_; }

 private:
  PhaseSeen& phase();
  int any(int most);
  Rows say(const std::string& statement);
  void record(const Rows& hit, const std::string& statement);
  void once();
  bool write(int what, const std::string& id);
  void insert_order(const std::string& parent);
  void put_order(const std::string& id);
  std::string customer();

  Application& application_;
  std::unique_ptr<Session> session_;
  std::mt19937 random_;
  std::vector<PhaseSeen> seen_;
  bool serializable_ = false;  ///< the transaction under way
};

}  // namespace aloft::test
