#pragma once

#include <cstdint>
#include <string>

#include "engine/db/session.h"
#include "engine/plan/plan.h"

namespace aloft {

/// What was copied out of the database before a step that loses it.
struct Archive {
  std::string data{};     ///< the file, as COPY TO writes it
  std::string restore{};  ///< a script for psql that puts it back
  std::int64_t rows = 0;
};

/// Does the step lose rows or values that can be copied out: a table, or a column?
bool loses_data(const Step& step);

/// Copies the rows of the table, or the values of the column with the table's primary key (without
/// one: all columns), that the step is about, into `folder`, in one snapshot; reads the file again
/// and checks its rows against the server's count and its bytes against those that were received.
/// A generated column has no values of its own: no file.
/// Throws DbError, IoError. What is written to the table afterwards is not in it.
Archive archive(Session& session, const Step& step, const std::string& run,
                const std::string& folder);

}  // namespace aloft
