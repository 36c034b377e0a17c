#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/diff/scope.h"
#include "engine/execute/executor.h"
#include "engine/plan/hazard.h"
#include "planner/options.h"

namespace aloft {

enum class Format { Text, Json, Sql };
enum class ColorMode { Auto, Always, Never };

/// For how long within a minute a run may make statements that write wait, where nothing is said.
inline constexpr std::int64_t kStallBudgetMs = 2000;

/// What the command line, aloft.toml and the environment say, in that order of precedence.
struct CommandOptions {
  std::string command{};
  std::string db{};
  bool db_said = false;
  std::vector<std::string> desired{};
  std::string env{}, config{};
  Format format = Format::Text;
  ColorMode color = ColorMode::Auto;
  bool detailed_exitcode = false;
  std::string output{};     ///< plan --out FILE
  std::string plan_file{};  ///< apply --plan FILE
  std::set<Hazard> allow{};
  bool contract = false, yes = false;
  int lock_attempts = 30;
  std::int64_t reconnect_ms = 300'000;  ///< --reconnect-timeout
  /// --stall-budget or stall_budget_ms of aloft.toml; nothing where neither says it.
  std::optional<std::int64_t> stall_budget_ms{};
  BackfillOptions backfill{};
  std::int64_t soak_ms = 0;      ///< contract --soak
  std::string archive_dir{};     ///< apply and contract --archive
  std::string metrics_file{};    ///< --metrics
  std::string metrics_listen{};  ///< --metrics-listen
  std::int64_t batch_ms = 0;     ///< throttle --batch-ms
  bool watch = false;            ///< status --watch
  bool check = false;            ///< status --check
  bool new_baseline = false;     ///< status --new-baseline
  std::string from{}, to{};      ///< diff FROM TO
  std::string out_dir{};         ///< dump --out DIR
  Scope scope{};                 ///< manage and ignore of aloft.toml
  PlanOptions planning{};
};

}  // namespace aloft
