#pragma once

#include <string_view>

namespace aloft {

/// Stands in the one statement of a step in batches where the condition on the blocks goes, after a
/// condition, if that is not its end: an INSERT ... SELECT ... FOR KEY SHARE ON CONFLICT.
inline constexpr std::string_view kBlocksGoHere = "/* of these blocks */";

}  // namespace aloft
