#include "parser/unprintable.h"

#include <algorithm>

namespace aloft {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Does the text say a word, whatever the case of its letters?
bool says(std::string_view text, std::string_view word) {
  return !std::ranges::search(text, word, {}, lower).empty();
}

std::string_view unprintable(const PgQuery__XmlExpr& xml) {
  const auto constant = [&](std::size_t i) {
    return i < xml.n_args && xml.args[i]->node_case == PG_QUERY__NODE__NODE_A_CONST
               ? xml.args[i]->a_const
               : nullptr;
  };
  if (xml.op == PG_QUERY__XML_EXPR_OP__IS_XMLPARSE) {
    const PgQuery__AConst* preserve = constant(1);
    if (preserve != nullptr && preserve->val_case == PG_QUERY__A__CONST__VAL_BOOLVAL &&
        preserve->boolval->boolval)
      return "XMLPARSE (... PRESERVE WHITESPACE)";
  }
  if (xml.op == PG_QUERY__XML_EXPR_OP__IS_XMLROOT && constant(1) == nullptr)
    return "XMLROOT with a version that is no constant";
  return "";
}

}  // namespace

std::string_view unprintable_clause(pg::Node& statement, std::string_view text) {
  std::string_view found;
  if (!says(text, "xmlparse") && !says(text, "xmlroot")) return found;
  pg::walk(&statement, [&](const pg::Node* node) {
    if (found.empty() && node->node_case == PG_QUERY__NODE__NODE_XML_EXPR)
      found = unprintable(*node->xml_expr);
    return true;
  });
  return found;
}

}  // namespace aloft
