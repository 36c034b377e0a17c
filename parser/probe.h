#pragma once

#include <string>
#include <vector>

#include "engine/diff/change.h"
#include "engine/model/snapshot.h"

namespace aloft {

/// A pair of texts whose canonical forms differ, as two SELECTs over the rows of null_rows(), which
/// a server can EXPLAIN without touching a table; of a view, its query with every relation replaced
/// so, of a function, what the statements of its body read.
struct TextPair {
  ObjectId id{};
  std::string field{};  ///< the field of the object that holds the text
  std::string desired_sql{}, live_sql{};
};

/// The pairs behind the Alter changes: those where asking the server can show that the two texts
/// mean the same. Texts whose difference EXPLAIN cannot see (LIMIT, ONLY, output names, inlined
/// functions, dead branches) are left out: they stay different.
std::vector<TextPair> text_pairs(const ChangeSet& changes, const Snapshot& live,
                                 const Snapshot& desired);

/// Checks, exclusions and indexes that are equal and stand on a column that gets another type:
/// ALTER TABLE makes them again from the text that the server prints of them, with the casts that
/// it once put in (ATPostAlterTypeCleanup). Both texts over the columns as they will be: those that
/// differ then have to be made anew.
std::vector<TextPair> retyped_pairs(const ChangeSet& changes, const Snapshot& live,
                                    const Snapshot& desired);

/// Makes the desired text's canonical form equal to the live one's: the server said that they are
/// the same. Diff again afterwards.
void mark_same(Snapshot& desired, const Snapshot& live, const TextPair& pair);

}  // namespace aloft
