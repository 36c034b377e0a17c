#include "parser/parse.h"

#include <algorithm>
#include <map>
#include <utility>

#include "parser/chunks.h"
#include "parser/directives.h"
#include "parser/ignored.h"
#include "parser/inherit.h"

namespace aloft {
namespace {

/// A table whose parents are defined further on.
struct Waiting {
  const Chunk* chunk = nullptr;
  Entry* entry = nullptr;
  std::vector<ObjectId> parents{};
  enum class State { Waits, Underway, Done } state = State::Waits;
};

class Run {
 public:
  Run(const Sources& sources, Diagnostics& diagnostics, int server_version)
      : sources_(sources),
        context_{
            .snapshot = snapshot_, .diagnostics = diagnostics, .server_version = server_version} {}

  Snapshot parse() {
    chunks_ = parse_chunks(sources_, context_.diagnostics);
    collect_directives();
    follow_search_paths();
    add_public_schema();
    carry_out(Pass::Definition);
    define_waiting();
    carry_out(Pass::Change);
    context_.last_pass = true;
    carry_out(Pass::Late);
    finish_partitions(context_);
    finish_like_comments(context_);
    finish_access(context_);
    for (const auto& [file, directives] : directives_) {
      take_ignored(sources_, file, directives, snapshot_);
      report_unused(directives, context_.diagnostics);
    }
    return std::move(snapshot_);
  }

 private:
  void collect_directives() {
    for (Chunk& chunk : chunks_) {
      auto& all = directives_[chunk.file];
      std::ranges::move(chunk.directives, std::back_inserter(all));
    }
  }

  /// Gives each statement the search_path in force before it, and what it defines its full name.
  void follow_search_paths() {
    paths_ = {{"public"}};
    std::uint32_t path = 0, file = 0;
    bool used_default = false;
    for (Chunk& chunk : chunks_) {
      if (chunk.file != file) path = 0;
      file = chunk.file;
      auto change = chunk.path_changes.begin();
      auto declared = chunk.declared.begin();
      for (std::uint32_t i = 0; i < chunk.entries.size(); ++i) {
        chunk.entries[i].path = path;
        used_default = used_default || (path == 0 && chunk.entries[i].pass != Pass::None);
        for (; declared != chunk.declared.end() && declared->entry == i; ++declared)
          declare(*declared, paths_[path]);
        for (; change != chunk.path_changes.end() && change->entry == i; ++change) {
          path =
              static_cast<std::uint32_t>(std::ranges::find(paths_, change->path) - paths_.begin());
          if (path == paths_.size()) paths_.push_back(change->path);
        }
      }
    }
    for (std::size_t i = used_default || paths_.size() == 1 ? 0 : 1; i < paths_.size(); ++i)
      for (const std::string& schema : paths_[i])
        if (std::ranges::find(snapshot_.search_path, schema) == snapshot_.search_path.end())
          snapshot_.search_path.push_back(schema);
  }

  void declare(const Declared& declared, const std::vector<std::string>& path) {
    if (declared.schema.empty() && path.empty()) return;
    context_.declared.insert({.kind = declared.kind,
                              .schema = declared.schema.empty() ? path.front() : declared.schema,
                              .name = declared.name});
  }

  /// Every database is born with it.
  void add_public_schema() {
    const ObjectId id{.kind = Kind::Schema, .name = "public"};
    snapshot_.schemas[id] = {.grants = default_grants(id, context_),
                             .comment = "standard public schema"};
  }

  Statement statement_of(const Chunk& chunk, const Entry& entry, std::size_t tree_base) {
    return {.sources = sources_,
            .file = chunk.file,
            .begin = entry.begin,
            .end = entry.end,
            .tree_base = tree_base,
            .search_path = paths_[entry.path],
            .directives = &directives_[chunk.file]};
  }

