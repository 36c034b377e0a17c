#include "parser/qualify_arguments.h"

#include <utility>

#include "parser/handlers.h"
#include "parser/qualify.h"

namespace aloft {
namespace {

class Qualifier {
 public:
  Qualifier(Snapshot& desired, const KnownNames& names, Diagnostics& diagnostics)
      : lookup_(desired, Side::Desired, names, {}),
        statement_{.sources = no_sources_},
        context_{.snapshot = desired, .diagnostics = diagnostics} {}

  template <class T>
  void qualify_all(Objects<T>& objects) {
    std::vector<std::pair<ObjectId, ObjectId>> moves;
    for (const auto& [id, object] : objects)
      if (ObjectId now = qualified(id); now != id) moves.emplace_back(id, std::move(now));
    for (auto& [from, to] : moves) {
      auto node = objects.extract(from);
      if (const auto there = objects.find(to); there != objects.end()) {
        context_.diagnostics.error("duplicate-object", to_string(to) + " is defined twice",
                                   "Keep one of the two definitions.", node.mapped().at);
        continue;
      }
      node.key() = std::move(to);
      objects.insert(std::move(node));
    }
  }

 private:
  ObjectId qualified(ObjectId id) {
    const std::string operand =
        id.kind == Kind::Operator ? "DROP OPERATOR + (" : "DROP FUNCTION x(";
    pg::ParseError error;
    const auto tree = pg::Tree::parse(operand + id.args + ")", error);
    if (!tree || tree->statements().size() != 1) return id;
    const PgQuery__DropStmt& drop = *tree->statements()[0]->stmt->drop_stmt;
    const PgQuery__ObjectWithArgs& object = *drop.objects[0]->object_with_args;
    std::string args;
    for (pg::Node* node : pg::list(object.n_objargs, object.objargs)) {
      const bool none = node->node_case != PG_QUERY__NODE__NODE_TYPE_NAME;
      if (!none) qualify(&node->base, lookup_, {});
      args += (args.empty() ? "" : ", ") +
              (none ? "NONE" : argument_types(1, &node, statement_, context_));
    }
    id.args = args;
    return id;
  }

  NameLookup lookup_;
  Sources no_sources_{};
  Statement statement_;
  ParseContext context_;
};

}  // namespace

void qualify_arguments(Snapshot& desired, const KnownNames& names, Diagnostics& diagnostics) {
  Qualifier qualifier(desired, names, diagnostics);
  qualifier.qualify_all(desired.functions);
  qualifier.qualify_all(desired.aggregates);
  qualifier.qualify_all(desired.operators);
}

}  // namespace aloft
