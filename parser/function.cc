#include <algorithm>

#include "engine/base/sql.h"
#include "parser/function_text.h"
#include "parser/source_text.h"
#include "parser/targets.h"

namespace aloft {
namespace {

/// Something to put into the statement's text.
struct Insertion {
  std::size_t offset = 0;
  std::string text{};
};

/// The schema in front of a type that the files define and the statement names without one.
void qualify_type(const PgQuery__TypeName* type, const Statement& st, const ParseContext& context,
                  std::vector<Insertion>& insertions) {
  if (type == nullptr || type->n_names != 1 || type->pct_type || type->location < 0) return;
  const Name found = resolve_name(
      pg::names(type->n_names, type->names),
      {Kind::Enum, Kind::Domain, Kind::Composite, Kind::Table, Kind::View}, st, context);
  // A type of pg_catalog comes before one of the same name in the search path.
  if (found.schema.empty() ||
      !type_spelling(*type, st, context).starts_with(quote_qualified(found.schema, found.name)))
    return;
  const std::size_t offset = static_cast<std::size_t>(type->location) + st.tree_base;
  if (offset >= st.begin)
    insertions.push_back({offset - st.begin, quote_ident(found.schema) + "."});
}

std::string with_insertions(std::string text, std::vector<Insertion> insertions) {
  std::ranges::sort(insertions, {}, &Insertion::offset);
  for (auto it = insertions.rbegin(); it != insertions.rend(); ++it)
    if (it->offset <= text.size()) text.insert(it->offset, it->text);
  return text;
}

/// The statement with the types of its signature qualified as far as they are known.
std::string qualified_text(const PgQuery__CreateFunctionStmt& stmt, const Statement& st,
                           const ParseContext& context) {
  std::vector<Insertion> insertions;
  for (const pg::Node* node : pg::list(stmt.n_parameters, stmt.parameters))
    qualify_type(node->function_parameter->arg_type, st, context, insertions);
  const auto table = [](const pg::Node* node) {
    return node->function_parameter->mode == PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_TABLE;
  };
  // RETURNS TABLE (a t) makes a return type of its own out of the columns' types.
  if (std::ranges::none_of(pg::list(stmt.n_parameters, stmt.parameters), table))
    qualify_type(stmt.return_type, st, context, insertions);
  return with_insertions(st.text(), std::move(insertions));
}

}  // namespace

std::optional<std::string> renamed_function(const std::string& create, const std::string& schema,
                                            const std::string& name) {
  const std::vector<pg::TokenAt> tokens = pg::tokens(create);
  const auto is = [](int wanted) {
    return [wanted](const pg::TokenAt& t) { return t.token == wanted; };
  };
  const auto open = std::ranges::find_if(tokens, is(PG_QUERY__TOKEN__ASCII_40));
  const auto word = std::find_if(tokens.begin(), open, [](const pg::TokenAt& t) {
    return t.token == PG_QUERY__TOKEN__FUNCTION || t.token == PG_QUERY__TOKEN__PROCEDURE;
  });
  if (open == tokens.end() || word == open) return std::nullopt;
  std::size_t end = tokens.back().end;
  if (tokens.back().token == PG_QUERY__TOKEN__ASCII_59) end = (tokens.end() - 2)->end;
  const bool procedure = word->token == PG_QUERY__TOKEN__PROCEDURE;
  return std::string("CREATE OR REPLACE ") + (procedure ? "PROCEDURE " : "FUNCTION ") +
         quote_qualified(schema, name) + create.substr(open->begin, end - open->begin);
}

void parse_create_function(const PgQuery__CreateFunctionStmt& stmt, const Statement& st,
                           ParseContext& context) {
  const std::vector<std::string> name = pg::names(stmt.n_funcname, stmt.funcname);
  const char* said = name.size() > 1 ? name[name.size() - 2].c_str() : nullptr;
  const std::string schema = creation_schema(said, st, context, st.at());
  if (schema.empty()) return;
  const ObjectId id{.kind = Kind::Function,
                    .schema = schema,
                    .name = name.back(),
                    .args = argument_types(stmt.n_parameters, stmt.parameters, st, context)};
  if (!replaces(stmt.replace != 0, id, st, context) && !first_time(context, id, st.at())) return;
  const auto create = renamed_function(qualified_text(stmt, st, context), schema, name.back());
  if (!create) return refuse(context, st.at(), "this form of CREATE FUNCTION");
  context.snapshot.functions[id] = Function{.procedure = stmt.is_procedure != 0,
                                            .create = *create,
                                            .grants = default_grants(id, context),
                                            .renamed_from = renamed_from(st, -1),
                                            .at = st.at()};
}

}  // namespace aloft
