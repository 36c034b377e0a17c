// Aggregates, operators, and the parsers, templates and dictionaries of text search: the kinds that
// are made by CREATE KIND name (option = value, ...).

#include "engine/model/definition.h"

#include <algorithm>

#include "planner/emit/access.h"
#include "planner/emit/emit.h"
#include "planner/emit/search_mappings.h"

namespace aloft {
namespace {

std::string word(const ObjectId& id) {
  return std::string(kind_name(id.kind));
}

template <class T>
std::vector<Sql> create_sql(const ObjectId& id, const T& wanted, const PlanContext& ctx) {
  std::vector<Sql> statements{Sql{wanted.create}};
  append(statements, dress_sql(target_of(id), wanted, ctx));
  return statements;
}

std::vector<Sql> create_sql(const ObjectId& id, const SearchConfiguration& wanted,
                            const PlanContext& ctx) {
  std::vector<Sql> statements{
      sql("CREATE TEXT SEARCH CONFIGURATION {} (PARSER = {})", qualified(id), Sql{wanted.parser})};
  append(statements, mappings_sql(id, {}, wanted.mappings));
  append(statements, dress_sql(target_of(id), wanted, ctx));
  return statements;
}

Sql drop_sql(const ObjectId& id) {
  return sql("DROP {}", target_of(id).text());
}

template <class T>
std::vector<Step> create(const Action& action, const T& wanted, const PlanContext& ctx) {
  Step step = catalog_step(ctx, action.id, create_sql(action.id, wanted, ctx), {},
                           action.rebuild ? "The " + word(action.id) + " is made again."
                                          : "A new " + word(action.id) + ".");
  set_undo(step, {drop_sql(action.id)});
  return {step};
}

template <class T>
std::vector<Step> drop(const Action& action, const T& was, const PlanContext& ctx) {
  Step step = catalog_step(ctx, action.id, {drop_sql(action.id)}, {},
                           action.rebuild ? "PostgreSQL cannot change this in place: the " +
                                                word(action.id) + " is dropped and made again."
                                          : "The files no longer name it.");
  if (!action.rebuild)
    add_hazard(step, Hazard::DataLoss, "the " + word(action.id) + " goes; whoever uses it fails");
  set_undo(step, create_sql(action.id, was, ctx));
  return {step};
}

/// A step for the fields beside owner, grants and comment, where there is a difference in them.
template <class T>
std::vector<Step> alter(const Action& action, const T& from, const T& to,
                        const std::vector<Sql>& change, const std::vector<Sql>& undo,
                        const std::string& why, const PlanContext& ctx) {
  std::vector<Step> steps;
  if (!change.empty()) {
    Step step = catalog_step(ctx, action.id, change, {}, why);
    set_undo(step, undo);
    steps.push_back(std::move(step));
  }
  append(steps, access_steps(action, target_of(action.id), from, to, ctx));
  return steps;
}

const std::string* option(const Options& options, std::string_view name) {
  const auto it = std::ranges::find(options, name, &Option::name);
  return it == options.end() ? nullptr : &it->value;
}

bool differs(const Options& a, const Options& b, std::string_view name) {
  const std::string *left = option(a, name), *right = option(b, name);
  return left == nullptr || right == nullptr ? left != right : *left != *right;
}

std::vector<Sql> replace_sql(const Aggregate& aggregate) {
  return {Sql{"CREATE OR REPLACE" + aggregate.create.substr(std::string_view("CREATE").size())}};
}

/// The estimators alone can be set anew (ALTER OPERATOR manual).
std::vector<Sql> estimators_sql(const ObjectId& id, const Options& from, const Options& to) {
  std::string list;
  for (const std::string_view name : {"join", "restrict"}) {
    if (!differs(from, to, name)) continue;
    const std::string* value = option(to, name);
    list += (list.empty() ? "" : ", ") + std::string(name) + " = " + (value ? *value : "NONE");
  }
  if (list.empty()) return {};
  return {sql("ALTER {} SET ({})", target_of(id).text(), Sql{list})};
}

/// All options in order, as an option that is set anew goes to the end of the stored list; one
/// named without a value goes.
std::vector<Sql> options_sql(const ObjectId& id, const std::vector<Option>& from,
                             const std::vector<Option>& to) {
  if (from == to) return {};
  std::string list;
  const auto add = [&](const std::string& text) { list += (list.empty() ? "" : ", ") + text; };
  for (const Option& o : to) add(quote_ident(o.name) + " = " + o.value);
  for (const Option& o : from)
    if (std::ranges::find(to, o.name, &Option::name) == to.end()) add(quote_ident(o.name));
  return {sql("ALTER {} ({})", target_of(id).text(), Sql{list})};
}

}  // namespace

std::vector<Step> create_steps(const Action& action, const Aggregate& wanted,
                               const PlanContext& ctx) {
  return create(action, wanted, ctx);
}
std::vector<Step> create_steps(const Action& action, const Operator& wanted,
                               const PlanContext& ctx) {
  return create(action, wanted, ctx);
}
std::vector<Step> create_steps(const Action& action, const SearchParser& wanted,
                               const PlanContext& ctx) {
  return create(action, wanted, ctx);
}
std::vector<Step> create_steps(const Action& action, const SearchTemplate& wanted,
                               const PlanContext& ctx) {
  return create(action, wanted, ctx);
}
std::vector<Step> create_steps(const Action& action, const SearchDictionary& wanted,
                               const PlanContext& ctx) {
  return create(action, wanted, ctx);
}
std::vector<Step> create_steps(const Action& action, const SearchConfiguration& wanted,
                               const PlanContext& ctx) {
  return create(action, wanted, ctx);
}

std::vector<Step> alter_steps(const Action& action, const Aggregate& from, const Aggregate& to,
                              const PlanContext& ctx) {
  const bool replaces = changes(action, "options");
  return alter(action, from, to, replaces ? replace_sql(to) : std::vector<Sql>{}, replace_sql(from),
               "The aggregate is replaced in place: queries get the new one from then on, and "
               "nobody waits.",
               ctx);
}
std::vector<Step> alter_steps(const Action& action, const Operator& from, const Operator& to,
                              const PlanContext& ctx) {
  return alter(action, from, to, estimators_sql(action.id, from.options, to.options),
               estimators_sql(action.id, to.options, from.options),
               "The planner estimates by other functions.", ctx);
}
std::vector<Step> alter_steps(const Action& action, const SearchParser& from,
                              const SearchParser& to, const PlanContext& ctx) {
  return alter(action, from, to, {}, {}, "", ctx);
}
std::vector<Step> alter_steps(const Action& action, const SearchTemplate& from,
                              const SearchTemplate& to, const PlanContext& ctx) {
  return alter(action, from, to, {}, {}, "", ctx);
}
std::vector<Step> alter_steps(const Action& action, const SearchDictionary& from,
                              const SearchDictionary& to, const PlanContext& ctx) {
  return alter(action, from, to, options_sql(action.id, from.options, to.options),
               options_sql(action.id, to.options, from.options),
               "Texts are read with the new options from then on; what is stored keeps its "
               "lexemes until it is written again.",
               ctx);
}
std::vector<Step> alter_steps(const Action& action, const SearchConfiguration& from,
                              const SearchConfiguration& to, const PlanContext& ctx) {
  return alter(action, from, to, mappings_sql(action.id, from.mappings, to.mappings),
               mappings_sql(action.id, to.mappings, from.mappings),
               "Texts are read by other dictionaries from then on; what is stored keeps its "
               "lexemes until it is written again.",
               ctx);
}

std::vector<Step> drop_steps(const Action& action, const Aggregate& was, const PlanContext& ctx) {
  return drop(action, was, ctx);
}
std::vector<Step> drop_steps(const Action& action, const Operator& was, const PlanContext& ctx) {
  return drop(action, was, ctx);
}
std::vector<Step> drop_steps(const Action& action, const SearchParser& was,
                             const PlanContext& ctx) {
  return drop(action, was, ctx);
}
std::vector<Step> drop_steps(const Action& action, const SearchTemplate& was,
                             const PlanContext& ctx) {
  return drop(action, was, ctx);
}
std::vector<Step> drop_steps(const Action& action, const SearchDictionary& was,
                             const PlanContext& ctx) {
  return drop(action, was, ctx);
}
std::vector<Step> drop_steps(const Action& action, const SearchConfiguration& was,
                             const PlanContext& ctx) {
  return drop(action, was, ctx);
}

// CREATE OR REPLACE AGGREGATE keeps the kind, the arguments and the result (CREATE AGGREGATE
// manual), and the result is the final function's or the state's type.
bool must_rebuild(const Change&, const Aggregate& from, const Aggregate& to, const PlanContext&) {
  const auto other = [&](std::string_view name) { return differs(from.options, to.options, name); };
  return from.arguments != to.arguments || other("stype") || other("finalfunc") ||
         other("finalfunc_extra") || other("hypothetical");
}

bool must_rebuild(const Change&, const Operator& from, const Operator& to, const PlanContext&) {
  const auto fixed = [](Options options) {
    std::erase_if(options,
                  [](const Option& o) { return o.name == "restrict" || o.name == "join"; });
    return options;
  };
  return fixed(from.options) != fixed(to.options);
}

bool must_rebuild(const Change&, const SearchParser& from, const SearchParser& to,
                  const PlanContext&) {
  return from.options != to.options;
}

bool must_rebuild(const Change&, const SearchTemplate& from, const SearchTemplate& to,
                  const PlanContext&) {
  return from.options != to.options;
}

bool must_rebuild(const Change&, const SearchDictionary& from, const SearchDictionary& to,
                  const PlanContext&) {
  return from.search_template != to.search_template;
}

bool must_rebuild(const Change&, const SearchConfiguration& from, const SearchConfiguration& to,
                  const PlanContext&) {
  return from.parser != to.parser;
}

}  // namespace aloft
