#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/db/db_error.h"
#include "engine/db/session.h"

namespace aloft::test {

/// A server that answers by rule and remembers what it was sent.
class FakeSession : public Session {
 public:
  using Answer = std::function<Rows()>;

  /// Answers every statement that contains `part`; the rule given last is asked first.
  void on(std::string part, Answer answer) {
    rules_.insert(rules_.begin(), Rule{std::move(part), false, std::move(answer)});
  }
  /// Answers just this statement.
  void on_exactly(std::string statement, Answer answer) {
    rules_.insert(rules_.begin(), Rule{std::move(statement), true, std::move(answer)});
  }
  void on(std::string part, Rows rows) {
    on(std::move(part), Answer([rows] { return rows; }));
  }
  /// Refuses just this statement the first `times` times, and then accepts it.
  void fail(std::string statement, std::string sqlstate, int times = 1) {
    on_exactly(std::move(statement), [sqlstate, times]() mutable -> Rows {
      if (times-- > 0) throw DbError(sqlstate, "ERROR:  refused with " + sqlstate);
      return {};
    });
  }

  Rows query(const std::string& sql) override {
    sent.push_back(sql);
    for (Rule& rule : rules_)
      if (rule.whole ? sql == rule.text : sql.find(rule.text) != std::string::npos)
        return rule.answer();
    return {};
  }
  void execute(const std::string& sql) override { query(sql); }
  std::vector<Rows> pipeline(const std::vector<std::string>& statements) override {
    std::vector<Rows> all;
    for (const std::string& sql : statements) all.push_back(query(sql));
    return all;
  }
  int server_version() const override { return 150000; }
  void cancel() override { ++cancels; }

  /// How many statements were sent that contain `part`.
  int count(const std::string& part) const {
    int n = 0;
    for (const std::string& sql : sent) n += sql.find(part) != std::string::npos;
    return n;
  }

  std::vector<std::string> sent;
  int cancels = 0;

 private:
  struct Rule {
    std::string text;
    bool whole;
    Answer answer;
  };
  std::vector<Rule> rules_;
};

}  // namespace aloft::test
