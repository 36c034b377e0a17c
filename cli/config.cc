#include "cli/config.h"

#define TOML_EXCEPTIONS 1
#include <fmt/format.h>
#include <toml++/toml.h>

#include <filesystem>

#include "engine/base/file_reader.h"

namespace aloft {
namespace {

[[noreturn]] void fail(const std::string& file, const toml::source_region& at,
                       const std::string& what) {
  throw IoError(fmt::format("{}:{}:{}: {}", file, at.begin.line, at.begin.column, what));
}

std::vector<std::string> strings(const std::string& file, const toml::node& node) {
  std::vector<std::string> values;
  if (const auto* text = node.as_string()) return {text->get()};
  const auto* array = node.as_array();
  if (array == nullptr) fail(file, node.source(), "a string or a list of strings is wanted here");
  for (const auto& element : *array) {
    if (!element.is_string()) fail(file, element.source(), "a string is wanted here");
    values.push_back(element.as_string()->get());
  }
  return values;
}

std::int64_t number(const std::string& file, const toml::node& node) {
  const auto* value = node.as_integer();
  if (value == nullptr || value->get() < 0)
    fail(file, node.source(), "a whole number of milliseconds is wanted here");
  return value->get();
}

/// Takes one table's keys; what is said already stays.
void take(const std::string& file, const toml::table& table, CommandOptions& options) {
  for (const auto& [key, node] : table) {
    if (key == "env") continue;
    if (key == "db") {
      const auto values = strings(file, node);
      if (!options.db_said && values.size() == 1)
        options.db = values.front(), options.db_said = true;
    } else if (key == "desired") {
      if (options.desired.empty()) options.desired = strings(file, node);
    } else if (key == "allow") {
      for (const std::string& name : strings(file, node)) {
        const auto hazard = hazard_from(name);
        if (!hazard) fail(file, node.source(), "unknown hazard \"" + name + "\"");
        options.allow.insert(*hazard);
      }
    } else if (key == "manage" || key == "ignore") {
      auto& patterns = key == "manage" ? options.scope.manage : options.scope.ignore;
      if (!patterns.empty()) continue;
      patterns = strings(file, node);
      for (const std::string& pattern : patterns)
        if (const std::string fault = pattern_fault(pattern); !fault.empty())
          fail(file, node.source(), fault);
    } else if (key == "lock_timeout_ms") {
      options.planning.lock_timeout_ms = number(file, node);
    } else if (key == "stall_budget_ms") {
      const std::int64_t said = number(file, node);
      if (!options.stall_budget_ms) options.stall_budget_ms = said;
    } else if (key == "statement_timeout_ms") {
      options.planning.statement_timeout_ms = number(file, node);
    } else {
      fail(file, node.source(), fmt::format("unknown key \"{}\"", key.str()));
    }
  }
}

}  // namespace

void apply_config(CommandOptions& options) {
  const std::string file = options.config.empty() ? "aloft.toml" : options.config;
  if (options.config.empty() && !std::filesystem::exists(file)) {
    if (options.env.empty()) return;
    throw IoError("--env " + options.env + " needs an aloft.toml, and there is none here");
  }
  toml::table config;
  try {
    config = toml::parse(read_file(file));
  } catch (const toml::parse_error& error) {
    fail(file, error.source(), std::string(error.description()));
  }
  if (!options.env.empty()) {
    const auto* env = config["env"][options.env].as_table();
    if (env == nullptr) throw IoError(file + " has no table [env." + options.env + "]");
    take(file, *env, options);
  }
  // The top level comes second: what [env.NAME] says is said.
  const PlanOptions said = options.planning;
  take(file, config, options);
  if (!options.env.empty()) {
    const PlanOptions unsaid;
    if (said.lock_timeout_ms != unsaid.lock_timeout_ms)
      options.planning.lock_timeout_ms = said.lock_timeout_ms;
    if (said.statement_timeout_ms != unsaid.statement_timeout_ms)
      options.planning.statement_timeout_ms = said.statement_timeout_ms;
  }
}

}  // namespace aloft
