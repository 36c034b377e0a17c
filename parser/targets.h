#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parser/handlers.h"

namespace aloft {

// How statements that change what was said before find the object that they name.

/// The name as a list: of a RangeVar, a String, a List of Strings, a TypeName.
std::vector<std::string> name_list(const PgQuery__RangeVar&);
std::vector<std::string> name_list(const PgQuery__Node*);
/// The schemas in which it is to be looked up: its own, or the search path.
std::vector<std::string> schemas_for(const std::vector<std::string>& name, const Statement&);
/// "public.orders", quoted as SQL would be.
std::string written(const std::vector<std::string>& name);

/// The table, view or sequence of that name; its own schema or the first of the search path that
/// has one.
std::optional<ObjectId> find_relation(const std::vector<std::string>& name, const Statement&,
                                      const ParseContext&);
/// The Index of that name, or the Constraint whose index has it.
std::optional<ObjectId> find_index(const std::vector<std::string>& name, const Statement&,
                                   const ParseContext&);
/// The enum, domain or composite type of that name.
std::optional<ObjectId> find_type(const std::vector<std::string>& name, const Statement&,
                                  const ParseContext&);
/// The schema; `public` is there without being said.
std::optional<ObjectId> find_schema(const std::string& name, const ParseContext&);

/// What a COMMENT, DROP, GRANT or ALTER of this object type names. A column of a view is
/// {Column, schema, view, name}; an attribute of a composite type likewise; a constraint of a
/// domain {Constraint, schema, domain, name}. Reports "unknown-object" at the statement where the
/// files do not define it, and refuses types that aloft does not manage.
std::optional<ObjectId> find_object(PgQuery__ObjectType, const PgQuery__Node* object,
                                    const Statement&, ParseContext&);
/// The same without a word where there is none.
std::optional<ObjectId> find_if_there(PgQuery__ObjectType, const PgQuery__Node* object,
                                      const Statement&, ParseContext&);
/// Whether aloft manages objects of that type. `what` gets its name in words.
bool managed(PgQuery__ObjectType, std::string& what);
/// Reports that the files define no such object, or puts the statement off while something further
/// on may still define it.
void unknown_object(ParseContext&, SourcePos at, const std::string& kind, const std::string& name);
/// Whether the object stands before the statement, in an earlier file or higher in its own.
bool said_before(const ObjectId&, const Statement&, const ParseContext&);

/// Whether an OR REPLACE takes the place of what its own file said above it. The same object said
/// in two files is a mistake whichever way it is written: their order decides nothing.
bool replaces(bool or_replace, const ObjectId&, const Statement&, const ParseContext&);

/// A role by name; refuses PUBLIC, CURRENT_USER and the like, which name nobody in particular.
std::optional<std::string> role_name(const PgQuery__RoleSpec*, const Statement&, ParseContext&);

/// The same with CURRENT_USER, who is whoever carries out the plan (kLogin).
std::optional<std::string> role_or_login(const PgQuery__RoleSpec*, const Statement&, ParseContext&);

/// Calls f with the object itself, whatever its kind. False where the snapshot does not have it.
template <class F>
bool visit_object(Snapshot& snapshot, const ObjectId& id, F&& f) {
  bool found = false;
  for_each_kind(snapshot, [&](auto& objects) {
    using T = typename std::remove_reference_t<decltype(objects)>::mapped_type;
    if (T::kKind != id.kind) return;
    if (const auto it = objects.find(id); it != objects.end()) {
      found = true;
      f(it->second);
    }
  });
  return found;
}

/// What the view says of that column, made if there is nothing yet; the list stays sorted.
ViewColumn& view_column(View&, const std::string& name);

}  // namespace aloft
