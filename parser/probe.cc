#include "parser/probe.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/base/sql.h"
#include "parser/null_rows.h"
#include "parser/probe_body.h"
#include "parser/probe_texts.h"
#include "parser/qualify.h"
#include "parser/table_build.h"
#include "parser/tree_edit.h"

namespace aloft {
namespace {

using pg::Node;

struct Sides {
  const Snapshot& live;
  const Snapshot& desired;
};

/// A function that a call names and that may be inlined: one of the files' or of an extension,
/// without its schema where only one has it, as a text need not say that; "" for pg_catalog's.
std::string called(const PgQuery__FuncCall& call, const Snapshot& desired) {
  const auto parts = pg::names(call.n_funcname, call.funcname);
  std::set<std::string> schemas;
  for (const auto& [id, function] : desired.functions)
    if (id.name == parts.back()) schemas.insert(id.schema);
  if (parts.size() == 1) return schemas.empty() ? "" : parts[0];
  if (parts[0] == "pg_catalog") return "";
  return schemas.size() == 1 && schemas.contains(parts[0]) ? parts[1] : dotted(parts);
}

/// The names by which FOR UPDATE locks an item of FROM; a join locks those of its sides.
void lockable(const Node* item, std::vector<std::string>& names) {
  if (item->node_case == PG_QUERY__NODE__NODE_JOIN_EXPR) {
    lockable(item->join_expr->larg, names);
    lockable(item->join_expr->rarg, names);
  } else if (item->node_case == PG_QUERY__NODE__NODE_RANGE_VAR) {
    const PgQuery__RangeVar& relation = *item->range_var;
    names.emplace_back(relation.alias != nullptr ? relation.alias->aliasname : relation.relname);
  } else if (item->node_case == PG_QUERY__NODE__NODE_RANGE_SUBSELECT &&
             item->range_subselect->alias != nullptr) {
    names.emplace_back(item->range_subselect->alias->aliasname);
  }
}

/// FOR UPDATE and the like, one feature a name, as PostgreSQL prints them.
void lock_features(const PgQuery__SelectStmt& select, std::vector<std::string>& features) {
  for (const Node* node : pg::list(select.n_locking_clause, select.locking_clause)) {
    const PgQuery__LockingClause& clause = *node->locking_clause;
    std::vector<std::string> names;
    for (const Node* relation : pg::list(clause.n_locked_rels, clause.locked_rels))
      names.emplace_back(relation->range_var->relname);
    if (names.empty())
      for (const Node* item : pg::list(select.n_from_clause, select.from_clause))
        lockable(item, names);
    for (const std::string& name : names)
      features.push_back("lock " + std::to_string(clause.strength) + " " +
                         std::to_string(clause.wait_policy) + " " + name);
  }
}

/// What EXPLAIN cannot show of a query: locks, limits, and what constant folding and inlining take
/// away.
std::string hidden_features(ProtobufCMessage* root, const Snapshot& desired) {
  int constants = 0, queries = 0;
  std::vector<std::string> features;
  const auto visit = [&](auto&& self, ProtobufCMessage* message, bool ordinal) -> void {
    if (message->descriptor == &pg_query__select_stmt__descriptor) {
      const auto& select = *reinterpret_cast<PgQuery__SelectStmt*>(message);
      ++queries;  // the planner pulls subqueries and common table expressions up
      if (select.limit_count != nullptr)
        features.push_back("limit " + pg::deparse_expression(select.limit_count));
      if (select.limit_offset != nullptr)
        features.push_back("offset " + pg::deparse_expression(select.limit_offset));
      lock_features(select, features);
      for (std::size_t i = 0; i < select.n_group_clause; ++i)
        if (select.group_clause[i]->node_case == PG_QUERY__NODE__NODE_A_CONST) --constants;
    }
    if (message->descriptor == &pg_query__a__const__descriptor && !ordinal &&
        !reinterpret_cast<PgQuery__AConst*>(message)->isnull)
      ++constants;
    if (message->descriptor == &pg_query__func_call__descriptor) {
      if (const std::string name = called(*reinterpret_cast<PgQuery__FuncCall*>(message), desired);
          !name.empty())
        features.push_back(name);
    }
    const bool sort = message->descriptor == &pg_query__sort_by__descriptor;
    const bool node = message->descriptor == &pg_query__node__descriptor;
    pg::for_each_message(
        message, [&](ProtobufCMessage* child) { self(self, child, sort || (ordinal && node)); });
  };
  visit(visit, root, false);
  std::ranges::sort(features);
  std::string text = std::to_string(queries) + " queries; " + std::to_string(constants);
  for (const std::string& feature : features) text += "; " + feature;
  return text;
}

/// Those of all statements of a SQL-standard body; where they cannot be read, its text.
std::string features_of(const SqlText& body, const Snapshot& desired) {
  const auto tree = statements_of(body.canon.substr(body.canon.find(' ') + 1));
  if (!tree) return body.canon;
  std::string features;
  for (const PgQuery__RawStmt* raw : tree->statements())
    features += hidden_features(&raw->stmt->base, desired) + "; ";
  return features;
}

/// `SELECT (expression)` over the columns of a relation, everything in it replaced by NULL rows.
std::string expression_probe(const std::vector<std::string>& expressions, const ObjectId& relation,
                             const Snapshot& snapshot, const Snapshot& live) {
  std::string list;
  for (const std::string& e : expressions) {
    auto tree = pg::parse_expression(e);
    if (!tree) return "";
    Node* root = pg::expression(*tree);
    if (!substitute_relations(&root->base, snapshot, live)) return "";
    list += (list.empty() ? "(" : ", (") + pg::deparse_expression(root) + ")";
  }
  if (list.empty()) return "";
  if (relation.name.empty()) return "SELECT " + list;
  const std::string rows = null_rows({relation.schema, relation.name}, false, snapshot, live);
  return rows.empty() ? "" : "SELECT " + list + " FROM " + rows + " " + quote_ident(relation.name);
}

/// Adds the pair where both sides can be asked about.
void add_pair(std::vector<TextPair>& pairs, const ObjectId& id, std::string field,
              const std::vector<std::string>& desired, const std::vector<std::string>& live,
              const ObjectId& relation, const Sides& sides) {
  if (desired.size() != live.size()) return;
  TextPair pair{.id = id, .field = std::move(field)};
  pair.desired_sql = expression_probe(desired, relation, sides.desired, sides.live);
  pair.live_sql = expression_probe(live, relation, sides.live, sides.live);
  if (!pair.desired_sql.empty() && !pair.live_sql.empty()) pairs.push_back(std::move(pair));
}

/// One overload per kind: which texts of an altered object can be asked about.
class Finder {
 public:
  Finder(const Sides& sides, std::vector<TextPair>& pairs) : sides_(sides), pairs_(pairs) {}

