#include <algorithm>
#include <map>

#include "planner/emit/access.h"
#include "planner/emit/emit.h"
#include "planner/emit/type_users.h"
#include "planner/estimate.h"
#include "planner/hazards.h"

namespace aloft {
namespace {

Sql alter_domain(const ObjectId& id, const std::string& clause) {
  return sql("ALTER DOMAIN {} {}", qualified(id), Sql{clause});
}

std::string add_check(const std::string& name, const DomainConstraint& check) {
  return "ADD CONSTRAINT " + quote_ident(name) + " CHECK (" + check.check.sql + ")";
}

Sql check_comment(const ObjectId& id, const DomainConstraint& check) {
  return sql("COMMENT ON CONSTRAINT {} ON DOMAIN {} IS {}", Ident{check.name}, qualified(id),
             check.comment.empty() ? Sql{"NULL"} : Sql{quote_literal(check.comment)});
}

std::string default_clause(const Domain& domain) {
  return domain.default_value.empty() ? "DROP DEFAULT" : "SET DEFAULT " + domain.default_value.sql;
}

std::vector<Sql> create_sql(const ObjectId& id, const Domain& wanted, const PlanContext& ctx) {
  Sql create = sql("CREATE DOMAIN {} AS {}", qualified(id), Sql{wanted.type});
  if (!wanted.collation.empty()) create.text += " COLLATE " + wanted.collation;
  if (!wanted.default_value.empty()) create.text += " DEFAULT " + wanted.default_value.sql;
  if (wanted.not_null) create.text += " NOT NULL";
  std::vector<Sql> later;
  for (const DomainConstraint& check : wanted.constraints) {
    if (check.validated)
      create.text += " CONSTRAINT " + quote_ident(check.name) + " CHECK (" + check.check.sql + ")";
    else
      later.push_back(alter_domain(id, add_check(check.name, check) + " NOT VALID"));
    if (!check.comment.empty()) later.push_back(check_comment(id, check));
  }
  std::vector<Sql> statements{create};
  append(statements, later);
  append(statements, dress_sql(target_of(id), wanted, ctx));
  return statements;
}

const DomainConstraint* find(const std::vector<DomainConstraint>& checks, const std::string& name) {
  const auto it = std::ranges::find(checks, name, &DomainConstraint::name);
  return it == checks.end() ? nullptr : &*it;
}

/// ALTER DOMAIN reads every table with a column of the domain, under SHARE locks.
Step reading_step(const ObjectId& id, const std::vector<Sql>& statements, std::string why,
                  const PlanContext& ctx) {
  Locks locks;
  std::map<ObjectId, bool> tables;
  for (const ObjectId& column : columns_storing(ctx.live, id)) tables[relation_of(column)] = true;
  TableSize sum{.rows = 0, .bytes = 0, .known = true};
  for (const auto& [table, used] : tables) {
    locks.push_back({table, LockLevel::Share});
    const TableSize size = size_of(ctx.facts, table);
    sum.rows += std::max<std::int64_t>(size.rows, 0);
    sum.bytes += std::max<std::int64_t>(size.bytes, 0);
    sum.known = sum.known && size.known;
  }
  Step step = catalog_step(ctx, id, statements, locks, std::move(why));
  if (tables.empty() || sum.empty()) return step;
  step.scans = true;
  step.rows = sum.rows;
  step.bytes = sum.bytes;
  step.duration_ms = step.hold_ms = scan_ms(sum);
  step.statement_timeout_ms = 0;
  judge_hold(step, ctx);
  if (!sum.known)
    add_hazard(step, Hazard::Blocking,
               "stops writes to all tables that use the domain for as long as it takes to read "
               "them");
  return step;
}

class Checks {
 public:
  Checks(const ObjectId& id, const Domain& from, const Domain& to, const PlanContext& ctx)
      : id_(id), from_(from), to_(to), ctx_(ctx) {
    used_ = !columns_storing(ctx.live, id).empty();
  }

  std::vector<Step> steps() {
    for (const DomainConstraint& was : from_.constraints)
      if (find(to_.constraints, was.name) == nullptr) gone(was);
    for (const DomainConstraint& wanted : to_.constraints)
      if (const DomainConstraint* was = find(from_.constraints, wanted.name)) {
        changed(*was, wanted);
      } else if (!renamed_.contains(wanted.name)) {
        added(wanted, wanted.name);
        comment({}, wanted);
      }
    return std::move(steps_);
  }

