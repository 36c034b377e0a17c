#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

/// An object as ALTER, COMMENT and DROP name it: word "MATERIALIZED VIEW", name "s.v"; word
/// "CONSTRAINT", name "c ON s.t".
struct Target {
  ObjectId id{};
  std::string word{};
  std::string name{};
  std::string owner{};  ///< of the object, where it is known
  Sql text() const { return Sql{word + " " + name}; }
};
Target target_of(
    const ObjectId& id);  ///< a View is taken for a plain one, a Function for a function
Target target_of(const ObjectId& id, const View& view);
Target target_of(const ObjectId& id, const Function& function);
template <class T>
Target target_of(const ObjectId& id, const T&) {
  return target_of(id);
}

/// A role's name as SQL; CURRENT_USER for the one that stands for whoever carries out the plan.
Sql role_sql(const std::string& role);
/// "ALTER TABLE s.t OWNER TO o".
Sql owner_sql(const Target& target, const std::string& owner);
/// "COMMENT ON TABLE s.t IS '...'", NULL for an empty text.
Sql comment_sql(const Target& target, const std::string& text);
/// GRANT and REVOKE statements that lead from one list of privileges to the other, changes of the
/// grant option included; of a Column id, column privileges. Nothing where they are equal.
std::vector<Sql> grants_sql(const Target& target, const Grants& from, const Grants& to);
/// The privileges of others than the owner that a new object of the kind has: EXECUTE or USAGE for
/// PUBLIC, where PostgreSQL gives it.
Grants born_with(Kind kind);
/// Grants for a new object: from born_with(); or, where default privileges may have added to it,
/// REVOKE ALL from PUBLIC and from everybody named, and then all of them.
std::vector<Sql> new_grants_sql(const Target& target, const Grants& wanted, const PlanContext& ctx);
/// Is it to be given to somebody else than who runs the plan?
bool owner_to_set(const std::string& owner, const PlanContext& ctx);

/// Owner, grants and comment of a new object, as statements that follow its creation.
template <class T>
std::vector<Sql> dress_sql(Target target, const T& wanted, const PlanContext& ctx) {
  std::vector<Sql> statements;
  if constexpr (requires { wanted.owner; }) target.owner = wanted.owner;
  if constexpr (requires { wanted.owner; })
    if (owner_to_set(wanted.owner, ctx)) statements.push_back(owner_sql(target, wanted.owner));
  if constexpr (requires { wanted.grants; })
    append(statements, new_grants_sql(target, wanted.grants, ctx));
  if (!wanted.comment.empty()) statements.push_back(comment_sql(target, wanted.comment));
  return statements;
}

Step owner_step(const Target& target, const std::string& from, const std::string& to,
                const PlanContext& ctx);
Step grants_step(const Target& target, const Grants& from, const Grants& to,
                 const PlanContext& ctx);
Step comment_step(const Target& target, const std::string& from, const std::string& to,
                  const PlanContext& ctx);

/// Steps for those of "owner", "grants" and "comment" that the action changes.
template <class T>
std::vector<Step> access_steps(const Action& action, Target target, const T& from, const T& to,
                               const PlanContext& ctx) {
  std::vector<Step> steps;
  if constexpr (requires { to.owner; }) target.owner = to.owner;
  if constexpr (requires { to.owner; })
    if (changes(action, "owner") && !to.owner.empty())
      steps.push_back(owner_step(target, from.owner, to.owner, ctx));
  if constexpr (requires { to.grants; })
    if (changes(action, "grants")) {
      Grants had = from.grants;
      // ALTER ... OWNER TO turns what the new owner was granted into the owner's own.
      if constexpr (requires { to.owner; })
        std::erase_if(had,
                      [&](const Grant& g) { return g.grantee == to.owner && !to.owner.empty(); });
      if (Step step = grants_step(target, had, to.grants, ctx); !step.sql.empty())
        steps.push_back(std::move(step));
    }
  if (changes(action, "comment"))
    steps.push_back(comment_step(target, from.comment, to.comment, ctx));
  return steps;
}

}  // namespace aloft
