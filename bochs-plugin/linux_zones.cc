// SPDX-License-Identifier: LGPL-2.1-or-later
// Searches the kernel's node descriptors for zones.
#include "linux_zones.h"

#include <algorithm>
#include <iterator>

namespace plugin {

using namespace mm;

namespace {

constexpr uint32_t longest_node = 16384;          // bytes of a node descriptor in which the first two zones' names are
constexpr unsigned most_zones = 6, most_nodes = 64;
constexpr uint32_t most_frames = 1u << 24;        // 64 GiB: what PAE reaches
constexpr unsigned fields = 4, most_between = 2;  // words: the numbers, and what may stand between them and the name

// mm/page_alloc.c: zone_names.
bool is_zone_name(const std::string& text) {
    constexpr const char* names[] = {"DMA", "DMA32", "Normal", "HighMem", "Movable", "Device"};
    return std::any_of(std::begin(names), std::end(names), [&](const char* n) { return text == n; });
}

struct Named {
    VirtAddr at;  // of the pointer
    std::string name;
};

// The zone name that the word at an address points to.
std::optional<Named> name_at(const GuestMemory& memory, VirtAddr at, VirtAddr lowest) {
    const auto pointer = memory.word(at);
    if (!pointer || *pointer < lowest.raw) return std::nullopt;
    std::string name = memory.text(VirtAddr{*pointer}, 8);
    if (!is_zone_name(name)) return std::nullopt;
    return Named{at, std::move(name)};
}

// The pointers to the zones' names: the first two are found, the others lie as far apart.
std::vector<Named> names_in(const GuestMemory& memory, VirtAddr node, VirtAddr lowest) {
    std::vector<Named> found;
    for (uint32_t offset = 0; offset < longest_node && found.size() < 2; offset += 4)
        if (auto name = name_at(memory, node + offset, lowest)) found.push_back(*name);
    if (found.size() < 2) return {};
    const uint32_t stride = found[1].at - found[0].at;
    while (found.size() < most_zones) {
        const auto next = name_at(memory, found.back().at + stride, lowest);
        if (!next) break;
        found.push_back(*next);
    }
    return found;
}

struct Numbers {
    uint32_t start = 0, managed = 0, spanned = 0, present = 0;
    uint32_t end() const { return start + spanned; }
};

// The numbers so many words before the name.
std::optional<Numbers> numbers_at(const GuestMemory& memory, VirtAddr name, unsigned words) {
    uint32_t value[fields];
    for (unsigned n = 0; n < fields; ++n) {
        const auto word = memory.word(name - 4 * (words - n));
        if (!word) return std::nullopt;
        value[n] = *word;
    }
    const Numbers z{value[0], value[1], value[2], value[3]};
    const bool sound = z.start < most_frames && z.spanned <= most_frames && z.spanned >= z.present && z.present >= z.managed;
    return sound ? std::optional<Numbers>{z} : std::nullopt;
}

// All zones' numbers, if so many words before the name is where they are.
std::vector<Numbers> numbers_of(const GuestMemory& memory, const std::vector<Named>& names, unsigned words) {
    std::vector<Numbers> all;
    uint32_t end = 0;
    bool memory_seen = false;
    for (const Named& n : names) {
        const auto z = numbers_at(memory, n.at, words);
        if (!z || (z->spanned != 0 && z->start < end)) return {};
        if (z->spanned != 0) end = z->end(), memory_seen |= z->managed != 0;
        all.push_back(*z);
    }
    return memory_seen ? all : std::vector<Numbers>{};
}

void read_node(const GuestMemory& memory, VirtAddr node, unsigned number, VirtAddr lowest, std::vector<RunInfo::Zone>& zones) {
    const std::vector<Named> names = names_in(memory, node, lowest);
    std::vector<Numbers> numbers;
    for (unsigned between = 0; between <= most_between && numbers.empty() && !names.empty(); ++between)
        numbers = numbers_of(memory, names, fields + between);
    for (size_t i = 0; i < numbers.size(); ++i)
        if (numbers[i].spanned != 0) zones.push_back({names[i].name, number, numbers[i].start, numbers[i].end(), numbers[i].present});
}

}  // namespace

std::vector<RunInfo::Zone> read_linux_zones(const GuestMemory& memory, const LinuxSymbols& symbols) {
    std::vector<RunInfo::Zone> zones;
    const VirtAddr lowest = symbols.find("_text").value_or(VirtAddr{0x40000000});  // strings are behind it
    if (const auto node = symbols.find("contig_page_data")) return read_node(memory, *node, 0, lowest, zones), zones;
    const auto nodes = symbols.find("node_data");
    for (unsigned n = 0; nodes && n < most_nodes; ++n) {
        const auto node = memory.word(*nodes + 4 * n);
        if (!node || *node < 0x40000000) break;
        read_node(memory, VirtAddr{*node}, n, lowest, zones);
    }
    return zones;
}

}  // namespace plugin
