#include "engine/introspect/readers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "engine/base/sql.h"
#include "engine/db/db_error.h"

namespace aloft {

std::string Fields::definition() {
  const auto text = next();
  if (!text) throw DbError("40001", "the schema was changed while it was read; run again");
  return std::string(*text);
}

std::int64_t Fields::number(std::int64_t if_null) {
  const auto text = next();
  if (!text) return if_null;
  std::int64_t value = 0;
  std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

char Fields::letter(char if_null) {
  const auto text = next();
  return text && !text->empty() ? text->front() : if_null;
}

std::vector<std::string> Fields::list() {
  const auto text = next();
  return text ? split(*text, kSeparator) : std::vector<std::string>{};
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

namespace {

const std::string* named(const std::unordered_map<Oid, std::string>& names, Oid oid) {
  const auto it = names.find(oid);
  return it == names.end() ? nullptr : &it->second;
}

Oid to_oid(std::string_view text) {
  Oid oid = 0;
  std::from_chars(text.data(), text.data() + text.size(), oid);
  return oid;
}

}  // namespace

Relation* Reading::relation(Oid oid) {
  const auto it = relations.find(oid);
  return it == relations.end() ? nullptr : &it->second;
}

std::string Reading::role(Oid oid) const {
  const std::string* name = named(roles, oid);
  return name != nullptr ? *name : std::to_string(oid);  // a role that was dropped by force
}

std::string Reading::schema(Oid oid) const {
  const std::string* name = named(namespaces, oid);
  return name != nullptr ? *name : "";
}

std::string Reading::tablespace(Oid oid) const {
  const std::string* name = named(tablespaces, oid);
  return name != nullptr ? *name : "";
}

std::string Reading::comment(Oid catalog, Oid object, std::int32_t sub) {
  const auto it = comments.find({catalog, object, sub});
  if (it == comments.end()) return "";
  std::string text = std::move(it->second);
  comments.erase(it);
  return text;
}

Grants Reading::grants(const std::string& text) const {
  // The same privilege can come from two grantors.
  std::map<std::pair<std::string, std::string>, bool> merged;
  Grants grants;
  for (const std::string& item : split(text, ',')) {
    const std::size_t space = item.find(' ');
    const Oid grantee = to_oid(item);
    const std::string privilege = item.substr(space + 3);
    if (item[space + 1] == 'o')
      grants.push_back({.privilege = privilege, .taken = true});
    else
      merged[{grantee == 0 ? "" : role(grantee), privilege}] |= item[space + 1] == 't';
  }
  for (auto& [key, grantable] : merged) grants.push_back({key.first, key.second, grantable});
  std::ranges::sort(grants);
  return grants;
}

void add_options(Options& options, const std::vector<std::string>& settings,
                 std::string_view prefix) {
  for (const std::string& setting : settings) {
    const std::size_t equals = std::min(setting.find('='), setting.size());
    const std::size_t value = std::min(equals + 1, setting.size());
    options.push_back({std::string(prefix) + setting.substr(0, equals), setting.substr(value)});
  }
  std::ranges::sort(options);
}

std::string list_sql(std::string_view array) {
  return fmt::format("array_to_string({}, chr(31))", array);
}

std::string acl_sql(std::string_view acl, std::string_view owner, char type) {
  return fmt::format(
      "CASE WHEN {0} IS NOT NULL THEN concat_ws(',', (SELECT string_agg(concat_ws(' ', x.grantee,"
      " x.is_grantable, x.privilege_type), ',') FROM aclexplode({0}) x WHERE x.grantee <> {1}),"
      " (SELECT string_agg('0 o ' || d.privilege_type, ',') FROM aclexplode(acldefault('{2}', "
      "{1})) d"
      " WHERE d.grantee = {1} AND NOT EXISTS (SELECT FROM aclexplode({0}) x"
      " WHERE x.grantee = {1} AND x.privilege_type = d.privilege_type))) END",
      acl, owner, type);
}

std::string no_member_sql(std::string_view catalog, std::string_view oid) {
  return fmt::format(
      "NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{}'::regclass AND e.objid = {}"
      " AND e.deptype = 'e')",
      catalog, oid);
}

const std::vector<const Reader*>& all_readers() {
  static const std::vector<const Reader*> readers{
      // What is looked up while the rest is read.
      &kRoles, &kTablespaces, &kAccessMethods, &kCollations, &kExtensionMembers, &kComments,
      &kNamespaces,
      // Objects before what stands on them.
      &kMemberships, &kExtensions, &kTypes, &kEnumLabels, &kTables, &kViews, &kColumns, &kSequences,
      &kConstraints, &kDomainConstraints, &kIndexes, &kIndexStatistics, &kInheritance, &kFunctions,
      &kAggregates, &kOperators, &kSearchParsers, &kSearchTemplates, &kSearchDictionaries,
      &kSearchConfigurations, &kTriggers, &kTriggerStates, &kPolicies,
      // What is only named.
      &kUnmanaged, &kKnownNames, &kDefaultPrivileges};
  return readers;
}

}  // namespace aloft
