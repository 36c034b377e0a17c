#include "parser/choose_name.h"

#include <algorithm>

namespace aloft {
namespace {

constexpr std::size_t kLongest = 63;  // NAMEDATALEN - 1

/// Cut to at most `length` bytes without tearing a UTF-8 character (pg_mbcliplen).
std::string clipped(std::string text, std::size_t length) {
  if (text.size() <= length) return text;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
  text.resize(length);
  return text;
}

/// The last String of a name list or of an indirection; "" if there is none.
std::string last_name(std::size_t count, PgQuery__Node* const* items) {
  std::string name;
  for (const PgQuery__Node* item : pg::list(count, items))
    if (item->node_case == PG_QUERY__NODE__NODE_STRING) name = item->string->sval;
  return name;
}

/// FigureColnameInternal(): 0 nothing, 1 a weak name (a type, a keyword), 2 a good one.
int figure_name(const PgQuery__Node* node, std::string& name) {
  if (node == nullptr) return 0;
  const auto say = [&](std::string text, int strength) {
    name = std::move(text);
    return strength;
  };
  switch (static_cast<int>(node->node_case)) {
    case PG_QUERY__NODE__NODE_COLUMN_REF: {
      const std::string last = last_name(node->column_ref->n_fields, node->column_ref->fields);
      return last.empty() ? 0 : say(last, 2);
    }
    case PG_QUERY__NODE__NODE_A_INDIRECTION: {
      const auto& indirection = *node->a_indirection;
      const std::string last = last_name(indirection.n_indirection, indirection.indirection);
      return last.empty() ? figure_name(indirection.arg, name) : say(last, 2);
    }
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      return say(last_name(node->func_call->n_funcname, node->func_call->funcname), 2);
    case PG_QUERY__NODE__NODE_A_EXPR:
      return node->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF ? say("nullif", 2) : 0;
    case PG_QUERY__NODE__NODE_TYPE_CAST: {
      const int strength = figure_name(node->type_cast->arg, name);
      const PgQuery__TypeName* type = node->type_cast->type_name;
      if (strength > 1 || type == nullptr) return strength;
      return say(last_name(type->n_names, type->names), 1);
    }
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE: return figure_name(node->collate_clause->arg, name);
    case PG_QUERY__NODE__NODE_CASE_EXPR: {
      const int strength = figure_name(node->case_expr->defresult, name);
      return strength > 1 ? strength : say("case", 1);
    }
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR: return say("array", 2);
    case PG_QUERY__NODE__NODE_ROW_EXPR: return say("row", 2);
    case PG_QUERY__NODE__NODE_COALESCE_EXPR: return say("coalesce", 2);
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
      return say(node->min_max_expr->op == PG_QUERY__MIN_MAX_OP__IS_GREATEST ? "greatest" : "least",
                 2);
    case PG_QUERY__NODE__NODE_XML_SERIALIZE: return say("xmlserialize", 2);
    default: return 0;
  }
}

}  // namespace

std::string make_object_name(std::string name1, std::string name2, const std::string& label) {
  std::size_t overhead = name2.empty() ? 0 : 1;
  if (!label.empty()) overhead += label.size() + 1;
  const std::size_t room = kLongest > overhead ? kLongest - overhead : 0;
  std::size_t length1 = name1.size(), length2 = name2.size();
  while (length1 + length2 > room) {
    if (length1 > length2)
      --length1;
    else
      --length2;
  }
  std::string name = clipped(std::move(name1), length1);
  if (!name2.empty()) name += "_" + clipped(std::move(name2), length2);
  if (!label.empty()) name += "_" + label;
  return name;
}

std::string choose_name_if(const std::string& name1, const std::string& name2,
                           const std::string& label,
                           const std::function<bool(const std::string&)>& taken) {
  std::string name = make_object_name(name1, name2, label);
  for (int pass = 1; taken(name); ++pass)
    name = make_object_name(name1, name2, label + std::to_string(pass));
  return name;
}

std::string choose_name(const std::string& name1, const std::string& name2,
                        const std::string& label, const std::set<std::string>& taken) {
  return choose_name_if(name1, name2, label,
                        [&](const std::string& name) { return taken.contains(name); });
}

std::string choose_constraint_name(const ObjectId& table, const std::string& columns,
                                   const std::string& label, const ParseContext& context) {
  return choose_name_if(table.name, columns, label, [&](const std::string& name) {
    return context.constraint_names.contains({table.schema, name});
  });
}

std::string choose_relation_name(const ObjectId& table, const std::string& columns,
                                 const std::string& label, bool constraint,
                                 const ParseContext& context) {
  const Snapshot& s = context.snapshot;
  return choose_name_if(table.name, columns, label, [&](const std::string& name) {
    const Name relation{table.schema, name};
    if (context.index_names.contains(relation) || context.identity_sequences.contains(relation))
      return true;
    if (constraint && context.constraint_names.contains(relation)) return true;
    for (const Kind kind : {Kind::Table, Kind::View, Kind::Sequence, Kind::Composite})
      if (s.contains({.kind = kind, .schema = table.schema, .name = name})) return true;
    return false;
  });
}

std::string joined_columns(const std::vector<std::string>& columns) {
  std::string text;
  for (const std::string& column : columns) {
    if (!text.empty()) text += "_";
    text += column;
    if (text.size() > kLongest) break;
  }
  return text;
}

std::vector<std::string> index_column_names(
    const std::vector<const PgQuery__IndexElem*>& elements) {
  std::vector<std::string> names;
  for (const PgQuery__IndexElem* element : elements) {
    std::string original = element->name;
    if (original.empty() && figure_name(element->expr, original) == 0) original = "expr";
    std::string name = original;
    for (int i = 1; std::ranges::find(names, name) != names.end(); ++i) {
      const std::string number = std::to_string(i);
      name = clipped(original, kLongest - number.size()) + number;
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace aloft
