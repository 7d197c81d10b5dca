// SPDX-License-Identifier: LGPL-2.1-or-later
// Any bytes as the content of one packet: each event that the decoder finds lies inside, and has values that can be named.
#include <cstdlib>

#include "mm/trace_codec.hpp"
#include "tools/event_row.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    using mm::trace::DecodeStatus;
    static mm::trace::Decoder decoder;
    static const tools::RunInfo run = [] {
        tools::RunInfo r;
        r.zones = {{"DMA", 0, 0, 4096, 4000}, {"NORMAL", 0, 4096, 229376, 225280}};
        r.regions = {{"user", 4096, 3221225472}};
        r.profiles = {"p6"};
        return r;
    }();
    static const tools::RowMaker rows{run};
    decoder.begin_packet(bytes, bytes + size, 0);
    uint64_t last = 0;
    for (;;) {
        const uint8_t* const begin = decoder.at();
        const DecodeStatus status = decoder.next([&](uint64_t time, const auto& event) {
            const tools::EventRow row = rows.make(time, 0, event, decoder.state());
            if (time < last || static_cast<unsigned>(row.id) >= mm::trace::event_kinds) std::abort();
            last = time;
        });
        if (status != DecodeStatus::event) return 0;
        if (decoder.at() <= begin || decoder.at() > bytes + size) std::abort();
    }
}
