#include "engine/introspect/readers.h"

namespace aloft {

/// Whoever has set them: the plan does not know who will run it.
const Reader kDefaultPrivileges{
    "default privileges",
    [](const ReadScope&) -> std::string { return "SELECT EXISTS (SELECT FROM pg_default_acl)"; },
    [](Reading& r, Fields f) { r.live.facts.default_privileges = f.flag(); }};

}  // namespace aloft
