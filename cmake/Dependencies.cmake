# Everything comes from Debian 12's packages; scripts/install-packages.sh names them.
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Threads REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(protobuf_c REQUIRED IMPORTED_TARGET libprotobuf-c)
find_path(PG_QUERY_INCLUDE pg_query.h REQUIRED)
find_path(PG_QUERY_TREE_INCLUDE pg_query.pb-c.h PATH_SUFFIXES pg_query REQUIRED)
find_library(PG_QUERY_LIBRARY pg_query REQUIRED)
add_library(pg_query INTERFACE)
target_include_directories(pg_query SYSTEM INTERFACE ${PG_QUERY_INCLUDE} ${PG_QUERY_TREE_INCLUDE})
target_link_libraries(pg_query INTERFACE ${PG_QUERY_LIBRARY} PkgConfig::protobuf_c)

option(ALOFT_PRECOMPILE "Precompile the headers that most files include" OFF)

# aloft_precompile(TARGET <HEADER> ...): only to build faster. Every file still includes what it uses, and
# the release preset, which precompiles nothing, shows where one does not; g++ 12 also warns of its own
# library's inlined code once that comes out of a precompiled header.
# Headers of libraries alone: where only comments of a header have changed, ccache hands out the old
# precompiled header, and g++, which knows a header with `#pragma once` in it by size and MD5, reads the
# new one a second time.
function(aloft_precompile target)
  foreach(header ${ARGN})
    if(NOT header MATCHES "^<.*>$")
      message(FATAL_ERROR "${target} precompiles ${header}, which is not a header of a library")
    endif()
  endforeach()
  if(ALOFT_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${ARGN})
    # Lets ccache see the precompiled header that a compilation reads.
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# aloft_layer(NAME SOURCES ... LINK ... [PRECOMPILE header ...]): one static library a layer, linking just
# what it may include.
function(aloft_layer name)
  cmake_parse_arguments(LAYER "" "" "SOURCES;LINK;PRECOMPILE" ${ARGN})
  add_library(aloft_${name} STATIC ${LAYER_SOURCES})
  target_link_libraries(aloft_${name} PUBLIC aloft_options ${LAYER_LINK})
  if(LAYER_PRECOMPILE)
    aloft_precompile(aloft_${name} ${LAYER_PRECOMPILE})
  endif()
endfunction()
