#pragma once

#include <string>
#include <vector>

#include "engine/model/snapshot.h"

namespace aloft {

/// The expressions of a definition, with the rest of it as a skeleton that has to be equal for the
/// server to be asked about the expressions one by one.
struct Taken {
  std::string skeleton{};
  std::vector<std::string> expressions{};
};

Taken taken_from_constraint(const Constraint& constraint);
Taken taken_from_index(const Index& index);
/// OLD and NEW are rows of the table.
Taken taken_from_trigger(const Trigger& trigger);
Taken taken_from_partition_key(const Table& table);
/// The values of a partition's bound as expressions over the columns of `parent`, each of the type
/// of its key.
Taken taken_from_bound(const Table& partition, const ObjectId& parent, const Snapshot& snapshot);

}  // namespace aloft
