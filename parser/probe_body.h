#pragma once

#include <optional>
#include <string>

#include "engine/model/snapshot.h"
#include "parser/pg_tree.h"

namespace aloft {

/// The statements of a SQL-standard body's text; RETURN as the SELECT that it is. nullopt where
/// they cannot be read.
std::optional<pg::Tree> statements_of(const std::string& body);

/// What a SQL-standard function body does, for EXPLAIN: its statements as queries over typed NULL
/// rows, the arguments a row beside them.
struct BodyProbe {
  std::string skeleton{};  ///< what is no part of the queries: has to be equal
  std::string sql{};       ///< "" where the server cannot be asked about it
};

/// `types_from`: see null_rows(). INSERT, UPDATE and DELETE are asked about by what they read:
/// EXPLAIN of them would need the privilege to write.
BodyProbe body_probe(const ObjectId& id, const Function& function, const Snapshot& snapshot,
                     const Snapshot& types_from);

}  // namespace aloft
