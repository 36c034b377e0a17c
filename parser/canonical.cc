#include "parser/canonical.h"

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/canoniser.h"
#include "parser/qualify.h"
#include "parser/tree_edit.h"

namespace aloft {

using What = NameLookup::What;

Canoniser::Canoniser(Snapshot& snapshot, Side side, const KnownNames& names,
                     const ChangeSet& renames, Diagnostics& diagnostics)
    : snapshot_(snapshot),
      side_(side),
      names_(names),
      diagnostics_(diagnostics),
      lookup_(snapshot, side, names, renames),
      statement_{.sources = no_sources_},
      context_{.snapshot = snapshot, .diagnostics = diagnostics} {
  for (const auto& [id, extension] : snapshot.extensions)
    if (std::ranges::find(names.installed_extensions, id.name) == names.installed_extensions.end())
      unknown_extension_ = true;
}

void Canoniser::unknown(std::string_view code, const std::string& what, SourcePos at) {
  if (side_ == Side::Live || !names_.online || unknown_extension_) return;
  diagnostics_.error(code, what + " is defined nowhere",
                     "define it in the files, name the extension that has it, or mend the name",
                     at);
}

std::string Canoniser::spell(const PgQuery__TypeName& type) const {
  return type_spelling(type, statement_, context_);
}

namespace {

/// A modifier in words, as PostGIS prints it: geometry(MultiPolygon). Read again it is in lower
/// case.
bool has_worded_modifier(const std::string& type) {
  const auto open = type.find('(');
  return open != std::string::npos && open + 1 < type.size() &&
         std::isalpha(static_cast<unsigned char>(type[open + 1])) != 0;
}

}  // namespace

std::string Canoniser::type(const std::string& text, SourcePos at) {
  if (text.empty()) return text;
  if (side_ == Side::Live && !lookup_.has_renames() && !has_worded_modifier(text)) return text;
  if (const auto known = types_.find(text); known != types_.end()) return known->second;
  std::string spelling = text;
  if (auto tree = pg::parse_expression("NULL::" + text)) {
    pg::Node* cast = pg::expression(*tree);
    if (cast->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) {
      qualify(&cast->base, lookup_, {});
      const PgQuery__TypeName& name = *cast->type_cast->type_name;
      spelling = spell(name);
      const auto parts = pg::names(name.n_names, name.names);
      if (parts.size() == 2 && parts[0] != "pg_catalog" && parts[0] != "information_schema" &&
          !lookup_.known(What::Type, parts[0],
                         parts[1].substr(parts[1].starts_with('_') ? 1 : 0)) &&
          !lookup_.known(What::Type, parts[0], parts[1]))
        unknown("unknown-type", "type " + spelling, at);
      else if (parts.size() == 1 && names_.online) {
        const auto it = names_.types.find("pg_catalog");
        if (it != names_.types.end() && std::ranges::find(it->second, parts[0]) == it->second.end())
          unknown("unknown-type", "type " + spelling, at);
      }
    }
  }
  types_.emplace(text, spelling);
  return spelling;
}

std::string Canoniser::collation(const std::string& text, SourcePos at) {
  if (text.empty() || side_ == Side::Live) {
    return text.starts_with("pg_catalog.") ? text.substr(11) : text;
  }
  auto tree = pg::parse_expression("'' COLLATE " + text);
  if (!tree) return text;
  pg::Node* node = pg::expression(*tree);
  qualify(&node->base, lookup_, {});
  auto parts = pg::names(node->collate_clause->n_collname, node->collate_clause->collname);
  if (parts.size() == 2 && parts[0] == "pg_catalog") parts.erase(parts.begin());
  if (parts.size() == 1 && parts[0] == "default") return "";
  if (parts.size() == 1 && names_.online) {
    const auto it = names_.collations.find("pg_catalog");
    if (it != names_.collations.end() &&
        std::ranges::find(it->second, parts[0]) == it->second.end())
      unknown("unknown-collation", "collation " + quote_ident(parts[0]), at);
  }
  return parts.size() == 2 ? quote_qualified(parts[0], parts[1]) : quote_ident(parts[0]);
}

FoldContext Canoniser::context_of(const ObjectId& relation) const {
  return {.relation = relation.name,
          .schema = relation.schema,
          .type_of = [this, relation](const std::string& column) -> std::string {
            types_asked_ = true;
            const Column* found = snapshot_.find<Column>(child_id(Kind::Column, relation, column));
            return found == nullptr ? "" : found->type;
          }};
}

void Canoniser::expression(SqlText& text, const ObjectId& relation, const std::string& cast_to) {
  if (text.sql.empty()) return;
  if (!may_repeat(text.sql)) return new_expression(text, relation, cast_to);
  const std::string key = cast_to + '\n' + text.sql;
  if (const auto known = expressions_.find(key); known != expressions_.end()) {
    text = known->second;
    return;
  }
  types_asked_ = false;
  new_expression(text, relation, cast_to);
  if (!types_asked_) expressions_.emplace(key, text);
}

void Canoniser::new_expression(SqlText& text, const ObjectId& relation,
                               const std::string& cast_to) {
  auto tree = pg::parse_expression(text.sql);
  if (!tree) {
    text.canon = text.sql;  // a newer server's syntax: the server is asked
    return;
  }
  pg::Node* root = pg::expression(*tree);
  qualify(&root->base, lookup_, relation);
  const std::string printed = pg::deparse_expression(root);
  if (printed.empty()) {
    text.canon = text.sql;  // better as it was written than lost
    return;
  }
  text.sql = printed;
  fold(root, context_of(relation));
  if (!cast_to.empty()) {
    const bool stored = stores_null(*root, cast_to);
    strip_cast(root, cast_to, [this](const PgQuery__TypeName& t) { return spell(t); });
    const bool null = root->node_case == PG_QUERY__NODE__NODE_A_CONST && root->a_const->isnull;
    if (null && !stored) {
      text = {};
      return;
    }
  }
  text.canon = pg::deparse_expression(root);
}

bool Canoniser::stores_null(const pg::Node& value, const std::string& type) const {
  if (type == "?") return false;
  // An interval takes its modifier as it is read (coerce_type), not by a function applied to it.
  const bool modified = type.find('(') != std::string::npos && !type.starts_with("interval");
  if (side_ == Side::Live || modified) return true;
  const pg::Node* node = &value;
  while (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST &&
         spell(*node->type_cast->type_name) == type)
    node = node->type_cast->arg;
  const bool bare = node->node_case == PG_QUERY__NODE__NODE_A_CONST && node->a_const->isnull;
  return !bare || domain_named(type) != nullptr;
}

void Canoniser::canonicalise_object(const ObjectId&, Domain& domain) {
  domain.type = type(domain.type, domain.at);
  domain.collation = collation(domain.collation, domain.at);
  expression(domain.default_value, {}, domain.type);
  for (DomainConstraint& constraint : domain.constraints) expression(constraint.check, {});
}

void Canoniser::canonicalise_object(const ObjectId&, Composite& composite) {
  for (Attribute& attribute : composite.attributes) {
    attribute.type = type(attribute.type, composite.at);
    attribute.collation = collation(attribute.collation, composite.at);
  }
}

void Canoniser::canonicalise_object(const ObjectId& id, Column& column) {
  column.type = type(column.type, column.at);
  column.collation = collation(column.collation, column.at);
  expression(column.default_value, relation_of(id), column.type);
  if (column.said.empty()) return;
  ColumnDirectives& said = column.said.edit();
  for (SqlText* value : {&said.fill, &said.new_value, &said.old_value})
    expression(*value, relation_of(id));
}

void Canoniser::canonicalise_object(const ObjectId& id, Policy& policy) {
  expression(policy.using_expr, relation_of(id));
  expression(policy.check_expr, relation_of(id));
}

void canonicalise(Snapshot& snapshot, Side side, const KnownNames& names, const ChangeSet& renames,
                  Diagnostics& diagnostics) {
  Canoniser canoniser(snapshot, side, names, renames, diagnostics);
  // Columns first: what stands on them is folded by their types.
  for (auto& [id, column] : snapshot.columns) canoniser.canonicalise_object(id, column);
  for_each_kind(snapshot, [&](auto& objects) {
    using T = typename std::decay_t<decltype(objects)>::mapped_type;
    if constexpr (T::kKind != Kind::Column)
      for (auto& [id, object] : objects) canoniser.canonicalise_object(id, object);
  });
  link_operators(snapshot.operators);
}

}  // namespace aloft
