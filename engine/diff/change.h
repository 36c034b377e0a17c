#pragma once

#include <string_view>
#include <vector>

#include "engine/model/object_id.h"

namespace aloft {

/// One difference between the live and the desired schema. The objects themselves are looked up by
/// id in the two snapshots.
struct Change {
  enum class Op : std::uint8_t { Create, Alter, Drop, Rename };
  Op op = Op::Create;
  ObjectId id{};                           ///< the desired name; of a drop, the live one
  ObjectId from{};                         ///< Rename only: the live name
  std::vector<std::string_view> fields{};  ///< Alter only: what differs, never empty
  /// Offline, or the server could not tell: only texts differ, and they may mean the same.
  bool maybe_cosmetic = false;

  bool operator==(const Change&) const = default;
};
using ChangeSet = std::vector<Change>;

}  // namespace aloft
