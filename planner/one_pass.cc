#include "planner/one_pass.h"

#include <map>
#include <string>

#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

void join(Step& to, const Step& more, bool first) {
  to.sets += ", " + more.sets;
  if (first) to.where = "(" + to.where + ")";
  to.where += " OR (" + more.where + ")";
  to.sql = {update_sql(to.batch, to.sets, to.where).text};
  if (!first) to.why.pop_back();
  to.why += (first ? " In the same pass: " : ", ") + quote_ident(more.object.name) + ".";
  for (const HazardNote& note : more.hazards) add_hazard(to, note.hazard, note.why);
}

}  // namespace

std::vector<Piece> fill_in_one_pass(std::vector<Piece> pieces) {
  struct Pass {
    std::size_t at = 0;  ///< its piece among those that are kept
    bool joined = false;
  };
  std::map<std::string, Pass> passes;  // by table
  std::map<int, std::size_t> last;     // by node: its latest piece among those that are kept
  std::size_t kept = 0;
  for (Piece& piece : pieces) {
    const bool fills = !piece.step.sets.empty();
    const auto pass = fills ? passes.find(piece.step.batch) : passes.end();
    // What its own column needs first has to be there when the pass begins.
    const bool ready =
        pass != passes.end() && (!last.contains(piece.node) || last[piece.node] < pass->second.at);
    if (ready && pieces[pass->second.at].step.phase == piece.step.phase) {
      join(pieces[pass->second.at].step, piece.step, !pass->second.joined);
      pass->second.joined = true;
      continue;
    }
    if (fills) passes[piece.step.batch] = {.at = kept};
    last[piece.node] = kept;
    if (&pieces[kept] != &piece) pieces[kept] = std::move(piece);
    ++kept;
  }
  pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(kept), pieces.end());
  return pieces;
}

}  // namespace aloft
