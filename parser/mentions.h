#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/model/snapshot.h"

namespace aloft {

/// Whether `name` stands in `text` as a word of its own.
bool mentions_word(const std::string& text, const std::string& name);

/// Calls f(owner of the text, text) for every SQL text of the snapshot. Of functions it is the
/// statement without its string constants: PostgreSQL does not look into string bodies either.
void for_each_text(const Snapshot&,
                   const std::function<void(const ObjectId&, const std::string&)>&);

/// The first object in whose texts `name` stands as a word and for which `counts` says yes.
std::optional<ObjectId> first_mention(const Snapshot&, const std::string& name,
                                      const std::function<bool(const ObjectId&)>& counts);

/// The first object in whose texts `value` stands as a string constant.
std::optional<ObjectId> literal_mention(const Snapshot&, const std::string& value);

}  // namespace aloft