  template <class T>
  void find(const ObjectId&, const T&, const T&) {}  // kinds whose texts are compared as they are

  void find(const ObjectId& id, const Table& was, const Table& now) {
    if (!(was.partition_key == now.partition_key) && !was.partition_key.empty() &&
        !now.partition_key.empty()) {
      const Taken a = taken_from_partition_key(was), b = taken_from_partition_key(now);
      if (a.skeleton == b.skeleton)
        add_pair(pairs_, id, "partition key", b.expressions, a.expressions, id, sides_);
    }
    if (was.partition_bound == now.partition_bound || was.partition_of != now.partition_of) return;
    const ObjectId parent = table_id(now.partition_of.schema, now.partition_of.name);
    const Taken a = taken_from_bound(was, parent, sides_.live);
    const Taken b = taken_from_bound(now, parent, sides_.desired);
    if (a.skeleton == b.skeleton)
      add_pair(pairs_, id, "partition bound", b.expressions, a.expressions, parent, sides_);
  }
  void find(const ObjectId& id, const Column& was, const Column& now) {
    if (was.default_value == now.default_value || was.default_value.empty() ||
        now.default_value.empty() || was.type != now.type)
      return;
    const auto typed = [&](const Column& c) {
      return std::vector<std::string>{"(" + c.default_value.sql + ")::" + c.type};
    };
    const ObjectId relation = now.generated == ' ' ? ObjectId{} : relation_of(id);
    add_pair(pairs_, id, "default", typed(now), typed(was), relation, sides_);
  }
  void find(const ObjectId& id, const Constraint& was, const Constraint& now) {
    if (was.definition == now.definition || was.type != now.type) return;
    const Taken a = taken_from_constraint(was), b = taken_from_constraint(now);
    if (a.skeleton == b.skeleton)
      add_pair(pairs_, id, "definition", b.expressions, a.expressions, relation_of(id), sides_);
  }
  void find(const ObjectId& id, const Index& was, const Index& now) {
    if (was.definition == now.definition) return;
    const Taken a = taken_from_index(was), b = taken_from_index(now);
    if (a.skeleton == b.skeleton)
      add_pair(pairs_, id, "definition", b.expressions, a.expressions, relation_of(id), sides_);
  }
  void find(const ObjectId& id, const Policy& was, const Policy& now) {
    const auto one = [&](const char* field, const SqlText& a, const SqlText& b) {
      if (!(a == b) && !a.empty() && !b.empty())
        add_pair(pairs_, id, field, {b.sql}, {a.sql}, relation_of(id), sides_);
    };
    one("using", was.using_expr, now.using_expr);
    one("with check", was.check_expr, now.check_expr);
  }
  void find(const ObjectId& id, const Domain& was, const Domain& now) {
    if (was.type != now.type) return;
    if (!(was.default_value == now.default_value) && !was.default_value.empty() &&
        !now.default_value.empty())
      add_pair(pairs_, id, "default", {"(" + now.default_value.sql + ")::" + now.type},
               {"(" + was.default_value.sql + ")::" + was.type}, {}, sides_);
    for (const DomainConstraint& check : now.constraints)
      for (const DomainConstraint& old : was.constraints)
        if (check.name == old.name && !(check.check == old.check)) {
          const auto probe = [&](const SqlText& text) {
            return "SELECT (" + text.sql + ") FROM (SELECT NULL::" + now.type +
                   " AS value OFFSET 0) t";
          };
          pairs_.push_back({id, "constraint " + check.name, probe(check.check), probe(old.check)});
        }
  }
  void find(const ObjectId& id, const Trigger& was, const Trigger& now) {
    if (was.definition == now.definition) return;
    const Taken a = taken_from_trigger(was), b = taken_from_trigger(now);
    if (a.skeleton != b.skeleton || a.expressions.size() != b.expressions.size()) return;
    const ObjectId relation = relation_of(id);
    const auto probe = [&](const Taken& taken, const Snapshot& snapshot) {
      const std::string rows =
          null_rows({relation.schema, relation.name}, false, snapshot, sides_.live);
      if (rows.empty() || taken.expressions.empty()) return std::string();
      return "SELECT (" + taken.expressions.front() + ") FROM " + rows + " old, " + rows + " new";
    };
    TextPair pair{id, "definition", probe(b, sides_.desired), probe(a, sides_.live)};
    if (!pair.desired_sql.empty() && !pair.live_sql.empty()) pairs_.push_back(std::move(pair));
  }
  void find(const ObjectId& id, const Function& was, const Function& now) {
    constexpr std::string_view kStandard = "SQL ";  // no string body
    if (was.body == now.body || !was.body.canon.starts_with(kStandard) ||
        !now.body.canon.starts_with(kStandard) || was.arguments != now.arguments)
      return;
    const BodyProbe a = body_probe(id, was, sides_.live, sides_.live);
    const BodyProbe b = body_probe(id, now, sides_.desired, sides_.live);
    if (a.skeleton == b.skeleton && !a.sql.empty() && !b.sql.empty() &&
        features_of(was.body, sides_.desired) == features_of(now.body, sides_.desired))
      pairs_.push_back({id, "body", b.sql, a.sql});
  }
  void find(const ObjectId& id, const View& was, const View& now) {
    if (was.query == now.query || was.columns != now.columns) return;
    std::optional<pg::Tree> a, b;
    Node* live = pg::only_statement(a, was.query.canon);
    Node* desired = pg::only_statement(b, now.query.canon);
    if (live == nullptr || desired == nullptr) return;
    if (hidden_features(&live->base, sides_.desired) !=
        hidden_features(&desired->base, sides_.desired))
      return;
    // Canonical forms leave output names out, which ORDER BY and GROUP BY may go by.
    live = pg::only_statement(a, was.query.sql);
    desired = pg::only_statement(b, now.query.sql);
    if (live == nullptr || desired == nullptr) return;
    if (!substitute_relations(&live->base, sides_.live, sides_.live) ||
        !substitute_relations(&desired->base, sides_.desired, sides_.live))
      return;
    pairs_.push_back({id, "query", pg::deparse(desired), pg::deparse(live)});
  }

