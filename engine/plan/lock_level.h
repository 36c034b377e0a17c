#pragma once

#include <cstdint>
#include <string_view>

namespace aloft {

/// PostgreSQL's table-level lock modes, weakest first ("Explicit Locking", table 13.2).
enum class LockLevel : std::uint8_t {
  None,
  AccessShare,
  RowShare,
  RowExclusive,
  ShareUpdateExclusive,
  Share,
  ShareRowExclusive,
  Exclusive,
  AccessExclusive,
};

/// "ACCESS EXCLUSIVE", as LOCK TABLE spells it; "" for None.
constexpr std::string_view lock_name(LockLevel level) {
  switch (level) {
    case LockLevel::None: return "";
    case LockLevel::AccessShare: return "ACCESS SHARE";
    case LockLevel::RowShare: return "ROW SHARE";
    case LockLevel::RowExclusive: return "ROW EXCLUSIVE";
    case LockLevel::ShareUpdateExclusive: return "SHARE UPDATE EXCLUSIVE";
    case LockLevel::Share: return "SHARE";
    case LockLevel::ShareRowExclusive: return "SHARE ROW EXCLUSIVE";
    case LockLevel::Exclusive: return "EXCLUSIVE";
    case LockLevel::AccessExclusive: return "ACCESS EXCLUSIVE";
  }
  return "";
}

/// Do ordinary SELECTs wait behind it?
constexpr bool blocks_reads(LockLevel level) {
  return level == LockLevel::AccessExclusive;
}
/// Do INSERT, UPDATE and DELETE wait behind it?
constexpr bool blocks_writes(LockLevel level) {
  return level >= LockLevel::Share;
}

}  // namespace aloft