 private:
  Sql drop(const std::string& name) const {
    return alter_domain(id_, "DROP CONSTRAINT " + quote_ident(name));
  }
  Sql rename(const std::string& from, const std::string& to) const {
    return alter_domain(id_, "RENAME CONSTRAINT " + quote_ident(from) + " TO " + quote_ident(to));
  }

  /// Dropped, or there under another name.
  void gone(const DomainConstraint& was) {
    for (const DomainConstraint& wanted : to_.constraints) {
      if (wanted.check != was.check || wanted.validated != was.validated ||
          find(from_.constraints, wanted.name) != nullptr || renamed_.contains(wanted.name))
        continue;
      renamed_[wanted.name] = was.name;
      Step step = catalog_step(ctx_, id_, {rename(was.name, wanted.name)}, {},
                               "The same check under another name.");
      set_undo(step, {rename(wanted.name, was.name)});
      steps_.push_back(std::move(step));
      comment(was, wanted);
      return;
    }
    Step step =
        catalog_step(ctx_, id_, {drop(was.name)}, {}, "The files no longer name this check.");
    set_undo(step, back(was));
    steps_.push_back(std::move(step));
  }

  /// Makes a check again that has been dropped; nothing where PostgreSQL would not.
  std::vector<Sql> back(const DomainConstraint& was) const {
    if (!columns_hiding(ctx_.live, id_).empty()) return {};
    std::vector<Sql> statements{alter_domain(id_, add_check(was.name, was) + " NOT VALID")};
    if (was.validated)
      statements.push_back(alter_domain(id_, "VALIDATE CONSTRAINT " + quote_ident(was.name)));
    if (!was.comment.empty()) statements.push_back(check_comment(id_, was));
    return statements;
  }

  void added(const DomainConstraint& wanted, const std::string& name) {
    if (!used_ && wanted.validated) {
      steps_.push_back(catalog_step(ctx_, id_, {alter_domain(id_, add_check(name, wanted))}, {},
                                    "A check; no column is of the domain."));
      set_undo(steps_.back(), {drop(name)});
      return;
    }
    if (used_ && !columns_hiding(ctx_.live, id_).empty()) {
      steps_.push_back(impossible_step(
          ctx_, id_,
          "PostgreSQL adds no check to a domain that a column holds in an array or within another "
          "type (" +
              to_string(columns_hiding(ctx_.live, id_).front()) + ")"));
      return;
    }
    steps_.push_back(
        catalog_step(ctx_, id_, {alter_domain(id_, add_check(name, wanted) + " NOT VALID")}, {},
                     "New values are checked from now on; those that are there are not read yet."));
    set_undo(steps_.back(), {drop(name)});
    if (wanted.validated) {
      validate(name);
      steps_.back().undone_by_others = true;
    }
  }

  void validate(const std::string& name) {
    steps_.push_back(reading_step(
        id_, {alter_domain(id_, "VALIDATE CONSTRAINT " + quote_ident(name))},
        "All values are checked; PostgreSQL stops writes to every table with such a column "
        "meanwhile.",
        ctx_));
  }

  void changed(const DomainConstraint& was, const DomainConstraint& wanted) {
    if (was.check != wanted.check || (was.validated && !wanted.validated)) {
      replace(was, wanted);
      comment({}, wanted);
      return;
    }
    if (!was.validated && wanted.validated) validate(was.name);
    comment(was, wanted);
  }

  /// The new check is there before the old one goes.
  void replace(const DomainConstraint& was, const DomainConstraint& wanted) {
    if (!used_) {
      const std::string add = add_check(was.name, wanted) + (wanted.validated ? "" : " NOT VALID");
      steps_.push_back(catalog_step(ctx_, id_, {drop(was.name), alter_domain(id_, add)}, {},
                                    "A check changes; no column is of the domain."));
      set_undo(steps_.back(), {drop(was.name), alter_domain(id_, add_check(was.name, was))});
      return;
    }
    const std::string beside = suffixed(was.name, "__new");
    added(wanted, beside);
    if (steps_.back().sql.empty()) return;
    steps_.push_back(catalog_step(ctx_, id_, {drop(was.name), rename(beside, was.name)}, {},
                                  "The new check takes the old one's place."));
    std::vector<Sql> old = back(was);
    if (old.empty()) return;
    old.insert(old.begin(), rename(was.name, beside));
    set_undo(steps_.back(), old);
  }

