// Reading the live schema at 100, 1,000 and 10,000 tables from a server that it starts itself: time
// per table has to stay level.

#include <benchmark/benchmark.h>

#include "bench/generate_schema.h"
#include "engine/introspect/introspect.h"
#include "tests/support/test_database.h"

namespace aloft {
namespace {

void introspect_bench(benchmark::State& state) {
  const auto tables = static_cast<int>(state.range(0));
  const test::TestDatabase database;
  database.run(generate_schema(tables));
  database.run("ANALYZE");
  for (auto _ : state) {
    // As a process finds it that reads once: nothing of it in the session's own caches.
    state.PauseTiming();
    const auto session = database.connect();
    state.ResumeTiming();
    benchmark::DoNotOptimize(introspect(*session));
    session->execute("ROLLBACK");
  }
  state.counters["per_table"] = benchmark::Counter(
      static_cast<double>(tables),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

BENCHMARK(introspect_bench)
    ->Arg(100)
    ->Arg(1000)
    ->Arg(10000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace aloft

BENCHMARK_MAIN();
