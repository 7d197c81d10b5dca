// SPDX-License-Identifier: LGPL-2.1-or-later
// Traces of random events that a recorder could have written, of two profiles, in small packets.
#pragma once

#include <random>

#include "tests/tools/small_trace.hpp"

namespace tests {

struct RandomTrace {
    // `references`: each walk after the lookup that it was made for. The time goes on by 0 to 9 ticks an event.
    static void write(const std::filesystem::path& directory, std::mt19937& random, unsigned events, size_t packet_bytes, bool references = false) {
        std::string run = SmallTrace::run_json(false);
        run.replace(run.find("[\"p6\"]"), 6, "[\"k7\", \"p6\"]");
        run.replace(run.find("\"running\""), 9, "\"timeout\"");
        write_trace(directory, stream(random, events, packet_bytes, references), run);
    }

private:
    static uint32_t below(std::mt19937& random, uint32_t n) { return static_cast<uint32_t>(random() % n); }
    static std::string stream(std::mt19937& random, unsigned events, size_t packet_bytes, bool references) {
        using Id = trace::EventId;
        StreamBuilder b{SmallTrace::state(), packet_bytes};
        uint64_t time = 50;
        uint32_t instructions = 0;
        for (unsigned n = 0; n < events; ++n) {
            time += below(random, 10), instructions += below(random, 50);
            switch (random() % 16) {
            case 0: b.add(time, trace::ControlWrite{Id::cr3_write, 0x1000 * (1 + below(random, 4)), 0xC0100020}); [[fallthrough]];
            case 1: b.add(time, trace::Flush{mm::RefillCause::context_switch, static_cast<uint8_t>(random() % 2), {1, 0, 0, 0}}); break;
            case 2: b.add(time, trace::InvalidatePage{mm::address(page(random)), 0xC0100030}); break;
            case 3: b.add(time, trace::SpanEdge{Id::span_begin, static_cast<uint16_t>(random() % 3), instructions}); break;
            case 4: b.add(time, trace::SpanEdge{Id::span_end, static_cast<uint16_t>(random() % 3), instructions}); break;
            case 5: b.add(time, trace::Instruction{0xC0100000 + below(random, 64)}); break;
            case 6: b.add(time, trace::PageFault{mm::address(page(random)), 0x08048020, mm::PageFaultCode::decode(4)}); break;
            case 7: b.add(time, trace::ObservedWalk{walk(random).walk, random() % 2 == 0, false}); break;
            case 8: b.add(time, trace::Counters{static_cast<uint8_t>(random() % 2), instructions, {}, {}}); break;
            default: {
                const trace::ModelWalk w = walk(random);
                if (references) {
                    const uint32_t word = trace::Reference{w.walk.page, w.walk.access, below(random, 4)}.encode();
                    uint8_t bytes[4] = {static_cast<uint8_t>(word), static_cast<uint8_t>(word >> 8), static_cast<uint8_t>(word >> 16), static_cast<uint8_t>(word >> 24)};
                    b.add(time, trace::References{1, bytes});
                }
                b.add(time, w);
            }
            }
        }
        return b.bytes();
    }
    static mm::Vpn page(std::mt19937& random) { return mm::Vpn{below(random, 3) * 0x40000 + below(random, 128)}; }
    // Directory slots of multiples of 4 have large pages; page frames change now and then.
    static trace::ModelWalk walk(std::mt19937& random) {
        const mm::Vpn p = page(random);
        const bool large = (p.raw >> 18) == 2, fault = random() % 16 == 0;
        const uint64_t pde = fault ? 0 : large ? 0x02000000 + 0x1E3 : 0x2067 + (p.raw >> 18) * 0x1000;
        const uint64_t pte = fault || large ? 0 : 0x67 + (p.raw % 128 + (random() % 8 == 0) * 0x38000) * 0x1000;
        const auto kind = static_cast<mm::AccessKind>(random() % 3);
        const uint16_t profiles = random() % 3 == 0 ? trace::all_profiles : static_cast<uint16_t>(1 + random() % 2);
        const auto cause = fault ? mm::RefillCause::fault : random() % 2 ? mm::RefillCause::first_touch : mm::RefillCause::context_switch;
        return {{p, {kind, random() % 2 == 0}, fault, fault || large ? 1u : 2u, pde, pte}, cause, profiles, 0};
    }
};

}  // namespace tests
