#pragma once

#include <functional>
#include <string>

#include "parser/pg_tree.h"

namespace aloft {

/// What folding may know of the relation whose columns an expression names.
struct FoldContext {
  std::string relation{};  ///< a qualifier `relation.` on columns says nothing
  std::string schema{};
  /// The type of a column, "" where unknown.
  std::function<std::string(const std::string& column)> type_of{};
};

/// Folds what PostgreSQL itself makes equal when it stores an expression: IN and = ANY, BETWEEN,
/// casts of constants to the text types that they have anyway, ELSE NULL, negative numbers,
/// qualifiers that say nothing, schemas of operators. Both sides go through it. What it leaves
/// different, the server is asked about.
void fold(pg::Node* root, const FoldContext& context);
void fold_message(ProtobufCMessage* root, const FoldContext& context);

/// A type name as format_type() would print it.
using SpellType = std::function<std::string(const PgQuery__TypeName&)>;

/// Takes casts to `type` (whatever its modifiers) off the top of a default: the server adds one to
/// a constant.
void strip_cast(pg::Node* root, const std::string& type, const SpellType& spell);

}  // namespace aloft
