#include "parser/default_opclass.h"

#include <gtest/gtest.h>

namespace aloft {
namespace {

struct Row {
  std::string method{}, opclass{}, type{};
  bool is_default = false;
};

TEST(DefaultOpclass, IsThatOfTheTypeAndMethod) {
  for (const Row& row : {Row{"btree", "text_ops", "text", true},
                         {"btree", "text_ops", "character varying(10)", true},
                         {"btree", "varchar_ops", "character varying", false},
                         {"btree", "text_pattern_ops", "text", false},
                         {"btree", "text_ops", "public.citext", false},
                         {"btree", "citext_ops", "public.citext", true},
                         {"btree", "numeric_ops", "numeric(8,2)", true},
                         {"btree", "timestamptz_ops", "timestamp(3) with time zone", true},
                         {"btree", "timestamp_ops", "timestamp(3) with time zone", false},
                         {"btree", "interval_ops", "interval day to second(2)", true},
                         {"btree", "inet_ops", "cidr", true},
                         {"gist", "inet_ops", "inet", false},
                         {"spgist", "inet_ops", "inet", true},
                         {"gist", "range_ops", "int4range", true},
                         {"gin", "jsonb_ops", "jsonb", true},
                         {"gin", "jsonb_path_ops", "jsonb", false},
                         {"gin", "text_ops", "character varying", false},
                         {"hash", "enum_ops", "public.mood", true},
                         {"brin", "int4_minmax_ops", "integer", true},
                         {"brin", "int4_minmax_multi_ops", "integer", false},
                         {"btree", "text_ops", "", true},
                         {"btree", "gist_int4_ops", "integer", false}})
    EXPECT_EQ(is_default_opclass(row.method, row.opclass, row.type), row.is_default)
        << row.method << " " << row.opclass << " " << row.type;
}

}  // namespace
}  // namespace aloft
