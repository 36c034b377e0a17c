# The warnings every target is built with, and the sanitizers of the asan preset.
add_library(aloft_options INTERFACE)
target_compile_features(aloft_options INTERFACE cxx_std_20)
target_compile_options(aloft_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Werror=switch)
# g++ 12 sees overlaps and uninitialised members in std::string where there are none (GCC bugs 105651
# and 105593), at -O2 and above.
target_compile_options(aloft_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict
                       -Wno-maybe-uninitialized>)
target_include_directories(aloft_options INTERFACE ${PROJECT_SOURCE_DIR})
option(ALOFT_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
if(ALOFT_SANITIZE)
  target_compile_options(aloft_options INTERFACE -fsanitize=address,undefined
                         -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(aloft_options INTERFACE -fsanitize=address,undefined)
endif()
option(ALOFT_WERROR "Treat warnings as errors" OFF)
if(ALOFT_WERROR)
  target_compile_options(aloft_options INTERFACE -Werror)
endif()
