// SPDX-License-Identifier: LGPL-2.1-or-later
// make_trace small DIR: the golden trace. make_trace big EVENTS DIR [PROFILE...]: a sound trace of that many events, for the benchmark.
#include <cstdio>
#include <random>

#include "../tools/small_trace.hpp"

namespace {

namespace trace = mm::trace;
using tests::SmallTrace;

// The mix of a recording with all workloads, of 100 events: 29 modelled and 26 observed walks, 32 instructions that made them, 7 CR3 writes,
// INVLPGs and what they flushed, 4 interrupts and returns, 2 edges of spans. Pages lie near each other and move on slowly, with a jump now
// and then. Of several profiles some walk, at random, and all lose what a flush drops.
class BigTrace final {
public:
    BigTrace(uint64_t events, const std::vector<std::string>& profiles) : events_{events}, profiles_{profiles} {}

    void write(const std::string& directory) {
        b_.add(time_, trace::SpanName{0, "null-syscall"});
        while (b_.events() + 16 < events_) some_events();
        while (b_.events() + 1 < events_) b_.add(time_, trace::Mark{0});
        b_.add(time_, trace::Counters{0, time_, {0, 0, 0}, {8 * walks_, walks_, walks_}});
        std::string run = SmallTrace::run_json(false), names;
        for (const std::string& p : profiles_) names += (names.empty() ? "\"" : ", \"") + p + "\"";
        run.replace(run.find("[\"p6\"]"), 6, "[" + names + "]");
        tests::write_trace(directory, b_.bytes(), run);
    }

private:
    void some_events() {
        const uint64_t kind = random_() % 480;
        time_ += 1 + random_() % 60;
        if (kind < 360) access();
        else if (kind < 370) span();
        else if (kind < 390) b_.add(time_, trace::Interrupt{0x80, trace::InterruptKind::software, true, 0x08048010}), b_.add(time_ + 1, trace::InterruptReturn{true});
        else if (kind < 396) b_.add(time_, trace::ControlWrite{trace::EventId::cr3_write, random_() % 2 ? 0x1000u : 0x5000u, 0xC0100020}), flush();
        else if (kind < 430) b_.add(time_, trace::InvalidatePage{mm::VirtAddr{0xFF800000}, 0xC0100030}), flush();
        else if (kind < 432) base_ = static_cast<uint32_t>(random_() % 0x8000);
    }
    // What misses in the modelled TLBs often does in the emulator's.
    void access() {
        const trace::ModelWalk w = walk();
        const uint32_t ip = 0x08048000 + static_cast<uint32_t>(random_() % 64) * 16;
        const uint64_t who = random_() % 10;
        if (ip != walker_) b_.add(time_, trace::Instruction{walker_ = ip});
        if (who < 8) b_.add(time_, trace::ObservedWalk{w.walk, false, who == 0});
        if (who != 1) b_.add(time_, w), ++walks_;
    }
    void span() {
        b_.add(time_, trace::SpanEdge{trace::EventId::span_begin, 0, static_cast<uint32_t>(time_)});
        time_ += 47;
        b_.add(time_, trace::SpanEdge{trace::EventId::span_end, 0, static_cast<uint32_t>(time_)});
    }
    void flush() {
        for (size_t p = 0; p < profiles_.size(); ++p)
            b_.add(time_, trace::Flush{mm::RefillCause::context_switch, static_cast<uint8_t>(p), {4, 9, 0, 0}});
    }
    trace::ModelWalk walk() {
        const auto page = static_cast<uint32_t>(base_ + random_() % 64);
        const uint32_t linear = 0x08000000 + page * 4096;
        const uint64_t pde = 0x00010067 + uint64_t{linear >> 22} * 4096, pte = 0x01000067 + uint64_t{page} * 4096;
        trace::ModelWalk w = SmallTrace::walk(linear, mm::AccessKind::read, true, pde, pte, mm::RefillCause::first_touch);
        if (profiles_.size() > 1) w.profiles = static_cast<uint16_t>(1 + random_() % ((1u << profiles_.size()) - 1));
        return w;
    }

    uint64_t events_, time_ = 0, walks_ = 0;
    std::vector<std::string> profiles_;
    uint32_t base_ = 0, walker_ = 0;
    std::mt19937_64 random_{20031109};
    tests::StreamBuilder b_{SmallTrace::state()};
};

}  // namespace

int main(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode == "small" && argc == 3) return tests::SmallTrace::write(argv[2]), 0;
    if (mode == "big" && argc >= 4) {
        const std::vector<std::string> profiles(argv + 4, argv + argc);
        return BigTrace{std::stoull(argv[2]), profiles.empty() ? std::vector<std::string>{"p6"} : profiles}.write(argv[3]), 0;
    }
    std::fprintf(stderr, "usage: make_trace small DIR | make_trace big EVENTS DIR [PROFILE...]\n");
    return 2;
}
