#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace aloft::test {

/// How each question that the making of a schema asks is answered, by the question's name; 0 is the
/// plainest answer, mostly "not there". An unanswered one is answered by `draw` once and for all.
class Choices {
 public:
  using Answers = std::map<std::string, int>;
  /// A number from 0 to its argument less one, for the question.
  using Draw = std::function<int(const std::string&, int)>;

  explicit Choices(Draw draw) : draw_(std::move(draw)) {}

  int operator()(const std::string& question, int answers);
  /// Yes in so many of a hundred cases.
  bool yes(const std::string& question, int percent) {
    return (*this)(question, 100) >= 100 - percent;
  }
  const Answers& answers() const { return answers_; }

 private:
  Draw draw_;
  Answers answers_{};
};

/// A schema as desired-state files say it, and rows for its tables that keep all its constraints.
struct RandomSchema {
  std::string sql{};
  std::string rows{};
};

/// What the choices make of it, for a major version of PostgreSQL. Any answers make a valid one.
RandomSchema make_schema(Choices& choose, int version);

}  // namespace aloft::test
