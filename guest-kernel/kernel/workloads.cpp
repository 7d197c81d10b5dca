// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of workloads is what the linker collected from all files.
#include "guest-kernel/kernel/workloads.hpp"

#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/process.hpp"
#include "guest-kernel/kernel/timer.hpp"
#include "guest-kernel/workload/workload.hpp"

extern "C" const guest::Workload workloads_start[], workloads_end[];

namespace guest {
namespace {

uint32_t run(const Workload& w) {
    print("workload ", w.name, "\n");
    const bool good = w.run();
    set_timer(0);
    reap_orphans();
    if (!good) print("workload ", w.name, " failed\n");
    return good ? 0 : 1;
}

uint32_t run_named(Text name) {
    for (const Workload* w = workloads_start; w < workloads_end; ++w)
        if (name == w->name) return run(*w);
    print("unknown workload ");
    for (const char* c = name.begin; c < name.end; ++c) put(*c);
    print("; known are: all none");
    for (const Workload* w = workloads_start; w < workloads_end; ++w) print(" ", w->name);
    print("\n");
    return 1;
}

}  // namespace

uint32_t run_workloads(Text names) {
    uint32_t failures = 0;
    for (;;) {
        const Text name = next_piece(names, ',');
        if (name.empty()) return failures;
        if (name == "none") continue;
        if (name == "all") {
            for (const Workload* w = workloads_start; w < workloads_end; ++w) failures += run(*w);
            continue;
        }
        failures += run_named(name);
    }
}

bool run_program(const char* name, uint32_t argument) {
    const int32_t id = spawn(name, argument);
    if (id < 0) return print("program ", name, " did not start: error ", id, "\n"), false;
    const int32_t status = wait(id);
    if (status != 0) print("program ", name, " ended with status ", status, "\n");
    return status == 0;
}

}  // namespace guest
