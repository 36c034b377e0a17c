#pragma once

#include <string>

#include "engine/db/db_error.h"

namespace aloft {

/// How far a run had come when its connection was lost: what its next connection goes on with.
struct LeftOff {
  std::string run{};    ///< aloft.run.id; "" where it was not in the journal yet
  std::string epoch{};  ///< the epoch in which it was carried out
  std::string step{};   ///< the id of the step that was under way; "" between two
  int steps = 0;        ///< carried out so far
};

/// The connection of a run is lost, or its server takes no writes any more.
struct RunCutOff : DbError {
  RunCutOff(const DbError& why, LeftOff at) : DbError(why), where(std::move(at)) {}
  LeftOff where;
};

}  // namespace aloft
