// Canonical forms of what CREATE KIND name (option = value, ...) makes.

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/sql.h"
#include "parser/canoniser.h"
#include "parser/choose_name.h"
#include "parser/define.h"
#include "parser/qualify.h"
#include "parser/targets.h"
#include "parser/tree_edit.h"

namespace aloft {
namespace {

using What = NameLookup::What;
using Names = std::vector<std::string>;

constexpr auto kTypes = std::to_array<std::string_view>({"leftarg", "rightarg", "stype", "mstype"});
constexpr auto kOperators = std::to_array<std::string_view>({"commutator", "negator", "sortop"});
constexpr auto kFlags = std::to_array<std::string_view>(
    {"finalfunc_extra", "hashes", "hypothetical", "merges", "mfinalfunc_extra"});
constexpr auto kTexts = std::to_array<std::string_view>({"initcond", "minitcond"});
constexpr auto kWords =
    std::to_array<std::string_view>({"finalfunc_modify", "mfinalfunc_modify", "parallel"});
constexpr auto kNumbers = std::to_array<std::string_view>({"sspace", "msspace"});

bool among(const auto& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

/// A value as a dictionary stores it: numbers as they are, all else as a text.
std::string stored_value(const PgQuery__Node* arg) {
  if (arg != nullptr && arg->node_case == PG_QUERY__NODE__NODE_INTEGER)
    return std::to_string(arg->integer->ival);
  if (arg != nullptr && arg->node_case == PG_QUERY__NODE__NODE_FLOAT) return arg->float_->fval;
  const Names words = name_list(arg);
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ".") + word;
  return quote_literal(text);
}

/// "name = value, ..."
std::string option_list(const std::vector<Option>& options) {
  std::string list;
  for (const Option& o : options)
    list += (list.empty() ? "" : ", ") + quote_ident(o.name) + " = " + o.value;
  return list;
}

/// The only statement of a text, if it is of that form.
PgQuery__DefineStmt* define_statement(std::optional<pg::Tree>& tree, const std::string& text) {
  pg::ParseError error;
  tree = pg::Tree::parse(text, error);
  if (!tree || tree->statements().size() != 1) return nullptr;
  pg::Node* statement = tree->statements()[0]->stmt;
  return statement->node_case == PG_QUERY__NODE__NODE_DEFINE_STMT ? statement->define_stmt
                                                                  : nullptr;
}

const std::string* value_of(const Options& options, std::string_view name) {
  const auto it = std::ranges::find(options, name, &Option::name);
  return it == options.end() ? nullptr : &it->value;
}

/// The types of an operator's sides; its commutator has them the other way round.
std::string sides(const Options& options, bool swapped) {
  const std::string* left = value_of(options, "leftarg");
  const std::string* right = value_of(options, "rightarg");
  if (swapped) std::swap(left, right);
  return (left ? *left : "NONE") + ", " + (right ? *right : "NONE");
}

std::string operator_value(const Name& name) {
  return "OPERATOR(" + quote_ident(name.schema) + "." + name.name + ")";
}

/// A value that says what PostgreSQL takes without it (CREATE AGGREGATE and OPERATOR manuals).
bool says_nothing(const Option& o, bool ordered_set) {
  if (among(kFlags, o.name)) return o.value == "false";
  if (o.name == "parallel") return o.value == "unsafe";
  if (among(kNumbers, o.name)) return o.value == "0";
  if (o.name.ends_with("finalfunc_modify"))
    return o.value == (ordered_set ? "read_write" : "read_only");
  return o.value == "none";
}

}  // namespace

std::string Canoniser::search_name(What what, const std::string& text) const {
  Name name = regclass_name(text);
  if (name.empty()) return text;
  if (name.schema.empty()) name.schema = lookup_.schema_of(what, name.name);
  if (name.schema == "pg_catalog") name.schema.clear();
  return quote_qualified(name.schema, name.name);
}

std::string Canoniser::function_value(Names name) const {
  if (name.size() == 1) {
    if (const std::string schema = lookup_.schema_of(What::Function, name[0]); !schema.empty())
      name.insert(name.begin(), schema);
  } else if (name.size() == 2) {
    if (name[0] == "pg_catalog")
      name.erase(name.begin());
    else
      name[1] = lookup_.renamed(What::Function, name[0], name[1]);
  }
  return written(name);
}

Name Canoniser::operator_named(const Names& name, const std::string& args) const {
  const std::string& symbol = name.back();
  if (name.size() > 1) return {name[name.size() - 2], symbol};
  std::vector<std::string> path = snapshot_.search_path;
  if (path.empty()) path = {"public"};
  const auto known = [&](const std::string& schema) {
    const auto it = names_.operators.find(schema);
    return it != names_.operators.end() &&
           std::ranges::find(it->second, symbol) != it->second.end();
  };
  for (const std::string& schema : path) {
    const ObjectId id{.kind = Kind::Operator, .schema = schema, .name = symbol, .args = args};
    const auto it = snapshot_.operators.lower_bound(id);
    if (it == snapshot_.operators.end()) continue;
    // Without types any of that name will do.
    const ObjectId& found = it->first;
    if (found == id || (args.empty() && found.schema == schema && found.name == symbol))
      return {schema, symbol};
  }
  if (known("pg_catalog")) return {"pg_catalog", symbol};
  for (const std::string& schema : path)
    if (known(schema)) return {schema, symbol};
  return {path.front(), symbol};  // a shell, until somebody defines it
}

std::string Canoniser::type_value(PgQuery__TypeName& type) const {
  qualify(&type.base, lookup_, {});
  const std::size_t typmods = std::exchange(type.n_typmods, 0);
  std::string text = spell(type);
  type.n_typmods = typmods;
  return text == "bpchar" ? "character" : text;
}

Options Canoniser::define_options(const PgQuery__DefineStmt& stmt, bool ordered_set) const {
  Options options, later;
  for (const pg::Node* node : pg::list(stmt.n_definition, stmt.definition)) {
    const PgQuery__DefElem& element = *node->def_elem;
    Option option{.name = option_name(element)};
    if (option.name == "basetype") continue;  // one of the arguments
    const Names name = name_list(element.arg);
    if (among(kFlags, option.name)) {
      option.value = element.arg == nullptr ? "true" : lower(option_value(element.arg));
    } else if (among(kTexts, option.name)) {
      option.value = quote_literal(name.empty() ? option_value(element.arg) : name.back());
    } else if (among(kWords, option.name)) {
      option.value = lower(name.empty() ? "" : name.back());
    } else if (among(kNumbers, option.name)) {
      option.value = option_value(element.arg);
    } else if (among(kTypes, option.name)) {
      option.value =
          element.arg != nullptr && element.arg->node_case == PG_QUERY__NODE__NODE_TYPE_NAME
              ? type_value(*element.arg->type_name)
              : written(name);
    } else if (among(kOperators, option.name)) {
      later.push_back(std::move(option));
      continue;
    } else {
      option.value = function_value(name);
    }
    if (!says_nothing(option, ordered_set)) options.push_back(std::move(option));
  }
  for (Option& option : later) {
    const Names name = name_list(define_option(stmt, option.name)->arg);
    const std::string args =
        option.name == "sortop" ? "" : sides(options, option.name == "commutator");
    option.value = operator_value(operator_named(name, args));
    options.push_back(std::move(option));
  }
  std::ranges::sort(options);
  return options;
}

void Canoniser::canonicalise_object(const ObjectId& id, Aggregate& aggregate) {
  std::optional<pg::Tree> tree;
  const PgQuery__DefineStmt* stmt = define_statement(tree, aggregate.create);
  if (stmt == nullptr) {
    aggregate.options = {{"create", aggregate.create}};
    return;
  }
  std::vector<std::string> all;
  std::size_t direct = 0;
  bool ordered_set = false;
  if (stmt->n_args == 2) {
    // Of (*) there is no list.
    const bool some = stmt->args[0]->node_case == PG_QUERY__NODE__NODE_LIST;
    const auto* parameters = some ? stmt->args[0]->list : nullptr;
    for (const pg::Node* node :
         pg::list(some ? parameters->n_items : 0, some ? parameters->items : nullptr)) {
      const PgQuery__FunctionParameter& p = *node->function_parameter;
      const bool variadic = p.mode == PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_VARIADIC;
      all.push_back((variadic ? "VARIADIC " : "") +
                    (*p.name == '\0' ? "" : quote_ident(p.name) + " ") + type_value(*p.arg_type));
    }
    ordered_set = stmt->args[1]->integer->ival >= 0;
    if (ordered_set) direct = static_cast<std::size_t>(stmt->args[1]->integer->ival);
  } else if (!id.args.empty()) {
    all.push_back(id.args);
  }
  // VARIADIC "any" ORDER BY VARIADIC "any" has one argument that is both.
  if (ordered_set && direct == all.size() && !all.empty()) all.push_back(all.back());
  aggregate.arguments = all.empty() ? "*" : "";
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool orders = ordered_set && i == direct;
    if (i > 0) aggregate.arguments += orders ? " " : ", ";
    aggregate.arguments += (orders ? "ORDER BY " : "") + all[i];
  }
  aggregate.options = define_options(*stmt, ordered_set);
  aggregate.create = "CREATE AGGREGATE " + quote_qualified(id.schema, id.name) + "(" +
                     aggregate.arguments + ") (" + option_list(aggregate.options) + ")";
}

