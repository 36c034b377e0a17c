#include "tests/case_folders.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/file_reader.h"

namespace aloft::test {
namespace {

nlohmann::json options_of(const CaseFolder& c) {
  const auto options = c.path / "options.json";
  if (!std::filesystem::exists(options)) return nlohmann::json::object();
  return nlohmann::json::parse(read_file(options.string()));
}

}  // namespace

std::string CaseFolder::test_name() const {
  std::string name = path.parent_path().filename().string() + "_" + path.filename().string();
  std::ranges::replace_if(
      name, [](char c) { return c == '-' || c == '.'; }, '_');
  return forward ? name : name + "_back";
}

std::string CaseFolder::refusal() const {
  return options_of(*this).value(forward ? "there" : "back", "");
}

int CaseFolder::min_version() const {
  return options_of(*this).value("min_version", 0);
}

void PrintTo(const CaseFolder& c, std::ostream* out) {
  *out << c.path.string();
}

std::vector<CaseFolder> all_cases() {
  std::vector<CaseFolder> cases;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(ALOFT_CASES_DIR)) {
    if (entry.path().filename() != "to.sql") continue;
    for (const bool forward : {true, false}) cases.push_back({entry.path().parent_path(), forward});
  }
  std::ranges::sort(cases, {}, [](const CaseFolder& c) { return c.test_name(); });
  return cases;
}

std::vector<CaseFolder> forward_cases() {
  auto cases = all_cases();
  std::erase_if(cases, [](const CaseFolder& c) { return !c.forward; });
  return cases;
}

}  // namespace aloft::test
