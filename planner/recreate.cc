#include "planner/recreate.h"

#include <algorithm>
#include <deque>

namespace aloft {
namespace {

bool has(const Destiny& destiny, std::string_view field) {
  return std::ranges::find(destiny.fields, field) != destiny.fields.end();
}

std::string without_modifier(const std::string& type) {
  return type.substr(0, type.find('('));
}

/// A change that live dependents have to be taken out of the way for.
struct Disturbance {
  enum class How { Gone, Retyped, Rekeyed, Replaced };
  ObjectId id{};
  How how = How::Gone;
  ObjectId by{};  ///< the change that does it, if that is not the object's own
  const ObjectId& cause() const { return by.name.empty() ? id : by; }
};

class Closure {
 public:
  Closure(const PlanRequest& request, Fates& fates, Diagnostics& diagnostics)
      : request_(request), fates_(fates), diagnostics_(diagnostics) {}

  void run() {
    std::vector<ObjectId> remade;
    for (const ObjectId& id : fates_.in_place) {
      const Destiny& destiny = fates_.of.at(id);
      if (destiny.fate == Fate::Remake) remade.push_back(id);
      if (destiny.fate == Fate::Drop || destiny.fate == Fate::Remake)
        todo_.push_back({id, Disturbance::How::Gone});
      else if (destiny.replaced)
        todo_.push_back({id, Disturbance::How::Replaced});
      else if (retypes(id, destiny))
        todo_.push_back({id, Disturbance::How::Retyped});
      else if (rekeys(request_, id, destiny))
        todo_.push_back({id, Disturbance::How::Rekeyed});
    }
    if (todo_.empty()) return;
    index_edges();
    for (const ObjectId& id : remade) take_parts_along(id);
    while (!todo_.empty()) {
      const Disturbance d = todo_.front();
      todo_.pop_front();
      for_each_dependent(d.id, [&](const ObjectId& dependent) { disturb(dependent, d); });
    }
  }

 private:
  void index_edges() {
    by_on_.reserve(request_.live_edges.size());
    for (const Edge& edge : request_.live_edges) by_on_.push_back(&edge);
    std::ranges::stable_sort(by_on_, [](const Edge* a, const Edge* b) { return a->on < b->on; });
  }

  template <class F>
  void for_each_dependent(const ObjectId& on, F&& f) {
    const auto less = [](const Edge* edge, const ObjectId& id) { return edge->on < id; };
    for (auto it = std::lower_bound(by_on_.begin(), by_on_.end(), on, less);
         it != by_on_.end() && (*it)->on == on; ++it)
      f((*it)->dependent);
    if (on.kind != Kind::View) return;
    // A view's columns have no objects of their own.
    const ObjectId first{.kind = Kind::Column, .schema = on.schema, .relation = on.name};
    for (auto it = std::lower_bound(by_on_.begin(), by_on_.end(), first, less);
         it != by_on_.end() && (*it)->on.kind == Kind::Column && (*it)->on.schema == on.schema &&
         (*it)->on.relation == on.name;
         ++it)
      f((*it)->dependent);
  }

  /// What goes with a relation that is made again comes back with it.
  void take_parts_along(const ObjectId& relation) {
    if (relation.kind != Kind::Table && relation.kind != Kind::View) return;
    const auto take = [&](const ObjectId& id, const auto&) {
      const Destiny* destiny = fates_.find(id);
      if (destiny != nullptr && destiny->fate != Fate::Alter) return;
      if (!request_.desired.contains(id)) return;
      fates_.of[id] = {.fate = Fate::Remake, .around = destiny == nullptr};
      todo_.push_back({id, Disturbance::How::Gone});
    };
    for_each_child<Column>(request_.live, relation, take);
    for_each_child<Constraint>(request_.live, relation, take);
    for_each_child<Index>(request_.live, relation, take);
    for_each_child<Trigger>(request_.live, relation, take);
    for_each_child<Policy>(request_.live, relation, take);
  }

