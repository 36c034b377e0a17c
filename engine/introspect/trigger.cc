#include <fmt/format.h>

#include "engine/base/sql.h"
#include "engine/introspect/readers.h"

namespace aloft {
namespace {

/// What follows the trigger's name in CREATE [CONSTRAINT] TRIGGER name ...
std::string after_name(std::string_view text) {
  constexpr std::string_view kWord = "TRIGGER ";
  std::size_t at = text.find(kWord);
  if (at == std::string_view::npos) return std::string(text);
  at += kWord.size();
  for (bool quoted = false; at < text.size() && (quoted || text[at] != ' '); ++at)
    if (text[at] == '"') quoted = !quoted;
  return std::string(text.substr(std::min(at + 1, text.size())));
}

void read_trigger(Reading& r, Fields f) {
  const Oid oid = f.oid();
  const Relation* relation = r.relation(f.oid());
  if (relation == nullptr || r.is_member(catalog::kTrigger, oid)) return;
  const std::string name = f.text();
  Trigger trigger;
  trigger.constraint = f.flag();
  trigger.enabled = f.letter('O');
  trigger.definition.sql = after_name(f.definition());
  trigger.comment = r.comment(catalog::kTrigger, oid);
  r.live.snapshot.triggers.emplace(child_id(Kind::Trigger, relation->id, name), std::move(trigger));
}

}  // namespace

/// Without the clones on partitions and the server's own. Until 14 clones are marked internal too.
const Reader kTriggers{
    "triggers",
    [](const ReadScope& scope) {
      return fmt::format(
          "SELECT t.oid, t.tgrelid, t.tgname, t.tgconstraint <> 0, t.tgenabled,"
          " pg_get_triggerdef(t.oid)"
          " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
          " WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND c.relnamespace = ANY ('{}')",
          scope.schemas);
    },
    read_trigger};

/// ALTER TABLE ... DISABLE TRIGGER on those that are left out: a clone, or a foreign key's, whose
/// name holds an OID.
const Reader kTriggerStates{
    "states of internal triggers",
    [](const ReadScope& scope) {
      return fmt::format(
          "SELECT t.tgrelid, coalesce(k.conname, t.tgname)"
          " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
          " LEFT JOIN pg_trigger p ON p.oid = t.tgparentid"
          " LEFT JOIN pg_constraint k ON k.oid = t.tgconstraint AND t.tgisinternal"
          " WHERE (t.tgisinternal OR t.tgparentid <> 0)"
          " AND t.tgenabled <> coalesce(p.tgenabled, 'O') AND c.relnamespace = ANY ('{}')",
          scope.schemas);
    },
    [](Reading& r, Fields f) {
      const Relation* relation = r.relation(f.oid());
      if (relation == nullptr) return;
      r.unmanaged("trigger state", quote_ident(f.text()) + " on " +
                                       quote_qualified(relation->id.schema, relation->id.name));
    }};

}  // namespace aloft
