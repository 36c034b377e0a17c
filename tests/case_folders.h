#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace aloft::test {

/// A case folder (tests/cases/KIND/NAME) read in one direction.
struct CaseFolder {
  std::filesystem::path path{};
  bool forward = true;  ///< from.sql -> to.sql; else back again

  std::string from() const { return (path / (forward ? "from.sql" : "to.sql")).string(); }
  std::string to() const { return (path / (forward ? "to.sql" : "from.sql")).string(); }
  std::filesystem::path golden() const { return path / (forward ? "plan.txt" : "plan.back.txt"); }
  /// The code of the diagnostic that this direction must end in instead of a plan: what the case's
  /// options.json says, {"there": CODE, "back": CODE}. Empty: there is a plan.
  std::string refusal() const;
  /// The first major version of PostgreSQL that has what the case is about; below it the case is
  /// skipped: options.json's {"min_version": 15}.
  int min_version() const;
  /// KIND_NAME or KIND_NAME_back, as a test may be called.
  std::string test_name() const;
};

/// What a failed test is called by.
void PrintTo(const CaseFolder& c, std::ostream* out);

/// All case folders in both directions, sorted.
std::vector<CaseFolder> all_cases();
/// All case folders from from.sql to to.sql, sorted.
std::vector<CaseFolder> forward_cases();

}  // namespace aloft::test
