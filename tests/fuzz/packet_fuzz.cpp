// SPDX-License-Identifier: LGPL-2.1-or-later
// Any bytes as the content of one packet: each event that the decoder finds lies inside, and has values that can be named; decoding all at
// once finds as many, and ends at the same place for the same reason.
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
    static mm::trace::Decoder at_once;
    uint64_t last = 0, count = 0, expected = 0;
    at_once.begin_packet(bytes, bytes + size, 0);
    const DecodeStatus end = at_once.rest(expected, [&](uint64_t, const auto&, const uint8_t* at) {
        if (at < bytes || at >= bytes + size) std::abort();
    });
    decoder.begin_packet(bytes, bytes + size, 0);
    for (;;) {
        const uint8_t* const begin = decoder.at();
        const DecodeStatus status = decoder.next([&](uint64_t time, const auto& event) {
            const tools::EventRow row = rows.make(time, 0, event, decoder.state());
            if (time < last || static_cast<unsigned>(row.id) >= mm::trace::event_kinds) std::abort();
            last = time;
        });
        if (status != DecodeStatus::event) {
            if (status != end || count != expected || decoder.at() != at_once.at()) std::abort();
            return 0;
        }
        ++count;
        if (decoder.at() <= begin || decoder.at() > bytes + size) std::abort();
    }
}
