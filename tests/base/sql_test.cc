#include "engine/base/sql.h"

#include <gtest/gtest.h>

#include "tests/support/test_database.h"

namespace aloft {
namespace {

TEST(Sql, EachFragmentQuotesItself) {
  EXPECT_EQ(sql("COMMENT ON TABLE {} IS {}", QualifiedName{"My Shop", "order"}, Literal{"it's"}),
            Sql{"COMMENT ON TABLE \"My Shop\".\"order\" IS 'it''s'"});
}

TEST(Sql, ABackslashMakesAnEscapeConstant) {
  EXPECT_EQ(quote_literal("a\\b'c"), "E'a\\\\b''c'");
}

TEST(Sql, NamesAreListedWithCommas) {
  EXPECT_EQ(ident_list({"a", "B"}).text, "a, \"B\"");
  EXPECT_EQ(sql_list(std::vector<Ident>{{"a"}, {"user"}}).text, "a, \"user\"");
}

TEST(Sql, IdentifiersAreQuotedJustWhereTheServerQuotesThem) {
  const test::TestDatabase db;
  const auto session = db.connect();
  const Rows rows = session->query(
      "SELECT name, quote_ident(name) FROM (SELECT word FROM pg_get_keywords() UNION ALL"
      " VALUES ('plain'), ('_under'), ('a1'), ('1a'), ('Upper'), ('with space'), ('qu\"ote'),"
      " ('dollar$'), ('ümlaut'), ('')) AS names(name)");
  ASSERT_GT(rows.size(), 400u);
  for (const Row& row : rows) EXPECT_EQ(quote_ident(row[0].value()), row[1].value());
}

TEST(Sql, LiteralsComeBackAsTheyWere) {
  const test::TestDatabase db;
  const auto session = db.connect();
  for (const std::string text : {"", "it's", "back\\slash", "\\'", "ümlaut", "line\nend", "{}"})
    EXPECT_EQ(session->query("SELECT " + quote_literal(text))[0][0].value(), text);
}

}  // namespace
}  // namespace aloft
