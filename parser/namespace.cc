#include "parser/handlers.h"
#include "parser/targets.h"

namespace aloft {

void parse_create_schema(const PgQuery__CreateSchemaStmt& stmt, const Statement& st,
                         ParseContext& context) {
  Schema schema{.at = st.at()};
  if (stmt.authrole != nullptr) {
    const bool named = *stmt.schemaname != '\0';
    const auto owner =
        named ? role_or_login(stmt.authrole, st, context) : role_name(stmt.authrole, st, context);
    if (!owner) return;
    schema.owner = *owner;
  }
  const std::string name = *stmt.schemaname != '\0' ? stmt.schemaname : schema.owner;
  const ObjectId id{.kind = Kind::Schema, .name = name};
  if (stmt.n_schema_elts > 0)
    refuse(context, st.at(),
           "objects inside CREATE SCHEMA (write them as statements of their own)");
  auto& schemas = context.snapshot.schemas;
  if (stmt.if_not_exists && context.said.contains(id)) {
    if (schema.owner.empty() || schemas[id].owner == schema.owner) return;
    if (schemas[id].owner.empty()) {
      schemas[id].owner = schema.owner;
      return;
    }
  }
  if (!first_time(context, id, st.at())) return;
  schema.grants = default_grants(id, context);
  // initdb gives public this comment, and pg_dump leaves it unsaid.
  if (name == "public") schema.comment = "standard public schema";
  schemas[id] = std::move(schema);
}

void parse_create_extension(const PgQuery__CreateExtensionStmt& stmt, const Statement& st,
                            ParseContext& context) {
  const ObjectId id{.kind = Kind::Extension, .name = stmt.extname};
  Extension extension{.at = st.at()};
  for (const pg::Node* node : pg::list(stmt.n_options, stmt.options)) {
    const PgQuery__DefElem& option = *node->def_elem;
    const std::string_view name = option.defname;
    if (name == "schema")
      extension.schema = pg::str(option.arg);
    else if (name == "new_version")
      extension.version = pg::str(option.arg);
    else if (name != "cascade")  // what it needs has to be said anyway, or is dropped again
      refuse(context, st.at(option.location), "CREATE EXTENSION ... " + std::string(name));
  }
  auto& extensions = context.snapshot.extensions;
  if (stmt.if_not_exists && context.said.contains(id)) {
    Extension& said = extensions[id];
    const auto agrees = [](std::string& one, const std::string& other) {
      if (one.empty()) one = other;
      return other.empty() || one == other;
    };
    if (agrees(said.schema, extension.schema) && agrees(said.version, extension.version)) return;
  }
  if (first_time(context, id, st.at())) extensions[id] = std::move(extension);
}

}  // namespace aloft
