#include <fmt/format.h>

#include "engine/introspect/readers.h"

namespace aloft {
namespace {

/// The catalog and not view pg_sequences, which hides what the login may not use. A dependency on a
/// column is automatic for OWNED BY and internal for an identity column.
std::string sequences_sql(const ReadScope& scope) {
  return fmt::format(
      "SELECT c.oid, c.relnamespace, c.relname, format_type(s.seqtypid, NULL), s.seqstart,"
      " s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, d.deptype, d.refobjid,"
      " a.attname, c.relpersistence, c.relowner, {}"
      " FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid"
      " LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid"
      " AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0"
      " AND d.deptype IN ('a', 'i')"
      " LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
      " WHERE c.relkind = 'S' AND c.relnamespace = ANY ('{}')",
      acl_sql("c.relacl", "c.relowner", 's'), scope.schemas);
}

SequenceOptions options_of(Fields& f) {
  SequenceOptions options{.type = f.text()};
  options.start = f.number(1);
  options.increment = f.number(1);
  options.min = f.number(1);
  options.max = f.number(1);
  options.cache = f.number(1);
  options.cycle = f.flag();
  return options;
}

}  // namespace

const Reader kSequences{
    "sequences", sequences_sql, [](Reading& r, Fields f) {
      const Oid oid = f.oid();
      if (r.is_member(catalog::kClass, oid)) return;
      ObjectId id{.kind = Kind::Sequence, .schema = r.schema(f.oid()), .name = f.text()};
      Sequence sequence{.options = options_of(f)};
      const bool identity = f.letter(' ') == 'i';
      const Relation* table = r.relation(f.oid());
      const std::string column = f.text();
      if (table != nullptr) sequence.owned_by = child_id(Kind::Column, table->id, column);
      if (identity) {
        const auto it = r.live.snapshot.columns.find(sequence.owned_by);
        if (it == r.live.snapshot.columns.end()) return;
        it->second.identity_sequence = std::move(sequence.options);
        // A statement cannot say it: LIKE ... INCLUDING IDENTITY makes a bigint one for any column.
        it->second.identity_sequence.type = it->second.type;
        return;
      }
      sequence.unlogged = f.letter('p') == 'u';
      sequence.owner = r.role(f.oid());
      sequence.grants = r.grants(f.text());
      sequence.comment = r.comment(catalog::kClass, oid);
      r.live.snapshot.sequences.emplace(std::move(id), std::move(sequence));
    }};

}  // namespace aloft
