#include "planner/fates.h"

#include <algorithm>
#include <functional>

#include "planner/estimate.h"

namespace aloft {
namespace {

using Fields = std::vector<std::string_view>;

bool has(const Fields& fields, std::string_view name) {
  return std::ranges::find(fields, name) != fields.end();
}

/// Making it again cannot bring back what it holds.
bool holds_rows(const Snapshot& live, const ObjectId& id) {
  if (id.kind == Kind::Table) return true;
  if (id.kind != Kind::Column) return false;
  const Column* column = live.find<Column>(id);
  return column != nullptr && column->generated == ' ';
}

/// An empty table that comes to have parents is made again in its place. One with another partition
/// key is not: what goes with its old partitions goes in contract, and it with that.
bool is_made_again(const PlanRequest& request, const ObjectId& id) {
  const Table* was = request.live.find<Table>(id);
  const Table* now = request.desired.find<Table>(id);
  return was != nullptr && now != nullptr && was->partition_key == now->partition_key &&
         size_of(request.facts, id).empty();
}

/// An enum or domain that columns are of cannot be dropped and made again: they have to go over to
/// its successor first.
bool types_a_column(const PlanRequest& request, const ObjectId& id) {
  if (id.kind != Kind::Enum && id.kind != Kind::Domain) return false;
  return std::ranges::any_of(request.live_edges, [&](const Edge& edge) {
    return edge.on == id && edge.dependent.kind == Kind::Column &&
           request.live.columns.contains(edge.dependent);
  });
}

/// The parents of a table, its partitioned table among them.
std::vector<ObjectId> parents_of(const Table* table) {
  std::vector<ObjectId> parents;
  if (table == nullptr) return parents;
  if (!table->partition_of.empty())
    parents.push_back(table_id(table->partition_of.schema, table->partition_of.name));
  for (const Name& parent : table->inherits)
    parents.push_back(table_id(parent.schema, parent.name));
  return parents;
}

/// Leaves to the server what it does to children when their parent is changed.
class Inheritance {
 public:
  Inheritance(const PlanRequest& request, Fates& fates) : request_(request), fates_(fates) {}

  void leave_to_server() {
    for (auto it = fates_.of.begin(); it != fates_.of.end();)
      it = is_part(it->first) && by_itself(it->first, it->second) ? fates_.of.erase(it) : ++it;
  }

 private:
  /// Is there nothing left to do for it?
  bool by_itself(const ObjectId& id, Destiny& destiny) {
    // A part of a made or dropped table is that table's business.
    if (const Destiny* table = tables_.of(id); table != nullptr) {
      if (makes(table->fate) && destiny.fate == Fate::Create) return false;
      if (drops(table->fate) && destiny.fate == Fate::Drop) return false;
    }
    switch (id.kind) {
      case Kind::Column: return column(id, destiny);
      case Kind::Constraint: return constraint(id, destiny);
      case Kind::Index: return index(id, destiny);
      case Kind::Role:
      case Kind::Schema:
      case Kind::Extension:
      case Kind::Enum:
      case Kind::Domain:
      case Kind::Composite:
      case Kind::Sequence:
      case Kind::Function:
      case Kind::Aggregate:
      case Kind::Operator:
      case Kind::SearchParser:
      case Kind::SearchTemplate:
      case Kind::SearchDictionary:
      case Kind::SearchConfiguration:
      case Kind::Table:
      case Kind::View:
      case Kind::Trigger:
      case Kind::Policy: return false;
    }
    return false;
  }

  bool column(const ObjectId& id, Destiny& destiny) {
    const Snapshot& side = destiny.fate == Fate::Drop ? request_.live : request_.desired;
    const Column* here = side.find<Column>(id);
    for (const ObjectId& parent : parents_of(side.find<Table>(relation_of(id)))) {
      const ObjectId above = child_id(Kind::Column, parent, id.name);
      const Destiny* other = fates_.find(above);
      if (destiny.fate == Fate::Alter) {
        if (other != nullptr && other->fate == Fate::Alter)
          for (const std::string_view field : {"type", "collation"})
            if (has(other->fields, field)) std::erase(destiny.fields, field);
        if (destiny.fields.empty()) fates_.with.emplace(id, above);
      } else if (here != nullptr && !here->local &&
                 (other != nullptr || fates_.with.contains(above)) && !moves(id)) {
        fates_.with.emplace(id, above);
        return true;
      }
    }
    return destiny.fate == Fate::Alter && destiny.fields.empty();
  }

