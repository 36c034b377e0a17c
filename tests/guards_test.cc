// What the compiler cannot keep: rules of the house about the tree as a whole.

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "tests/source_tree.h"

namespace aloft::test {
namespace {

std::string joined(const TextFile& file) {
  std::string text;
  for (const std::string& line : file.lines) text += line + "\n";
  return text;
}

/// The first capture of every match.
std::set<std::string> captures(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it)
    found.insert((*it)[1]);
  return found;
}

TEST(Guards, TheDifferNamesNoKind) {
  const std::string differ = text_of("engine/diff/diff.cc") + text_of("engine/diff/diff.h");
  ASSERT_FALSE(differ.empty());
  EXPECT_EQ(captures(differ, "(Kind::\\w+)"), std::set<std::string>{});
  EXPECT_EQ(captures(differ, "\\b(Table|Column|Constraint|Index|View|Function|Trigger|Policy)\\b"),
            std::set<std::string>{});
}

TEST(Guards, EverySourceIsListedInACMakeLists) {
  std::map<std::string, std::set<std::string>> listed;  // folder -> words of its CMakeLists.txt
  const auto words_of = [&listed](const std::string& folder) -> const std::set<std::string>& {
    auto& words = listed[folder];
    if (words.empty()) {
      std::istringstream in(
          std::regex_replace(text_of(folder + "/CMakeLists.txt"), std::regex("[()]"), " "));
      for (std::string word; in >> word;) words.insert(word);
    }
    return words;
  };
  for (const TextFile& file :
       files_below({"engine", "parser", "planner", "cli", "tests", "bench"}, {".cc"})) {
    bool found = false;
    for (std::size_t slash = file.path.rfind('/'); slash != std::string::npos && !found;
         slash = slash == 0 ? std::string::npos : file.path.rfind('/', slash - 1))
      found = words_of(file.path.substr(0, slash)).contains(file.path.substr(slash + 1));
    EXPECT_TRUE(found) << file.path << " is in no CMakeLists.txt";
  }
}

// What stands on an object is dropped by a step of its own, or the drop fails.
TEST(Guards, NothingIsEverDroppedWithWhatStandsOnIt) {
  for (const TextFile& file : files_below({"planner", "engine", "cli"}, {".h", ".cc"}))
    for (const std::string& line : file.lines)
      if (std::regex_search(line, std::regex("^[^/]*CASCADE")) &&
          line.find("ON DELETE CASCADE") == std::string::npos)
        ADD_FAILURE() << file.path << ": " << line;
}

// Two types of one name in the namespace are one to the linker: either's inline functions may be
// called for the other.
TEST(Guards, NoNameIsGivenToTwoTypes) {
  std::map<std::string, std::string> seen;  // name -> header
  for (const TextFile& file : files_below({"engine", "parser", "planner", "cli", "tests"}, {".h"}))
    for (const std::string& name : captures(
             joined(file), "\n(?:struct|class|enum class) (\\w+)(?: : [^;\n]*)?(?: final)? \\{")) {
      const auto [it, fresh] = seen.emplace(name, file.path);
      EXPECT_TRUE(fresh) << name << " is in " << it->second << " and " << file.path;
    }
  EXPECT_GT(seen.size(), 100u);
}

TEST(Guards, NoFileIsTooLong) {
  for (const TextFile& file :
       files_below({"engine", "parser", "planner", "cli", "tests", "bench"}, {".h", ".cc"})) {
    const std::size_t most = file.path.starts_with("tests/") ? 600 : 400;
    EXPECT_LE(file.lines.size(), most) << file.path << ": split it by concept";
  }
}

TEST(Guards, EveryDiagnosticIsDocumentedAndEveryDocumentedOneExists) {
  std::set<std::string> used;
  for (const TextFile& file : files_below({"engine", "parser", "planner", "cli"}, {".h", ".cc"}))
    used.merge(captures(joined(file), "(?:error|warning|unknown)\\(\\s*\"([a-z]+(?:-[a-z]+)*)\""));
  ASSERT_FALSE(used.empty());
  const std::set<std::string> documented =
      captures(text_of("docs/diagnostics.md"), "## `([a-z-]+)`");
  for (const std::string& code : used)
    EXPECT_TRUE(documented.contains(code))
        << "docs/diagnostics.md has no heading ## `" << code << "`";
  std::string source;
  for (const TextFile& file : files_below({"engine", "parser", "planner", "cli"}, {".h", ".cc"}))
    source += joined(file);
  for (const std::string& code : documented)
    EXPECT_NE(source.find("\"" + code + "\""), std::string::npos)
        << "docs/diagnostics.md explains " << code << ", which nothing says";
}

TEST(Guards, TheTestsThatHoldWhatGoesWrongElsewhereExist) {
  const std::string document = text_of("docs/zero-downtime.md");
  const auto begin = document.find("## What goes wrong elsewhere");
  ASSERT_NE(begin, std::string::npos);
  const std::string section = document.substr(begin, document.find("\n## ", begin) - begin);
  std::set<std::string> written;
  for (const TextFile& file : files_below({"tests"}, {".cc"}))
    written.merge(captures(joined(file), "\nTEST(?:_F|_P)?\\((\\w+,\\s+\\w+)\\) \\{"));
  const std::regex row("\n\\| (\\d+) \\|([^\n]+)"), comma(",\\s+");
  std::set<std::string> tests;
  for (const std::string& name : written) tests.insert(std::regex_replace(name, comma, "."));
  int rows = 0;
  for (std::sregex_iterator it(section.begin(), section.end(), row), end; it != end; ++it) {
    EXPECT_EQ((*it)[1], std::to_string(++rows));
    const auto named = captures((*it)[2], "`(\\w+\\.\\w+)`");
    EXPECT_FALSE(named.empty()) << rows << " is held by nothing";
    for (const std::string& name : named)
      EXPECT_TRUE(tests.contains(name)) << rows << ": there is no test " << name;
  }
  EXPECT_EQ(rows, 17);
}

}  // namespace
}  // namespace aloft::test
