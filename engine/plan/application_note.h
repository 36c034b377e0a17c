#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aloft {

/// Which application a note is for, by how far a run has come.
enum class Stage : std::uint8_t {
  Running,   ///< the one that runs while expand and backfill are carried out
  Next,      ///< the one that is deployed while the run waits for its contract
  Contract,  ///< all of them, from the step on
};

/// "running", "next", "contract": the spelling of the JSON plan.
constexpr std::string_view stage_name(Stage stage) {
  switch (stage) {
    case Stage::Running: return "running";
    case Stage::Next: return "next";
    case Stage::Contract: return "contract";
  }
  return "";
}

/// The stage of that name, if there is one.
constexpr std::optional<Stage> stage_from(std::string_view name) {
  for (const Stage s : {Stage::Running, Stage::Next, Stage::Contract})
    if (stage_name(s) == name) return s;
  return std::nullopt;
}

/// What an application must be able to do, or may rely on, because of a step.
struct ApplicationNote {
  Stage stage = Stage::Running;
  std::string what{};  ///< begins with what it is about: "public.orders.id is bigint"
  bool operator==(const ApplicationNote&) const = default;
};

}  // namespace aloft
