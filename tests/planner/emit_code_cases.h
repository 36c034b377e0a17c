#pragma once

#include "tests/planner/emit_cases.h"

namespace aloft {

std::vector<EmitCase> namespace_cases();  ///< schemas, extensions, roles
std::vector<EmitCase> type_cases();       ///< enums, domains, composite types
/// Types that columns are of and that another takes the place of: an Alter, though no ALTER leads
/// there.
std::vector<EmitCase> replacement_cases();
std::vector<EmitCase> routine_cases();  ///< functions, triggers, policies
std::vector<EmitCase> view_cases();

/// An id in schema public.
inline ObjectId in_public(Kind kind, std::string name, std::string args = {}) {
  return {.kind = kind, .schema = "public", .name = std::move(name), .args = std::move(args)};
}
/// A function of one integer that returns one, as canonicalise() would fill it in.
Function& sketch_function(Sketch& sketch, const std::string& name, const std::string& body);

}  // namespace aloft