  void remake(const ObjectId& id, const Disturbance& cause) {
    fates_.causes.push_back({id, cause.cause()});
    const Destiny* destiny = fates_.find(id);
    if (destiny != nullptr && destiny->fate != Fate::Alter) return;
    fates_.of[id] = {
        .fate = Fate::Remake, .loses = id.kind == Kind::Table, .around = destiny == nullptr};
    todo_.push_back({id, Disturbance::How::Gone});
    take_parts_along(id);
  }

  /// Does the dependent go, or let go of it, by its own change?
  bool settled(const ObjectId& dependent, const ObjectId& on) const {
    if (is_part(dependent) && relation_of(dependent) == on) return true;
    if (is_part(on) && relation_of(on) == dependent) return true;
    const Destiny* destiny = fates_.find(dependent);
    if (changes_keys(dependent, on)) return false;
    if (destiny != nullptr && (destiny->fate == Fate::Drop || destiny->fate == Fate::Create))
      return true;
    if (destiny != nullptr && !destiny->around)
      return !still_needs(request_.desired_edges, dependent, on);
    return !request_.desired.contains(dependent) || fates_.with.contains(dependent);
  }

  /// A foreign key that is made while two keys would do may take the one that is to go: it goes
  /// first and comes back after.
  bool changes_keys(const ObjectId& dependent, const ObjectId& on) const {
    const Constraint* constraint = request_.live.find<Constraint>(dependent);
    return constraint != nullptr && constraint->type == Constraint::Type::ForeignKey &&
           (on.kind == Kind::Constraint || on.kind == Kind::Index) &&
           fates_.is(dependent, Fate::Alter) && fates_.dropped(on);
  }

  void disturb(const ObjectId& dependent, const Disturbance& d) {
    if (d.id.kind == Kind::Schema || d.id.kind == Kind::Role) return;
    if (d.id.kind == Kind::Extension && !fates_.is(d.id, Fate::Remake)) return;
    if (!d.by.name.empty() && fates_.is(dependent, Fate::Drop) &&
        forbids_type_change(request_.live, dependent))
      fates_.causes.push_back({dependent, d.by});  // it has to go first
    if (settled(dependent, d.id)) return;
    if (d.how == Disturbance::How::Replaced) {
      use_successor(dependent, d);
      return;
    }
    if (d.how == Disturbance::How::Retyped && !forbids_type_change(request_.live, dependent)) {
      if (outlives_type(dependent, d.id)) remake(dependent, d);
      if (dependent.kind != Kind::Constraint) return;
    }
    switch (dependent.kind) {
      case Kind::View: remake(dependent, d); break;
      case Kind::Policy:
      case Kind::Trigger:
      case Kind::Function:
      case Kind::Aggregate:
      case Kind::Operator:
      case Kind::SearchParser:
      case Kind::SearchTemplate:
      case Kind::SearchDictionary:
      case Kind::SearchConfiguration:
      case Kind::Index:
      case Kind::Domain:
      case Kind::Composite:
        if (d.how != Disturbance::How::Rekeyed) remake(dependent, d);
        break;
      case Kind::Constraint: disturb_constraint(dependent, d); break;
      case Kind::Column:
        if (d.how != Disturbance::How::Rekeyed) disturb_column(dependent, d);
        break;
      case Kind::Table: disturb_table(dependent, d); break;
      case Kind::Role:
      case Kind::Schema:
      case Kind::Extension:
      case Kind::Enum:
      case Kind::Sequence: break;
    }
  }

