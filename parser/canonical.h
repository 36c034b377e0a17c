#pragma once

#include "engine/base/diagnostics.h"
#include "engine/diff/change.h"
#include "engine/model/facts.h"
#include "engine/model/snapshot.h"

namespace aloft {

/// Which side a snapshot is. Live texts come from a server's deparser with search_path = '': names
/// without a schema are pg_catalog's. Desired ones may leave schemas out.
enum class Side { Live, Desired };

/// Fills in, for every SqlText: `sql` with names qualified as far as they are known, `canon` for
/// comparison; canonical type spellings; everything that the model says is read out of a
/// definition. Both sides go through it, so that equal things become equal. It folds only what
/// PostgreSQL itself makes equal (docs/architecture.md, "Canonical form") and never strips a cast,
/// a qualifier or a parenthesis that can change meaning.
///
/// A live text that this parser cannot read (a newer server's) keeps its own text as canonical
/// form. A desired name that nothing defines (table, column, type, collation, schema, trigger
/// function, opclass) among `snapshot`, `names` and pg_catalog is an error with its place; when
/// `names` is not online, or the files name an extension that is not installed, only names that
/// could not come from there are.
///
/// `renames`: the live side's Rename changes, so that live texts are compared under the new names.
void canonicalise(Snapshot& snapshot, Side side, const KnownNames& names, const ChangeSet& renames,
                  Diagnostics& diagnostics);

/// What the texts of a canonical snapshot mention: the edges from each object to those that it
/// cannot exist without. Structure counts too: a column needs its table and type, a constraint its
/// columns, a foreign key its table and key, a partition its parent, a view the columns it reads, a
/// function the types of its arguments and what its SQL-standard body names (string bodies count
/// for nothing).
Edges references(const Snapshot& snapshot);

}  // namespace aloft
