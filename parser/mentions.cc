#include "parser/mentions.h"

#include "engine/base/sql.h"
#include "parser/source_text.h"

namespace aloft {
namespace {

bool word_char(char c) {
  const auto u = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || u >= 0x80;
}

std::string without_strings(const std::string& text) {
  std::string kept;
  for (const pg::TokenAt& token : pg::tokens(text))
    if (token.token != PG_QUERY__TOKEN__SCONST) kept += pg::slice(text, token) + " ";
  return kept;
}

}  // namespace

bool mentions_word(const std::string& text, const std::string& name) {
  if (name.empty()) return false;
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !word_char(text[at - 1])) && (end == text.size() || !word_char(text[end])))
      return true;
  }
  return false;
}

void for_each_text(const Snapshot& s,
                   const std::function<void(const ObjectId&, const std::string&)>& f) {
  for (const auto& [id, d] : s.domains) {
    f(id, d.default_value.sql);
    for (const DomainConstraint& c : d.constraints) f(id, c.check.sql);
  }
  for (const auto& [id, function] : s.functions) f(id, without_strings(function.create));
  for (const auto& [id, a] : s.aggregates) f(id, a.create);
  for (const auto& [id, o] : s.operators) f(id, o.create);
  for (const auto& [id, p] : s.search_parsers) f(id, p.create);
  for (const auto& [id, t] : s.search_templates) f(id, t.create);
  for (const auto& [id, d] : s.search_dictionaries) f(id, d.create);
  for (const auto& [id, c] : s.search_configurations) {
    f(id, c.parser);
    for (const Option& m : c.mappings) f(id, m.value);
  }
  for (const auto& [id, t] : s.tables) {
    f(id, t.partition_key.sql);
    f(id, t.partition_bound.sql);
  }
  for (const auto& [id, c] : s.columns) f(id, c.default_value.sql);
  for (const auto& [id, c] : s.constraints) f(id, c.definition.sql);
  for (const auto& [id, i] : s.indexes) f(id, i.definition.sql);
  for (const auto& [id, v] : s.views) {
    f(id, v.query.sql);
    for (const ViewColumn& c : v.column_extras) f(id, c.default_value.sql);
  }
  for (const auto& [id, t] : s.triggers) f(id, t.definition.sql);
  for (const auto& [id, p] : s.policies) {
    f(id, p.using_expr.sql);
    f(id, p.check_expr.sql);
  }
}

std::optional<ObjectId> literal_mention(const Snapshot& snapshot, const std::string& value) {
  const std::string literal = quote_literal(value);
  std::optional<ObjectId> found;
  for_each_text(snapshot, [&](const ObjectId& id, const std::string& text) {
    if (!found && text.find(literal) != std::string::npos) found = id;
  });
  for (const auto& [id, function] : snapshot.functions)
    for (const pg::TokenAt& token : pg::tokens(function.create))
      if (!found && token.token == PG_QUERY__TOKEN__SCONST &&
          pg::slice(function.create, token) == literal)
        found = id;
  return found;
}

std::optional<ObjectId> first_mention(const Snapshot& snapshot, const std::string& name,
                                      const std::function<bool(const ObjectId&)>& counts) {
  std::optional<ObjectId> found;
  for_each_text(snapshot, [&](const ObjectId& id, const std::string& text) {
    if (!found && counts(id) && mentions_word(text, name)) found = id;
  });
  return found;
}

}  // namespace aloft
