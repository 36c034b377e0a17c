#pragma once

#include "engine/base/diagnostics.h"
#include "engine/diff/change.h"
#include "engine/model/snapshot.h"

namespace aloft {

/// Makes two snapshots comparable. Takes renames out of the way: each directive of the desired
/// side is applied to `live` (objects, children and ids that name them; texts are the business of
/// canonicalise(), which runs after it and is given the result) and returned as a Rename change.
/// A directive whose old name is not in `live` is ignored where the new one is there already (the
/// rename has happened), else an error "unknown-rename".
ChangeSet apply_renames(Snapshot& live, const Snapshot& desired, Diagnostics& diagnostics);

/// Gives a table of `live`, and what names it by structure, another name; false if it is not there.
bool rename_table(Snapshot& live, const ObjectId& from, const ObjectId& to);

/// Fills into `desired` what the files leave unsaid and the live side knows: owners, the version
/// and schema of an extension, role attributes that are not named, view column names that could not
/// be told. Gives unnamed constraints and indexes of the desired side the name of the live one with
/// the same definition, if its own chosen name is not there. Both sides must be canonical. `login`
/// is who carries out the plan, CURRENT_USER to the files and the owner of what is new; empty
/// offline.
void adopt_unsaid(Snapshot& desired, const Snapshot& live, const std::string& login);

}  // namespace aloft
