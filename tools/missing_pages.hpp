// SPDX-License-Identifier: LGPL-2.1-or-later
// How often each page of the linear address space was walked for, by profile. Memory is bounded by the address space: it grows with the
// pages that are used, not with the recording.
#pragma once

#include <memory>
#include <vector>

#include "mm/addr.hpp"

namespace tools {

class MissingPages final {
public:
    // Pages of different regions are different, even if their addresses are the same (4:4).
    MissingPages(size_t regions, size_t profiles) : profiles_{profiles}, chunks_(regions << chunk_bits) {}

    void add(unsigned region, mm::Vpn page, size_t profile) {
        std::unique_ptr<uint64_t[]>& chunk = chunks_[region << chunk_bits | page.raw >> (page_bits - chunk_bits)];
        if (!chunk) chunk = std::make_unique<uint64_t[]>(pages_of_chunk * profiles_);
        ++chunk[(page.raw & (pages_of_chunk - 1)) * profiles_ + profile];
    }

    struct Page {
        unsigned region{};
        mm::Vpn page{};
        std::vector<uint64_t> walks{};  // by profile
    };
    // Those that are among the `most` first of any profile; by the first profile's walks.
    [[nodiscard]] std::vector<Page> top(size_t most) const;

private:
    static constexpr unsigned page_bits = 20, chunk_bits = 10;
    static constexpr uint32_t pages_of_chunk = 1u << (page_bits - chunk_bits);

    const size_t profiles_;
    std::vector<std::unique_ptr<uint64_t[]>> chunks_;
};

}  // namespace tools
