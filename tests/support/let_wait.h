#pragma once

#include <string>

#include "tests/support/test_database.h"

namespace aloft::test {

/// Carries the first statement out in a transaction of its own and the second in another session,
/// and commits the first when the second waits for it. Expects that it does wait. Throws DbError.
void let_wait(const TestDatabase& database, const std::string& first, const std::string& second);

}  // namespace aloft::test
