#include "planner/merge.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace aloft {
namespace {

/// Does it read a table for long while others read and write, as VALIDATE does?
bool reads_beside(const Step& step) {
  return step.scans && !step.rewrites &&
         std::ranges::find(step.locks, LockLevel::AccessExclusive, &RelationLock::level) ==
             step.locks.end();
}

/// May it share a transaction with others without making a lock last much longer?
bool is_brief(const Step& step) {
  return step.transactional && step.batch.empty() && !step.prelude &&
         step.check.what == StepCheck::What::None && !reads_beside(step);
}

bool is_quiet(const Step& step) {
  return is_brief(step) && step.locks.empty() && step.hazards.empty() && !step.rewrites;
}

template <class T>
void move_all(std::vector<T>& to, std::vector<T>& from) {
  std::ranges::move(from, std::back_inserter(to));
}

void join_locks(std::vector<RelationLock>& to, const std::vector<RelationLock>& more) {
  for (const RelationLock& lock : more) {
    const auto same = std::ranges::find(to, lock.relation, &RelationLock::relation);
    if (same == to.end())
      to.push_back(lock);
    else
      same->level = std::max(same->level, lock.level);
  }
}

std::int64_t longer(std::int64_t a, std::int64_t b) {
  return a == 0 || b == 0 ? 0 : std::max(a, b);
}
std::int64_t sum(std::int64_t a, std::int64_t b) {
  return a < 0 ? b : b < 0 ? a : a + b;
}

/// Proofs are checked after the first statement, which takes the locks for all of them.
void take_lock_first(Step& to, std::vector<std::string>& more) {
  constexpr std::string_view kLock = "LOCK TABLE ", kMode = " IN ACCESS EXCLUSIVE MODE";
  if (to.proofs.empty()) {
    to.sql.insert(to.sql.begin(), more.front());
  } else {
    const std::string tables =
        more.front().substr(kLock.size(), more.front().size() - kLock.size() - kMode.size());
    std::string& lock = to.sql.front();
    lock.insert(lock.size() - kMode.size(), ", " + tables);
  }
  more.erase(more.begin());
}

void join(Step& to, Step&& more) {
  if (!more.proofs.empty()) take_lock_first(to, more.sql);
  move_all(to.sql, more.sql);
  move_all(to.proofs, more.proofs);
  move_all(to.scaffold, more.scaffold);
  move_all(to.aliases, more.aliases);
  move_all(to.agreements, more.agreements);
  join_locks(to.locks, more.locks);
  to.rewrites |= more.rewrites;
  to.scans |= more.scans;
  to.rows = sum(to.rows, more.rows);
  to.bytes = sum(to.bytes, more.bytes);
  to.hold_ms += more.hold_ms;
  to.duration_ms += more.duration_ms;
  to.lock_timeout_ms = longer(to.lock_timeout_ms, more.lock_timeout_ms);
  to.statement_timeout_ms = longer(to.statement_timeout_ms, more.statement_timeout_ms);
  to.phase = std::max(to.phase, more.phase);
  move_all(to.applications, more.applications);
  for (const HazardNote& note : more.hazards)
    if (std::ranges::find(to.hazards, note) == to.hazards.end()) to.hazards.push_back(note);
  const bool back =
      (!to.undo.empty() || to.undone_by_others) && (!more.undo.empty() || more.undone_by_others);
  if (back)
    to.undo.insert(to.undo.begin(), std::move_iterator(more.undo.begin()),
                   std::move_iterator(more.undo.end()));
  else
    to.undo.clear();
  to.undone_by_others = back && to.undo.empty();
  if (to.source.empty()) to.source = more.source;
  if (!more.why.empty() && to.why.find(more.why) == std::string::npos)
    to.why += (to.why.empty() ? "" : " ") + more.why;
}

/// The object that the step is about: rather what changes than what is remade around it.
bool leads(const Piece& piece, const Nodes& nodes) {
  return !nodes[piece.node].action.rebuild && !nodes[piece.node].shed;
}

/// Of one phase, and on the same side of the soak?
bool one_time(const Step& a, const Step& b) {
  return a.phase == b.phase && a.after_soak == b.after_soak;
}

bool one_group(const Piece& a, const Piece& b) {
  return a.whole && b.whole && a.group == b.group && one_time(a.step, b.step) && is_brief(a.step) &&
         is_brief(b.step);
}

bool one_table(const ObjectId& a, const ObjectId& b) {
  const auto is_or_has = [](const ObjectId& id) { return id.kind == Kind::Table || is_part(id); };
  const auto name = [](const ObjectId& id) -> const std::string& {
    return is_part(id) ? id.relation : id.name;
  };
  return is_or_has(a) && is_or_has(b) && name(a) == name(b) && a.schema == b.schema;
}

bool one_new_table(const Piece& a, const Piece& b, const Fates& fates) {
  return is_quiet(a.step) && is_quiet(b.step) && one_time(a.step, b.step) &&
         one_table(a.step.object, b.step.object) &&
         fates.is(relation_of(a.step.object), Fate::Create);
}

/// Before, in and after the transaction of its group: what a change does first and last outside of
/// one (indexes that are taken off and built again) need not keep it open or cut it in two.
enum class Turn : std::uint8_t { Before, In, After };

/// Gives each piece of one group its turn.
void take_turns(std::vector<Piece>::iterator first, std::vector<Piece>::iterator last) {
  std::vector<std::pair<Turn, Piece>> turns;
  int node = -1;
  Turn turn = Turn::Before;
  for (auto it = first; it != last; ++it) {
    if (it->node != node) node = it->node, turn = Turn::Before;
    if (is_brief(it->step))
      turn = turn == Turn::Before ? Turn::In : turn;
    else
      turn = turn == Turn::In ? Turn::After : turn;
    turns.emplace_back(turn, std::move(*it));
  }
  std::ranges::stable_sort(turns, {}, [](const auto& entry) { return entry.first; });
  for (auto& [when, piece] : turns) *first++ = std::move(piece);
}

void gather(std::vector<Piece>& pieces) {
  for (auto first = pieces.begin(); first != pieces.end();) {
    const auto last = std::find_if(first, pieces.end(), [&](const Piece& p) {
      return p.group != first->group || p.whole != first->whole || !one_time(p.step, first->step);
    });
    if (first->whole) take_turns(first, last);
    first = last;
  }
}

}  // namespace

std::vector<Piece> merge_steps(std::vector<Piece> pieces, const Fates& fates, const Nodes& nodes) {
  gather(pieces);
  std::size_t kept = 0;  // of the first pieces, each with what has been joined to it
  for (Piece& piece : pieces) {
    const bool grouped = kept > 0 && one_group(pieces[kept - 1], piece);
    if (!grouped && (kept == 0 || !one_new_table(pieces[kept - 1], piece, fates))) {
      if (&pieces[kept] != &piece) pieces[kept] = std::move(piece);
      ++kept;
      continue;
    }
    Piece& last = pieces[kept - 1];
    if (grouped && !leads(last, nodes) && leads(piece, nodes)) {
      last.node = piece.node;
      last.step.object = piece.step.object;
      if (!piece.step.source.empty()) last.step.source = piece.step.source;
    }
    join(last.step, std::move(piece.step));
  }
  pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(kept), pieces.end());
  return pieces;
}

}  // namespace aloft
