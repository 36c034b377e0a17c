#pragma once

#include <string>

#include "engine/model/snapshot.h"

namespace aloft {

/// A hash of all that fields() lists of the object, by canonical forms; "" where it is not there.
/// The same object gives the same fingerprint whoever reads it and on whatever machine.
std::string fingerprint(const Snapshot& snapshot, const ObjectId& id);

}  // namespace aloft
