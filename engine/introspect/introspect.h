#pragma once

#include <set>
#include <string>

#include "engine/db/session.h"
#include "engine/model/facts.h"
#include "engine/model/publication.h"
#include "engine/model/snapshot.h"

namespace aloft {

struct Live {
  Snapshot snapshot{};
  Facts facts{};
  KnownNames names{};
};

/// Reads the live schema in one REPEATABLE READ, READ ONLY transaction that it opens and leaves
/// open, so that later questions (read_dependencies, settle) see the same database; the caller ends
/// it with ROLLBACK. Two round trips: one to begin, one with a fixed number of catalog queries
/// however large the schema. Takes no lock on any user object beyond ACCESS SHARE that
/// pg_get_*def() takes.
///
/// The snapshot has texts as the server prints them in `sql` (with search_path = '') and empty
/// canonical forms: canonicalise() fills those. Left out: system schemas, extension members,
/// plpgsql, schema aloft, clones of triggers and foreign keys on partitions, indexes behind
/// constraints. Kinds that aloft does not manage go to `snapshot.unmanaged`.
/// Throws DbError.
Live introspect(Session& session);

/// Adds to the known functions those of `names` that pg_catalog has too: which one a call without a
/// schema means, its arguments say. In the transaction of introspect(); one round trip, none where
/// `names` is empty.
void read_catalog_functions(Session& session, const std::set<std::string>& names,
                            KnownNames& known);

/// Asks for the files' sizes of those tables that were never analysed, of which the catalogs know
/// nothing: rows -1 (or 0 for an empty file) and bytes; taken out of `facts` where somebody has the
/// table to himself. In the transaction of introspect(); one round trip, none where all are known.
void measure_sizes(Session& session, Facts& facts, const std::vector<ObjectId>& tables);

/// The database's publications and what they show. In the transaction of introspect(); one round
/// trip. Throws DbError.
Publications read_publications(Session& session);

/// The live side's dependencies by pg_depend between managed objects, for those that `among` names
/// and everything that depends on them, directly or not: what each stands on. What stands on a
/// column stands on its table or view too; the column of a view is a Column of the view's name. A
/// member of an extension is the extension. A sequence does not stand on the column that owns it.
/// In the transaction of introspect(); two round trips.
/// `uses`: also filled with the unmanaged objects that stand on any of these, sorted, each once; a
/// third round trip where there may be some.
Edges read_dependencies(Session& session, const std::vector<ObjectId>& among,
                        std::vector<UnmanagedUse>* uses = nullptr);

}  // namespace aloft
