#include "planner/nodes.h"

#include <algorithm>

#include "engine/model/object_finder.h"
#include "planner/recreate.h"

namespace aloft {
namespace {

using enum Change::Op;

/// The relation of a part in one of the snapshots, and what becomes of it: looked for once for all
/// parts of it that follow each other.
class Above {
 public:
  Above(const Snapshot& snapshot, const Fates& fates, const Nodes& nodes)
      : finder_(snapshot), tables_(fates), fates_(fates), nodes_(nodes) {}

  /// Moves on to the relation of the part, whose own nodes have to be there by now.
  const Above& of(const ObjectId& part) {
    const ObjectId& relation = finder_.of(part);
    if (relation == id) return *this;
    id = relation;
    table = finder_.table_of(part);
    const Destiny* destiny = id.kind == Kind::Table ? tables_.of(part) : fates_.find(id);
    made = destiny != nullptr && makes(destiny->fate);
    dropped = destiny != nullptr && drops(destiny->fate);
    slots = nodes_.find(id);
    return *this;
  }

  ObjectId id{};
  const Table* table = nullptr;  ///< nullptr for a view
  bool made = false, dropped = false;
  Slots slots{};

 private:
  RelationFinder finder_;
  TableFateFinder tables_;
  const Fates& fates_;
  const Nodes& nodes_;
};

class Builder {
 public:
  Builder(const PlanRequest& request, const Fates& fates) : request_(request), fates_(fates) {}

  Nodes build() {
    nodes_.reserve(fates_.of.size());
    for (const Change& change : fates_.renames)
      nodes_.slots(change.id).rename =
          nodes_.add({.op = Rename, .id = change.id, .from = change.from});
    nodes_.list(fates_);
    for (const Fated& object : nodes_.in_order())
      if (!is_part(object.kind) && object.kind != Kind::Sequence) add(object.id, object.destiny);
    for (const Fated& object : nodes_.in_order())
      if (is_part(object.kind)) add(object.id, object.destiny);
    for (const Fated& object : nodes_.in_order())
      if (object.kind == Kind::Sequence) add(object.id, object.destiny);
    for (const auto& [column, reasons] : fates_.shed) shed(column);
    for (const auto& [id, above] : fates_.with) go_with(id);
    nodes_.give_slots();
    return std::move(nodes_);
  }

 private:
  void add(const ObjectId& id, const Destiny& destiny) {
    Slots& slots = nodes_.slots(id);
    switch (destiny.fate) {
      case Fate::Create: slots.create = create(id, false); break;
      case Fate::Drop: slots.drop = drop(id, false); break;
      case Fate::Remake:
        slots.drop = drop(id, !destiny.loses);
        slots.create = create(id, true);
        break;
      case Fate::Alter: alter(id, destiny, slots); break;
    }
  }

  int create(const ObjectId& id, bool rebuild) {
    if (is_part(id) && folds_into_create(id)) return desired_.of(id).slots.create;
    return nodes_.add({.op = Create, .id = id, .rebuild = rebuild});
  }

  int drop(const ObjectId& id, bool rebuild) {
    if (is_part(id) && goes_with_relation(id)) return live_.of(id).slots.drop;
    if (id.kind == Kind::Sequence) {
      const Sequence* sequence = request_.live.find<Sequence>(id);
      const bool owned = sequence != nullptr && !sequence->owned_by.name.empty();
      if (owned && fates_.is(sequence->owned_by, Fate::Drop))
        return nodes_.find(sequence->owned_by).drop;
      if (owned && fates_.is(relation_of(sequence->owned_by), Fate::Remake))
        return nodes_.find(relation_of(sequence->owned_by)).drop;
    }
    return nodes_.add({.op = Drop, .id = id, .rebuild = rebuild});
  }

  void alter(const ObjectId& id, const Destiny& destiny, Slots& slots) {
    std::vector<std::string_view> fields = destiny.fields;
    const bool split = retypes(id, destiny) && count(fields, "not null") && fields.size() > 1 &&
                       !count(fields, "identity");
    if (split) std::erase(fields, "not null");
    slots.alter = slots.settle = nodes_.add({.op = Alter, .id = id, .fields = std::move(fields)});
    if (split) slots.settle = nodes_.add({.op = Alter, .id = id, .fields = {"not null"}});
  }

  static bool count(const std::vector<std::string_view>& fields, std::string_view name) {
    return std::ranges::find(fields, name) != fields.end();
  }

  bool folds_into_create(const ObjectId& id) {
    const Above& above = desired_.of(id);
    if (!above.made) return false;
    switch (id.kind) {
      case Kind::Column: return true;
      case Kind::Constraint: {
        const Constraint* constraint = made_.find<Constraint>(id);
        return constraint != nullptr &&
               (constraint->type != Constraint::Type::ForeignKey || constraint->inherited);
      }
      case Kind::Index: {
        if (above.table == nullptr || above.table->partition_of.empty()) return false;
        const Index* index = made_.find<Index>(id);
        return index != nullptr && !index->parent.empty() && !request_.live.contains(above.id);
      }
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

  bool goes_with_relation(const ObjectId& id) {
    if (!live_.of(id).dropped) return false;
    if (id.kind != Kind::Constraint) return true;
    const Constraint* constraint = request_.live.find<Constraint>(id);
    return constraint == nullptr || constraint->inherited ||
           constraint->type != Constraint::Type::ForeignKey;
  }

  void shed(const ObjectId& column) {
    Slots& slots = nodes_.slots(column);
    if (slots.alter < 0 || slots.drop >= 0) return;
    slots.shed = nodes_.add({.op = Alter, .id = column, .fields = {"default"}}, true);
  }

  void go_with(const ObjectId& id) {
    ObjectId above = id;
    while (fates_.with.contains(above)) above = fates_.with.at(above);
    const Slots theirs = nodes_.find(above);
    Slots& mine = nodes_.slots(id);
    if (mine.create < 0) mine.create = theirs.create;
    if (mine.alter < 0) mine.alter = mine.settle = theirs.settle;
    if (mine.drop < 0) mine.drop = theirs.drop;
  }

  const PlanRequest& request_;
  ObjectFinder made_{request_.desired};
  const Fates& fates_;
  Nodes nodes_{};
  Above desired_{request_.desired, fates_, nodes_}, live_{request_.live, fates_, nodes_};
};

}  // namespace

int Nodes::add(Action action, bool shed) {
  all_.push_back({std::move(action), shed});
  return size() - 1;
}

void Nodes::list(const Fates& fates) {
  in_order_.reserve(fates.of.size());
  for (const auto& [id, destiny] : fates.of)
    in_order_.push_back({id, destiny, id.kind, destiny.fate, {}});
}

void Nodes::give_slots() {
  SlotFinder finder(slots_);
  for (Fated& object : in_order_) object.slots = finder.find(object.id);
}

std::string Nodes::describe(int node) const {
  const Node& n = (*this)[node];
  if (n.shed) return "dropping the default of " + to_string(n.action.id);
  switch (n.action.op) {
    case Create: return "creating " + to_string(n.action.id);
    case Alter: return "altering " + to_string(n.action.id);
    case Drop: return "dropping " + to_string(n.action.id);
    case Rename: return "renaming " + to_string(n.action.id);
  }
  return "";
}

Nodes build_nodes(const PlanRequest& request, const Fates& fates) {
  return Builder(request, fates).build();
}

}  // namespace aloft