  void carry_out(Pass pass) {
    for (Chunk& chunk : chunks_) {
      const auto wanted = [&](const Entry& entry) { return entry.pass == pass; };
      if (std::ranges::none_of(chunk.entries, wanted)) continue;
      const ChunkTrees trees(chunk);
      for (Entry& entry : chunk.entries) {
        if (entry.pass != pass) continue;
        const PgQuery__Node& node = trees.statement(entry);
        const Statement st = statement_of(chunk, entry, chunk.pieces[entry.piece].begin);
        if (pass == Pass::Definition && must_wait(node, st, chunk, entry)) continue;
        handle(node, st, pass);
        // LIKE copies the indexes and other changes that were said before it.
        if (pass == Pass::Definition && has_like(node)) entry.pass = Pass::Change;
        if (std::exchange(context_.deferred, false)) entry.pass = Pass::Late;
      }
    }
  }

  void handle(const PgQuery__Node& node, const Statement& st, Pass pass) {
    if (pass == Pass::Change && node.node_case == PG_QUERY__NODE__NODE_CREATE_STMT)
      return take_like_changes(*node.create_stmt, st, context_);
    rule_of(node)->handle(node, st, context_);
    if (node.node_case == PG_QUERY__NODE__NODE_RENAME_STMT ||
        node.node_case == PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT ||
        node.node_case == PG_QUERY__NODE__NODE_DROP_STMT)
      rebuild_lookups(context_);
  }

  bool must_wait(const PgQuery__Node& node, const Statement& st, const Chunk& chunk, Entry& entry) {
    if (node.node_case != PG_QUERY__NODE__NODE_CREATE_STMT) return false;
    std::vector<ObjectId> parents = parents_of(*node.create_stmt, st, context_);
    std::erase_if(parents, [&](const ObjectId& id) {
      return snapshot_.contains(id) || !context_.declared.contains(id);
    });
    if (parents.empty()) return false;
    const std::string schema = relation_schema(*node.create_stmt->relation, st, context_);
    waiting_.push_back({.chunk = &chunk, .entry = &entry, .parents = std::move(parents)});
    waiting_by_id_[table_id(schema, node.create_stmt->relation->relname)] = waiting_.size() - 1;
    return true;
  }

  void define_waiting() {
    for (std::size_t i = 0; i < waiting_.size(); ++i) define(i);
  }

  void define(std::size_t number) {
    Waiting& waiting = waiting_[number];
    if (waiting.state != Waiting::State::Waits) return;
    waiting.state = Waiting::State::Underway;
    for (const ObjectId& parent : waiting.parents) {
      const auto it = waiting_by_id_.find(parent);
      if (it == waiting_by_id_.end()) continue;
      if (waiting_[it->second].state == Waiting::State::Underway) {
        context_.diagnostics.error("dependency-cycle",
                                   to_string(parent) + " is defined by means of itself",
                                   "Break the circle of parents.",
                                   sources_.position(waiting.chunk->file, waiting.entry->begin));
        waiting.state = Waiting::State::Done;
        return;
      }
      define(it->second);
    }
    waiting.state = Waiting::State::Done;
    pg::ParseError ignored;
    const Entry& entry = *waiting.entry;
    const std::string text =
        sources_.file(waiting.chunk->file).text.substr(entry.begin, entry.end - entry.begin);
    const auto tree = pg::Tree::parse(text, ignored);
    if (!tree || tree->statements().empty()) return;
    const Statement st = statement_of(*waiting.chunk, entry, entry.begin);
    const PgQuery__Node& node = *tree->statements().front()->stmt;
    rule_of(node)->handle(node, st, context_);
    if (has_like(node)) waiting.entry->pass = Pass::Change;
  }

  const Sources& sources_;
  Snapshot snapshot_{};
  ParseContext context_;
  std::vector<Chunk> chunks_{};
  std::vector<std::vector<std::string>> paths_{};
  std::map<std::uint32_t, std::vector<Directive>> directives_{};
  std::vector<Waiting> waiting_{};
  std::map<ObjectId, std::size_t> waiting_by_id_{};
};

}  // namespace

Snapshot parse(const Sources& sources, Diagnostics& diagnostics, int server_version) {
  return Run(sources, diagnostics, server_version).parse();
}

}  // namespace aloft
