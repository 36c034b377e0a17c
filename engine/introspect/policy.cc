#include <algorithm>
#include <string>

#include "engine/introspect/readers.h"

namespace aloft {
namespace {

std::string command_name(char letter) {
  switch (letter) {
    case 'r': return "SELECT";
    case 'a': return "INSERT";
    case 'w': return "UPDATE";
    case 'd': return "DELETE";
    default: return "ALL";
  }
}

}  // namespace

/// polroles is {0} for PUBLIC.
const Reader kPolicies{
    "policies",
    [](const ReadScope&) -> std::string {
      return "SELECT p.oid, p.polrelid, p.polname, p.polcmd, p.polpermissive,"
             " array_to_string(p.polroles, chr(31)), pg_get_expr(p.polqual, p.polrelid),"
             " pg_get_expr(p.polwithcheck, p.polrelid) FROM pg_policy p";
    },
    [](Reading& r, Fields f) {
      const Oid oid = f.oid();
      const Relation* relation = r.relation(f.oid());
      if (relation == nullptr) return;
      const std::string name = f.text();
      Policy policy{.command = command_name(f.letter('*')), .permissive = f.flag()};
      for (const std::string& role : f.list())
        if (role != "0") policy.roles.push_back(r.role(static_cast<Oid>(std::stoul(role))));
      policy.using_expr.sql = f.text();
      policy.check_expr.sql = f.text();
      policy.comment = r.comment(catalog::kPolicy, oid);
      r.live.snapshot.policies.emplace(child_id(Kind::Policy, relation->id, name),
                                       std::move(policy));
    }};

}  // namespace aloft
