#pragma once

#include "engine/base/diagnostics.h"
#include "engine/model/facts.h"
#include "engine/model/snapshot.h"

namespace aloft {

/// Gives the ids of functions, aggregates and operators the types that the server knows: whose type
/// an extension's member `geometry` is, the files alone do not tell, and live ids say it. Comes
/// before anything that compares ids.
void qualify_arguments(Snapshot& desired, const KnownNames& names, Diagnostics& diagnostics);

}  // namespace aloft
