#include "parser/default_opclass.h"

#include <algorithm>
#include <string_view>

namespace aloft {
namespace {

constexpr std::string_view kAny =
    "any";  // a pseudo-type: no other class is the default of its types

/// A default operator class of some index methods.
struct DefaultOpclass {
  std::string_view opclass{}, type{}, methods{};
};

constexpr DefaultOpclass kDefaults[] = {
    {"aclitem_ops", "aclitem", "hash"},
    {"array_ops", kAny, "btree hash gin"},
    {"bit_minmax_ops", "bit", "brin"},
    {"bit_ops", "bit", "btree gin"},
    {"bool_ops", "boolean", "btree hash gin"},
    {"box_inclusion_ops", "box", "brin"},
    {"box_ops", "box", "gist spgist"},
    {"bpchar_minmax_ops", "character", "brin"},
    {"bpchar_ops", "character", "btree hash gin"},
    {"btree_hstore_ops", "hstore", "btree"},
    {"bytea_minmax_ops", "bytea", "brin"},
    {"bytea_ops", "bytea", "btree hash gin"},
    {"char_minmax_ops", "\"char\"", "brin"},
    {"char_ops", "\"char\"", "btree hash gin"},
    {"cid_ops", "cid", "hash"},
    {"cidr_ops", "cidr", "gin"},
    {"circle_ops", "circle", "gist"},
    {"citext_ops", "citext", "btree hash"},
    {"cube_ops", "cube", "btree"},
    {"date_minmax_ops", "date", "brin"},
    {"date_ops", "date", "btree hash gin"},
    {"enum_ops", kAny, "btree hash gin"},
    {"float4_minmax_ops", "real", "brin"},
    {"float4_ops", "real", "btree hash gin"},
    {"float8_minmax_ops", "double precision", "brin"},
    {"float8_ops", "double precision", "btree hash gin"},
    {"gin_hstore_ops", "hstore", "gin"},
    {"gist__int_ops", "integer[]", "gist"},
    {"gist__ltree_ops", "ltree[]", "gist"},
    {"gist_bit_ops", "bit", "gist"},
    {"gist_bool_ops", "boolean", "gist"},
    {"gist_bpchar_ops", "character", "gist"},
    {"gist_bytea_ops", "bytea", "gist"},
    {"gist_cash_ops", "money", "gist"},
    {"gist_cidr_ops", "cidr", "gist"},
    {"gist_cube_ops", "cube", "gist"},
    {"gist_date_ops", "date", "gist"},
    {"gist_enum_ops", kAny, "gist"},
    {"gist_float4_ops", "real", "gist"},
    {"gist_float8_ops", "double precision", "gist"},
    {"gist_hstore_ops", "hstore", "gist"},
    {"gist_inet_ops", "inet", "gist"},
    {"gist_int2_ops", "smallint", "gist"},
    {"gist_int4_ops", "integer", "gist"},
    {"gist_int8_ops", "bigint", "gist"},
    {"gist_interval_ops", "interval", "gist"},
    {"gist_ltree_ops", "ltree", "gist"},
    {"gist_macaddr8_ops", "macaddr8", "gist"},
    {"gist_macaddr_ops", "macaddr", "gist"},
    {"gist_numeric_ops", "numeric", "gist"},
    {"gist_oid_ops", "oid", "gist"},
    {"gist_seg_ops", "seg", "gist"},
    {"gist_text_ops", "text", "gist"},
    {"gist_time_ops", "time without time zone", "gist"},
    {"gist_timestamp_ops", "timestamp without time zone", "gist"},
    {"gist_timestamptz_ops", "timestamp with time zone", "gist"},
    {"gist_timetz_ops", "time with time zone", "gist"},
    {"gist_uuid_ops", "uuid", "gist"},
    {"gist_vbit_ops", "bit varying", "gist"},
    {"hash_hstore_ops", "hstore", "hash"},
    {"inet_inclusion_ops", "inet", "brin"},
    {"inet_ops", "inet", "btree hash gin spgist"},
    {"int2_minmax_ops", "smallint", "brin"},
    {"int2_ops", "smallint", "btree hash gin"},
    {"int4_minmax_ops", "integer", "brin"},
    {"int4_ops", "integer", "btree hash gin"},
    {"int8_minmax_ops", "bigint", "brin"},
    {"int8_ops", "bigint", "btree hash gin"},
    {"interval_minmax_ops", "interval", "brin"},
    {"interval_ops", "interval", "btree hash gin"},
    {"jsonb_ops", "jsonb", "btree hash gin"},
    {"ltree_ops", "ltree", "btree"},
    {"macaddr8_minmax_ops", "macaddr8", "brin"},
    {"macaddr8_ops", "macaddr8", "btree hash gin"},
    {"macaddr_minmax_ops", "macaddr", "brin"},
    {"macaddr_ops", "macaddr", "btree hash gin"},
    {"money_ops", "money", "btree gin"},
    {"multirange_ops", kAny, "btree hash gist"},
    {"name_minmax_ops", "name", "brin"},
    {"name_ops", "name", "btree hash gin"},
    {"numeric_minmax_ops", "numeric", "brin"},
    {"numeric_ops", "numeric", "btree hash gin"},
    {"oid_minmax_ops", "oid", "brin"},
    {"oid_ops", "oid", "btree hash gin"},
    {"oidvector_ops", "oidvector", "btree hash"},
    {"pg_lsn_minmax_ops", "pg_lsn", "brin"},
    {"pg_lsn_ops", "pg_lsn", "btree hash"},
    {"point_ops", "point", "gist"},
    {"poly_ops", "polygon", "gist spgist"},
    {"quad_point_ops", "point", "spgist"},
    {"range_inclusion_ops", kAny, "brin"},
    {"range_ops", kAny, "btree hash gist spgist"},
    {"record_ops", kAny, "btree hash"},
    {"seg_ops", "seg", "btree"},
    {"text_minmax_ops", "text", "brin"},
    {"text_ops", "text", "btree hash gin spgist"},
    {"tid_minmax_ops", "tid", "brin"},
    {"tid_ops", "tid", "btree hash"},
    {"time_minmax_ops", "time without time zone", "brin"},
    {"time_ops", "time without time zone", "btree hash gin"},
    {"timestamp_minmax_ops", "timestamp without time zone", "brin"},
    {"timestamp_ops", "timestamp without time zone", "btree hash gin"},
    {"timestamptz_minmax_ops", "timestamp with time zone", "brin"},
    {"timestamptz_ops", "timestamp with time zone", "btree hash gin"},
    {"timetz_minmax_ops", "time with time zone", "brin"},
    {"timetz_ops", "time with time zone", "btree hash gin"},
    {"tsquery_ops", "tsquery", "btree gist"},
    {"tsvector_ops", "tsvector", "btree gin gist"},
    {"uuid_minmax_ops", "uuid", "brin"},
    {"uuid_ops", "uuid", "btree hash gin"},
    {"varbit_minmax_ops", "bit varying", "brin"},
    {"varbit_ops", "bit varying", "btree gin"},
    {"varchar_ops", "character varying", "gin"},
    {"xid8_ops", "xid8", "btree hash"},
    {"xid_ops", "xid", "hash"},
};

/// The type without its modifiers: "timestamp(3) with time zone" and "interval day to second".
std::string without_modifiers(std::string type) {
  if (type.starts_with("interval") && !type.ends_with("[]")) return "interval";
  const auto open = type.find('(');
  if (open != std::string::npos) type.erase(open, type.find(')', open) - open + 1);
  return type;
}

/// The words of `methods` hold `method`.
bool among(std::string_view methods, std::string_view method) {
  for (std::size_t at = methods.find(method); at != std::string_view::npos;
       at = methods.find(method, at + 1)) {
    const std::size_t end = at + method.size();
    if ((at == 0 || methods[at - 1] == ' ') && (end == methods.size() || methods[end] == ' '))
      return true;
  }
  return false;
}

}  // namespace

bool is_default_opclass(const std::string& method, const std::string& opclass,
                        const std::string& type) {
  std::string plain = without_modifiers(type);
  // Types without a class of their own take that of a type that they are coerced to as they are.
  if (plain == "character varying" && method != "gin") plain = "text";
  if (plain == "cidr" && method != "gin" && method != "gist") plain = "inet";
  return std::ranges::any_of(kDefaults, [&](const DefaultOpclass& known) {
    return known.opclass == opclass && among(known.methods, method) &&
           (plain.empty() || known.type == kAny || plain == known.type ||
            plain.ends_with("." + std::string(known.type)));
  });
}

}  // namespace aloft
