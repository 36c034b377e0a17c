// Aggregates, operators and the objects of text search: the catalogs have their parts, out of which
// the statement that makes them is put together, for the parser to read like any other.

#include "engine/model/definition.h"

#include <fmt/format.h>

#include "engine/base/sql.h"
#include "engine/introspect/readers.h"

namespace aloft {
namespace {

/// The name of an object of `catalog`, with its schema where that is not pg_catalog; NULL for 0.
std::string name_sql(std::string_view catalog, std::string_view prefix, std::string_view oid) {
  return fmt::format(
      "(SELECT CASE n.nspname WHEN 'pg_catalog' THEN '' ELSE quote_ident(n.nspname) || '.' END ||"
      " quote_ident(x.{1}name) FROM {0} x JOIN pg_namespace n ON n.oid = x.{1}namespace"
      " WHERE x.oid = {2})",
      catalog, prefix, oid);
}

std::string function_sql(std::string_view option, std::string_view oid) {
  return fmt::format("'{} = ' || {}", option, name_sql("pg_proc", "pro", oid));
}

std::string operator_sql(std::string_view option, std::string_view oid) {
  return fmt::format(
      "'{} = ' || (SELECT 'OPERATOR(' || quote_ident(n.nspname) || '.' || x.oprname || ')'"
      " FROM pg_operator x JOIN pg_namespace n ON n.oid = x.oprnamespace WHERE x.oid = {})",
      option, oid);
}

std::string type_sql(std::string_view option, std::string_view oid) {
  return fmt::format("CASE WHEN {1} <> 0 THEN '{0} = ' || format_type({1}, NULL) END", option, oid);
}

std::string flag_sql(std::string_view option, std::string_view column) {
  return fmt::format("CASE WHEN {} THEN '{}' END", column, option);
}

std::string modify_sql(std::string_view option, std::string_view column) {
  return fmt::format(
      "'{} = ' || CASE {} WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE'"
      " ELSE 'READ_WRITE' END",
      option, column);
}

/// "CREATE WORD schema.name" of the row `o`.
std::string create_sql(std::string_view word, std::string_view prefix) {
  return fmt::format(
      "'CREATE {} ' || (SELECT quote_ident(nspname) FROM pg_namespace WHERE oid = o.{}namespace)"
      " || '.' || ",
      word, prefix);
}

std::string aggregates_sql(const ReadScope& scope) {
  const std::string options =
      function_sql("SFUNC", "a.aggtransfn") + ", " + type_sql("STYPE", "a.aggtranstype") +
      ", CASE WHEN a.aggtransspace <> 0 THEN 'SSPACE = ' || a.aggtransspace END, " +
      function_sql("FINALFUNC", "a.aggfinalfn") + ", " +
      flag_sql("FINALFUNC_EXTRA", "a.aggfinalextra") + ", " +
      modify_sql("FINALFUNC_MODIFY", "a.aggfinalmodify") + ", " +
      function_sql("COMBINEFUNC", "a.aggcombinefn") + ", " +
      function_sql("SERIALFUNC", "a.aggserialfn") + ", " +
      function_sql("DESERIALFUNC", "a.aggdeserialfn") +
      ", 'INITCOND = ' || quote_literal(a.agginitval), " + function_sql("MSFUNC", "a.aggmtransfn") +
      ", " + function_sql("MINVFUNC", "a.aggminvtransfn") + ", " +
      type_sql("MSTYPE", "a.aggmtranstype") +
      ", CASE WHEN a.aggmtransspace <> 0 THEN 'MSSPACE = ' || a.aggmtransspace END, " +
      function_sql("MFINALFUNC", "a.aggmfinalfn") + ", " +
      flag_sql("MFINALFUNC_EXTRA", "a.aggmfinalextra") + ", " +
      modify_sql("MFINALFUNC_MODIFY", "a.aggmfinalmodify") +
      ", 'MINITCOND = ' || quote_literal(a.aggminitval), " + operator_sql("SORTOP", "a.aggsortop") +
      ", CASE o.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED'"
      " END, CASE a.aggkind WHEN 'h' THEN 'HYPOTHETICAL' END";
  return fmt::format(
      "SELECT o.oid, o.pronamespace, o.proname, oidvectortypes(o.proargtypes), o.proowner, {},"
      " {} quote_ident(o.proname) || '(' || CASE WHEN o.pronargs = 0 THEN '*'"
      " ELSE pg_get_function_arguments(o.oid) END || ') (' || concat_ws(', ', {}) || ')'"
      " FROM pg_proc o JOIN pg_aggregate a ON a.aggfnoid = o.oid"
      " WHERE o.pronamespace = ANY ('{}')",
      acl_sql("coalesce(o.proacl, acldefault('f', o.proowner))", "o.proowner", 'f'),
      create_sql("AGGREGATE", "pro"), options, scope.schemas);
}

/// A shell, which the commutator or negator of another operator has left, is none yet.
std::string operators_sql(const ReadScope& scope) {
  const std::string options =
      function_sql("FUNCTION", "o.oprcode") + ", " + type_sql("LEFTARG", "o.oprleft") + ", " +
      type_sql("RIGHTARG", "o.oprright") + ", " + operator_sql("COMMUTATOR", "o.oprcom") + ", " +
      operator_sql("NEGATOR", "o.oprnegate") + ", " + function_sql("RESTRICT", "o.oprrest") + ", " +
      function_sql("JOIN", "o.oprjoin") + ", " + flag_sql("HASHES", "o.oprcanhash") + ", " +
      flag_sql("MERGES", "o.oprcanmerge");
  return fmt::format(
      "SELECT o.oid, o.oprnamespace, o.oprname, CASE o.oprleft WHEN 0 THEN 'NONE' ELSE"
      " format_type(o.oprleft, NULL) END || ', ' || format_type(o.oprright, NULL), o.oprowner,"
      " {} o.oprname || ' (' || concat_ws(', ', {}) || ')'"
      " FROM pg_operator o WHERE o.oprnamespace = ANY ('{}') AND o.oprcode <> 0",
      create_sql("OPERATOR", "opr"), options, scope.schemas);
}

std::string search_parsers_sql(const ReadScope& scope) {
  const std::string options =
      function_sql("START", "o.prsstart") + ", " + function_sql("GETTOKEN", "o.prstoken") + ", " +
      function_sql("END", "o.prsend") + ", " + function_sql("HEADLINE", "o.prsheadline") + ", " +
      function_sql("LEXTYPES", "o.prslextype");
  return fmt::format(
      "SELECT o.oid, o.prsnamespace, o.prsname, {} quote_ident(o.prsname) || ' (' ||"
      " concat_ws(', ', {}) || ')' FROM pg_ts_parser o WHERE o.prsnamespace = ANY ('{}')",
      create_sql("TEXT SEARCH PARSER", "prs"), options, scope.schemas);
}

std::string search_templates_sql(const ReadScope& scope) {
  const std::string options =
      function_sql("INIT", "o.tmplinit") + ", " + function_sql("LEXIZE", "o.tmpllexize");
  return fmt::format(
      "SELECT o.oid, o.tmplnamespace, o.tmplname, {} quote_ident(o.tmplname) || ' (' ||"
      " concat_ws(', ', {}) || ')' FROM pg_ts_template o WHERE o.tmplnamespace = ANY ('{}')",
      create_sql("TEXT SEARCH TEMPLATE", "tmpl"), options, scope.schemas);
}

std::string search_dictionaries_sql(const ReadScope& scope) {
  return fmt::format(
      "SELECT o.oid, o.dictnamespace, o.dictname, o.dictowner, {} quote_ident(o.dictname) ||"
      " ' (' || concat_ws(', ', 'TEMPLATE = ' || {}, o.dictinitoption) || ')'"
      " FROM pg_ts_dict o WHERE o.dictnamespace = ANY ('{}')",
      create_sql("TEXT SEARCH DICTIONARY", "dict"),
      name_sql("pg_ts_template", "tmpl", "o.dicttemplate"), scope.schemas);
}

std::string search_configurations_sql(const ReadScope& scope) {
  return fmt::format(
      "SELECT c.oid, c.cfgnamespace, c.cfgname, c.cfgowner, {}, {}"
      " FROM pg_ts_config c WHERE c.cfgnamespace = ANY ('{}')",
      name_sql("pg_ts_parser", "prs", "c.cfgparser"),
      list_sql("ARRAY(SELECT t.alias || '=' || string_agg(" +
               name_sql("pg_ts_dict", "dict", "m.mapdict") +
               ", ', ' ORDER BY m.mapseqno) FROM pg_ts_config_map m JOIN"
               " ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype"
               " WHERE m.mapcfg = c.oid GROUP BY t.alias)"),
      scope.schemas);
}

/// What all of these rows begin with; not read where an extension has made the object.
struct Head {
  Oid oid = 0;
  ObjectId id{};
  bool member = false;
};

Head head_of(Reading& r, Fields& f, Kind kind, Oid catalog) {
  Head head{.oid = f.oid(), .id = {.kind = kind}};
  head.id.schema = r.schema(f.oid());
  head.id.name = f.text();
  if (has_arguments(kind)) head.id.args = f.text();
  head.member = r.is_member(catalog, head.oid);
  return head;
}

void read_aggregate(Reading& r, Fields f) {
  Head head = head_of(r, f, Kind::Aggregate, catalog::kProc);
  if (head.member) return;
  Aggregate aggregate{.owner = r.role(f.oid())};
  aggregate.grants = r.grants(f.text());
  aggregate.create = f.definition();
  aggregate.comment = r.comment(catalog::kProc, head.oid);
  r.live.snapshot.aggregates.emplace(std::move(head.id), std::move(aggregate));
}

void read_operator(Reading& r, Fields f) {
  Head head = head_of(r, f, Kind::Operator, catalog::kOperator);
  if (head.member) return;
  Operator found{.owner = r.role(f.oid())};
  found.create = f.definition();
  found.comment = r.comment(catalog::kOperator, head.oid);
  r.live.snapshot.operators.emplace(std::move(head.id), std::move(found));
}

void read_search_parser(Reading& r, Fields f) {
  Head head = head_of(r, f, Kind::SearchParser, catalog::kSearchParser);
  if (head.member) return;
  SearchParser parser{.create = f.definition()};
  parser.comment = r.comment(catalog::kSearchParser, head.oid);
  r.live.snapshot.search_parsers.emplace(std::move(head.id), std::move(parser));
}

void read_search_template(Reading& r, Fields f) {
  Head head = head_of(r, f, Kind::SearchTemplate, catalog::kSearchTemplate);
  if (head.member) return;
  SearchTemplate found{.create = f.definition()};
  found.comment = r.comment(catalog::kSearchTemplate, head.oid);
  r.live.snapshot.search_templates.emplace(std::move(head.id), std::move(found));
}

void read_search_dictionary(Reading& r, Fields f) {
  Head head = head_of(r, f, Kind::SearchDictionary, catalog::kSearchDictionary);
  if (head.member) return;
  SearchDictionary dictionary{.owner = r.role(f.oid())};
  dictionary.create = f.definition();
  dictionary.comment = r.comment(catalog::kSearchDictionary, head.oid);
  r.live.snapshot.search_dictionaries.emplace(std::move(head.id), std::move(dictionary));
}

void read_search_configuration(Reading& r, Fields f) {
  Head head = head_of(r, f, Kind::SearchConfiguration, catalog::kSearchConfiguration);
  if (head.member) return;
  SearchConfiguration configuration{.owner = r.role(f.oid())};
  configuration.parser = f.definition();
  add_options(configuration.mappings, f.list());
  configuration.comment = r.comment(catalog::kSearchConfiguration, head.oid);
  r.live.snapshot.search_configurations.emplace(std::move(head.id), std::move(configuration));
}

}  // namespace

const Reader kAggregates{"aggregates", aggregates_sql, read_aggregate};
const Reader kOperators{"operators", operators_sql, read_operator};
const Reader kSearchParsers{"text search parsers", search_parsers_sql, read_search_parser};
const Reader kSearchTemplates{"text search templates", search_templates_sql, read_search_template};
const Reader kSearchDictionaries{"text search dictionaries", search_dictionaries_sql,
                                 read_search_dictionary};
const Reader kSearchConfigurations{"text search configurations", search_configurations_sql,
                                   read_search_configuration};

}  // namespace aloft
