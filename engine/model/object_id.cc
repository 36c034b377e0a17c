#include "engine/model/object_id.h"

#include "engine/base/sql.h"

namespace aloft {

std::string name_of(const ObjectId& id) {
  std::string text;
  if (!id.schema.empty()) text += quote_ident(id.schema) + ".";
  if (!id.relation.empty()) text += quote_ident(id.relation) + ".";
  text += id.kind == Kind::Operator ? id.name : quote_ident(id.name);
  if (has_arguments(id.kind)) text += "(" + id.args + ")";
  return text;
}

std::string to_string(const ObjectId& id) {
  return std::string(kind_name(id.kind)) + " " + name_of(id);
}

ObjectId relation_of(const ObjectId& id) {
  if (id.relation.empty()) return id;
  return table_id(id.schema, id.relation);
}

}  // namespace aloft
