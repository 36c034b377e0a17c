#pragma once

#include "engine/base/diagnostics.h"
#include "engine/diff/change.h"
#include "engine/model/facts.h"
#include "engine/model/snapshot.h"

namespace aloft {

/// Reports what the texts of new and altered objects of a canonical desired snapshot name and
/// nothing defines: relations, columns of views and policies, types, functions with a schema,
/// operator classes, access methods, schemas and roles, among the files, `names` and what is
/// `unmanaged` live. Where something is dropped, of all objects. Nothing where `names` is not
/// online or the files name an extension that is not installed, whose members nobody knows.
void report_missing_names(const Snapshot& desired, const ChangeSet& changes,
                          const KnownNames& names, const std::vector<Unmanaged>& unmanaged,
                          Diagnostics& diagnostics);

}  // namespace aloft
