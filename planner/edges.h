#pragma once

#include <optional>
#include <vector>

#include "engine/diff/change.h"
#include "engine/model/snapshot.h"

namespace aloft {

/// The edges under the names after `changes`' renames, with each relation under its kind in the
/// snapshot (Table or View); sorted, each once. Nothing where `edges` are all of that already, as
/// they mostly are: of a large schema a copy is tens of megabytes.
std::optional<Edges> mended(const Edges& edges, const Snapshot& snapshot, const ChangeSet& changes);
/// The same for what unmanaged objects stand on.
std::vector<UnmanagedUse> mended(std::vector<UnmanagedUse> uses, const Snapshot& snapshot,
                                 const ChangeSet& changes);

}  // namespace aloft
