#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

/// The type as a column's `type` spells it: schema.name.
std::string spelling(const ObjectId& type);
/// Does SQL text name it, as a whole and not as part of a longer name?
bool mentions(std::string_view text, std::string_view name);

/// Columns of the tables whose type is this type or an array of it, in id order.
std::vector<ObjectId> columns_of_type(const Snapshot& snapshot, const ObjectId& type);
/// Columns that store its values in whatever way: in arrays, domains, composite types too.
std::vector<ObjectId> columns_storing(const Snapshot& snapshot, const ObjectId& type);
/// Columns that store it as an array or within another type: PostgreSQL refuses to check a domain
/// there.
std::vector<ObjectId> columns_hiding(const Snapshot& snapshot, const ObjectId& type);
/// Tables whose rows are of the composite type (CREATE TABLE ... OF).
std::vector<ObjectId> tables_of_type(const Snapshot& snapshot, const ObjectId& type);

/// A type that is to be put in the place of one with the same name.
struct TypeReplacement {
  std::string word{};               ///< "TYPE", "DOMAIN"
  std::vector<Sql> create{};        ///< the new one, under its own name, with all it carries
  std::string detour{};             ///< what a value is cast to on its way, "text"
  std::vector<std::string> lost{};  ///< labels that the new one does not have
};

/// One transaction: the old type steps aside under another name, the new one is made, all columns
/// go over to it, the old one is dropped. Indexes and checks that name the type are taken off and
/// put on again. Only for types without other users.
std::vector<Step> replace_type_steps(const ObjectId& type, const TypeReplacement& replacement,
                                     std::string why, const PlanContext& ctx);

}  // namespace aloft
