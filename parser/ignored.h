#pragma once

#include <set>
#include <vector>

#include "parser/handlers.h"

namespace aloft {

/// The objects of the files on whose lines a directive `ignore` stands; takes these directives.
/// Adds them to `ignored` too, where given.
void take_ignored(const Sources& sources, std::uint32_t file,
                  const std::vector<Directive>& directives, const Snapshot& snapshot,
                  std::set<ObjectId>* ignored = nullptr);

/// The same for parsed files.
std::set<ObjectId> ignored_objects(const Sources& sources, const Snapshot& snapshot);

}  // namespace aloft
