#include <algorithm>
#include <map>
#include <set>

#include "engine/model/object_finder.h"
#include "planner/order.h"

namespace aloft {
namespace {

using Fields = std::vector<std::string_view>;

bool has(const Fields& fields, std::string_view name) {
  return std::ranges::find(fields, name) != fields.end();
}

class Rules {
 public:
  Rules(StepGraph& graph, const PlanRequest& request, const Fates& fates, const Nodes& nodes)
      : graph_(graph), request_(request), fates_(fates), nodes_(nodes) {}

  void add() {
    collect_drops();
    collect_renames();
    for (const auto& [id, destiny, kind, fate, slots] : nodes_.in_order()) {
      own_ = slots;
      after_rename(own_.rename);
      if (is_part(kind)) part(id);
      if (makes(fate)) await_names(id, own_.create);
      switch (kind) {
        case Kind::Role: role(id); break;
        case Kind::Sequence: sequence(id); break;
        case Kind::Table: table(id, destiny); break;
        case Kind::Column: column(id, destiny); break;
        case Kind::Constraint: constraint(id); break;
        case Kind::Policy: policy(id); break;
        case Kind::Schema:
        case Kind::Extension:
        case Kind::Enum:
        case Kind::Domain:
        case Kind::Composite:
        case Kind::Function:
        case Kind::Aggregate:
        case Kind::Operator:
        case Kind::SearchParser:
        case Kind::SearchTemplate:
        case Kind::SearchDictionary:
        case Kind::SearchConfiguration:
        case Kind::Index:
        case Kind::View:
        case Kind::Trigger: break;
      }
    }
  }

 private:
  struct SpaceName {
    char space = 'r';  // 'r': pg_class, 't': pg_type
    std::string schema{}, name{};
    auto operator<=>(const SpaceName&) const = default;
  };

  /// The names that an object occupies beyond its own kind's.
  static std::vector<SpaceName> occupied(const Snapshot& side, const ObjectId& id) {
    switch (id.kind) {
      case Kind::Enum:
      case Kind::Domain: return {{'t', id.schema, id.name}};
      case Kind::Composite:
      case Kind::Table:
      case Kind::View: return {{'r', id.schema, id.name}, {'t', id.schema, id.name}};
      case Kind::Sequence:
      case Kind::Index: return {{'r', id.schema, id.name}};
      case Kind::Constraint: {
        using enum Constraint::Type;
        const Constraint* c = side.find<Constraint>(id);
        if (c == nullptr || c->type == Check || c->type == ForeignKey) return {};
        return {{'r', id.schema, id.name}};
      }
      case Kind::Role:
      case Kind::Schema:
      case Kind::Extension:
      case Kind::Function:
      case Kind::Aggregate:
      case Kind::Operator:
      case Kind::SearchParser:
      case Kind::SearchTemplate:
      case Kind::SearchDictionary:
      case Kind::SearchConfiguration:
      case Kind::Column:
      case Kind::Trigger:
      case Kind::Policy: return {};
    }
    return {};
  }

  void collect_drops() {
    for (const auto& [id, destiny, kind, fate, slots] : nodes_.in_order()) {
      const int drop = slots.drop;
      if (drop < 0 && fate != Fate::Alter) continue;
      const bool leaves = fate == Fate::Drop;
      if (leaves)
        for (SpaceName& name : occupied(request_.live, id)) taken_.emplace(std::move(name), drop);
      if (const Constraint* c = request_.live.find<Constraint>(id);
          c != nullptr && leaves && c->type == Constraint::Type::PrimaryKey)
        lost_keys_.emplace(relation_of(id), drop);
      if (drops(fate)) collect_key(id, drop);
      const Table* table = request_.live.find<Table>(id);
      if (table == nullptr || table->partition_of.empty()) continue;
      const bool moves = fate == Fate::Alter && (has(destiny.fields, "partition of") ||
                                                 has(destiny.fields, "partition bound"));
      if (leaves || moves)
        leaving_partitions_.emplace(table_id(table->partition_of.schema, table->partition_of.name),
                                    id);
    }
  }

