#pragma once

#include "engine/base/diagnostics.h"
#include "engine/base/source.h"
#include "engine/model/snapshot.h"

namespace aloft {

/// Desired-state files as a Snapshot. Statements may come in any order across files: definitions
/// are carried out before what alters them (ALTER TABLE ... ADD CONSTRAINT, OWNER TO, GRANT,
/// COMMENT, ATTACH PARTITION, ...), those in source order.
///
/// Unqualified names are resolved with the search_path that the file sets so far (SET search_path,
/// set_config; default "public"): a created object goes to its first schema, a mentioned one is
/// looked up through all of them. pg_dump's '' is the empty path.
/// SET, SELECT pg_catalog.set_config, and psql's \restrict / \unrestrict / \connect-free meta lines
/// are skipped; INSERT, COPY and other data statements, kinds and clauses that aloft does not
/// manage, objects said twice and syntax errors are diagnostics with file:line:column, all of a run
/// in one go.
///
/// `server_version` (server_version_num): what the files leave to the server, as which privileges
/// ALL is, is read as that version takes it.
///
/// The result's types and texts are as written: canonicalise() comes next.
Snapshot parse(const Sources& sources, Diagnostics& diagnostics, int server_version = 150000);

}  // namespace aloft
