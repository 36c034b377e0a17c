#pragma once

#include "engine/model/view.h"

namespace aloft {

/// Are the columns of `to` provably those of `from`, by name and type, with nothing but new ones
/// after them? Then CREATE OR REPLACE VIEW works. Told from the texts: only what cannot change a
/// column's type (new columns at the end, WHERE and all that follows it) may differ.
bool keeps_columns(const View& from, const View& to);

}  // namespace aloft
