#include "parser/statement_names.h"

#include "parser/name_search.h"
#include "parser/pg_tree.h"
#include "parser/source_text.h"

namespace aloft {
namespace {

/// What the grammar takes a constant for and no parameter, as in `interval $1`, it takes after
/// this.
std::string without_parameters(const std::string& text) {
  std::string kept;
  std::size_t at = 0;
  for (const pg::TokenAt& token : pg::tokens(text)) {
    if (token.token != PG_QUERY__TOKEN__PARAM) continue;
    kept += text.substr(at, token.begin - at) + "''";
    at = token.end;
  }
  return kept + text.substr(at);
}

std::optional<pg::Tree> parse_counted(const std::string& text) {
  pg::ParseError error;
  if (auto tree = pg::Tree::parse(text, error)) return tree;
  return pg::Tree::parse(without_parameters(text), error);
}

bool has_schema(ProtobufCMessage* message, const std::string& schema) {
  if (message->descriptor == &pg_query__range_var__descriptor &&
      schema == reinterpret_cast<PgQuery__RangeVar*>(message)->schemaname)
    return true;
  bool found = false;
  pg::for_each_message(
      message, [&](ProtobufCMessage* child) { found = found || has_schema(child, schema); });
  return found;
}

}  // namespace

std::optional<std::set<ObjectId>> named_in(const std::string& text,
                                           const std::set<ObjectId>& wanted) {
  const auto tree = parse_counted(text);
  if (!tree) return std::nullopt;
  std::set<ObjectId> found;
  for (const PgQuery__RawStmt* statement : tree->statements())
    found.merge(NameSearch(wanted).of(statement->stmt));
  return found;
}

bool names_schema(const std::string& text, const std::string& schema) {
  const auto tree = parse_counted(text);
  bool named = false;
  if (tree)
    for (const PgQuery__RawStmt* statement : tree->statements())
      named |= has_schema(&statement->stmt->base, schema);
  return named;
}

std::string shape_of(const std::string& text) {
  PgQueryFingerprintResult result = pg_query_fingerprint(without_parameters(text).c_str());
  std::string shape = result.error == nullptr ? result.fingerprint_str : "";
  pg_query_free_fingerprint_result(result);
  return shape;
}

}  // namespace aloft
