#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aloft {

/// Why a step needs somebody's word before it runs. Each is allowed by name.
enum class Hazard : std::uint8_t {
  DataLoss,
  Blocking,
  Rewrite,
  AppBreaking,
  Irreversible,
  Privilege,
  Replication,
};

/// Every hazard, in the order in which they are named.
inline constexpr Hazard kHazards[] = {Hazard::DataLoss,    Hazard::Blocking,     Hazard::Rewrite,
                                      Hazard::AppBreaking, Hazard::Irreversible, Hazard::Privilege,
                                      Hazard::Replication};

/// "data_loss", ...: the spelling of --allow and of the JSON plan.
constexpr std::string_view hazard_name(Hazard hazard) {
  switch (hazard) {
    case Hazard::DataLoss: return "data_loss";
    case Hazard::Blocking: return "blocking";
    case Hazard::Rewrite: return "rewrite";
    case Hazard::AppBreaking: return "app_breaking";
    case Hazard::Irreversible: return "irreversible";
    case Hazard::Privilege: return "privilege";
    case Hazard::Replication: return "replication";
  }
  return "";
}

/// The hazard of that name, if there is one.
constexpr std::optional<Hazard> hazard_from(std::string_view name) {
  for (const Hazard h : kHazards)
    if (hazard_name(h) == name) return h;
  return std::nullopt;
}

/// A hazard of one step and the sentence that explains it to the person who decides.
struct HazardNote {
  Hazard hazard = Hazard::DataLoss;
  std::string why{};
  bool operator==(const HazardNote&) const = default;
};

}  // namespace aloft
