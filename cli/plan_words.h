#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/plan/plan.h"

namespace aloft {

/// What the hazard is about, in a few words: "loses data".
std::string hazard_words(Hazard hazard);
/// What others feel of the step's locks, one line each kind: "stops reads and writes of public.t
/// for about 3 min (ACCESS EXCLUSIVE)". "nobody waits for it" where nobody does.
std::vector<std::string> lock_words(const Step& step);
/// "writes 1.2 million rows (140 MB) anew", "reads ..."; empty where it does neither.
std::string work_words(const Step& step);
/// "about 3 min", "a moment".
std::string time_words(std::int64_t ms);
/// Step numbers: "step 3", "steps 3, 4 and 7".
std::string step_words(const std::vector<const Step*>& steps);
/// The relations under the step's strongest lock, if that lock stops anybody.
std::string stopped_words(const Step& step);

/// An unmanaged thing taken apart: "text search configuration public.c".
struct UnmanagedName {
  std::string kind{}, name{};
  auto operator<=>(const UnmanagedName&) const = default;
};
UnmanagedName unmanaged_name(const std::string& text);

}  // namespace aloft