  void comment(const DomainConstraint& was, const DomainConstraint& wanted) {
    if (was.comment == wanted.comment) return;
    Step step = catalog_step(ctx_, id_, {check_comment(id_, wanted)}, {},
                             "The comment on a check changes.");
    DomainConstraint before = wanted;
    before.comment = was.comment;
    if (!was.name.empty()) set_undo(step, {check_comment(id_, before)});
    step.undone_by_others = was.name.empty();
    steps_.push_back(std::move(step));
  }

  const ObjectId& id_;
  const Domain &from_, &to_;
  const PlanContext& ctx_;
  bool used_ = false;
  std::map<std::string, std::string> renamed_{};  ///< new name -> old name
  std::vector<Step> steps_{};
};

Step not_null_step(const Action& action, const Domain& to, const PlanContext& ctx) {
  const Sql set = alter_domain(action.id, "SET NOT NULL");
  const Sql drop = alter_domain(action.id, "DROP NOT NULL");
  if (!to.not_null) {
    Step step = catalog_step(ctx, action.id, {drop}, {}, "Values may be NULL from now on.");
    set_undo(step, {set});
    return step;
  }
  if (const auto hiding = columns_hiding(ctx.live, action.id); !hiding.empty())
    return impossible_step(ctx, action.id,
                           "PostgreSQL sets no domain NOT NULL that a column holds in an array or "
                           "within another type (" +
                               to_string(hiding.front()) + ")");
  Step step = reading_step(action.id, {set},
                           "All values are checked for NULLs; PostgreSQL stops writes to every "
                           "table with such a column meanwhile.",
                           ctx);
  set_undo(step, {drop});
  return step;
}

bool changes_base(const Domain& from, const Domain& to) {
  return from.type != to.type || from.collation != to.collation;
}

}  // namespace

std::vector<Step> create_steps(const Action& action, const Domain& wanted, const PlanContext& ctx) {
  Step step = catalog_step(ctx, action.id, create_sql(action.id, wanted, ctx), {}, "A new domain.");
  set_undo(step, {sql("DROP DOMAIN {}", qualified(action.id))});
  return {step};
}

std::vector<Step> alter_steps(const Action& action, const Domain& from, const Domain& to,
                              const PlanContext& ctx) {
  if (changes_base(from, to))  // with everything else that the domain carries
    return replace_type_steps(
        action.id,
        {.word = "DOMAIN", .create = create_sql(action.id, to, ctx), .detour = to.type, .lost = {}},
        "PostgreSQL cannot change what a domain stands for: all columns go over to a new domain.",
        ctx);
  std::vector<Step> steps;
  if (changes(action, "default")) {
    Step step = catalog_step(ctx, action.id, {alter_domain(action.id, default_clause(to))}, {},
                             "The default for new rows changes.");
    set_undo(step, {alter_domain(action.id, default_clause(from))});
    steps.push_back(std::move(step));
  }
  if (changes(action, "constraints")) append(steps, Checks(action.id, from, to, ctx).steps());
  if (changes(action, "not null")) steps.push_back(not_null_step(action, to, ctx));
  append(steps, access_steps(action, target_of(action.id), from, to, ctx));
  return steps;
}

std::vector<Step> drop_steps(const Action& action, const Domain& was, const PlanContext& ctx) {
  Step step = catalog_step(
      ctx, action.id, {sql("DROP DOMAIN {}", qualified(action.id))}, {},
      action.rebuild ? "It is made again around a change." : "The files no longer name it.");
  if (!action.rebuild)
    add_hazard(step, Hazard::DataLoss, "the domain, its checks and its privileges go");
  set_undo(step, create_sql(action.id, was, ctx));
  return {step};
}

// Where columns are of the domain, the planner takes all else that stands on it out of the way and
// asks for an Alter.
bool must_rebuild(const Change&, const Domain& from, const Domain& to, const PlanContext&) {
  return changes_base(from, to);
}

}  // namespace aloft