  bool constraint(const ObjectId& id, Destiny& destiny) {
    const Constraint* was = request_.live.find<Constraint>(id);
    const Constraint* now = request_.desired.find<Constraint>(id);
    const bool inherited_was = was != nullptr && was->inherited;
    const bool inherited_now = now != nullptr && now->inherited;
    if (destiny.fate == Fate::Alter || destiny.fate == Fate::Remake) {
      if (now != nullptr) join_index(id, *now, destiny);
      if (!inherited_was && !inherited_now) return destiny.fields.empty();
      if (inherited_was && inherited_now) {
        std::erase_if(destiny.fields,
                      [](std::string_view f) { return f != "comment" && f != "index comment"; });
        destiny.fate = Fate::Alter;
      }
      // A partition's key cannot be taken out of that of the partitioned table: told with its
      // steps.
      const bool leaves = inherited_was && !inherited_now && stays_key(id, *was);
      if (!leaves && !stands_alone(id, *now, Fate::Create)) {
        std::erase(destiny.fields, "inherited");
        std::erase(destiny.fields, "local");
      }
      return destiny.fields.empty();
    }
    const bool inherited = destiny.fate == Fate::Create ? inherited_now : inherited_was;
    if (!inherited || (destiny.fate == Fate::Drop && moves(id))) return false;
    const Constraint& key = destiny.fate == Fate::Create ? *now : *was;
    if (stands_alone(id, key, destiny.fate)) return false;
    // What stands on it comes after whatever brings it: the parent's constraint, or the attaching.
    fates_.with.emplace(id, parent_constraint(id, destiny.fate));
    return destiny.fate == Fate::Drop ||
           (now->comment.empty() && now->index_comment.empty() && !now->clustered);
  }

  /// A key of a partition that comes or goes while the partitioned table's key stays as it is: then
  /// it is attached by itself.
  bool stands_alone(const ObjectId& id, const Constraint& key, Fate fate) const {
    if (!stays_key(id, key)) return false;
    const Destiny* above = fates_.find(parent_constraint(id, fate));
    return above == nullptr || (above->fate == Fate::Alter && !has(above->fields, "definition") &&
                                !has(above->fields, "type"));
  }

  /// A key of a table that does not become or cease to be a partition.
  bool stays_key(const ObjectId& id, const Constraint& key) const {
    using enum Constraint::Type;
    return (key.type == PrimaryKey || key.type == Unique) && !moves(id);
  }

  /// Attaching a table attaches its keys' indexes; an index of the partitioned table that is made
  /// anew attaches them too.
  void join_index(const ObjectId& id, const Constraint& key, Destiny& destiny) {
    if (!has(destiny.fields, "parent")) return;
    if (moves(id)) {
      std::erase(destiny.fields, "parent");
      return;
    }
    const Table* table = request_.desired.find<Table>(relation_of(id));
    if (key.parent.empty() || table == nullptr) return;
    const ObjectId parent = table_id(table->partition_of.schema, table->partition_of.name);
    const ObjectId above = child_id(Kind::Index, parent, key.parent.name);
    if (!built_anew(above)) return;
    std::erase(destiny.fields, "parent");
    if (destiny.fields.empty()) fates_.with.emplace(id, above);
  }

  ObjectId parent_constraint(const ObjectId& id, Fate fate) const {
    const Snapshot& side = fate == Fate::Drop ? request_.live : request_.desired;
    const Constraint* here = side.find<Constraint>(id);
    const auto parents = parents_of(side.find<Table>(relation_of(id)));
    for (const ObjectId& parent : parents)
      if (fates_.find(child_id(Kind::Constraint, parent, id.name)) != nullptr)
        return child_id(Kind::Constraint, parent, id.name);
    ObjectId found = relation_of(id);
    // The index of a key, and so the key, is named after its own table.
    for (const ObjectId& parent : parents)
      for_each_child<Constraint>(side, parent, [&](const ObjectId& above, const Constraint& c) {
        if (here != nullptr && c.type == here->type && c.definition == here->definition &&
            fates_.find(above) != nullptr)
          found = above;
      });
    return found;
  }

