#pragma once

#include <cstdint>
#include <string_view>

#include "parser/handlers.h"

namespace aloft {

/// When a statement is carried out.
enum class Pass : std::uint8_t {
  None,        ///< skipped, or refused at once
  Definition,  ///< what stands by itself
  Change,      ///< what names a definition, in source order: indexes, ALTER, GRANT, ...
  Late,        ///< what names something made by a change
};

/// What a kind of statement is answered with.
struct StatementRule {
  PgQuery__Node__NodeCase node;
  Pass pass;
  void (*handle)(const PgQuery__Node&, const Statement&, ParseContext&);  ///< null: skipped
};

/// The rule of a statement; null for one that aloft does not manage.
const StatementRule* rule_of(const PgQuery__Node& statement);
/// The pass of this statement: its rule's, or Late where it names what other changes make.
Pass pass_of(const PgQuery__Node& statement, const StatementRule& rule);
/// Reports a statement that has no rule.
void refuse_statement(const PgQuery__Node& statement, SourcePos at, Diagnostics& diagnostics);

}  // namespace aloft
