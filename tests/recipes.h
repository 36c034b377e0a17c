#pragma once

#include <filesystem>

#include "tests/case_folders.h"

namespace aloft::test {

/// The recipes that copy data or wait for the applications, and the case that stands for each.
inline constexpr const char* kOnlineRecipes[] = {
    "column/add-identity",
    "column/add-identity-with-options",
    "column/add-serial",
    "column/add-volatile-default",
    "column/computed",
    "column/fill-new",
    "column/fill-not-null",
    "column/generated-stored-expression",
    "column/generated-stored-referred",
    "column/generated-stored-under-view",
    "column/in-place-of-identity",
    "column/split",
    "column/type-beside-drops",
    "column/type-integer-to-bigint",
    "column/type-integer-to-bigint-with-default",
    "column/type-integer-to-numeric",
    "column/type-integer-to-text",
    "column/type-json-to-jsonb",
    "column/type-under-generated",
    "column/type-under-index",
    "column/type-under-policy",
    "column/type-under-view",
    "column/type-using",
    "constraint/exclude-add-ranges",
    "constraint/key-type",
    "constraint/primary-key-referenced",
    "partition/add-volatile-default",
    "partition/of-plain-table",
    "partition/split-column",
    "partition/type-of-column",
    "partition/type-of-key",
    "partition/type-of-referenced-key",
    "partition/type-of-self-referenced-key",
    "partition/type-under-foreign-key",
    "partition/type-under-index",
    "rename/column",
    "rename/column-beside-other-change",
    "rename/column-by-two-columns",
    "rename/column-of-unnamed-constraints",
    "rename/column-under-key-of-its-name",
    "rename/column-under-view",
    "rename/table",
    "rename/table-of-unnamed-constraints",
    "rename/table-under-view",
    "rename/table-with-serial",
    "table/to-logged",
    "type/enum-of-several-columns",
    "type/enum-remove-label",
    "type/enum-under-view",
};

/// The other recipes, and the case that stands for each.
inline constexpr const char* kPlainRecipes[] = {
    "column/add-constant-default",
    "column/set-not-null",
    "column/type-varchar-widen-with-check",
    "column/type-under-view",
    "column/type-timestamp-to-timestamptz",
    "column/drop-indexed",
    "column/drop-not-null-column",
    "constraint/check-add",
    "constraint/check-change",
    "constraint/unique-add",
    "constraint/foreign-key-add",
    "constraint/primary-key-add",
    "constraint/primary-key-change",
    "constraint/primary-key-other-column",
    "index/add",
    "index/change-columns",
    "partition/add-index",
    "partition/add-partition-beside-default",
    "partition/add-unique",
    "type/enum-add-labels",
    "view/change-under-view",
    "trigger/change",
    "policy/change-using",
    "table/drop-referenced",
};

/// The case of a recipe, from its `from.sql` to its `to.sql`.
inline CaseFolder recipe_case(const char* recipe) {
  return {std::filesystem::path(ALOFT_CASES_DIR) / recipe};
}

}  // namespace aloft::test
