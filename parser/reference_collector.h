#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/model/snapshot.h"
#include "parser/pg_tree.h"

namespace aloft {

/// A name that a text says, as canonical texts do: without a schema it is pg_catalog's, or nothing
/// that anybody knows.
struct NameMention {
  enum class What { Relation, Type, Function, Opclass, AccessMethod, Schema };
  What what = What::Relation;
  std::string schema{}, name{};
  ObjectId owner{};  ///< of the text
};

/// Collects the edges; one overload of add() per kind, so none can be forgotten.
class Collector {
 public:
  explicit Collector(const Snapshot& snapshot);

  void add(const ObjectId&, const Role&) {}
  void add(const ObjectId& id, const Schema&) { owner_ = id; }
  void add(const ObjectId& id, const Extension&);
  void add(const ObjectId& id, const Enum&) { on_schema(id); }
  void add(const ObjectId& id, const Domain&);
  void add(const ObjectId& id, const Composite&);
  void add(const ObjectId& id, const Sequence&) { on_schema(id); }
  void add(const ObjectId& id, const Function&);
  void add(const ObjectId& id, const Aggregate&);
  void add(const ObjectId& id, const Operator& o) { on_definition(id, o.options); }
  void add(const ObjectId& id, const SearchParser& p) { on_definition(id, p.options); }
  void add(const ObjectId& id, const SearchTemplate& t) { on_definition(id, t.options); }
  void add(const ObjectId& id, const SearchDictionary&);
  void add(const ObjectId& id, const SearchConfiguration&);
  void add(const ObjectId& id, const Table&);
  void add(const ObjectId& id, const Column&);
  void add(const ObjectId& id, const Constraint&);
  void add(const ObjectId& id, const Index&);
  void add(const ObjectId& id, const View&);
  void add(const ObjectId& id, const Trigger&);
  void add(const ObjectId& id, const Policy&);

  Edges take();
  /// Keeps what the texts of later add()s name, too.
  void note_names(std::vector<NameMention>& mentions) { mentions_ = &mentions; }

 private:
  void on(const ObjectId& id) {
    if (id != owner_) edges_.push_back({owner_, id});
  }
  void on_schema(const ObjectId& id);
  void on_relation(const Name& name);
  void on_type(const std::string& spelling);
  void on_type_name(const PgQuery__TypeName& type);
  void on_named(const std::string& schema, const std::string& name);
  void on_function(const std::string& schema, const std::string& name);
  /// One without a schema that pg_catalog has as well: any function of that name.
  void on_any_function(const std::string& name);
  /// Without a schema: every operator of that symbol but those over `owner_` or made of it.
  void on_operator(const std::string& schema, const std::string& symbol);
  bool made_of_owner(const ObjectId& op) const;
  void on_definition(const ObjectId& id, const Options& options);
  void on_search_object(Kind kind, const std::string& name);
  /// A constant may be the name of a configuration of text search, with or without its schema.
  void on_constant(const std::string& text);
  void on_column(const ObjectId& relation, const std::string& column);
  void on_extension(const std::string& schema);
  /// An expression over the columns of `relation`.
  void on_expression(const std::string& text, const ObjectId& relation);
  /// A whole statement: relations, and of each the columns that its texts name.
  void on_statement(const std::string& text, const ObjectId& relation);
  void on_tree(ProtobufCMessage* root, const ObjectId& relation);
  void on_key(const Constraint& foreign_key);

  void note(NameMention::What what, const std::string& schema, const std::string& name) {
    if (mentions_ != nullptr) mentions_->push_back({what, schema, name, owner_});
  }

  const Snapshot& snapshot_;
  std::vector<NameMention>* mentions_ = nullptr;
  ObjectId owner_{};
  Edges edges_{};
  std::map<Name, std::vector<ObjectId>> functions_{};       ///< and aggregates
  std::map<std::string, std::vector<ObjectId>> by_name_{};  ///< functions and aggregates
  std::map<std::string, std::vector<ObjectId>> operators_{};
  std::map<std::string, std::vector<ObjectId>> extensions_{};  ///< by schema
  std::map<Name, ObjectId> indexes_{};                         ///< of partitioned tables
};

}  // namespace aloft