void Canoniser::canonicalise_object(const ObjectId&, Operator& op) {
  std::optional<pg::Tree> tree;
  if (const PgQuery__DefineStmt* stmt = define_statement(tree, op.create))
    op.options = define_options(*stmt, false);
  else
    op.options = {{"create", op.create}};
}

void Canoniser::canonicalise_object(const ObjectId& id, SearchParser& parser) {
  std::optional<pg::Tree> tree;
  const PgQuery__DefineStmt* stmt = define_statement(tree, parser.create);
  if (stmt == nullptr) return;
  parser.options = define_options(*stmt, false);
  parser.create = "CREATE TEXT SEARCH PARSER " + quote_qualified(id.schema, id.name) + " (" +
                  option_list(parser.options) + ")";
}

void Canoniser::canonicalise_object(const ObjectId& id, SearchTemplate& made) {
  std::optional<pg::Tree> tree;
  const PgQuery__DefineStmt* stmt = define_statement(tree, made.create);
  if (stmt == nullptr) return;
  made.options = define_options(*stmt, false);
  made.create = "CREATE TEXT SEARCH TEMPLATE " + quote_qualified(id.schema, id.name) + " (" +
                option_list(made.options) + ")";
}

void Canoniser::canonicalise_object(const ObjectId& id, SearchDictionary& dictionary) {
  std::optional<pg::Tree> tree;
  const PgQuery__DefineStmt* stmt = define_statement(tree, dictionary.create);
  if (stmt == nullptr) return;
  dictionary.options.clear();
  for (const pg::Node* node : pg::list(stmt->n_definition, stmt->definition)) {
    const PgQuery__DefElem& element = *node->def_elem;
    if (lower(element.defname) == "template")
      dictionary.search_template =
          search_name(What::SearchTemplate, written(name_list(element.arg)));
    else
      dictionary.options.push_back({element.defname, stored_value(element.arg)});
  }
  const std::string options = option_list(dictionary.options);
  dictionary.create = "CREATE TEXT SEARCH DICTIONARY " + quote_qualified(id.schema, id.name) +
                      " (template = " + dictionary.search_template + (options.empty() ? "" : ", ") +
                      options + ")";
}

