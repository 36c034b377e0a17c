#pragma once

#include "engine/diff/change.h"
#include "engine/model/snapshot.h"

namespace aloft {

/// The edges under the names after `changes`' renames, with each relation under its kind in the
/// snapshot (Table or View); sorted, each once.
Edges mended(const Edges& edges, const Snapshot& snapshot, const ChangeSet& changes);
/// The same for what unmanaged objects stand on.
std::vector<UnmanagedUse> mended(std::vector<UnmanagedUse> uses, const Snapshot& snapshot,
                                 const ChangeSet& changes);

}  // namespace aloft
