#include <algorithm>

#include "parser/handlers.h"
#include "parser/targets.h"

namespace aloft {
namespace {

/// Comments that belong to a part of an object. False where `id` names a whole one.
bool comment_part(const ObjectId& id, const std::string& text, ParseContext& context) {
  Snapshot& s = context.snapshot;
  const auto relation = [&](Kind kind) {
    return ObjectId{.kind = kind, .schema = id.schema, .name = id.relation};
  };
  if (id.kind == Kind::Column && !s.columns.contains(id)) {
    if (const auto view = s.views.find(relation(Kind::View)); view != s.views.end()) {
      view_column(view->second, id.name).comment = text;
      return true;
    }
    const auto type = s.composites.find(relation(Kind::Composite));
    if (type == s.composites.end()) return false;
    for (Attribute& a : type->second.attributes)
      if (a.name == id.name) a.comment = text;
    return true;
  }
  if (id.kind == Kind::Constraint && !s.constraints.contains(id)) {
    const auto domain = s.domains.find(relation(Kind::Domain));
    if (domain == s.domains.end()) return false;
    for (DomainConstraint& c : domain->second.constraints)
      if (c.name == id.name) c.comment = text;
    return true;
  }
  return false;
}

}  // namespace

void parse_comment(const PgQuery__CommentStmt& stmt, const Statement& st, ParseContext& context) {
  const std::string text = stmt.comment == nullptr ? "" : stmt.comment;
  const auto id = find_object(stmt.objtype, stmt.object, st, context);
  if (!id) return;
  context.commented[*id] = st.at();
  if (comment_part(*id, text, context)) return;
  if (stmt.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX && id->kind == Kind::Constraint) {
    context.snapshot.constraints[*id].index_comment = text;
    return;
  }
  visit_object(context.snapshot, *id, [&](auto& object) { object.comment = text; });
}

}  // namespace aloft