  bool index(const ObjectId& id, Destiny& destiny) {
    const bool drop = destiny.fate == Fate::Drop;
    const Index* here = (drop ? request_.live : request_.desired).find<Index>(id);
    if (here == nullptr || here->parent.empty()) return false;
    const ObjectId above = parent_index(drop ? request_.live : request_.desired, id, *here);
    const bool follows = built_anew(above) || fates_.with.contains(above);
    if (destiny.fate != Fate::Alter && destiny.fate != Fate::Remake) {
      if (!follows || moves(id)) return false;
      fates_.with.emplace(id, above);
      return true;
    }
    if (!follows) return false;
    // A changed parent is built anew, and this one with it.
    for (const std::string_view field : {"unique", "definition", "valid", "parent", "only"})
      std::erase(destiny.fields, field);
    if (!destiny.fields.empty()) {
      destiny.fate = Fate::Alter;
      return false;
    }
    fates_.with.emplace(id, above);
    return true;
  }

  /// Is the index made, dropped, or built again under its name?
  bool built_anew(const ObjectId& id) const {
    const Destiny* destiny = fates_.find(id);
    return destiny != nullptr &&
           (destiny->fate != Fate::Alter || has(destiny->fields, "definition") ||
            has(destiny->fields, "unique"));
  }

  static ObjectId parent_index(const Snapshot& side, const ObjectId& id, const Index& index) {
    const Table* table = side.find<Table>(relation_of(id));
    const std::string relation = table == nullptr ? "" : table->partition_of.name;
    const std::string schema = table == nullptr ? "" : table->partition_of.schema;
    return {.kind = Kind::Index, .schema = schema, .relation = relation, .name = index.parent.name};
  }

  /// Does its table change parents? Then nobody else brings or takes what it has.
  bool moves(const ObjectId& id) const {
    const Destiny* table = fates_.find(relation_of(id));
    return table != nullptr && table->fate == Fate::Alter &&
           (has(table->fields, "partition of") || has(table->fields, "inherits"));
  }

  const PlanRequest& request_;
  Fates& fates_;
  TableFateFinder tables_{fates_};
};

}  // namespace

ObjectId relation_in(const Snapshot& snapshot, const ObjectId& child) {
  return RelationFinder(snapshot).of(child);
}

const ObjectId& RelationFinder::of(const ObjectId& part) {
  if (part.relation == last_.name && part.schema == last_.schema) return last_;
  last_ = relation_of(part);
  table_ = find_after(snapshot_.tables, table_, last_);
  if (table_ != snapshot_.tables.end()) return last_;
  last_.kind = Kind::View;
  if (!snapshot_.views.contains(last_)) last_.kind = Kind::Table;
  return last_;
}

const Destiny* TableFateFinder::of(const ObjectId& part) {
  if (part.relation != table_.name || part.schema != table_.schema) {
    table_ = relation_of(part);
    destiny_ = find_after(fates_.of, destiny_, table_);
  }
  return destiny_ == fates_.of.end() ? nullptr : &destiny_->second;
}

Fates fates_of(const PlanRequest& request, const PlanContext& context) {
  Fates fates;
  for (const Change& change : request.changes) {
    switch (change.op) {
      case Change::Op::Rename: fates.renames.push_back(change); break;
      case Change::Op::Create:
        fates.of.emplace_hint(fates.of.end(), change.id, Destiny{.fate = Fate::Create});
        break;
      case Change::Op::Drop:
        if (change.id.kind == Kind::Role) break;  // belongs to the cluster: never dropped
        fates.of.emplace_hint(fates.of.end(), change.id, Destiny{.fate = Fate::Drop});
        break;
      case Change::Op::Alter:
        fates.of.emplace_hint(fates.of.end(), change.id,
                              Destiny{.fate = Fate::Alter, .fields = change.fields});
        break;
    }
  }
  for (const Change& change : request.changes) {
    if (change.op != Change::Op::Alter || !needs_rebuild(change, context)) continue;
    Destiny& destiny = fates.of.at(change.id);
    if (types_a_column(request, change.id)) {
      destiny.replaced = true;
      continue;
    }
    destiny.fate = Fate::Remake;
    destiny.loses = holds_rows(request.live, change.id) && !is_made_again(request, change.id);
  }
  Inheritance(request, fates).leave_to_server();
  for (const Change& change : request.changes)
    if (change.op != Change::Op::Create && change.op != Change::Op::Rename &&
        fates.find(change.id) != nullptr)
      fates.in_place.push_back(change.id);
  return fates;
}

}  // namespace aloft