  /// What a foreign key may stand on, and that is to go.
  void collect_key(const ObjectId& id, int drop) {
    using enum Constraint::Type;
    std::vector<std::string> columns;
    if (const Constraint* c = request_.live.find<Constraint>(id);
        c != nullptr && (c->type == PrimaryKey || c->type == Unique))
      columns = c->columns;
    if (const Index* i = request_.live.find<Index>(id); i != nullptr && i->unique)
      columns = i->plain_keys();
    if (columns.empty()) return;
    std::ranges::sort(columns);
    going_keys_.insert({relation_of(id), {std::move(columns), drop}});
  }

  /// A foreign key takes the oldest key that fits: not one that is to be dropped after.
  void after_old_keys(const Constraint& foreign_key) {
    std::vector<std::string> columns = foreign_key.referenced_columns;
    std::ranges::sort(columns);
    const auto [from, to] = going_keys_.equal_range(
        table_id(foreign_key.referenced.schema, foreign_key.referenced.name));
    for (auto it = from; it != to; ++it)
      if (columns.empty() || columns == it->second.first)
        graph_.add(it->second.second, own_.create);
  }

  /// A rename frees the old name, and waits for who has the new one.
  void collect_renames() {
    for (const Change& rename : fates_.renames) {
      const int node = nodes_.find(rename.id).rename;
      await_names(rename.id, node);
      for (SpaceName& name : occupied(request_.desired, rename.id)) {
        name.name = rename.from.name;
        freed_.emplace(std::move(name), node);
      }
    }
    taken_.merge(freed_);
  }

  void await_names(const ObjectId& id, int node) {
    if (taken_.empty()) return;
    for (const SpaceName& name : occupied(request_.desired, id)) {
      const auto [from, to] = taken_.equal_range(name);
      for (auto it = from; it != to; ++it) graph_.add(it->second, node);
    }
  }

  void after_rename(int rename) {
    for (const int node : {own_.create, own_.alter, own_.shed, own_.drop}) graph_.add(rename, node);
  }

  void part(const ObjectId& id) {
    if (own_.create >= 0 || own_.alter >= 0 || own_.drop >= 0) {
      const Slots relation = relation_slots_.find(desired_relation_.of(id));
      graph_.add(relation.create, own_.create);
      after_rename(relation.rename);
    }
    if (own_.drop >= 0) graph_.add(own_.drop, relation_slots_.find(live_relation_.of(id)).drop);
  }

  void role(const ObjectId& id) {
    const Role* role = request_.desired.find<Role>(id);
    if (role == nullptr) return;
    for (const Option& group : role->member_of) {
      const ObjectId above{.kind = Kind::Role, .name = group.name};
      const int made = nodes_.find(above).create;
      graph_.add(made, own_.create >= 0 ? own_.create : own_.alter);
    }
  }

  void sequence(const ObjectId& id) {
    if (const Sequence* now = request_.desired.find<Sequence>(id);
        now != nullptr && !now->owned_by.name.empty()) {
      const int column = nodes_.find(now->owned_by).create;
      graph_.add(own_.create, column);
      graph_.add(column, own_.alter);
    }
    if (const Sequence* was = request_.live.find<Sequence>(id);
        was != nullptr && !was->owned_by.name.empty())
      graph_.add(own_.alter, nodes_.find(was->owned_by).drop);
  }

  void table(const ObjectId& id, const Destiny& destiny) {
    const Table* now = desired_.find<Table>(id);
    if (now == nullptr) return;
    if (destiny.fate == Fate::Alter) altered_table(id, *now, destiny.fields);
    if (makes(destiny.fate)) after_what_it_inherits(id, *now);
    if (now->partition_of.empty()) return;
    const bool arrives = makes(destiny.fate) || has(destiny.fields, "partition of") ||
                         has(destiny.fields, "partition bound");
    if (!arrives) return;
    const ObjectId parent = table_id(now->partition_of.schema, now->partition_of.name);
    graph_.add(nodes_.find(parent).create, own_.create);
    const auto [from, to] = leaving_partitions_.equal_range(parent);
    for (auto it = from; it != to; ++it) make_room(id, *now, it->second);
  }

