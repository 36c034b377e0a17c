#include <algorithm>

#include "engine/base/sql.h"
#include "engine/introspect/readers.h"

namespace aloft {
namespace {

ObjectId role_id(std::string name) {
  return {.kind = Kind::Role, .name = std::move(name)};
}

/// "work_mem=64MB", as pg_db_role_setting has it. Names of settings do not mind case.
void add_setting(Options& attributes, const std::string& setting) {
  const auto equals = setting.find('=');
  std::string name = setting.substr(0, equals);
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  attributes.push_back({"SET " + name, setting.substr(equals + 1)});
}

}  // namespace

/// pg_roles, which everyone may read: pg_authid holds password hashes and is for superusers.
const Reader kRoles{
    "roles",
    [](const ReadScope&) -> std::string {
      return "SELECT r.oid, r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb,"
             " r.rolcanlogin, r.rolreplication, r.rolbypassrls, r.rolconnlimit,"
             " coalesce(r.rolvaliduntil::text, 'infinity'), d.description, " +
             list_sql("s.setconfig") +
             " FROM pg_roles r LEFT JOIN pg_shdescription d"
             " ON d.objoid = r.oid AND d.classoid = 'pg_authid'::regclass"
             " LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid AND s.setdatabase = 0"
             " ORDER BY r.rolname";
    },
    [](Reading& r, Fields f) {
      const Oid oid = f.oid();
      const std::string name = f.text();
      r.roles.emplace(oid, name);
      r.live.names.roles.push_back(name);
      if (name.starts_with("pg_")) return;
      Role role;
      for (const char* attribute :
           {"SUPERUSER", "INHERIT", "CREATEROLE", "CREATEDB", "LOGIN", "REPLICATION", "BYPASSRLS"})
        role.attributes.push_back({attribute, f.flag() ? "true" : "false"});
      role.attributes.push_back({"CONNECTION LIMIT", f.text()});
      role.attributes.push_back({"VALID UNTIL", f.text()});
      role.comment = f.text();
      for (const std::string& setting : f.list()) add_setting(role.attributes, setting);
      std::ranges::sort(role.attributes);
      r.live.snapshot.roles.emplace(role_id(name), std::move(role));
    }};

/// The same membership can be granted by several grantors since 16.
const Reader kMemberships{
    "role memberships",
    [](const ReadScope& scope) -> std::string {
      const std::string odd = scope.version >= 160000
                                  ? "bool_or(m.inherit_option <> r.rolinherit OR NOT m.set_option)"
                                  : "false";
      return "SELECT m.member, m.roleid, bool_or(m.admin_option), " + odd +
             " FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member GROUP BY 1, 2";
    },
    [](Reading& r, Fields f) {
      const std::string member = r.role(f.oid());
      const std::string group = r.role(f.oid());
      const auto it = r.live.snapshot.roles.find(role_id(member));
      if (it == r.live.snapshot.roles.end()) return;
      it->second.member_of.push_back({group, f.flag() ? "ADMIN" : ""});
      std::ranges::sort(it->second.member_of);
      if (f.flag())
        r.unmanaged("membership options", quote_ident(member) + " in " + quote_ident(group));
    }};

}  // namespace aloft
