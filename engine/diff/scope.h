#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/model/snapshot.h"

namespace aloft {

/// What part of a database the files speak for. A pattern is a shell glob (fnmatch(3)) of a schema,
/// which is everything in it, or of SCHEMA.NAME, which is the object with all that belongs to it;
/// "KIND:PATTERN" is of that kind alone, a child's as SCHEMA.TABLE.NAME. Roles and extensions are
/// matched by patterns with their kind only.
struct Scope {
  std::vector<std::string> manage{};  ///< nothing else is managed; empty: everything is
  std::vector<std::string> ignore{};  ///< taken out of that
  std::set<ObjectId> ignored{};       ///< by a directive, with all that belongs to them

  bool whole() const { return manage.empty() && ignore.empty() && ignored.empty(); }
};

/// What is wrong with a pattern; "" if nothing is.
std::string pattern_fault(const std::string& pattern);

/// The objects of both sides that are to stay as they are live, whatever the files say.
std::set<ObjectId> out_of_scope(const Scope& scope, const Snapshot& live, const Snapshot& desired);

/// Makes `desired` hold these objects as `live` does.
void leave_alone(const std::set<ObjectId>& outside, const Snapshot& live, Snapshot& desired);

}  // namespace aloft
