#include "planner/emit/search_mappings.h"

#include <algorithm>
#include <map>
#include <string>

#include "planner/step_builder.h"

namespace aloft {

std::vector<Sql> mappings_sql(const ObjectId& configuration, const Options& from,
                              const Options& to) {
  using Tokens = std::map<std::string, std::vector<std::string>>;  // by their dictionaries
  Tokens added, altered;
  std::vector<std::string> gone;
  for (const Option& mapping : to) {
    const auto was = std::ranges::find(from, mapping.name, &Option::name);
    if (was == from.end())
      added[mapping.value].push_back(mapping.name);
    else if (was->value != mapping.value)
      altered[mapping.value].push_back(mapping.name);
  }
  for (const Option& mapping : from)
    if (std::ranges::find(to, mapping.name, &Option::name) == to.end())
      gone.push_back(mapping.name);
  std::vector<Sql> statements;
  const auto say = [&](const std::string& what) {
    statements.push_back(
        sql("ALTER TEXT SEARCH CONFIGURATION {} {}", qualified(configuration), Sql{what}));
  };
  if (!gone.empty()) say("DROP MAPPING FOR " + ident_list(gone).text);
  for (const auto& [dictionaries, tokens] : altered)
    say("ALTER MAPPING FOR " + ident_list(tokens).text + " WITH " + dictionaries);
  for (const auto& [dictionaries, tokens] : added)
    say("ADD MAPPING FOR " + ident_list(tokens).text + " WITH " + dictionaries);
  return statements;
}

}  // namespace aloft
