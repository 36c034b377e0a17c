#pragma once

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace aloft::test {

/// Prometheus' text format, read back: series as they are written -> value. Fails the test at a
/// line that is none of the format's, a metric whose samples do not follow its HELP and TYPE, and a
/// series that comes twice.
inline std::map<std::string, double> read_exposition(const std::string& text) {
  static const std::regex help(R"(# HELP ([a-z][a-z0-9_]*) \S[^\\]*)");
  static const std::regex type(R"(# TYPE ([a-z][a-z0-9_]*) (gauge|counter))");
  static const std::regex sample(
      R"re((([a-z][a-z0-9_]*)(\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})?) (-?[0-9.e+-]+))re");
  std::map<std::string, double> series;
  std::set<std::string> seen;
  std::string helped, typed;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::smatch m;
    if (std::regex_match(line, m, help)) {
      helped = m[1];
      EXPECT_TRUE(seen.insert(helped).second) << helped << " comes twice";
    } else if (std::regex_match(line, m, type)) {
      typed = m[1];
      EXPECT_EQ(typed, helped);
      EXPECT_EQ(typed.ends_with("_total"), m[2] == "counter") << line;
    } else if (std::regex_match(line, m, sample)) {
      EXPECT_EQ(m[2], typed) << line;
      EXPECT_TRUE(series.emplace(m[1], std::stod(m[4])).second) << line << " comes twice";
    } else {
      ADD_FAILURE() << "no line of the format: " << line;
    }
  }
  EXPECT_TRUE(text.empty() || text.back() == '\n');
  return series;
}

}  // namespace aloft::test
