// SPDX-License-Identifier: LGPL-2.1-or-later
// make_trace small DIR: the golden trace. make_trace big EVENTS DIR: a sound trace of that many events, for the benchmark.
#include <cstdio>
#include <random>

#include "../tools/small_trace.hpp"

namespace {

// Walks of a mix of pages as a busy system has it: a quarter of them repeat a recent page table line.
void write_big(uint64_t events, const std::string& directory) {
    std::mt19937_64 random{20031109};
    tests::StreamBuilder b{tests::SmallTrace::state()};
    uint64_t time = 0, walks = 0;
    b.add(time, mm::trace::SpanName{0, "touch"});
    while (b.events() < events - 1) {
        time += 1 + random() % 40;
        const auto page = static_cast<uint32_t>(random() % 3 == 0 ? random() % 0x8000 : random() % 0x200);
        const uint32_t linear = 0x08000000 + page * 4096;
        const uint64_t pde = 0x00010067 + uint64_t{linear >> 22} * 4096;
        b.add(time, tests::SmallTrace::walk(linear, mm::AccessKind::read, true, pde, 0x01000067 + uint64_t{page} * 4096, mm::RefillCause::other));
        ++walks;
    }
    b.add(time + 1, mm::trace::Counters{0, time, {0, 0}, {8 * walks, walks}});
    std::string run = tests::SmallTrace::run_json(false);
    tests::write_trace(directory, b.bytes(), run);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode == "small" && argc == 3) return tests::SmallTrace::write(argv[2]), 0;
    if (mode == "big" && argc == 4) return write_big(std::stoull(argv[2]), argv[3]), 0;
    std::fprintf(stderr, "usage: make_trace small DIR | make_trace big EVENTS DIR\n");
    return 2;
}