 private:
  const Sides& sides_;
  std::vector<TextPair>& pairs_;
};

template <class T>
T* find_object(Snapshot& snapshot, const ObjectId& id) {
  const auto it = snapshot.of<T>().find(id);
  return it == snapshot.of<T>().end() ? nullptr : &it->second;
}

}  // namespace

std::vector<TextPair> text_pairs(const ChangeSet& changes, const Snapshot& live,
                                 const Snapshot& desired) {
  std::vector<TextPair> pairs;
  const Sides sides{live, desired};
  Finder finder(sides, pairs);
  for (const Change& change : changes) {
    if (change.op != Change::Op::Alter) continue;
    for_each_kind(desired, [&](const auto& objects) {
      using T = typename std::decay_t<decltype(objects)>::mapped_type;
      if (T::kKind != change.id.kind) return;
      const T* was = live.find<T>(change.id);
      const T* now = desired.find<T>(change.id);
      if (was != nullptr && now != nullptr) finder.find(change.id, *was, *now);
    });
  }
  return pairs;
}

std::vector<TextPair> retyped_pairs(const ChangeSet& changes, const Snapshot& live,
                                    const Snapshot& desired) {
  std::map<ObjectId, std::set<std::string>> columns;  // by table
  for (const Change& change : changes) {
    const Column* was = live.find<Column>(change.id);
    const Column* now = desired.find<Column>(change.id);
    if (was != nullptr && now != nullptr && was->type != now->type)
      columns[relation_of(change.id)].insert(change.id.name);
  }
  std::vector<TextPair> pairs;
  const Sides sides{desired, desired};
  for (const auto& [table, retyped] : columns) {
    const auto find = [&](const ObjectId& id, const auto& now, auto&& take) {
      const auto* was = live.find<std::decay_t<decltype(now)>>(id);
      if (was == nullptr || !(was->definition == now.definition) ||
          std::ranges::none_of(now.columns, [&](const auto& c) { return retyped.contains(c); }))
        return;
      add_pair(pairs, id, "definition", take(now).expressions, take(*was).expressions, table,
               sides);
    };
    for_each_child<Constraint>(desired, table, [&](const ObjectId& id, const Constraint& c) {
      find(id, c, taken_from_constraint);
    });
    for_each_child<Index>(
        desired, table, [&](const ObjectId& id, const Index& i) { find(id, i, taken_from_index); });
  }
  return pairs;
}

void mark_same(Snapshot& desired, const Snapshot& live, const TextPair& pair) {
  const ObjectId& id = pair.id;
  if (Table* t = find_object<Table>(desired, id)) {
    const Table& was = *live.find<Table>(id);
    if (pair.field == "partition key") t->partition_key.canon = was.partition_key.canon;
    if (pair.field == "partition bound") t->partition_bound.canon = was.partition_bound.canon;
  }
  if (Column* c = find_object<Column>(desired, id))
    c->default_value.canon = live.find<Column>(id)->default_value.canon;
  if (Constraint* c = find_object<Constraint>(desired, id))
    c->definition.canon = live.find<Constraint>(id)->definition.canon;
  if (Index* i = find_object<Index>(desired, id))
    i->definition.canon = live.find<Index>(id)->definition.canon;
  if (Trigger* t = find_object<Trigger>(desired, id))
    t->definition.canon = live.find<Trigger>(id)->definition.canon;
  if (Function* f = find_object<Function>(desired, id))
    f->body.canon = live.find<Function>(id)->body.canon;
  if (View* v = find_object<View>(desired, id)) v->query.canon = live.find<View>(id)->query.canon;
  if (Policy* p = find_object<Policy>(desired, id)) {
    const Policy& was = *live.find<Policy>(id);
    if (pair.field == "using") p->using_expr.canon = was.using_expr.canon;
    if (pair.field == "with check") p->check_expr.canon = was.check_expr.canon;
  }
  if (Domain* d = find_object<Domain>(desired, id)) {
    const Domain& was = *live.find<Domain>(id);
    if (pair.field == "default") d->default_value.canon = was.default_value.canon;
    for (DomainConstraint& check : d->constraints)
      for (const DomainConstraint& old : was.constraints)
        if (check.name == old.name && pair.field == "constraint " + check.name)
          check.check.canon = old.check.canon;
  }
}

}  // namespace aloft
