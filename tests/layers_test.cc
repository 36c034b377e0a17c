// Reads every #include of the product against the arrows of docs/architecture.md.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "tests/source_tree.h"

namespace aloft::test {
namespace {

/// What a layer may include besides itself and the standard library.
const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"engine/base", {"fmt"}},
    {"engine/model", {"engine/base", "fmt"}},
    {"engine/diff", {"engine/model", "engine/base", "fmt"}},
    {"engine/plan", {"engine/model", "engine/base", "fmt", "nlohmann"}},
    {"engine/db", {"engine/base", "fmt", "libpq"}},
    {"engine/introspect",
     {"engine/db", "engine/diff", "engine/model", "engine/base", "fmt", "nlohmann"}},
    {"engine/execute", {"engine/plan", "engine/db", "engine/model", "engine/base", "fmt"}},
    {"parser", {"engine/diff", "engine/model", "engine/base", "fmt", "pg_query"}},
    {"planner", {"engine/plan", "engine/diff", "engine/model", "engine/base", "fmt"}},
    {"cli",
     {"parser", "planner", "engine/plan", "engine/diff", "engine/model", "engine/base", "engine/db",
      "engine/introspect", "engine/execute", "fmt", "nlohmann", "CLI", "toml++", "prometheus"}},
};

/// Third-party libraries that a single file may include, as they are slow to compile or a door.
const std::map<std::string, std::string> kOnlyIn = {{"libpq", "engine/db/session.cc"},
                                                    {"CLI", "cli/app.cc"},
                                                    {"toml++", "cli/config.cc"},
                                                    {"prometheus", "cli/exposition.cc"}};

std::string layer_of(const std::string& path) {
  const std::size_t slash = path.find('/');
  if (slash == std::string::npos) return "";
  if (!path.starts_with("engine/")) return path.substr(0, slash);
  const std::size_t second = path.find('/', slash + 1);
  return second == std::string::npos ? "" : path.substr(0, second);
}

/// The library of a header in angle brackets; none for the standard library and POSIX.
std::optional<std::string> library_of(const std::string& header) {
  static const std::set<std::string> posix = {"unistd.h", "fcntl.h", "fnmatch.h",
                                              "malloc.h", "poll.h",  "pwd.h",
                                              "signal.h", "spawn.h", "termios.h"};
  if (header.find('.') == std::string::npos && header.find('/') == std::string::npos)
    return std::nullopt;
  if (posix.contains(header) || header.starts_with("sys/")) return std::nullopt;
  if (header == "libpq-fe.h") return "libpq";
  if (header.starts_with("pg_query") || header.starts_with("protobuf-c")) return "pg_query";
  return header.substr(0, header.find('/'));
}

/// Why this file may not include this; "" where it may.
std::string breach(const std::string& file, const std::string& line) {
  if (!line.starts_with("#include ")) return "";
  const std::string what = line.substr(10, line.find_first_of(">\"", 10) - 10);
  const std::string layer = layer_of(file);
  const auto row = kMayInclude.find(layer);
  if (row == kMayInclude.end()) return layer + " is no layer of the table";
  std::optional<std::string> target;
  if (line[9] == '"') {
    target = layer_of(what);
    if (target->empty() || !kMayInclude.contains(*target))
      return "\"" + what + "\" is no path from the root of the tree";
  } else {
    target = library_of(what);
  }
  if (!target || target == layer) return "";
  if (!row->second.contains(*target)) return layer + " may not include " + *target;
  if (const auto only = kOnlyIn.find(*target); only != kOnlyIn.end() && only->second != file)
    return "only " + only->second + " may include " + *target;
  return "";
}

TEST(Layers, NoIncludePointsUpOrSideways) {
  const auto files = files_below({"engine", "parser", "planner", "cli"}, {".h", ".cc"});
  ASSERT_GT(files.size(), 50u);
  for (const TextFile& file : files)
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      if (const std::string why = breach(file.path, file.lines[i]); !why.empty())
        ADD_FAILURE() << file.path << ":" << i + 1 << ": " << why;
}

TEST(Layers, ABreachIsSeen) {
  EXPECT_EQ(breach("planner/planner.cc", "#include \"engine/plan/plan.h\""), "");
  EXPECT_EQ(breach("planner/planner.cc", "#include \"parser/parse.h\""),
            "planner may not include parser");
  EXPECT_EQ(breach("engine/model/table.h", "#include \"engine/plan/plan.h\""),
            "engine/model may not include engine/plan");
  EXPECT_EQ(breach("cli/compare.cc", "#include <libpq-fe.h>"), "cli may not include libpq");
  EXPECT_EQ(breach("cli/compare.cc", "#include <CLI/CLI.hpp>"), "only cli/app.cc may include CLI");
  EXPECT_EQ(breach("engine/diff/diff.cc", "#include <pg_query.h>"),
            "engine/diff may not include pg_query");
  EXPECT_EQ(breach("engine/diff/diff.cc", "#include \"diff.h\""),
            "\"diff.h\" is no path from the root of the tree");
  EXPECT_EQ(breach("engine/diff/diff.cc", "#include <vector>"), "");
  EXPECT_EQ(breach("cli/apply_command.cc", "#include <sys/wait.h>"), "");
}

}  // namespace
}  // namespace aloft::test
