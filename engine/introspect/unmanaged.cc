#include <fmt/format.h>

#include "engine/introspect/readers.h"

namespace aloft {
namespace {

/// Objects of kinds that are only named, and properties with an object of their own. The first OID
/// that initdb does not use is 16384; user mappings come from the view, as their catalog is closed
/// to ordinary logins; large objects are data. What the server made along with something else, as
/// the cast of a range type to its multirange, depends on that internally.
constexpr std::string_view kCandidates = R"(
SELECT 'pg_rewrite'::regclass, r.oid FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
 WHERE r.rulename <> '_RETURN' AND c.relnamespace = ANY ('{0}')
UNION ALL SELECT 'pg_class'::regclass, oid FROM pg_class
 WHERE relkind = 'f' AND relnamespace = ANY ('{0}')
UNION ALL SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext
 WHERE stxnamespace = ANY ('{0}')
UNION ALL SELECT 'pg_opclass'::regclass, oid FROM pg_opclass
 WHERE opcnamespace = ANY ('{0}')
UNION ALL SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily
 WHERE opfnamespace = ANY ('{0}')
UNION ALL SELECT 'pg_collation'::regclass, oid FROM pg_collation
 WHERE collnamespace = ANY ('{0}')
UNION ALL SELECT 'pg_conversion'::regclass, oid FROM pg_conversion
 WHERE connamespace = ANY ('{0}')
UNION ALL SELECT 'pg_cast'::regclass, oid FROM pg_cast WHERE oid >= 16384
UNION ALL SELECT 'pg_transform'::regclass, oid FROM pg_transform WHERE oid >= 16384
UNION ALL SELECT 'pg_am'::regclass, oid FROM pg_am WHERE oid >= 16384
UNION ALL SELECT 'pg_language'::regclass, oid FROM pg_language WHERE oid >= 16384
UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
UNION ALL SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
UNION ALL SELECT 'pg_user_mapping'::regclass, umid FROM pg_user_mappings
UNION ALL SELECT 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
UNION ALL SELECT 'pg_publication'::regclass, oid FROM pg_publication
UNION ALL SELECT 'pg_subscription'::regclass, oid FROM pg_subscription
 WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL SELECT 'pg_default_acl'::regclass, oid FROM pg_default_acl)";

/// Properties of managed objects, named by the object: security labels, ALTER ... DEPENDS ON
/// EXTENSION.
constexpr std::string_view kProperties = R"(
UNION ALL
SELECT 'security label', o.type || ' ' || o.identity FROM pg_seclabel l,
 LATERAL pg_identify_object(l.classoid, l.objoid, l.objsubid) o
UNION ALL
SELECT 'dependence on an extension', o.type || ' ' || o.identity FROM pg_depend d,
 LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) o
 WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x')";

}  // namespace

const Reader kUnmanaged{
    "unmanaged objects",
    [](const ReadScope& scope) {
      return "SELECT o.type, o.identity FROM (" +
             fmt::format(fmt::runtime(kCandidates), scope.schemas) +
             ") k(classid, objid), LATERAL pg_identify_object(k.classid, k.objid, 0) o"
             " WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = k.classid"
             " AND e.objid = k.objid AND e.deptype IN ('e', 'i'))" +
             std::string(kProperties);
    },
    [](Reading& r, Fields f) {
      const std::string kind = f.text();
      r.unmanaged(kind, f.text());
    }};

}  // namespace aloft
