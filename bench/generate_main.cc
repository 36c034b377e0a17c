// Prints the schema that the benchmarks use: generate_schema N

#include <cstdio>
#include <cstdlib>

#include "bench/generate_schema.h"

int main(int argc, char** argv) {
  std::fputs(aloft::generate_schema(argc > 1 ? std::atoi(argv[1]) : 100).c_str(), stdout);
  return 0;
}
