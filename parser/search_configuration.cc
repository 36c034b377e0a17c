// CREATE and ALTER TEXT SEARCH CONFIGURATION.

#include <algorithm>
#include <array>

#include "engine/base/sql.h"
#include "parser/define.h"
#include "parser/targets.h"

namespace aloft {
namespace {

using Names = std::vector<std::string>;

/// A name as mappings have it: without pg_catalog.
std::string plain(Names name) {
  if (name.size() == 2 && name.front() == "pg_catalog") name.erase(name.begin());
  return written(name);
}

/// The languages that PostgreSQL 14 to 18 come with a stemmer for; those that are written in
/// another script leave words of ASCII letters to English (snowball_create.pl).
constexpr auto kLanguages = std::to_array<std::string_view>(
    {"arabic",  "armenian",  "basque",     "catalan",  "danish",  "dutch",
     "english", "estonian",  "finnish",    "french",   "german",  "greek",
     "hindi",   "hungarian", "indonesian", "irish",    "italian", "lithuanian",
     "nepali",  "norwegian", "portuguese", "romanian", "russian", "serbian",
     "spanish", "swedish",   "tamil",      "turkish",  "yiddish"});

/// What initdb makes of that name in pg_catalog.
std::optional<SearchConfiguration> builtin(const std::string& name) {
  const bool stems = std::ranges::find(kLanguages, name) != kLanguages.end();
  if (!stems && name != "simple") return std::nullopt;
  const std::string words = stems ? name + "_stem" : name;
  const std::string ascii = name == "hindi" || name == "russian" ? "english_stem" : words;
  SearchConfiguration made{.parser = "\"default\""};
  for (const char* token : {"email", "file", "float", "host", "hword_numpart", "int", "numhword",
                            "numword", "sfloat", "uint", "url", "url_path", "version"})
    made.mappings.push_back({token, "simple"});
  for (const char* token : {"asciihword", "asciiword", "hword_asciipart"})
    made.mappings.push_back({token, ascii});
  for (const char* token : {"hword", "hword_part", "word"}) made.mappings.push_back({token, words});
  std::ranges::sort(made.mappings);
  return made;
}

/// What COPY takes over.
std::optional<SearchConfiguration> original(const Names& name, const Statement& st,
                                            ParseContext& context) {
  const auto id = find_search_object(Kind::SearchConfiguration, name, st, context);
  if (name.size() == 1 || name.front() == "pg_catalog")
    if (auto made = builtin(name.back())) return made;
  if (!id) {
    unknown_object(context, st.at(), "text search configuration", written(name));
    return std::nullopt;
  }
  const SearchConfiguration& found = context.snapshot.search_configurations.at(*id);
  return SearchConfiguration{.parser = found.parser, .mappings = found.mappings};
}

/// "a, b" with `old` replaced.
std::string with_replaced(const std::string& dictionaries, const std::string& old,
                          const std::string& now) {
  std::string text;
  for (const std::string& one : dictionaries_in(dictionaries))
    text += (text.empty() ? "" : ", ") + (one == old ? now : one);
  return text;
}

class Mappings {
 public:
  Mappings(const ObjectId& id, Options& mappings, const Statement& st, ParseContext& context)
      : id_(id), mappings_(mappings), st_(st), context_(context) {}

  void add(const Names& tokens, const std::string& dictionaries) {
    for (const std::string& token : tokens) {
      const auto place = std::ranges::lower_bound(mappings_, token, {}, &Option::name);
      if (place != mappings_.end() && place->name == token)
        context_.diagnostics.error("duplicate-object",
                                   to_string(id_) + " has a mapping for " + token + " already",
                                   "write ALTER MAPPING, or take one of them out", st_.at());
      else
        mappings_.insert(place, {token, dictionaries});
    }
  }

  /// ALTER MAPPING FOR makes the ones that are not there.
  void set(const Names& tokens, const std::string& dictionaries) {
    std::erase_if(mappings_, [&](const Option& m) {
      return std::ranges::find(tokens, m.name) != tokens.end();
    });
    add(tokens, dictionaries);
  }

  void replace(const Names& tokens, const std::string& old, const std::string& now) {
    for (Option& m : mappings_)
      if (tokens.empty() || std::ranges::find(tokens, m.name) != tokens.end())
        m.value = with_replaced(m.value, old, now);
  }

  void drop(const Names& tokens, bool missing_ok) {
    for (const std::string& token : tokens)
      if (std::erase_if(mappings_, [&](const Option& m) { return m.name == token; }) == 0 &&
          !missing_ok)
        unknown_object(context_, st_.at(), "mapping", token + " of " + to_string(id_));
  }

 private:
  const ObjectId& id_;
  Options& mappings_;
  const Statement& st_;
  ParseContext& context_;
};

}  // namespace

void create_search_configuration(const ObjectId& id, const PgQuery__DefineStmt& stmt,
                                 const Statement& st, ParseContext& context) {
  const PgQuery__DefElem* parser = define_option(stmt, "parser");
  const PgQuery__DefElem* copy = define_option(stmt, "copy");
  const PgQuery__DefElem* source = parser != nullptr ? parser : copy;
  if (source == nullptr || stmt.n_definition != 1)
    return refuse(context, st.at(), "a text search configuration with other than PARSER or COPY");
  SearchConfiguration made;
  if (parser != nullptr) {
    made.parser = plain(name_list(parser->arg));
  } else {
    auto found = original(name_list(copy->arg), st, context);
    if (!found) return;
    made = std::move(*found);
  }
  if (!first_time(context, id, st.at())) return;
  made.at = st.at();
  context.snapshot.search_configurations[id] = std::move(made);
}

void parse_alter_search_configuration(const PgQuery__AlterTSConfigurationStmt& stmt,
                                      const Statement& st, ParseContext& context) {
  const Names name = pg::names(stmt.n_cfgname, stmt.cfgname);
  const auto id = find_search_object(Kind::SearchConfiguration, name, st, context);
  if (!id) return unknown_object(context, st.at(), "text search configuration", written(name));
  Mappings mappings(*id, context.snapshot.search_configurations[*id].mappings, st, context);
  const Names tokens = pg::names(stmt.n_tokentype, stmt.tokentype);
  std::vector<std::string> dictionaries;
  for (const pg::Node* node : pg::list(stmt.n_dicts, stmt.dicts))
    dictionaries.push_back(plain(name_list(node)));
  std::string all;
  for (const std::string& one : dictionaries) all += (all.empty() ? "" : ", ") + one;
  switch (stmt.kind) {
    case PG_QUERY__ALTER_TSCONFIG_TYPE__ALTER_TSCONFIG_ADD_MAPPING:
      return mappings.add(tokens, all);
    case PG_QUERY__ALTER_TSCONFIG_TYPE__ALTER_TSCONFIG_ALTER_MAPPING_FOR_TOKEN:
      return mappings.set(tokens, all);
    case PG_QUERY__ALTER_TSCONFIG_TYPE__ALTER_TSCONFIG_REPLACE_DICT:
    case PG_QUERY__ALTER_TSCONFIG_TYPE__ALTER_TSCONFIG_REPLACE_DICT_FOR_TOKEN:
      return mappings.replace(tokens, dictionaries.at(0), dictionaries.at(1));
    case PG_QUERY__ALTER_TSCONFIG_TYPE__ALTER_TSCONFIG_DROP_MAPPING:
      return mappings.drop(tokens, stmt.missing_ok != 0);
    default: return refuse(context, st.at(), "this form of ALTER TEXT SEARCH CONFIGURATION");
  }
}

}  // namespace aloft
