#include "planner/emit/column_sql.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "planner/emit/access.h"
#include "planner/emit/sequence_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/step_builder.h"

namespace aloft {
namespace {

/// The expression without what is quoted or in parentheses: enough to see whether an operator or a
/// word stands at its top.
std::string top_level(const std::string& expression) {
  std::string top;
  int depth = 0;
  char quote = 0;
  for (const char c : expression) {
    if (quote != 0) {
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '\'' || c == '"') {
      quote = c;
      continue;
    }
    if (c == '(' || c == '[') ++depth;
    if (depth == 0) top += c;
    if (c == ')' || c == ']') --depth;
  }
  return top;
}

void erase_all(std::string& text, std::string_view what) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what))
    text.erase(at, what.size());
}

/// All of a definition that follows the type, but NOT NULL.
std::string value_clause(const Column& column) {
  if (column.generated == 's')
    return " GENERATED ALWAYS AS (" + column.default_value.sql + ") STORED";
  if (column.generated == 'v')
    return " GENERATED ALWAYS AS (" + column.default_value.sql + ") VIRTUAL";
  if (column.identity != ' ') {
    const std::string options = sequence_clauses(column.identity_sequence);
    return std::string(" GENERATED ") + (column.identity == 'a' ? "ALWAYS" : "BY DEFAULT") +
           " AS IDENTITY" + (options.empty() ? "" : " (" + options + ")");
  }
  if (!column.default_value.empty()) return " DEFAULT " + default_sql(column.default_value.sql);
  return {};
}

}  // namespace

std::string default_sql(const std::string& expression) {
  std::string top = top_level(expression);
  for (const std::string_view words :
       {"character varying", "double precision", "timestamp without time zone",
        "timestamp with time zone", "time without time zone", "time with time zone", "bit varying"})
    erase_all(top, words);
  const bool simple = std::ranges::all_of(top, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == ':' ||
           c == ')' || c == ']' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
  });
  return simple ? expression : "(" + expression + ")";
}

std::string column_definition(const ObjectId& id, const Column& column, bool with_not_null) {
  std::string text = quote_ident(id.name) + " " + column.type;
  if (!column.compression.empty()) text += " COMPRESSION " + column.compression;
  if (!column.collation.empty()) text += " COLLATE " + column.collation;
  text += value_clause(column);
  // Identity columns are NOT NULL by themselves.
  if (column.not_null && with_not_null && column.identity == ' ') text += " NOT NULL";
  return text;
}

std::string typed_column_options(const ObjectId& id, const Column& column) {
  std::string options = value_clause(column);
  if (column.not_null && column.identity == ' ') options += " NOT NULL";
  return options.empty() ? options : quote_ident(id.name) + " WITH OPTIONS" + options;
}

std::string storage_word(char storage) {
  switch (storage) {
    case 'p': return "PLAIN";
    case 'e': return "EXTERNAL";
    case 'm': return "MAIN";
    default: return "EXTENDED";
  }
}

std::string option_list(const Options& options) {
  std::string list;
  for (const Option& option : options) {
    // "toast.autovacuum_enabled" is two identifiers.
    const auto dot = option.name.find('.');
    list += list.empty() ? "" : ", ";
    list += dot == std::string::npos
                ? quote_ident(option.name)
                : quote_qualified(option.name.substr(0, dot), option.name.substr(dot + 1));
    if (!option.value.empty()) list += " = " + quote_literal(option.value);
  }
  return list;
}

std::vector<std::string> option_clauses(const Options& from, const Options& to) {
  Options set, reset;
  for (const Option& option : to)
    if (!std::ranges::binary_search(from, option)) set.push_back(option);
  for (const Option& option : from)
    if (std::ranges::find(to, option.name, &Option::name) == to.end())
      reset.push_back({.name = option.name, .value = ""});
  std::vector<std::string> clauses;
  if (!set.empty()) clauses.push_back("SET (" + option_list(set) + ")");
  if (!reset.empty()) clauses.push_back("RESET (" + option_list(reset) + ")");
  return clauses;
}

