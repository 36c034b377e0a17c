#pragma once

#include <stdexcept>
#include <string>

#include "engine/plan/plan.h"

namespace aloft {

/// A plan file that is none, is of another format version, or was changed after it was made.
struct PlanFileError : std::runtime_error {
  using runtime_error::runtime_error;
};

/// The plan as JSON by schemas/plan.schema.json, two spaces of indent, keys in a fixed order.
std::string plan_to_json(const Plan& plan);
/// The plan of a file. Throws PlanFileError; checks the format version and that the id is the hash
/// of the content.
Plan plan_from_json(const std::string& text);
/// The id of a plan: a hash of its content without the id itself.
std::string plan_hash(const Plan& plan);

}  // namespace aloft