  /// The type is replaced by another of its name: its columns get another type, what PostgreSQL
  /// ties to the type itself is made again.
  void use_successor(const ObjectId& dependent, const Disturbance& d) {
    const Column* column = request_.live.find<Column>(dependent);
    if (column != nullptr && column->generated == ' ')
      todo_.push_back({dependent, Disturbance::How::Retyped, d.id});
    else if (forbids_type_change(request_.live, dependent))
      remake(dependent, d);
    else if (dependent.kind == Kind::Domain || dependent.kind == Kind::Composite ||
             dependent.kind == Kind::Table)
      in_use(dependent, d.id);
  }

  /// An index or check that is to say something else of a column with another type: what it says
  /// now may not fit the new type, what it is to say not the old one. So is one that would keep a
  /// cast of the old type.
  bool outlives_type(const ObjectId& id, const ObjectId& column) const {
    const Destiny* destiny = fates_.find(id);
    const bool changes =
        destiny != nullptr && destiny->fate == Fate::Alter && has(*destiny, "definition");
    if (!changes && !request_.facts.kept_casts.contains(id)) return false;
    const Index* index = request_.live.find<Index>(id);
    const Constraint* constraint = request_.live.find<Constraint>(id);
    using enum Constraint::Type;
    const bool apt = (index != nullptr && index->parent.empty()) ||
                     (constraint != nullptr && !constraint->inherited &&
                      (constraint->type == Check || constraint->type == Exclusion));
    return apt && !fates_.shadowed.contains(column) && changes_base_type(request_, fates_, column);
  }

  void disturb_constraint(const ObjectId& id, const Disturbance& d) {
    const Constraint* constraint = request_.live.find<Constraint>(id);
    if (constraint == nullptr || constraint->inherited) return;
    const bool foreign_key = constraint->type == Constraint::Type::ForeignKey;
    switch (d.how) {
      case Disturbance::How::Gone: remake(id, d); break;
      case Disturbance::How::Rekeyed:
        if (foreign_key) remake(id, d);
        break;
      case Disturbance::How::Retyped:
        if (foreign_key && both_ends_retyped(id, *constraint)) remake(id, d);
        break;
      case Disturbance::How::Replaced: break;
    }
  }

  /// While the one end has the new type and the other the old, no operator may fit.
  bool both_ends_retyped(const ObjectId& id, const Constraint& key) const {
    const ObjectId there = table_id(key.referenced.schema, key.referenced.name);
    for (std::size_t i = 0; i < key.columns.size() && i < key.referenced_columns.size(); ++i)
      if (!fates_.shadowed.contains(child_id(Kind::Column, there, key.referenced_columns[i])) &&
          changes_base_type(request_, fates_,
                            child_id(Kind::Column, relation_of(id), key.columns[i])) &&
          changes_base_type(request_, fates_,
                            child_id(Kind::Column, there, key.referenced_columns[i])))
        return true;
    return false;
  }

  void disturb_column(const ObjectId& id, const Disturbance& d) {
    const Column* column = request_.live.find<Column>(id);
    if (column == nullptr) return;  // a view's: the view itself has its own edge
    switch (d.id.kind) {
      case Kind::Function:
      case Kind::Operator:
      case Kind::SearchDictionary:
      case Kind::SearchConfiguration:
      case Kind::Sequence:
        if (column->generated != ' ')
          remake(id, d);
        else
          shed_default(id, d.id);
        break;
      case Kind::Column:
        if (column->generated != ' ') remake(id, d);
        break;
      case Kind::Enum:
      case Kind::Domain:
      case Kind::Composite:
      case Kind::Table:
      case Kind::View: in_use(id, d.id); break;
      case Kind::Extension:
        // Of a built-in type, it is the default that uses the extension.
        if (column->generated == ' ' && column->type.find('.') == std::string::npos)
          shed_default(id, d.id);
        else
          in_use(id, d.id);
        break;
      case Kind::Role:
      case Kind::Schema:
      case Kind::Aggregate:
      case Kind::SearchParser:
      case Kind::SearchTemplate:
      case Kind::Constraint:
      case Kind::Index:
      case Kind::Trigger:
      case Kind::Policy: break;
    }
  }