std::vector<Sql> column_extras_sql(const ObjectId& id, const Column& column, bool only,
                                   const PlanContext& context) {
  std::vector<Sql> statements;
  const auto say = [&](const std::string& clause) {
    statements.push_back(sql("ALTER TABLE {}{} ALTER COLUMN {} {}", Sql{only ? "ONLY " : ""},
                             relation_name(id), Ident{id.name}, Sql{clause}));
  };
  if (column.storage != ' ') say("SET STORAGE " + storage_word(column.storage));
  if (column.statistics >= 0) say("SET STATISTICS " + std::to_string(column.statistics));
  if (!column.options.empty()) say("SET (" + option_list(column.options) + ")");
  // A column is born without privileges of its own.
  if (!column.grants.empty())
    append(statements, new_grants_sql(target_of(id), column.grants, context));
  if (!column.comment.empty()) statements.push_back(comment_sql(target_of(id), column.comment));
  return statements;
}

std::vector<Sql> child_column_sql(const ObjectId& id, const Column& column, const Column& parent) {
  std::vector<Sql> statements;
  const auto say = [&](const std::string& clause) {
    statements.push_back(sql("ALTER TABLE ONLY {} ALTER COLUMN {} {}", relation_name(id),
                             Ident{id.name}, Sql{clause}));
  };
  const bool plain = column.generated == ' ' && parent.generated == ' ';
  if (plain && column.default_value != parent.default_value)
    say(column.default_value.empty() ? "DROP DEFAULT" : "SET DEFAULT " + column.default_value.sql);
  if (column.not_null && !parent.not_null) say("SET NOT NULL");
  return statements;
}

bool is_constrained_domain(const std::string& type, const Snapshot& snapshot) {
  if (type.find('.') == std::string::npos) return false;
  for (const auto& [id, domain] : snapshot.domains)
    if (quote_qualified(id.schema, id.name) == type)
      return domain.not_null || !domain.constraints.empty() ||
             is_constrained_domain(domain.type, snapshot);
  return false;
}

ObjectId nextval_sequence(const std::string& expression) {
  const auto start = expression.find("nextval('");
  if (start == std::string::npos) return {.kind = Kind::Sequence};
  std::array<std::string, 2> parts;
  std::size_t part = 0;
  bool quoted = false;
  for (std::size_t i = start + 9; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '\'' && i + 1 < expression.size() && expression[i + 1] == '\'') {
      parts[part] += c;
      ++i;
    } else if (c == '\'') {
      break;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == '.' && !quoted && part == 0) {
      part = 1;
    } else {
      parts[part] += c;
    }
  }
  if (part == 0) return {.kind = Kind::Sequence, .schema = "", .name = parts[0]};
  return {.kind = Kind::Sequence, .schema = parts[0], .name = parts[1]};
}

std::vector<Sql> descendant_columns_sql(const ObjectId& id, const Column& column,
                                        const PlanContext& ctx) {
  std::vector<Sql> statements;
  for (const ObjectId& table : descendants(ctx.live, relation_of(id))) {
    const ObjectId child = child_id(Kind::Column, table, id.name);
    const Column* wanted = ctx.desired.find<Column>(child);
    if (wanted == nullptr || ctx.live.contains(child) || is_fresh(ctx, table)) continue;
    append(statements, child_column_sql(child, *wanted, column));
    append(statements, column_extras_sql(child, *wanted, false, ctx));
  }
  return statements;
}

Sql alter_column(const ObjectId& id, const std::string& clause, const PlanContext& ctx) {
  return sql("ALTER TABLE {}{} ALTER COLUMN {} {}",
             Sql{has_children(ctx, relation_of(id)) ? "ONLY " : ""}, relation_name(id),
             Ident{id.name}, Sql{clause});
}

}  // namespace aloft
