#include "engine/introspect/settle.h"

#include <gtest/gtest.h>

#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

/// Two expressions over a row of typed NULLs.
Probe over_row(const std::string& desired, const std::string& live) {
  const auto select = [](const std::string& expression) {
    return "SELECT (" + expression +
           ") FROM (SELECT NULL::integer AS i,"
           " NULL::character varying AS v OFFSET 0) t";
  };
  return {select(desired), select(live)};
}

class SettleTest : public testing::Test {
 protected:
  SettleTest() { session_->execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }
  TestDatabase database_;
  std::unique_ptr<Session> session_ = database_.connect();
};

TEST_F(SettleTest, TellsEqualExpressionsFromDifferentOnes) {
  EXPECT_EQ(ask_server(*session_, {over_row("v IN ('a', 'b')",
                                            "(v)::text = ANY ((ARRAY['a'::character varying,"
                                            " 'b'::character varying])::text[])"),
                                   over_row("i BETWEEN 1 AND 2", "(i >= 1) AND (i <= 2)"),
                                   over_row("i > 0", "i >= 0"), over_row("v = 'a b'", "v = 'ab'")}),
            (std::vector{Verdict::Same, Verdict::Same, Verdict::Different, Verdict::Different}));
}

TEST_F(SettleTest, RefusedProbesAreUnknownAndTheOthersAreStillAnswered) {
  std::vector<Probe> probes(7, over_row("i + 1", "(i + 1)"));
  probes[2] = over_row("nothing_here", "i");
  probes[5] = over_row("i", "no_function(i)");
  const auto verdicts = ask_server(*session_, probes);
  ASSERT_EQ(verdicts.size(), probes.size());
  for (std::size_t i = 0; i < probes.size(); ++i)
    EXPECT_EQ(verdicts[i], i == 2 || i == 5 ? Verdict::Unknown : Verdict::Same) << i;
}

TEST_F(SettleTest, LeavesTheTransactionAsItWas) {
  ask_server(*session_, {over_row("i", "j"), over_row("i", "i")});
  EXPECT_EQ(session_->query("SELECT current_setting('statement_timeout'),"
                            " current_setting('transaction_isolation')"),
            (Rows{{"0", "repeatable read"}}));
}

TEST_F(SettleTest, CannotBeMadeToRunASecondStatement) {
  EXPECT_EQ(ask_server(*session_, {{"SELECT 1; COMMIT", "SELECT 1"}}),
            (std::vector{Verdict::Unknown}));
}

TEST_F(SettleTest, KnowsTheCastsThatAreMissing) {
  const TypePair none{"inet", "double precision"}, unknown{"integer", "public.not_yet"};
  EXPECT_EQ(missing_casts(*session_, {none, unknown, {"integer", "text"}, {"text", "inet"}}),
            std::set{none});
  EXPECT_EQ(session_->query("SELECT 1"), (Rows{{"1"}})) << "the transaction goes on";
}

TEST_F(SettleTest, AnswersNothingWithNothing) {
  EXPECT_TRUE(ask_server(*session_, {}).empty());
}

}  // namespace
}  // namespace aloft::test