  void shed_default(const ObjectId& column, const ObjectId& on) {
    fates_.shed[column].push_back(on);
    Destiny& destiny = fates_.of.try_emplace(column, Destiny{.fate = Fate::Alter}).first->second;
    if (!has(destiny, "default")) destiny.fields.push_back("default");
  }

  void disturb_table(const ObjectId& id, const Disturbance& d) {
    const Table* table = request_.live.find<Table>(id);
    if (table == nullptr || d.how != Disturbance::How::Gone) return;
    if (d.id.kind == Kind::Table) {
      if (table->partition_of == Name{d.id.schema, d.id.name} ||
          std::ranges::count(table->inherits, Name{d.id.schema, d.id.name}) > 0)
        remake(id, d);
    } else if (d.id.kind == Kind::Composite || d.id.kind == Kind::Function ||
               d.id.kind == Kind::Operator || d.id.kind == Kind::SearchConfiguration) {
      in_use(id, d.id);
    }
  }

  void in_use(const ObjectId& user, const ObjectId& what) {
    diagnostics_.error(
        "type-in-use",
        to_string(what) + " has to be dropped and made again for this change, and " +
            to_string(user) + " stores or routes rows by it",
        "give the new form another name, move the column to it, and drop the old one in a later "
        "change",
        request_.desired.place_of(what));
  }

  const PlanRequest& request_;
  Fates& fates_;
  Diagnostics& diagnostics_;
  std::vector<const Edge*> by_on_{};
  std::deque<Disturbance> todo_{};
};

}  // namespace

bool still_needs(const Edges& desired, const ObjectId& dependent, const ObjectId& on) {
  return std::ranges::binary_search(desired, Edge{dependent, on});
}

bool forbids_type_change(const Snapshot& live, const ObjectId& dependent) {
  switch (dependent.kind) {
    case Kind::View:
    case Kind::Policy:
    case Kind::Trigger:
    case Kind::Function:
    case Kind::Aggregate:
    case Kind::Operator: return true;
    case Kind::Column: {
      const Column* column = live.find<Column>(dependent);
      return column != nullptr && column->generated != ' ';
    }
    case Kind::Role:
    case Kind::Schema:
    case Kind::Extension:
    case Kind::Enum:
    case Kind::Domain:
    case Kind::Composite:
    case Kind::Sequence:
    case Kind::SearchParser:
    case Kind::SearchTemplate:
    case Kind::SearchDictionary:
    case Kind::SearchConfiguration:
    case Kind::Table:
    case Kind::Constraint:
    case Kind::Index: return false;
  }
  return false;
}

bool retypes(const ObjectId& id, const Destiny& destiny) {
  return id.kind == Kind::Column && destiny.fate == Fate::Alter &&
         (has(destiny, "type") || has(destiny, "collation"));
}

bool changes_base_type(const PlanRequest& request, const Fates& fates, const ObjectId& column) {
  const Destiny* destiny = fates.find(column);
  if (destiny == nullptr || !retypes(column, *destiny)) return false;
  const Column* was = request.live.find<Column>(column);
  const Column* now = request.desired.find<Column>(column);
  return was != nullptr && now != nullptr &&
         without_modifier(was->type) != without_modifier(now->type);
}

bool rekeys(const PlanRequest& request, const ObjectId& id, const Destiny& destiny) {
  if (id.kind != Kind::Constraint || destiny.fate != Fate::Alter) return false;
  if (!has(destiny, "type") && !has(destiny, "definition")) return false;
  const Constraint* was = request.live.find<Constraint>(id);
  return was != nullptr &&
         (was->type == Constraint::Type::PrimaryKey || was->type == Constraint::Type::Unique);
}

void add_dependents(const PlanRequest& request, Fates& fates, Diagnostics& diagnostics) {
  Closure(request, fates, diagnostics).run();
}

}  // namespace aloft