  /// What a new table inherits is a copy: it comes once its parents' columns are as they are to be.
  /// A check that is NOT VALID there is valid in a copy that is made after it.
  void after_what_it_inherits(const ObjectId& id, const Table& now) {
    std::vector<Name> parents = now.inherits;
    if (!now.partition_of.empty()) parents.push_back(now.partition_of);
    for (const Name& parent : parents) {
      const ObjectId above = table_id(parent.schema, parent.name);
      for_each_child<Column>(request_.desired, above, [&](const ObjectId& column, const Column&) {
        const Slots slots = nodes_.find(column);
        graph_.add(slots.settle, own_.create);
        graph_.add(slots.create, own_.create);
      });
      for_each_child<Constraint>(
          request_.desired, above, [&](const ObjectId& check, const Constraint& parents_own) {
            const Constraint* copy =
                request_.desired.find<Constraint>(child_id(Kind::Constraint, id, check.name));
            if (copy == nullptr || parents_own.validated) return;
            const int made = nodes_.find(check).create;
            if (copy->validated)
              graph_.add(made, own_.create);
            else
              graph_.add(own_.create, made);
          });
      // What takes the place of another partition comes when that goes, and with the final columns;
      // any other comes before, once a column that goes is no longer required.
      const bool waits = own_.drop >= 0;
      for_each_child<Column>(request_.live, above, [&](const ObjectId& column, const Column&) {
        graph_.add(nodes_.find(column).drop, own_.create, nullptr, false, !waits);
      });
    }
  }

  void make_room(const ObjectId& id, const Table& now, const ObjectId& other) {
    if (other == id) return;
    const Slots theirs = nodes_.find(other);
    const Table* was = request_.live.find<Table>(other);
    const auto meet = [](const Table& before, const Table& after) {
      return bounds_may_overlap(before.partition_bound.sql, after.partition_bound.sql);
    };
    if (!meet(*was, now)) return;
    // Two that are each in the other's way: no order of single steps does it.
    const Table* before = request_.live.find<Table>(id);
    const Table* theirs_now = desired_.find<Table>(other);
    const bool both_stay = theirs.drop < 0 && own_.create < 0;
    if (both_stay && before != nullptr && theirs_now != nullptr && meet(*before, *theirs_now))
      return;
    graph_.add(theirs.drop >= 0 ? theirs.drop : theirs.alter,
               own_.create >= 0 ? own_.create : own_.alter);
  }

  void altered_table(const ObjectId& id, const Table& now, const Fields& fields) {
    const Table* was = request_.live.find<Table>(id);
    if (was == nullptr) return;
    const bool joins = (has(fields, "partition of") && !now.partition_of.empty()) ||
                       (has(fields, "inherits") && now.inherits.size() >= was->inherits.size()) ||
                       (has(fields, "of type") && !now.of_type.empty());
    const bool leaves = !joins && (has(fields, "partition of") || has(fields, "inherits") ||
                                   has(fields, "of type"));
    if (joins || leaves) {
      const auto parts = [&](const ObjectId& child, const auto&) {
        const Slots slots = nodes_.find(child);
        for (const int node : {slots.create, slots.alter, slots.settle, slots.drop})
          joins ? graph_.add(node, own_.alter) : graph_.add(own_.alter, node);
      };
      for_each_child<Column>(request_.live, id, parts);
      for_each_child<Constraint>(request_.live, id, parts);
      for_each_child<Index>(request_.live, id, parts);
      for_each_child<Column>(request_.desired, id, [&](const ObjectId& c, const Column& x) {
        if (!request_.live.contains(c)) parts(c, x);
      });
      for_each_child<Constraint>(request_.desired, id, [&](const ObjectId& c, const Constraint& x) {
        if (!request_.live.contains(c) && !x.inherited) parts(c, x);
      });
    }
    if (has(fields, "replica identity") && now.replica_identity.mode == 'i')
      for (const Kind kind : {Kind::Index, Kind::Constraint})
        graph_.add(nodes_.find(child_id(kind, id, now.replica_identity.index)).create, own_.alter);
  }