void Canoniser::canonicalise_object(const ObjectId&, SearchConfiguration& configuration) {
  configuration.parser = search_name(What::SearchParser, configuration.parser);
  for (Option& mapping : configuration.mappings) {
    std::string list;
    for (const std::string& name : dictionaries_in(mapping.value))
      list += (list.empty() ? "" : ", ") + search_name(What::SearchDictionary, name);
    mapping.value = list;
  }
}

/// The server gives an operator's commutator and negator that operator in turn.
void link_operators(Objects<Operator>& operators) {
  for (auto& [id, op] : operators)
    for (const std::string name : {"commutator", "negator"}) {
      const std::string* said = value_of(op.options, name);
      if (said == nullptr) continue;
      const Name named = operator_in(*said);
      const auto other = operators.find({.kind = Kind::Operator,
                                         .schema = named.schema,
                                         .name = named.name,
                                         .args = sides(op.options, name == "commutator")});
      if (other == operators.end() || value_of(other->second.options, name) != nullptr) continue;
      other->second.options.push_back({name, operator_value({id.schema, id.name})});
      std::ranges::sort(other->second.options);
    }
  for (auto& [id, op] : operators)
    if (value_of(op.options, "create") == nullptr)
      op.create = "CREATE OPERATOR " + quote_ident(id.schema) + "." + id.name + " (" +
                  option_list(op.options) + ")";
}

}  // namespace aloft