  /// A column of an inheriting table and the same column of its parents.
  void column(const ObjectId& id, const Destiny& destiny) {
    const Table* table =
        (destiny.fate == Fate::Drop ? live_relation_ : desired_relation_).table_of(id);
    if (table == nullptr || (table->inherits.empty() && table->partition_of.empty())) return;
    std::vector<Name> parents = table->inherits;
    if (!table->partition_of.empty()) parents.push_back(table->partition_of);
    for (const Name& parent : parents) {
      const Slots above =
          nodes_.find(child_id(Kind::Column, table_id(parent.schema, parent.name), id.name));
      // What is declared here as well is merged with what the parent brings later, not the reverse.
      if (!fates_.made(table_id(parent.schema, parent.name)) && !fates_.made(relation_of(id)))
        graph_.add(own_.create, above.create);
      if (!fates_.dropped(relation_of(id))) graph_.add(above.drop, own_.drop);
      graph_.add(above.settle, own_.alter);
    }
  }

  void constraint(const ObjectId& id) {
    using enum Constraint::Type;
    if (const auto above = fates_.with.find(id); above != fates_.with.end()) {
      const Slots theirs = nodes_.find(above->second);
      graph_.add(theirs.create >= 0 ? theirs.create : theirs.settle, own_.create);
    }
    if (const Constraint* now = desired_.find<Constraint>(id)) {
      if (now->type == ForeignKey && !now->referenced.empty())
        graph_.add(nodes_.find(table_id(now->referenced.schema, now->referenced.name)).create,
                   own_.create);
      if (now->type == ForeignKey) after_old_keys(*now);
      if (!now->parent.empty()) graph_.add(own_.create, index_above(id, now->parent));
      if (now->type == PrimaryKey) {
        const auto lost = lost_keys_.find(relation_of(id));
        if (lost != lost_keys_.end()) graph_.add(lost->second, own_.create);
      }
    }
    if (const Constraint* was = request_.live.find<Constraint>(id);
        was != nullptr && was->type == ForeignKey && !was->inherited && !was->referenced.empty())
      graph_.add(own_.drop,
                 nodes_.find(table_id(was->referenced.schema, was->referenced.name)).drop);
  }

  /// The making of the partitioned table's index of that name, which takes over what is there.
  int index_above(const ObjectId& id, const Name& parent) const {
    const Table* table = request_.desired.find<Table>(relation_of(id));
    if (table == nullptr) return -1;
    const ObjectId above = table_id(table->partition_of.schema, table->partition_of.name);
    return nodes_.find(child_id(Kind::Index, above, parent.name)).create;
  }

  /// Row security without its policies shows nothing; so policies come first.
  void policy(const ObjectId& id) {
    const Slots table = nodes_.find(relation_of(id));
    if (table.alter < 0 || !has(nodes_[table.alter].action.fields, "row security")) return;
    const Table* now = request_.desired.find<Table>(relation_of(id));
    if (now == nullptr) return;
    if (now->row_security)
      graph_.add(own_.create, table.alter, nullptr, true);
    else
      graph_.add(table.alter, own_.drop, nullptr, true);
  }

  StepGraph& graph_;
  const PlanRequest& request_;
  ObjectFinder desired_{request_.desired};
  const Fates& fates_;
  const Nodes& nodes_;
  RelationFinder desired_relation_{request_.desired}, live_relation_{request_.live};
  SlotFinder relation_slots_ = nodes_.finder();
  Slots own_{};
  std::multimap<SpaceName, int> taken_{}, freed_{};  ///< names that are to become free, and by what
  std::map<ObjectId, int> lost_keys_{};              ///< primary keys, by table
  /// By table: columns of a key, sorted, and what drops it.
  std::multimap<ObjectId, std::pair<std::vector<std::string>, int>> going_keys_{};
  std::multimap<ObjectId, ObjectId> leaving_partitions_{};
};

}  // namespace

void add_rules(StepGraph& graph, const PlanRequest& request, const Fates& fates,
               const Nodes& nodes) {
  Rules(graph, request, fates, nodes).add();
  add_mentions(graph, request, fates, nodes);
}

}  // namespace aloft
